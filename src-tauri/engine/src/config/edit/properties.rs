//! Whatever is saved is read back as it was meant, and no comment is lost on the way.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;
use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::config::{
    Auth, ClientAuth, Dialect, EXAMPLE, EventId, Fingerprint, Grant, Header, HeaderValue, OAuth2, Outage, Redirects,
    Refresh, Resume, ResumeFrom, ResumeSend, SecretSource, Sign, Store, Subscribe,
};

/// Texts in several hands; each has a stream `market`.
const TEXTS: [&str; 4] = [EXAMPLE, include_str!("../fixtures/design.toml"), TABLES, LIST];

const TABLES: &str = r#"# head
[[stream]] # first
# above the name
name = "other"
url = "https://h/"

# between
[quiet_hours]
from = "22:00"
to = "07:00"
[[stream]]
    # indented
    name = "market"
    url = "https://h/"
    proxy = "http://p/" # in the office
    resume.ignore = [
        "a", # one
        # two
        "b",
    ]
    # in front of auth
    [stream.auth]
    # kind of
    kind = "header"
    name = "X-T"
    [stream.auth.secret]
    # pass
    command = ["pass", "show"] # words
    [stream.headers]
    X-A = "1" # a
    # b
    X-B = "2"
    [stream.headers.X-C]
    # c
    env = "C"
    [stream.refresh]
    # fresh
    url = "https://h/"
# behind
[[tile]]
stream = "market"
[[rule]]
name = "r"
stream = "market" # it
# end"#;

const LIST: &str = r#"
# head
stream = [
    # one
    { name = "market", url = "https://h/", headers = { A = "1", # in a header
      # in between
      B = { env = "B" } }, auth = { kind = "bearer" } }, # after one
    # two
    { name = "other", url = "https://h/" }
    # last
]
rule = [{ name = "r", stream = "market" }] # rules
"#;

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "[a-z\"'\\\\#\n\täあ]{0,12}"]
}

fn source() -> impl Strategy<Value = SecretSource> {
    prop_oneof![
        Just(SecretSource::Keyring),
        "[A-Z_]{1,8}".prop_map(SecretSource::Env),
        "[ -~]{1,12}".prop_map(|path| SecretSource::File(PathBuf::from(path))),
        ("[a-z/]{1,8}", vec(text(), 0..3)).prop_map(|(program, mut words)| {
            words.insert(0, program);
            SecretSource::Command(words)
        }),
    ]
}

fn auth() -> impl Strategy<Value = Auth> {
    prop_oneof![
        Just(Auth::None),
        source().prop_map(|secret| Auth::Bearer { secret }),
        ("[a-z@. ]{0,8}", source()).prop_map(|(user, secret)| Auth::Basic { user, secret }),
        ("Z-[a-z]{1,8}", source()).prop_map(|(name, secret)| Auth::Header { name, secret }),
        ("[ -~]{1,8}", option::of("[ -z]{0,8}[{]secret[}][ -z]{0,8}"), source())
            .prop_map(|(name, template, secret)| Auth::Query { name, template, secret }),
        ("[a-z_]{1,8}", source()).prop_map(|(name, secret)| Auth::Cookie { name, secret }),
        oauth2().prop_map(|settings| Auth::OAuth2(Box::new(settings))),
    ]
}

fn oauth2() -> impl Strategy<Value = OAuth2> {
    let grant = prop_oneof![
        Just(Grant::ClientCredentials),
        Just(Grant::RefreshToken),
        Just(Grant::Device { device_url: "https://id.example/device".to_owned() }),
    ];
    let ways = select(vec![ClientAuth::Basic, ClientAuth::Body]);
    let words = ("[ -~]{1,8}", option::of("[a-z]{1,8}"), option::of("[a-z:/]{1,8}"));
    (grant, source(), option::of(source()), ways, words).prop_map(
        |(grant, secret, client_secret, client_auth, (client_id, scope, audience))| OAuth2 {
            secret: if matches!(grant, Grant::Device { .. }) { SecretSource::Keyring } else { secret },
            client_secret: client_secret.filter(|_| grant != Grant::ClientCredentials),
            grant,
            token_url: "https://id.example/token".to_owned(),
            client_id,
            client_auth,
            scope,
            audience,
        },
    )
}

/// What a connection is made with.
type Ways = (Vec<Fingerprint>, Option<SecretSource>, Option<PathBuf>, bool);

fn ways() -> impl Strategy<Value = Ways> {
    let pins = vec(any::<[u8; 32]>().prop_map(Fingerprint), 0..3);
    (pins, option::of(source()), option::of("[a-z/~ ]{1,9}".prop_map(PathBuf::from)), any::<bool>())
}

fn headers() -> impl Strategy<Value = Vec<Header>> {
    let value =
        prop_oneof!["([!-~]([ -~]{0,6}[!-~])?)?".prop_map(HeaderValue::Plain), source().prop_map(HeaderValue::Secret)];
    vec((select(vec!["A", "B", "X-A", "X-B", "X-C", "x.d"]), value), 0..5).prop_map(|pairs| {
        let mut headers: Vec<Header> = Vec::new();
        for (name, value) in pairs {
            if headers.iter().all(|header| header.name != name) {
                headers.push(Header { name: name.to_owned(), value });
            }
        }
        headers
    })
}

fn resume() -> impl Strategy<Value = Resume> {
    let from =
        prop_oneof![Just(ResumeFrom::Id), Just(ResumeFrom::None), "(/[a-z]{0,4}){0,2}".prop_map(ResumeFrom::Pointer)];
    let send = prop_oneof![Just(ResumeSend::Header), Just(ResumeSend::None), "[ -~]{1,8}".prop_map(ResumeSend::Query)];
    (from, send, vec("[a-z*?]{1,6}", 0..3)).prop_map(|(from, send, ignore)| Resume { from, send, ignore })
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let event_id = prop_oneof![Just(EventId::Id), Just(EventId::None), "(/[a-z]{0,4}){1,2}".prop_map(EventId::Pointer)];
    let sign = || {
        prop_oneof![
            "[a-z*]{1,6}".prop_map(Sign::Event),
            "[ -~]{1,8}".prop_map(Sign::Data),
            ("/[a-z/]{0,4}", "[a-z*]{1,6}").prop_map(|(pointer, glob)| Sign::Field { pointer, glob })
        ]
    };
    let signs = move || vec(sign(), 0..3);
    let subscribe = ("[A-Z_*]{1,8}", "/[a-z]{0,8}", "[ -~]{1,20}");
    let subscribe = option::of(subscribe.prop_map(|(on, url, body)| Subscribe { on, url, body }));
    (event_id, signs(), signs(), signs(), subscribe).prop_map(|(event_id, ignore, end_on, sign_in_on, subscribe)| {
        Dialect { event_id, ignore, end_on, sign_in_on, subscribe }
    })
}

fn redirects() -> impl Strategy<Value = Redirects> {
    let hosts = vec("[*][.][a-z]{1,5}[.]test", 0..3).prop_map(Redirects::Trust);
    prop_oneof![Just(Redirects::Follow), Just(Redirects::SameOrigin), hosts]
}

fn stream() -> impl Strategy<Value = StreamConfig> {
    let words = ("[a-zä]{1,8}( [a-z\"]{1,4})?", option::of(text()), option::of("[a-z/~ ]{1,9}"), any::<[bool; 5]>());
    let numbers = (option::of(100_u64..604_800_000), 0_u64..3_600_000, 1_024_usize..268_435_456);
    let kinds = (select(vec![Store::All, Store::Alerts, Store::None]), redirects(), select(vec!["GET", "POST"]));
    let refresh = option::of("(/[a-z]{0,4}){0,2}");
    (words, numbers, kinds, auth(), refresh, headers(), (resume(), dialect()), ways()).prop_map(
        |(
            (name, body, path, flags),
            (idle, retry, max_event),
            (store, redirects, method),
            auth,
            refresh,
            headers,
            (resume, dialect),
            (pin_sha256, password, unix_socket, compression),
        )| {
            let refresh = refresh.filter(|_| !matches!(auth, Auth::None | Auth::OAuth2(_)));
            StreamConfig {
                name: name.as_str().into(),
                url: "https://example.com/stream?a=\"b\"".to_owned(),
                enabled: flags[0],
                method: method.to_owned(),
                body,
                refresh: refresh.map(|token| Refresh { url: "https://example.com/r".to_owned(), token }),
                auth,
                headers,
                idle_timeout: idle.map(Duration::from_millis),
                learn_idle: false,
                retry: Duration::from_millis(retry),
                resume,
                dialect,
                store,
                redirects,
                max_event,
                strict: flags[1],
                ca_cert: path.clone().filter(|_| flags[2]).map(PathBuf::from),
                pin_sha256,
                client_cert_password: password.filter(|_| path.is_some()),
                client_cert: path.map(PathBuf::from),
                unix_socket: unix_socket.filter(|_| !flags[3]),
                compression,
                proxy: flags[3].then(|| "http://localhost:3128".to_owned()),
                http1: flags[4],
                insecure: flags[0] != flags[1],
                notify: true,
                outage: if flags[2] {
                    Some(Outage::Off)
                } else {
                    idle.map(|idle| Outage::After(Duration::from_millis(idle.max(1_000))))
                },
            }
        },
    )
}

/// Comment texts, wherever they stand; the texts above have no `#` elsewhere.
fn comments(text: &str) -> Vec<String> {
    let mut comments: Vec<String> =
        text.lines().filter_map(|line| line.split_once('#').map(|(_, comment)| comment.trim().to_owned())).collect();
    comments.sort();
    comments
}

fn assert_keeps_comments(before: &str, after: &str) -> Result<(), TestCaseError> {
    let kept: Vec<&str> =
        after.lines().filter_map(|line| line.split_once('#').map(|(_, comment)| comment.trim())).collect();
    for comment in comments(before) {
        let kept = kept.iter().any(|line| *line == comment) || after.contains(&format!("# {comment}"));
        prop_assert!(kept, "lost {comment:?} in\n{after}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_saved_stream_is_read_back_and_no_comment_is_lost(
        base in select(TEXTS.to_vec()), crlf: bool, original in option::weighted(0.8, Just("market")), stream in stream(),
    ) {
        let text = if crlf { base.replace('\n', "\r\n") } else { base.to_owned() };
        let mut wanted = parse(&text).unwrap();
        let index = wanted.streams.iter().position(|stream| Some(stream.name.as_str()) == original);
        match index {
            Some(index) => wanted.streams[index] = Arc::new(stream.clone()),
            None => wanted.streams.push(Arc::new(stream.clone())),
        }
        let saved = save_stream(&text, original, &stream);
        prop_assert!(saved.is_ok(), "{saved:?}");
        let saved = saved.unwrap();
        let config = parse(&saved).unwrap();
        prop_assert_eq!(&config.streams, &wanted.streams);
        prop_assert_eq!((config.rules.len(), config.tiles.len()), (wanted.rules.len(), wanted.tiles.len()));
        prop_assert_eq!(saved.matches('\n').count() == saved.matches("\r\n").count(), crlf);
        assert_keeps_comments(&text, &saved)?;
        // Saved twice is saved once; saved back means what was there first.
        prop_assert_eq!(&save_stream(&saved, Some(stream.name.as_str()), &stream).unwrap(), &saved);
        if let Some(index) = index {
            let first = parse(&text).unwrap();
            let back = save_stream(&saved, Some(stream.name.as_str()), &first.streams[index]).unwrap();
            prop_assert_eq!(parse(&back).unwrap(), first);
            assert_keeps_comments(&text, &back)?;
        }
    }

    #[test]
    fn streams_come_and_go_in_any_order(streams in vec(stream(), 1..5), removed in any::<prop::sample::Index>()) {
        let mut text = String::new();
        let mut wanted: Vec<Arc<StreamConfig>> = Vec::new();
        for stream in streams {
            if wanted.iter().all(|other| other.name != stream.name) {
                text = save_stream(&text, None, &stream).unwrap();
                wanted.push(Arc::new(stream));
            }
        }
        let gone = wanted.remove(removed.index(wanted.len()));
        let text = remove_stream(&text, gone.name.as_str()).unwrap();
        prop_assert_eq!(parse(&text).unwrap().streams, wanted);
    }

    #[test]
    fn no_text_is_too_broken_to_be_read(
        base in select(TEXTS.to_vec()),
        cuts in vec((any::<prop::sample::Index>(), "[\\[\\]{}=\"'#.,\n\r a1ä\u{0}]{0,3}", 0_usize..4), 1..6),
    ) {
        let mut characters: Vec<char> = base.chars().collect();
        for (at, inserted, dropped) in cuts {
            let at = at.index(characters.len());
            let end = (at + dropped).min(characters.len());
            characters.splice(at..end, inserted.chars());
        }
        let text: String = characters.iter().collect();
        if let Err(errors) = parse(&text) {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.is_sorted_by_key(|error| (error.line, error.column)));
        }
        drop(save_stream(&text, None, &StreamConfig::new("new", "https://h/")));
        drop(remove_stream(&text, "market"));
    }
}
