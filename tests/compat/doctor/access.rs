//! Answers that are no stream: pages, refusals, redirects, wrong headers.

use std::time::Duration;

use streambell_engine::auth::Credentials;
use streambell_engine::config::{Auth, SecretSource, StreamConfig};
use streambell_engine::doctor::{Code, Patient, Verdict, diagnose};
use streambell_engine::secrets::Secret;
use streambell_tests::Server;

use super::scripted::Script;
use super::{WATCH, at, certain, codes, examined};
use crate::programs::{nginx, nginx_server, node};

/// What nginx does at `/`.
async fn found(server: &str) -> Vec<Code> {
    let nginx = nginx_server("", &format!("default_type text/html; location / {{ {server} }}")).await;
    let report = examined(at(&nginx.url("/events"))).await;
    assert_eq!(report.verdict, Verdict::Findings, "{report:#?}");
    codes(&report)
}

#[tokio::test]
async fn what_nginx_answers_instead_of_a_stream_is_told_apart() {
    let form = "return 200 '<form><input type=\"password\"></form>';";
    assert_eq!(found(form).await, [Code::LoginPage]);
    assert_eq!(found("return 404;").await, [Code::NotFound]);
    assert_eq!(found("return 302 $request_uri;").await, [Code::RedirectLoop]);
    assert_eq!(found("return 302 ftp://example.com/;").await, [Code::Redirect]);
    assert_eq!(found("auth_basic closed; auth_basic_user_file /dev/null;").await, [Code::Unauthorized]);
    assert_eq!(found("deny all;").await, [Code::Forbidden]);
    assert_eq!(found("return 503;").await, [Code::Status]);
    let scope =
        "add_header WWW-Authenticate 'Bearer error=\"insufficient_scope\", scope=\"alerts\"' always; return 403;";
    assert_eq!(found(scope).await, [Code::Scope]);
    let expired = "add_header WWW-Authenticate 'Bearer error=\"invalid_token\", error_description=\"token expired\"' always; return 401;";
    assert_eq!(found(expired).await, [Code::TokenExpired]);
}

#[tokio::test]
async fn a_wrong_path_is_found_with_a_hint() {
    let server = node("systems/time.mjs", &[]).await;
    let report = examined(at(&server.url("/event"))).await;
    let finding = certain(&report, Code::NotFound);
    assert!(finding.mends[0].words.english.contains("/events"), "{finding:?}");
    let location = "location /events/ { return 404; }";
    let nginx = nginx_server("", location).await;
    let report = examined(at(&nginx.url("/events/"))).await;
    assert!(
        certain(&report, Code::NotFound).mends[0].words.english.contains("/events (without the slash)"),
        "{report:#?}"
    );
}

#[tokio::test]
async fn a_redirect_to_a_page_to_sign_in_on_is_certain() {
    let server = "default_type text/html; location /events { return 302 /login?next=/events; }\n\
                  location /login { return 200 '<form><input type=\"password\"></form>'; }";
    let nginx = nginx_server("", server).await;
    let report = examined(at(&nginx.url("/events"))).await;
    assert!(certain(&report, Code::LoginPage).evidence.english.contains("/login"), "{report:#?}");
}

#[tokio::test]
async fn headers_that_nginx_takes_away_or_makes_up_are_found() {
    let server = node("server.mjs", &[]).await;
    for (location, wanted) in [
        ("proxy_hide_header Content-Type;", Code::ContentTypeMissing),
        ("proxy_hide_header Content-Type; add_header Content-Type text/plain;", Code::ContentTypeWrong),
        ("proxy_hide_header Cache-Control; add_header Cache-Control 'public, max-age=600';", Code::Cacheable),
        ("keepalive_timeout 0;", Code::ConnectionClose),
    ] {
        let nginx = nginx(server.port(), "", "", location).await;
        let report = examined(at(&nginx.url("/?direct&total=1000000&pause=50"))).await;
        assert_eq!(codes(&report), [wanted], "{location}: {report:#?}");
    }
}

#[tokio::test]
async fn a_token_in_the_address_is_found_and_never_told() {
    let server = Script::well().start().await;
    let report = examined(at(&format!("{}?access_token=s3cret-in-the-address", server.url))).await;
    assert_eq!(codes(&report), [Code::TokenInUrl]);
    assert!(!format!("{report:?}").contains("s3cret"), "{report:#?}");
}

#[tokio::test]
async fn a_stream_of_the_engine_is_diagnosed_with_its_stored_secret() {
    let server = node("server.mjs", &[]).await;
    let guard = "if ($http_authorization != 'Bearer s3cret') { return 401; }";
    let nginx = nginx(server.port(), "", "", guard).await;
    let config = StreamConfig {
        auth: Auth::Bearer { secret: SecretSource::Keyring },
        ..crate::settings(&nginx.url("/?direct&total=1000000&pause=50"))
    };
    let rig = crate::engine(config.clone());
    let diagnose = async |original: Option<&str>, secret: Option<&str>| {
        let secret = secret.map(|secret| Secret::from(secret.to_owned()));
        let report = rig.engine.diagnose(original.map(str::to_owned), config.clone(), secret, WATCH, Vec::new()).await;
        report.map(|report| codes(&report))
    };
    assert_eq!(diagnose(None, Some("other")).await, Ok(vec![Code::Unauthorized]));
    assert!(diagnose(Some("market"), None).await.is_err_and(|message| message.english.contains("no secret is stored")));
    rig.vault.set("market", &"s3cret".to_owned().into()).await.unwrap();
    assert_eq!(diagnose(Some("market"), None).await, Ok(Vec::new()));
}

/// Where nothing answers, a request with a header that is too large makes the nearest server name itself.
#[tokio::test]
async fn who_stands_nearest_is_asked_without_credentials_path_and_parameters() {
    let server = Server::start().await;
    let url = server.url("/events?token=s3cret").replace("http://", "http://ann:s3cret@");
    let nearest = async {
        let mut unanswered = Vec::new();
        loop {
            let exchange = server.request_within(Duration::from_secs(30)).await.expect("a further request");
            if exchange.header("x-size").is_some() {
                assert_eq!((exchange.path.as_str(), exchange.header("authorization")), ("/", None));
                exchange.answer(431, &[("Server", "nginx/1.22.1")], "").await;
                return unanswered;
            }
            unanswered.push(exchange);
        }
    };
    let (report, unanswered) = tokio::join!(examined(at(&url)), nearest);
    assert!(unanswered.iter().any(|exchange| exchange.header("authorization").is_some()), "the stream itself signs in");
    assert_eq!(report.servers, ["nginx 1.22.1"], "{report:#?}");
    assert!(certain(&report, Code::FirstByteLate).title.english.starts_with("nginx"), "{report:#?}");
}

/// A JWT that ends so many seconds from now.
fn jwt(seconds: i64) -> Secret {
    use base64::Engine as _;
    let end = jiff::Timestamp::now().as_second() + seconds;
    let part = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.sig", part("{\"alg\":\"none\"}".to_owned()), part(format!("{{\"exp\":{end}}}"))).into()
}

#[tokio::test]
async fn a_token_that_has_ended_or_will_soon_is_found() {
    let server = Script::well().start().await;
    let config = StreamConfig { auth: Auth::Bearer { secret: SecretSource::Keyring }, ..at(&server.url) };
    for (seconds, wanted) in [(-60, vec![Code::TokenExpired]), (60, vec![Code::TokenEnds]), (86_400, Vec::new())] {
        let credentials = Credentials::with_secret(&config, jwt(seconds));
        let patient =
            Patient { config: config.clone(), credentials, watch: WATCH, longest: WATCH, history: Vec::new() };
        assert_eq!(codes(&diagnose(patient).await), wanted, "{seconds}");
    }
}

#[tokio::test]
async fn what_a_server_repeats_of_a_secret_is_not_told() {
    let secret = "s3cret-of-the-stream";
    let page = format!("return 403 'no such token: {secret}';");
    let nginx = nginx_server("", &format!("default_type text/plain; location / {{ {page} }}")).await;
    let config = StreamConfig { auth: Auth::Bearer { secret: SecretSource::Keyring }, ..at(&nginx.url("/")) };
    let credentials = Credentials::with_secret(&config, secret.to_owned().into());
    let report = diagnose(Patient { config, credentials, watch: WATCH, longest: WATCH, history: Vec::new() }).await;
    assert_eq!(codes(&report), [Code::Forbidden]);
    assert!(report.findings[0].evidence.english.contains("no such token: ***"), "{report:#?}");
    assert!(!format!("{report:?}").contains(secret), "{report:#?}");
}
