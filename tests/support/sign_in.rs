//! An authorization server: it gives access tokens for a client's secret, for a refresh token that it takes once, and
//! for a code that a person agrees to.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// The server, on a loopback port of its own. Dropping it ends it.
#[derive(Debug)]
pub struct Authorization {
    port: u16,
    shared: Arc<Mutex<Inner>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Seconds that an access token lives; not told without.
    life: Option<u64>,
    /// Refresh tokens that were not taken yet.
    fresh: Vec<String>,
    given: u64,
    /// What the next questions after a code are answered with; then tokens are given.
    answers: VecDeque<&'static str>,
    without_refresh_token: bool,
    /// What the next requests of tokens are refused with.
    refusals: VecDeque<(u16, Value)>,
    asked: Vec<Asked>,
    codes: usize,
}

/// One request of a token.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The fields of its body.
    pub fields: HashMap<String, String>,
    /// User and password of HTTP Basic, decoded.
    pub basic: Option<String>,
}

impl Authorization {
    /// With one refresh token, `refresh-0`.
    pub async fn start() -> Self {
        let shared = Arc::new(Mutex::new(Inner { fresh: vec!["refresh-0".to_owned()], ..Inner::default() }));
        let router = Router::new().route("/token", post(token)).route("/device", post(device));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("the port").port();
        let router = router.with_state((port, Arc::clone(&shared)));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("the server runs") });
        Self { port, shared, task }
    }

    /// The address of `token` or `device`.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Access tokens live for so many seconds from now on.
    pub fn live_for(&self, seconds: u64) {
        lock(&self.shared).life = Some(seconds);
    }

    /// The next questions after a code are answered with these errors, and only then with a token.
    pub fn answer_with(&self, errors: &[&'static str]) {
        lock(&self.shared).answers = errors.iter().copied().collect();
    }

    /// Sign-ins bring no refresh token from now on.
    pub fn give_no_refresh_token(&self) {
        lock(&self.shared).without_refresh_token = true;
    }

    /// The next request of a token is refused so.
    pub fn refuse(&self, status: u16, body: Value) {
        lock(&self.shared).refusals.push_back((status, body));
    }

    /// No refresh token is good any more.
    pub fn revoke(&self) {
        lock(&self.shared).fresh.clear();
    }

    /// Takes this refresh token, once.
    pub fn accept(&self, token: &str) {
        lock(&self.shared).fresh.push(token.to_owned());
    }

    /// All requests of tokens.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.shared).asked.clone()
    }

    /// How many codes were given away.
    pub fn codes(&self) -> usize {
        lock(&self.shared).codes
    }
}

impl Drop for Authorization {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Shared = State<(u16, Arc<Mutex<Inner>>)>;
type Answer = (StatusCode, Json<Value>);

async fn token(State((_, shared)): Shared, headers: HeaderMap, body: Bytes) -> Answer {
    let mut inner = lock(&shared);
    let fields = fields(&body);
    let basic = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let basic = basic.map(|pair| String::from_utf8(STANDARD.decode(pair).expect("base64")).expect("text"));
    inner.asked.push(Asked { fields: fields.clone(), basic: basic.clone() });
    if let Some((status, body)) = inner.refusals.pop_front() {
        return (StatusCode::from_u16(status).expect("a status"), Json(body));
    }
    let field = |name: &str| fields.get(name).map(String::as_str);
    let wrong = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error, "error_description": "no" })));
    match field("grant_type") {
        Some("client_credentials") => {
            let known = basic.as_deref() == Some("me:client-s3cret") || field("client_secret") == Some("client-s3cret");
            if known { inner.give(None) } else { wrong("invalid_client") }
        }
        Some("refresh_token") => {
            let Some(at) = inner.fresh.iter().position(|fresh| Some(fresh.as_str()) == field("refresh_token")) else {
                return wrong("invalid_grant");
            };
            // Taken once.
            inner.fresh.remove(at);
            let next = inner.next_refresh_token();
            inner.give(Some(next))
        }
        Some("urn:ietf:params:oauth:grant-type:device_code") => {
            assert_eq!(field("device_code"), Some("device-s3cret"), "the code that was given");
            match inner.answers.pop_front() {
                Some(error) => wrong(error),
                None => {
                    let next = (!inner.without_refresh_token).then(|| inner.next_refresh_token());
                    inner.give(next)
                }
            }
        }
        _ => wrong("unsupported_grant_type"),
    }
}

async fn device(State((port, shared)): Shared, body: Bytes) -> Json<Value> {
    lock(&shared).codes += 1;
    assert_eq!(fields(&body).get("client_id").map(String::as_str), Some("me"), "who asks");
    let url = format!("http://127.0.0.1:{port}/activate");
    Json(json!({
        "device_code": "device-s3cret", "user_code": "WDJB-MJHT", "verification_uri": url,
        "verification_uri_complete": format!("{url}?user_code=WDJB-MJHT"), "expires_in": 600, "interval": 1,
    }))
}

impl Inner {
    fn next_refresh_token(&mut self) -> String {
        let next = format!("refresh-{}", self.given + 1);
        self.fresh.push(next.clone());
        next
    }

    fn give(&mut self, refresh_token: Option<String>) -> Answer {
        self.given += 1;
        let mut answer = json!({ "access_token": format!("access-{}", self.given), "token_type": "Bearer" });
        if let Some(life) = self.life {
            answer["expires_in"] = life.into();
        }
        if let Some(refresh_token) = refresh_token {
            answer["refresh_token"] = refresh_token.into();
        }
        (StatusCode::OK, Json(answer))
    }
}

fn fields(body: &[u8]) -> HashMap<String, String> {
    let text = std::str::from_utf8(body).expect("text");
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        let mut parts = text.split('%');
        let mut decoded = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            decoded.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
            decoded.extend_from_slice(&part.as_bytes()[2..]);
        }
        String::from_utf8(decoded).expect("text")
    };
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decode(name), decode(value))).collect()
}

fn lock(shared: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
