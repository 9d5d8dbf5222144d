//! Which servers and proxies gave themselves away, by the headers and pages that they send.

use std::fmt;

use super::observations::{Head, Observations};
use crate::transport::one_line;

/// A server or proxy that a mend can be given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// nginx, OpenResty.
    Nginx,
    /// Apache httpd.
    Apache,
    /// HAProxy.
    HaProxy,
    /// Caddy.
    Caddy,
    /// Cloudflare.
    Cloudflare,
    /// Traefik.
    Traefik,
    /// An ingress or a service mesh on Envoy.
    Envoy,
    /// Another cache or load balancer.
    Other,
    /// Node, with or without Express.
    Node,
    /// Spring, Tomcat, Jetty.
    Spring,
    /// uvicorn, Starlette, FastAPI, Hypercorn.
    Uvicorn,
}

impl Product {
    /// Whether it stands in front of the server that makes the events.
    pub fn is_proxy(self) -> bool {
        match self {
            Self::Nginx
            | Self::Apache
            | Self::HaProxy
            | Self::Caddy
            | Self::Cloudflare
            | Self::Traefik
            | Self::Envoy
            | Self::Other => true,
            Self::Node | Self::Spring | Self::Uvicorn => false,
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nginx => "nginx",
            Self::Apache => "Apache",
            Self::HaProxy => "HAProxy",
            Self::Caddy => "Caddy",
            Self::Cloudflare => "Cloudflare",
            Self::Traefik => "Traefik",
            Self::Envoy => "Envoy",
            Self::Other => "another proxy",
            Self::Node => "Node",
            Self::Spring => "Spring",
            Self::Uvicorn => "uvicorn",
        })
    }
}

/// One that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Which.
    pub product: Product,
    /// As it names itself, with its version where it tells.
    pub name: String,
}

/// Words in `Server`, `Via` and `X-Powered-By`, and whose they are.
const WORDS: [(&str, Product); 24] = [
    ("nginx", Product::Nginx),
    ("openresty", Product::Nginx),
    ("tengine", Product::Nginx),
    ("apache-coyote", Product::Spring),
    ("apache", Product::Apache),
    ("haproxy", Product::HaProxy),
    ("caddy", Product::Caddy),
    ("cloudflare", Product::Cloudflare),
    ("traefik", Product::Traefik),
    ("envoy", Product::Envoy),
    ("varnish", Product::Other),
    ("awselb", Product::Other),
    ("cloudfront", Product::Other),
    ("google frontend", Product::Other),
    ("vegur", Product::Other),
    ("squid", Product::Other),
    ("express", Product::Node),
    ("next.js", Product::Node),
    ("jetty", Product::Spring),
    ("tomcat", Product::Spring),
    ("uvicorn", Product::Uvicorn),
    ("hypercorn", Product::Uvicorn),
    ("granian", Product::Uvicorn),
    ("daphne", Product::Uvicorn),
];

/// Headers and pages that only one sends.
const MARKS: [(&str, &str, Product); 7] = [
    ("cf-ray", "", Product::Cloudflare),
    ("x-envoy-upstream-service-time", "", Product::Envoy),
    ("x-amz-cf-id", "", Product::Other),
    ("x-varnish", "", Product::Other),
    ("x-application-context", "", Product::Spring),
    // What Node's http says of itself by default.
    ("keep-alive", "timeout=5", Product::Node),
    ("x-accel-version", "", Product::Nginx),
];

/// Those of all answers; proxies first.
pub fn recognised(seen: &Observations) -> Vec<Recognised> {
    let further = seen.again.iter().map(|again| &again.visit).chain(&seen.direct);
    let answers = seen.visits.iter().chain(further).map(|visit| &visit.answer).chain(&seen.door);
    let heads = answers.filter_map(|answer| answer.head.as_ref().ok());
    let mut found: Vec<Recognised> = Vec::new();
    for one in heads.flat_map(of_answer) {
        if !found.iter().any(|known| known.product == one.product) {
            found.push(one);
        }
    }
    found.sort_by_key(|one| !one.product.is_proxy());
    found
}

/// Their kinds alone.
pub fn products(seen: &Observations) -> Vec<Product> {
    recognised(seen).into_iter().map(|one| one.product).collect()
}

fn of_answer(head: &Head) -> Vec<Recognised> {
    let mut found = Vec::new();
    for name in ["server", "via", "x-powered-by"] {
        for value in head.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value) {
            found.extend(value.split(',').filter_map(|one| by_word(one.trim(), name == "via")));
        }
    }
    let marked = MARKS
        .iter()
        .filter(|(name, value, _)| head.header(name).is_some_and(|told| value.is_empty() || told.trim() == *value));
    found.extend(marked.map(|(_, _, product)| Recognised { product: *product, name: product.to_string() }));
    found.extend(by_page(head));
    found
}

fn by_word(value: &str, is_via: bool) -> Option<Recognised> {
    // `Via` begins with the protocol's version.
    let name = if is_via { value.split_once(' ').map_or(value, |(_, rest)| rest) } else { value };
    let lower = name.to_ascii_lowercase();
    let product = WORDS.iter().find(|(word, _)| lower.contains(word))?.1;
    Some(Recognised { product, name: one_line(&name.replacen('/', " ", 1), 40) })
}

/// HAProxy and Traefik name themselves nowhere but have pages of their own.
fn by_page(head: &Head) -> Option<Recognised> {
    let page = head.page.trim();
    let haproxy = page.starts_with("<html><body><h1>") && page.contains("</h1>\n") && head.header("server").is_none();
    let traefik = page == "404 page not found" && head.header("x-content-type-options").is_some();
    let product = match (haproxy, traefik) {
        (true, _) => Product::HaProxy,
        (_, true) => Product::Traefik,
        (false, false) => return None,
    };
    Some(Recognised { product, name: product.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(headers: &[(&str, &str)]) -> Vec<String> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        of_answer(&Head { headers, ..Head::default() }).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn servers_are_known_by_what_they_say_of_themselves() {
        assert_eq!(names(&[("server", "nginx/1.22.1")]), ["nginx 1.22.1"]);
        assert_eq!(names(&[("server", "Apache/2.4.62 (Debian)")]), ["Apache 2.4.62 (Debian)"]);
        assert_eq!(names(&[("via", "1.1 Caddy"), ("server", "uvicorn")]), ["uvicorn", "Caddy"]);
        assert_eq!(names(&[("cf-ray", "8a"), ("server", "cloudflare")]), ["cloudflare", "Cloudflare"]);
        assert_eq!(names(&[("x-powered-by", "Express"), ("keep-alive", "timeout=5")]), ["Express", "Node"]);
        assert_eq!(names(&[("server", "Apache-Coyote/1.1")]), ["Apache-Coyote 1.1"]);
        assert!(names(&[("server", "something")]).is_empty());
    }
}
