//! The options that say how a stream is reached, the same for every command that reaches one.

use std::path::PathBuf;

use clap::Args;
use streambell_engine::config::{
    Auth, Fingerprint, Header, HeaderValue, SecretSource, StreamConfig, parse_fingerprint,
};
use streambell_engine::transport;

/// How a stream is reached.
#[derive(Debug, Args)]
pub(super) struct ConnectionArguments {
    /// The stream's address
    url: String,
    /// Adds a request header; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<Header>,
    /// bearer, basic:USER, header:NAME, query:PARAM or cookie:NAME; the secret is the first line of standard input
    #[arg(long, value_name = "KIND", value_parser = auth)]
    pub(super) auth: Option<Auth>,
    /// The request's method
    #[arg(long, value_parser = method, default_value = "GET")]
    method: String,
    /// The request's body; sent again at each reconnect
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    body: Option<String>,
    /// Trusts these certificates (PEM) too
    #[arg(long, value_name = "FILE", value_parser = readable)]
    ca_cert: Option<PathBuf>,
    /// Signs in with this certificate and key (PEM or PKCS#12)
    #[arg(long, value_name = "FILE", value_parser = readable)]
    client_cert: Option<PathBuf>,
    /// A file that only you can read, whose first line is the password of the certificate's file
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_cert_password_file: Option<PathBuf>,
    /// Accepts only the server's certificate with this fingerprint, whoever signed it; repeatable
    #[arg(long = "pin", value_name = "SHA256", value_parser = parse_fingerprint)]
    pin_sha256: Vec<Fingerprint>,
    /// An HTTP or SOCKS5 proxy
    #[arg(long, value_name = "URL", value_parser = proxy)]
    proxy: Option<String>,
    /// Connects to this Unix-domain socket instead of the address's host and port
    #[arg(long, value_name = "PATH", conflicts_with = "proxy")]
    unix_socket: Option<PathBuf>,
    /// HTTP/1.1 only
    #[arg(long)]
    http1: bool,
    /// Lets the server compress with gzip or Brotli
    #[arg(long)]
    compressed: bool,
}

impl ConnectionArguments {
    /// Whether nothing but the address was typed.
    pub(super) fn is_bare(&self) -> bool {
        let bare = StreamConfig { insecure: true, ..StreamConfig::new("", &self.url) };
        self.stream("") == bare
    }

    /// The stream, with every default beside.
    pub(super) fn stream(&self, name: &str) -> StreamConfig {
        StreamConfig {
            method: self.method.clone(),
            body: self.body.clone(),
            auth: self.auth.clone().unwrap_or_default(),
            headers: self.headers.clone(),
            ca_cert: self.ca_cert.clone(),
            client_cert: self.client_cert.clone(),
            client_cert_password: self.client_cert_password_file.clone().map(SecretSource::File),
            pin_sha256: self.pin_sha256.clone(),
            proxy: self.proxy.clone(),
            unix_socket: self.unix_socket.clone(),
            compression: self.compressed,
            http1: self.http1,
            // Whoever types the address and the secret in one line means them to go together.
            insecure: true,
            ..StreamConfig::new(name, &self.url)
        }
    }
}

fn header(text: &str) -> Result<Header, String> {
    let wrong = || "a header is written 'Name: value'".to_owned();
    let (name, value) = text.split_once(':').ok_or_else(wrong)?;
    if !is_token(name) || value.chars().any(|one| one.is_control() && one != '\t') {
        return Err(wrong());
    }
    Ok(Header { name: name.to_owned(), value: HeaderValue::Plain(value.trim().to_owned()) })
}

fn auth(text: &str) -> Result<Auth, String> {
    let secret = SecretSource::Keyring;
    let (kind, name) = text.split_once(':').unwrap_or((text, ""));
    let name = name.to_owned();
    match (kind, name.is_empty()) {
        ("bearer", true) => Ok(Auth::Bearer { secret }),
        ("basic", false) if !name.contains(':') => Ok(Auth::Basic { user: name, secret }),
        ("header", false) if is_token(&name) => Ok(Auth::Header { name, secret }),
        ("query", false) => Ok(Auth::Query { name, template: None, secret }),
        ("cookie", false) if is_token(&name) => Ok(Auth::Cookie { name, secret }),
        _ => Err("one of bearer, basic:USER, header:NAME, query:PARAM, cookie:NAME".to_owned()),
    }
}

/// What fetch writes in capitals, whoever wrote it (Fetch Standard, normalize a method); other methods as they are.
fn method(text: &str) -> Result<String, String> {
    let known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    match known.into_iter().find(|known| known.eq_ignore_ascii_case(text)) {
        Some(known) => Ok(known.to_owned()),
        None if is_token(text) => Ok(text.to_owned()),
        None => Err("a method is one word: GET, POST, QUERY".to_owned()),
    }
}

fn proxy(text: &str) -> Result<String, String> {
    let usable = transport::is_proxy(text);
    if usable {
        Ok(text.to_owned())
    } else {
        Err("a proxy is written http://HOST:PORT or socks5://HOST:PORT".to_owned())
    }
}

fn readable(text: &str) -> Result<PathBuf, String> {
    std::fs::File::open(text).map(|_| text.into()).map_err(|error| format!("it cannot be read: {error}"))
}

/// What HTTP takes as a method or as the name of a header or a cookie (RFC 9110, 5.6.2).
fn is_token(text: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let wanted = Header { name: "X-Desk".to_owned(), value: HeaderValue::Plain("7: a".to_owned()) };
        assert_eq!(header("X-Desk: 7: a"), Ok(wanted));
        for wrong in ["X-Desk", ": 7", "X Desk: 7", "X-Desk: a\nB: c"] {
            assert!(header(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn auth_names_its_kind_and_what_goes_with_it() {
        let secret = SecretSource::Keyring;
        assert_eq!(auth("bearer"), Ok(Auth::Bearer { secret: secret.clone() }));
        assert_eq!(auth("basic:ann"), Ok(Auth::Basic { user: "ann".to_owned(), secret: secret.clone() }));
        assert_eq!(auth("query:key"), Ok(Auth::Query { name: "key".to_owned(), template: None, secret }));
        for wrong in ["", "bearer:x", "basic", "basic:", "basic:a:b", "digest:x"] {
            assert!(auth(wrong).is_err(), "{wrong}");
        }
    }
}
