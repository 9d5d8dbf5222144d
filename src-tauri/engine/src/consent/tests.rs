//! What is asked, in which words, and what is not asked again.

use super::*;
use crate::auth::Typed;
use crate::config::parse;

fn config(streams: &str) -> Config {
    parse(&format!("version = 1\nallow_commands = true\n{streams}")).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// A stream at an address, with more lines.
fn stream(url: &str, lines: &str) -> String {
    format!("[[stream]]\nname = \"s\"\nurl = \"{url}\"\n{lines}\n")
}

/// What is asked, in English; nothing where nothing is.
fn asked(old: &str, new: &str) -> String {
    match check(&reaches(&config(old), &config(new)), None) {
        Ok(()) => String::new(),
        Err(NeedsConsent::Question(question)) => {
            assert!(question.is_in_chinese(), "{question:?}");
            question.english
        }
        Err(NeedsConsent::TooMuch(text)) => panic!("{text}"),
    }
}

const ENV: &str = "auth = { kind = \"bearer\", secret = { env = \"T\" } }";
const KEYRING: &str = "auth = { kind = \"bearer\" }";

#[test]
fn what_is_new_is_asked_about_and_named_with_where_it_goes() {
    let sent = |to: &str| format!("The environment variable \"T\" is read and sent to {to}.");
    for (lines, url, wanted) in [
        ("", "https://h/", String::new()),
        (KEYRING, "https://h/", String::new()),
        (ENV, "https://H:443/x?y", sent("https://h/x?y (GET, bearer)")),
        (ENV, "https://пример.example/", sent("https://xn--e1afmkfd.example/ (GET, bearer)")),
        (
            "headers = { X = { file = \"/f\" } }",
            "https://h/",
            "The first line of the file \"/f\" is read and sent to https://h/ (GET, header \"X\").".to_owned(),
        ),
        (
            "auth = { kind = \"header\", name = \"X\", secret = { command = [\"pass\", \"a b\"] } }",
            "https://h/",
            "The program \"pass\" \"a b\" is started, what it tells is read and sent to https://h/ (GET, header \"X\").".to_owned(),
        ),
        (&format!("{ENV}\nrefresh = {{ url = \"https://r/\" }}"), "https://h/", sent("https://h/ (GET, bearer), https://r/ (POST, bearer)")),
        (
            &format!("{ENV}\nredirects = {{ trust = [\"*.x.example\"] }}"),
            "https://h/",
            sent("https://h/ (GET, bearer), \"*.x.example\" where it redirects there"),
        ),
        (
            &format!("{ENV}\nproxy = \"http://p:1\"\ninsecure = true"),
            "http://h/",
            sent("http://h/ (GET, bearer), the proxy \"http://p:1\""),
        ),
        (&format!("{ENV}\nproxy = \"http://p:1\""), "https://h/", sent("https://h/ (GET, bearer)")),
        (
            &format!("{ENV}\nunix_socket = \"/run/x\""),
            "http://h/",
            format!(
                "{}\nA stream talks to the socket \"/run/x\" of this computer: http://h/ (GET, bearer).",
                sent("http://h/ (GET, bearer), whoever listens on \"/run/x\"")
            ),
        ),
        (
            "auth = { kind = \"oauth2\", grant = \"refresh-token\", token_url = \"https://id/t\", client_id = \"c\", client_secret = { env = \"T\" } }",
            "https://h/",
            sent("https://id/t (POST, OAuth 2)"),
        ),
        (
            "client_cert = \"/c.p12\"\nclient_cert_password = { env = \"T\" }",
            "https://h/",
            "The key in the file \"/c.p12\" signs in to https://h.\n\
             The environment variable \"T\" is read, to open the certificate \"/c.p12\"."
                .to_owned(),
        ),
    ] {
        let new = stream(url, lines);
        assert_eq!(asked("", &new), wanted, "{lines}");
        assert_eq!(asked(&new, &new), "", "{lines}");
        let renamed = new.replace("\"s\"", "\"other\"").replacen("name =", "enabled = false\nname =", 1);
        assert_eq!(asked(&new, &renamed), "", "{lines}");
    }
}

#[test]
fn what_goes_elsewhere_is_new() {
    let old = stream("https://h/", ENV);
    for (new, is_asked) in [
        (stream("https://h/other", ENV), true),
        (stream("https://h/#there", ENV), false),
        (stream("https://h/?to=evil", ENV), true),
        (stream("https://h/", &format!("{ENV}\nmethod = \"POST\"")), true),
        (stream("https://h/", &format!("{ENV}\nheaders = {{ Topic = \"evil\" }}")), true),
        (stream("https://other/", ENV), true),
        (stream("http://h/", ENV), true),
        (stream("https://h/", &ENV.replace("\"T\"", "\"U\"")), true),
        (stream("https://h/", &ENV.replace("bearer", "basic\", user = \"me")), true),
        (stream("https://h/", &ENV.replace("bearer", "header\", name = \"Title")), true),
        (stream("https://h/", &format!("{ENV}\nidle_timeout = \"2m\"")), false),
        (stream("https://h/", KEYRING), false),
        (stream("https://h/", &format!("{ENV}\nunix_socket = \"/x\"")), true),
        (stream("https://h/", &format!("{ENV}\nproxy = \"http://p:1\"\nca_cert = \"/ca\"")), true),
        (stream("https://h/", &format!("{ENV}\nproxy = \"http://p:1\"")), false),
        (stream("https://h/", &format!("{ENV}\nredirects = {{ trust = [\"b.example\"] }}")), true),
    ] {
        assert_eq!(!asked(&old, &new).is_empty(), is_asked, "{new}");
    }
}

#[test]
fn hosts_to_which_what_the_keyring_holds_may_be_led_are_asked_about() {
    let trusting = |host: &str| stream("https://h/", &format!("{KEYRING}\nredirects = {{ trust = [\"{host}\"] }}"));
    let wanted = "Redirects of https://h may take the secrets of its stream along to \"*.evil.example\".";
    assert_eq!(asked(&stream("https://h/", KEYRING), &trusting("*.evil.example")), wanted);
    assert_eq!(asked(&trusting("a.example"), &trusting("*.evil.example")), wanted);
    assert_eq!(asked("", &trusting("a.example")), "", "nothing is held for it yet");
    assert_eq!(asked(&stream("https://other/", KEYRING), &trusting("a.example")), "");
}

#[test]
fn what_the_keyring_holds_is_sent_in_another_way_only_where_a_person_agrees() {
    let parsed = |url: &str, lines: &str| (*config(&stream(url, lines)).streams[0]).clone();
    let asked = |old: &StreamConfig, new: &StreamConfig, typed: &Typed| {
        question(&kept(old, new, |part| !typed.has(part)).into_iter().collect::<Vec<_>>()).unwrap_or_default().english
    };
    let old = parsed("https://ntfy.sh/mine", KEYRING);
    let evil = parsed("https://ntfy.sh/evil", "method = \"POST\"\nauth = { kind = \"header\", name = \"Title\" }");
    let wanted =
        "The secret that the keyring holds for \"s\" is sent to https://ntfy.sh/evil (POST, header \"Title\").";
    assert_eq!(asked(&old, &evil, &Typed::default()), wanted);
    assert_eq!(asked(&old, &evil, &Typed::from(Some("typed".into()))), "");
    assert_eq!(asked(&old, &old, &Typed::default()), "");
    let none = parsed("https://ntfy.sh/mine", "");
    assert_eq!(asked(&none, &evil, &Typed::default()), "", "what is left is asked about as such");
    let header = "headers = { X = { keyring = true } }";
    let typed = Typed { headers: vec![("X".to_owned(), "typed".into())], ..Typed::default() };
    let (here, there) = (parsed("https://h/", header), parsed("https://h/x", header));
    assert!(asked(&here, &there, &Typed::default()).contains("https://h/x (GET, header \"X\")"));
    assert_eq!(asked(&here, &there, &typed), "");
}

#[test]
fn a_socket_is_asked_about_with_what_its_listener_is_asked_for() {
    let docker = "unix_socket = \"/run/docker.sock\"";
    let posting =
        |body: &str| stream("http://docker/create", &format!("{docker}\nmethod = \"POST\"\nbody = \"{body}\""));
    let old = stream("http://docker/events", docker);
    let wanted = "A stream talks to the socket \"/run/docker.sock\" of this computer: \
                  http://docker/create (POST, body \"a\").";
    assert_eq!(asked(&old, &posting("a")), wanted);
    assert_eq!(asked(&posting("a"), &posting("a")), "");
    assert!(asked(&posting("a"), &posting("b")).contains("body \"b\""));
    let (one, other) = (asked(&old, &posting(&"a".repeat(500))), asked(&old, &posting(&"b".repeat(500))));
    assert!(one.contains("body of 500 bytes, SHA-256 ") && one != other, "{one}");
}

#[test]
fn a_question_shows_no_key_in_an_address_or_a_header_and_yet_is_of_one_request() {
    let keyed =
        |key: &str| stream(&format!("https://h/?token={key}"), &format!("{ENV}\nheaders = {{ K = \"{key}\" }}"));
    let (one, other) = (asked("", &keyed("s3cret")), asked("", &keyed("another")));
    assert!(one.contains("token=***") && !one.contains("s3cret") && one != other, "{one}");
    let long = |end: &str| asked("", &stream(&format!("https://h/{}{end}", "x".repeat(500)), ENV));
    assert!(long("a").contains("x… (GET, bearer, SHA-256 ") && long("a") != long("b"), "{}", long("a"));
}

#[test]
fn a_program_is_asked_about_once_for_a_rule_and_its_events() {
    let rule = |name: &str, run: &str, more: &str| format!("[[rule]]\nname = \"{name}\"\nrun = [{run}]\n{more}\n");
    let (x, off) = (rule("r", "\"x\"", ""), rule("r", "\"x\"", "enabled = false"));
    assert_eq!(asked("", &rule("r", "\"x\", \"y z\"", "")), "The rule \"r\" starts the program \"x\" \"y z\".");
    assert_ne!(asked("", &rule("r", "\"a\", \"b c\"", "")), asked("", &rule("r", "\"a b\", \"c\"", "")));
    for (old, new, is_asked) in [
        (&x, x.clone(), false),
        (&x, rule("r", "\"x\"", "title = \"other\""), false),
        (&x, off.clone(), false),
        (&off, off.clone(), false),
        (&off, x.clone(), true),
        (&String::new(), off.clone(), true),
        (&x, rule("q", "\"x\"", ""), true),
        (&x, rule("r", "\"x\"", "event = [\"a\"]"), true),
        (&x, rule("r", "\"x\"", "stream = [\"a*\"]"), true),
        (&x, "[[rule]]\nname = \"r\"\n".to_owned(), false),
    ] {
        assert_eq!(!asked(old, &new).is_empty(), is_asked, "{old} {new}");
    }
}

#[test]
fn only_what_was_read_word_for_word_was_agreed_to() {
    let found = reaches(&config(""), &config(&stream("https://h/", ENV)));
    let question = question(&found).map(|text| text.english).unwrap_or_default();
    assert_eq!(check(&found, Some(&question)), Ok(()));
    for other in ["", "yes", "The environment variable \"T\" is read and sent to https://evil."] {
        assert!(check(&found, Some(other)).is_err(), "{other}");
    }
    let more = Reach::Leftover { stream: "s".to_owned(), to: vec![Place::Server("https://h".to_owned())] };
    assert!(check(&[found, vec![more]].concat(), Some(&question)).is_err());
}

#[test]
fn a_question_hides_nothing_and_can_be_read_at_a_glance() {
    let secret = |name: &str| Reach::Secret { source: SecretSource::File(name.into()), to: Vec::new() };
    let shown =
        question(&[secret("/a\n\u{202e}b")]).map(|text| (text.english.clone(), text.chinese)).unwrap_or_default();
    for text in [shown.0, shown.1] {
        assert!(!text.contains(['\n', '\u{202e}']), "{text}");
    }
    assert!(question(&[secret(&"x".repeat(400))]).is_err());
    assert!(question(&vec![secret("a"); 9]).is_err());
}
