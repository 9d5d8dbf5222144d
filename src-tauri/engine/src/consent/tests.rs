use super::*;
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
        (ENV, "https://H:443/x?y", sent("https://h")),
        (ENV, "https://пример.example/", sent("https://xn--e1afmkfd.example")),
        (
            "headers = { X = { file = \"/f\" } }",
            "https://h/",
            "The first line of the file \"/f\" is read and sent to https://h.".to_owned(),
        ),
        (
            "auth = { kind = \"header\", name = \"X\", secret = { command = [\"pass\", \"a b\"] } }",
            "https://h/",
            "The program \"pass a b\" is started, what it tells is read and sent to https://h.".to_owned(),
        ),
        (&format!("{ENV}\nrefresh = {{ url = \"https://r/\" }}"), "https://h/", sent("https://h, https://r")),
        (
            &format!("{ENV}\nredirects = {{ trust = [\"*.x.example\"] }}"),
            "https://h/",
            sent("https://h, \"*.x.example\" where it redirects there"),
        ),
        (
            &format!("{ENV}\nproxy = \"http://p:1\"\ninsecure = true"),
            "http://h/",
            sent("http://h, the proxy \"http://p:1\""),
        ),
        (&format!("{ENV}\nproxy = \"http://p:1\""), "https://h/", sent("https://h")),
        (
            &format!("{ENV}\nunix_socket = \"/run/x\""),
            "http://h/",
            format!(
                "{}\nA stream talks to the socket \"/run/x\" of this computer.",
                sent("http://h, whoever listens on \"/run/x\"")
            ),
        ),
        (
            "auth = { kind = \"oauth2\", grant = \"refresh-token\", token_url = \"https://id/t\", client_id = \"c\", client_secret = { env = \"T\" } }",
            "https://h/",
            sent("https://id"),
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
        (stream("https://h/other", ENV), false),
        (stream("https://other/", ENV), true),
        (stream("http://h/", ENV), true),
        (stream("https://h/", &ENV.replace("\"T\"", "\"U\"")), true),
        (stream("https://h/", &ENV.replace("bearer", "basic\", user = \"me")), false),
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
fn a_program_is_asked_about_once() {
    let rule = |name: &str, run: &str| format!("[[rule]]\nname = \"{name}\"\nrun = [{run}]\n");
    assert_eq!(asked("", &rule("r", "\"x\", \"y\"")), "The rule \"r\" starts the program \"x y\".");
    assert_eq!(asked(&rule("r", "\"x\""), &rule("q", "\"x\"")), "");
    assert_eq!(asked("", "[[rule]]\nname = \"r\"\n"), "");
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
