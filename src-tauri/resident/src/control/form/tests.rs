//! Streams between configuration and form.
#![expect(clippy::unwrap_used, reason = "tests")]

use streambell_engine::config::{Auth, Grant, Header, HeaderValue, OAuth2};
use streambell_protocol::{AuthKind, SecretSource};

use super::*;

fn full() -> StreamConfig {
    let header = |name: &str, value| Header { name: name.to_owned(), value };
    StreamConfig {
        auth: Auth::Basic { user: "ann".to_owned(), secret: config::SecretSource::Env("PASSWORD".to_owned()) },
        refresh: Some(config::Refresh { url: "https://a/refresh".to_owned(), token: "/new".to_owned() }),
        headers: vec![
            header("X-Desk", HeaderValue::Plain("7".to_owned())),
            header("X-Key", HeaderValue::Secret(config::SecretSource::Keyring)),
        ],
        idle_timeout: Some(Duration::from_millis(1_500)),
        retry: Duration::from_secs(9),
        resume: config::Resume {
            from: config::ResumeFrom::Pointer("/id".to_owned()),
            send: config::ResumeSend::Query("since".to_owned()),
            ignore: vec!["heartbeat".to_owned()],
        },
        store: config::Store::Alerts,
        max_event: 1_000,
        strict: true,
        proxy: Some("http://proxy/".to_owned()),
        insecure: true,
        ..StreamConfig::new("market", "https://a/stream")
    }
}

fn signed_in() -> StreamConfig {
    let settings = OAuth2 {
        grant: Grant::Device { device_url: "https://id/device".to_owned() },
        token_url: "https://id/token".to_owned(),
        client_id: "me".to_owned(),
        secret: config::SecretSource::Keyring,
        client_secret: Some(config::SecretSource::Env("SECRET".to_owned())),
        client_auth: config::ClientAuth::Body,
        scope: Some("read".to_owned()),
        audience: Some("x".to_owned()),
    };
    StreamConfig {
        auth: Auth::OAuth2(Box::new(settings)),
        pin_sha256: vec![Fingerprint([7; 32])],
        client_cert: Some("/c.p12".into()),
        client_cert_password: Some(config::SecretSource::Keyring),
        unix_socket: Some("/x.sock".into()),
        compression: true,
        ..StreamConfig::new("market", "https://a/stream")
    }
}

#[test]
fn a_form_that_was_not_edited_changes_nothing() {
    for stream in [full(), signed_in(), StreamConfig::new("market", "https://a/stream")] {
        assert_eq!(to_config(&to_form(&stream), Some(&stream)), Ok(stream));
    }
}

#[test]
fn a_form_tells_where_a_secret_comes_from_and_never_what_it_is() {
    let form = to_form(&full());
    assert_eq!(form.headers, [("X-Desk".to_owned(), "7".to_owned())]);
    assert_eq!(form.secret_headers[0].0, "X-Key");
    assert_eq!((form.auth.source, form.auth.place.as_str()), (SecretSource::Env, "PASSWORD"));
}

#[test]
fn another_place_of_a_secret_can_be_chosen() {
    let mut form = to_form(&full());
    form.auth.source = SecretSource::Keyring;
    form.auth.place.clear();
    let changed = to_config(&form, Some(&full())).unwrap();
    assert_eq!(changed.auth.secret(), Some(&config::SecretSource::Keyring));
    form.auth.source = SecretSource::File;
    form.auth.place = "~/.token".to_owned();
    let changed = to_config(&form, Some(&full())).unwrap();
    assert_eq!(changed.auth.secret(), Some(&config::SecretSource::File("~/.token".into())));
    form.auth.source = SecretSource::Command;
    form.auth.place = "pass\n\nshow it\n".to_owned();
    let changed = to_config(&form, Some(&full())).unwrap();
    let words = ["pass", "show it"].map(str::to_owned).to_vec();
    assert_eq!(changed.auth.secret(), Some(&config::SecretSource::Command(words)));
    assert_eq!(to_form(&changed).auth.place, "pass\nshow it");
    form.auth.place = " ".to_owned();
    assert!(to_config(&form, Some(&full())).is_err());
}

#[test]
fn a_program_that_lines_do_not_say_stays_as_it_is_and_is_not_changed_by_them() {
    for words in [&["x", "", "a"][..], &["sh", "-c", "one\ntwo"], &["x", "a\rb"], &["x", " "]] {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let auth = Auth::Bearer { secret: config::SecretSource::Command(words) };
        let stream = StreamConfig { auth, ..StreamConfig::new("market", "https://a/stream") };
        let mut form = to_form(&stream);
        // As the page tidies it.
        form.auth.place = form.auth.place.trim().to_owned();
        assert_eq!(to_config(&form, Some(&stream)), Ok(stream.clone()));
        form.auth.place.push_str("\nmore");
        let wrong = to_config(&form, Some(&stream)).unwrap_err();
        assert!(wrong.key == "auth" && wrong.why.english.contains("write it as TOML"), "{wrong:?}");
        form.auth.source = SecretSource::Env;
        form.auth.place = "NAME".to_owned();
        assert!(to_config(&form, Some(&stream)).is_ok());
    }
}

#[test]
fn a_header_cannot_be_there_twice() {
    let mut form = to_form(&full());
    form.headers.push(("x-key".to_owned(), "plain".to_owned()));
    assert!(to_config(&form, Some(&full())).unwrap_err().why.english.contains("twice"));
}

#[test]
fn switching_things_off_takes_them_out() {
    let mut form = to_form(&full());
    form.auth.kind = AuthKind::None;
    form.refresh_url.clear();
    form.idle_timeout_s = 0;
    let changed = to_config(&form, Some(&full())).unwrap();
    assert_eq!((changed.auth, changed.refresh, changed.idle_timeout), (Auth::None, None, None));
}

#[test]
fn the_default_idle_timeout_goes_by_the_heartbeat_too_and_any_other_holds_to_the_letter() {
    let new = StreamConfig::new("a", "http://a/");
    let (default, other) = (Some(StreamConfig::IDLE), Some(Duration::from_secs(60)));
    let kept = StreamConfig { learn_idle: false, ..new.clone() };
    for (base, seconds, wanted) in [
        (&new, 90, (default, true)),
        (&new, 60, (other, false)),
        (&full(), 90, (default, true)),
        (&kept, 90, (default, false)),
    ] {
        assert_eq!(idle_timeout(seconds, base), wanted, "{seconds}");
    }
    assert_eq!(idle_timeout(0, &new), (None, false));
}
