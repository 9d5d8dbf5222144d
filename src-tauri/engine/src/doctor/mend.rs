//! What to do, and what to paste, for the servers and proxies that were recognised.

use super::product::Product;

/// One mend.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mend {
    /// Where, as `nginx`; empty where it is the same everywhere.
    pub product: String,
    /// What to do, in one line.
    pub words: String,
    /// What to paste there; may be empty, may have lines.
    pub paste: String,
}

impl Mend {
    /// For whoever it concerns.
    pub fn new(words: &str) -> Self {
        Self { product: String::new(), words: words.to_owned(), paste: String::new() }
    }

    /// The same with something to paste.
    pub fn paste(words: &str, paste: &str) -> Self {
        Self { paste: paste.to_owned(), ..Self::new(words) }
    }

    fn of(product: &str, words: &str, paste: &str) -> Self {
        Self { product: product.to_owned(), ..Self::paste(words, paste) }
    }
}

/// Passing events on at once.
pub fn unbuffer(products: &[Product]) -> Vec<Mend> {
    let of = |product: &Product| match product {
        Product::Nginx => vec![
            Mend::of(
                "nginx",
                "in the location of the stream",
                "proxy_http_version 1.1;\nproxy_set_header Connection \"\";\nproxy_buffering off;\nproxy_cache off;\n\
                 gzip off;\nproxy_read_timeout 1h;",
            ),
            Mend::of(
                "Kubernetes ingress-nginx",
                "as annotations of the Ingress",
                "nginx.ingress.kubernetes.io/proxy-buffering: \"off\"\n\
                 nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"",
            ),
        ],
        Product::Apache => vec![Mend::of(
            "Apache",
            "in the virtual host; and no mod_deflate or mod_cache for it",
            "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on timeout=3600\n\
             SetEnvIf Request_URI \"^/events\" no-gzip=1",
        )],
        Product::HaProxy => vec![Mend::of(
            "HAProxy",
            "in defaults or backend; without http-response wait-for-body, and no compression of text/event-stream",
            "option http-no-delay\ntimeout server 1h",
        )],
        Product::Caddy => vec![Mend::of(
            "Caddy",
            // Not with `flush_interval -1`, which keeps the server's answer open for a listener that has left.
            "in the site: a route of its own for the stream, without encode and without buffers for responses",
            "handle /events* {\n    reverse_proxy 127.0.0.1:3000\n}",
        )],
        Product::Cloudflare => vec![Mend::of(
            "Cloudflare",
            "a response with this header is passed on as it comes; turn off compression and Rocket Loader for the path",
            "Cache-Control: no-cache, no-transform",
        )],
        Product::Traefik => vec![Mend::of(
            "Traefik",
            "no buffering or compress middleware on the route; pass bytes on at once",
            "[http.services.events.loadBalancer.responseForwarding]\n  flushInterval = \"-1ms\"",
        )],
        Product::Envoy => vec![Mend::of(
            "Envoy",
            "no buffer or compressor filter on the route, and no route timeout",
            "route:\n  timeout: 0s\n  idle_timeout: 1h",
        )],
        Product::Node => vec![Mend::of(
            "Node",
            "without the compression middleware on this route, and with the header sent at once",
            "res.setHeader('X-Accel-Buffering', 'no');\nres.flushHeaders();",
        )],
        Product::Spring => vec![Mend::of(
            "Spring",
            "in the handler, before the emitter is returned",
            "response.setHeader(\"X-Accel-Buffering\", \"no\");",
        )],
        Product::Uvicorn => vec![Mend::of(
            "Starlette",
            "without GZipMiddleware and BaseHTTPMiddleware on this route",
            "StreamingResponse(events(), media_type=\"text/event-stream\", headers={\"X-Accel-Buffering\": \"no\"})",
        )],
        Product::Other => Vec::new(),
    };
    let otherwise = "whatever stands between must pass each piece on as it comes: no buffering, no compression";
    some(products.iter().flat_map(of), otherwise)
}

/// Time to be silent.
pub fn patience(products: &[Product]) -> Vec<Mend> {
    let of = |product: &Product| match product {
        Product::Nginx => vec![
            Mend::of("nginx", "in the location of the stream", "proxy_read_timeout 1h;"),
            Mend::of(
                "Kubernetes ingress-nginx",
                "as an annotation of the Ingress",
                "nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"",
            ),
        ],
        Product::Apache => {
            let paste = "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on timeout=3600";
            vec![Mend::of("Apache", "in the virtual host", paste)]
        }
        Product::HaProxy => {
            vec![Mend::of("HAProxy", "in defaults or backend", "timeout client 1h\ntimeout server 1h")]
        }
        Product::Traefik => {
            let paste = "[entryPoints.web.transport.respondingTimeouts]\n  writeTimeout = 0\n  idleTimeout = \"1h\"";
            vec![Mend::of("Traefik", "in the static configuration", paste)]
        }
        Product::Envoy => vec![Mend::of("Envoy", "on the route", "route:\n  timeout: 0s\n  idle_timeout: 1h")],
        Product::Spring => {
            let paste = "new SseEmitter(0L)\n# or in application.properties\nspring.mvc.async.request-timeout=-1";
            vec![Mend::of("Spring", "no timeout for the emitter", paste)]
        }
        Product::Cloudflare => {
            vec![Mend::of(
                "Cloudflare",
                "its 100 s without a byte cannot be changed on most plans: send a heartbeat",
                "",
            )]
        }
        Product::Caddy | Product::Node | Product::Uvicorn | Product::Other => Vec::new(),
    };
    products.iter().flat_map(of).collect()
}

/// A comment every 15 s.
pub fn heartbeat(products: &[Product]) -> Vec<Mend> {
    let of = |product: &Product| match product {
        Product::Node => Some(Mend::of(
            "Node",
            "send a comment every 15 s",
            "const beat = setInterval(() => res.write(':\\n\\n'), 15000);\nres.on('close', () => clearInterval(beat));",
        )),
        Product::Spring => {
            Some(Mend::of("Spring", "send a comment every 15 s", "emitter.send(SseEmitter.event().comment(\"\"));"))
        }
        Product::Uvicorn => {
            Some(Mend::of("sse-starlette", "send a ping every 15 s", "EventSourceResponse(events(), ping=15)"))
        }
        Product::Nginx
        | Product::Apache
        | Product::HaProxy
        | Product::Caddy
        | Product::Cloudflare
        | Product::Traefik
        | Product::Envoy
        | Product::Other => None,
    };
    let found: Vec<_> = products.iter().filter_map(of).collect();
    if found.is_empty() { vec![Mend::paste("have the server send a comment every 15 s", ":\n\n")] } else { found }
}

/// The headers that an event stream has.
pub fn headers(products: &[Product]) -> Vec<Mend> {
    let of = |product: &Product| match product {
        Product::Node => Some(Mend::of(
            "Node",
            "before the first write",
            "res.writeHead(200, {\n  'Content-Type': 'text/event-stream',\n  'Cache-Control': 'no-cache',\n  \
             'X-Accel-Buffering': 'no',\n});",
        )),
        Product::Spring => Some(Mend::of(
            "Spring",
            "on the handler",
            "@GetMapping(path = \"/events\", produces = MediaType.TEXT_EVENT_STREAM_VALUE)",
        )),
        Product::Uvicorn => Some(Mend::of(
            "Starlette",
            "for the response",
            "StreamingResponse(events(), media_type=\"text/event-stream\", headers={\"Cache-Control\": \"no-cache\"})",
        )),
        Product::Nginx
        | Product::Apache
        | Product::HaProxy
        | Product::Caddy
        | Product::Cloudflare
        | Product::Traefik
        | Product::Envoy
        | Product::Other => None,
    };
    let plain = "Content-Type: text/event-stream\nCache-Control: no-cache\nX-Accel-Buffering: no";
    let found: Vec<_> = products.iter().filter_map(of).collect();
    if found.is_empty() { vec![Mend::paste("have the server send these headers", plain)] } else { found }
}

/// No compression of the stream.
pub fn uncompress(products: &[Product]) -> Vec<Mend> {
    let of = |product: &Product| match product {
        Product::Nginx => Some(Mend::of(
            "nginx",
            "in the location of the stream, or leave text/event-stream out of gzip_types",
            "gzip off;",
        )),
        Product::Apache => {
            Some(Mend::of("Apache", "for the path of the stream", "SetEnvIf Request_URI \"^/events\" no-gzip=1"))
        }
        Product::HaProxy => {
            Some(Mend::of("HAProxy", "without text/event-stream", "compression type text/html text/css"))
        }
        Product::Caddy => {
            Some(Mend::of("Caddy", "only what is no stream", "@page not path /events\nencode @page gzip zstd"))
        }
        Product::Cloudflare => {
            Some(Mend::of("Cloudflare", "have the server send", "Cache-Control: no-cache, no-transform"))
        }
        Product::Node => {
            let paste = "app.use(compression({\n  filter: (req, res) =>\n    \
                         res.getHeader('Content-Type') !== 'text/event-stream' && compression.filter(req, res),\n}));";
            Some(Mend::of("Express", "leave the stream out of the compression middleware", paste))
        }
        Product::Spring => {
            let paste = "server.compression.excluded-user-agents=\n# and without text/event-stream in\n\
                         server.compression.mime-types=text/html,application/json";
            Some(Mend::of("Spring", "in application.properties", paste))
        }
        Product::Uvicorn => Some(Mend::of("Starlette", "mount the stream outside of GZipMiddleware", "")),
        Product::Traefik => {
            let paste = "[http.middlewares.zip.compress]\n  excludedContentTypes = [\"text/event-stream\"]";
            Some(Mend::of("Traefik", "in the compress middleware", paste))
        }
        Product::Envoy | Product::Other => None,
    };
    let otherwise = "do not compress text/event-stream, neither in the server nor in a proxy";
    some(products.iter().filter_map(of), otherwise)
}

/// HTTP/1.1 to the server behind a proxy.
pub fn http11(products: &[Product]) -> Vec<Mend> {
    let nginx = "proxy_http_version 1.1;\nproxy_set_header Connection \"\";";
    let of = |product: &Product| match product {
        Product::Nginx => Some(Mend::of("nginx", "in the location of the stream", nginx)),
        Product::Apache => Some(Mend::of(
            "Apache",
            "take out what forces HTTP/1.0",
            "# SetEnv force-proxy-request-1.0 1\n# SetEnv downgrade-1.0 1\n# SetEnv proxy-nokeepalive 1",
        )),
        Product::HaProxy
        | Product::Caddy
        | Product::Cloudflare
        | Product::Traefik
        | Product::Envoy
        | Product::Node
        | Product::Spring
        | Product::Uvicorn
        | Product::Other => None,
    };
    some(products.iter().filter_map(of), "have the server, and the proxy in front of it, speak HTTP/1.1 or HTTP/2")
}

fn some(mends: impl Iterator<Item = Mend>, otherwise: &str) -> Vec<Mend> {
    let mends: Vec<_> = mends.collect();
    if mends.is_empty() { vec![Mend::new(otherwise)] } else { mends }
}
