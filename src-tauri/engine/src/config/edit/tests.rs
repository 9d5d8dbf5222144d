//! Changes, each as the text before and after.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

mod lines;
mod others;
mod places;
mod rules;

use super::*;
use crate::config::{Auth, Header, HeaderValue, Refresh, ResumeFrom, SecretSource, Store};

/// The one stream of a text, changed.
fn changed(text: &str, change: impl FnOnce(&mut StreamConfig)) -> String {
    let config = parse(text).unwrap();
    let mut stream = StreamConfig::clone(&config.streams[0]);
    let name = stream.name.clone();
    change(&mut stream);
    save_stream(text, Some(name.as_str()), &stream).unwrap()
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: HeaderValue::Plain(value.to_owned()) }
}

#[test]
fn a_first_stream_makes_a_file() {
    let stream = StreamConfig::new("a", "https://h/");
    let written = "version = 1\n\n[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n";
    assert_eq!(save_stream("", None, &stream).unwrap(), written);
    assert_eq!(save_stream("# mine", None, &stream).unwrap(), format!("# mine\n{written}"));
    assert_eq!(
        save_stream("\u{feff}# x\r\n", None, &stream).unwrap(),
        format!("\u{feff}# x\n{written}").replace('\n', "\r\n")
    );
}

#[test]
fn only_what_is_no_default_is_written() {
    let mut stream = StreamConfig::new("a", "https://h/");
    stream.auth = Auth::Basic { user: "me".to_owned(), secret: SecretSource::Env("PW".to_owned()) };
    stream.headers = vec![header("X-B", "1"), header("x.a", "\"")];
    (stream.idle_timeout, stream.learn_idle) = (None, false);
    stream.store = Store::Alerts;
    let text = save_stream("version = 1\n", None, &stream).unwrap();
    let lines: Vec<_> = text.lines().skip(5).collect();
    assert_eq!(
        lines,
        [
            r#"auth = { kind = "basic", user = "me", secret = { env = "PW" } }"#,
            r#"headers = { X-B = "1", "x.a" = '"' }"#,
            r#"idle_timeout = "off""#,
            r#"store = "alerts""#,
        ]
    );
}

#[test]
fn a_further_stream_stands_behind_the_others() {
    let head = "version = 1\n\n[[stream]]\nname = \"a\"\nurl = \"https://h/\"\nauth.kind = \"bearer\"\n";
    let tail = "\n# Rules\n[[rule]]\nname = \"r\"\n";
    let new = "\n[[stream]]\nname = \"b\"\nurl = \"https://h/\"\n";
    let stream = StreamConfig::new("b", "https://h/");
    assert_eq!(save_stream(&format!("{head}{tail}"), None, &stream).unwrap(), format!("{head}{new}{tail}"));
    assert_eq!(save_stream(&format!("{head}# end"), None, &stream).unwrap(), format!("{head}# end\n{new}"));
    let list = "stream = [\n  { name = \"a\", url = \"https://h/\" }, # one\n]\n";
    let saved = save_stream(list, None, &stream).unwrap();
    assert_eq!(
        saved,
        "stream = [\n  { name = \"a\", url = \"https://h/\" },\n  { name = \"b\", url = \"https://h/\" }, # one\n]\n"
    );
}

#[test]
fn only_the_changed_field_changes() {
    let text = "# head\nversion=1\n\n[[stream]]  # mine\nurl   = 'https://h/' # where\nname = \"a\"\n\n# patience\nidle_timeout = \"90000ms\"   # ms\nauth = {kind=\"bearer\", secret={env=\"T\"}} # how\n# end\n";
    let after = changed(text, |stream| stream.url = "https://i/".to_owned());
    assert_eq!(after, text.replace("'https://h/'", "\"https://i/\""));
    let after = changed(text, |stream| stream.idle_timeout = Some(Duration::from_secs(120)));
    assert_eq!(after, text.replace("90000ms", "2m"));
    let after = changed(text, |stream| {
        stream.auth = Auth::Header { name: "X-T".to_owned(), secret: SecretSource::Env("T".to_owned()) };
    });
    let auth = r#"auth = { kind = "header", secret = {env="T"}, name = "X-T" } # how"#;
    assert_eq!(after, text.replace(r#"auth = {kind="bearer", secret={env="T"}} # how"#, auth));
    let after = changed(text, |stream| stream.strict = true);
    assert_eq!(after, text.replace("# how\n", "# how\nstrict = true\n"));
    assert_eq!(changed(text, |_| {}), text);
}

#[test]
fn tables_under_their_own_header_and_dotted_keys_stay_so() {
    let text = "[[stream]]\nname = \"a\"\nurl = \"https://h/\"\nresume.from = \"/seq\"\n\n[stream.auth] # how\nkind = \"bearer\"\n\n[stream.headers]\nX-A = \"1\" # one\n# two\nX-B = \"2\"\n\n[[rule]]\nname = \"r\"\nstream = \"a\" # it\n";
    let after = changed(text, |stream| {
        stream.name = "b".into();
        stream.auth = Auth::Query { name: "t".to_owned(), template: None, secret: SecretSource::Keyring };
        stream.headers = vec![header("X-B", "3"), header("X-A", "1"), header("X-C", "4")];
        stream.resume.from = ResumeFrom::Id;
    });
    let wanted = "[[stream]]\nname = \"b\"\nurl = \"https://h/\"\nresume.from = \"id\"\nresume.send = \"header\"\n\n[stream.auth] # how\nkind = \"query\"\nname = \"t\"\n\n[stream.headers]\n# two\nX-B = \"3\"\nX-A = \"1\" # one\nX-C = \"4\"\n\n[[rule]]\nname = \"r\"\nstream = \"b\" # it\n";
    assert_eq!(after, wanted);
}

#[test]
fn comments_of_what_goes_stay_above_the_stream() {
    let text = "[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n# office\nproxy = \"http://p/\" # slow\nauth = { kind = \"bearer\" }\n[stream.refresh]\n# fresh\nurl = \"https://h/r\"\n";
    let after = changed(text, |stream| {
        stream.proxy = None;
        stream.refresh = None;
    });
    assert!(after.starts_with("# fresh\n# office\n# slow\n[[stream]]\nname"), "{after}");
    let text = "stream = [{ name = \"a\", url = \"https://h/\", headers = { X-A = \"1\", # one\n X-B = \"2\" } }]\n";
    let after = changed(text, |stream| stream.headers.clear());
    assert!(after.contains("# one\n"), "{after}");
}

#[test]
fn headers_in_tables_of_their_own_can_be_changed() {
    let text = "[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n[stream.headers]\nX-A = \"1\"\n[stream.headers.X-B]\n# secret\nenv = \"B\"\n";
    let after = changed(text, |stream| stream.headers.push(header("X-C", "3")));
    assert!(
        after.contains("headers = { X-A = \"1\", X-B = { env = \"B\" }, X-C = \"3\" }") && after.contains("# secret")
    );
}

#[test]
fn line_ends_and_mark_stay() {
    let text =
        "\u{feff}version = 1\r\n[[stream]]\r\nname = \"a\"\r\nurl = \"https://h/\"\r\nbody = '''\r\na\r\nb'''\r\n";
    let after = changed(text, |stream| stream.url = "https://i/".to_owned());
    assert_eq!(after, text.replace("https://h/", "https://i/"));
}

#[test]
fn a_removed_stream_takes_its_comment_along_and_silences_its_rules() {
    let text = "# head\n\n# the first\n[[stream]]\nname = \"a\"\nurl = \"https://h/\"\nauth = { kind = \"bearer\" }\n# more\n\n[[stream]]\nname = \"b\"\nurl = \"https://h/\"\n\n# r\n[[rule]]\nname = \"r\"\nstream = \"a\"\nbody = \"\"\"\nx\n\ny\"\"\"\n\n[[rule]]\nname = \"s\"\n\n[stream.refresh]\nurl = \"https://h/\"\n";
    let text = text.replace("\n[stream.refresh]\nurl = \"https://h/\"\n", "[[tile]]\nstream = \"a\"\n# end");
    let after = remove_stream(&text, "a").unwrap();
    assert_eq!(
        after,
        "# head\n# more\n\n[[stream]]\nname = \"b\"\nurl = \"https://h/\"\n\n# r\n# [[rule]]\n# name = \"r\"\n# stream = \"a\"\n# body = \"\"\"\n# x\n#\n# y\"\"\"\n\n[[rule]]\nname = \"s\"\n# [[tile]]\n# stream = \"a\"\n# end"
    );
    let after = remove_stream(&after, "b").unwrap();
    assert!(parse(&after).unwrap().streams.is_empty());
}

#[test]
fn a_stream_in_a_list_is_removed_from_it() {
    let text = "stream = [{ name = \"a\", url = \"https://h/\" }, { name = \"b\", url = \"https://h/\" }]\n[[rule]]\nname = \"r\"\nstream = \"b\"\n";
    let after = remove_stream(text, "b").unwrap();
    assert_eq!(
        after,
        "stream = [{ name = \"a\", url = \"https://h/\" }]\n# [[rule]]\n# name = \"r\"\n# stream = \"b\"\n"
    );
    let text = "rule = [{ name = \"r\", stream = \"a\" }]\n[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n";
    assert!(remove_stream(text, "a").unwrap_err().message.english.contains("[[rule]]"));
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let text = "[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n[[stream]]\nname = \"b\"\nurl = \"https://h/\"\n";
    let save = |original, stream: &StreamConfig| save_stream(text, original, stream).unwrap_err();
    let error = |change: &dyn Fn(&mut StreamConfig)| {
        let mut stream = StreamConfig::new("a", "https://h/");
        change(&mut stream);
        save(Some("a"), &stream)
    };
    for (error, words) in [
        (save(Some("x"), &StreamConfig::new("x", "https://h/")), "no stream named"),
        (save(None, &StreamConfig::new("a", "https://h/")), "is named \"a\" too"),
        (error(&|stream| stream.name = "b".into()), "is named \"b\" too"),
        (error(&|stream| stream.url = "ftp://h/".to_owned()), "url: must begin with"),
        (error(&|stream| stream.headers = vec![header("Authorization", "hunter2")]), "is a secret"),
        (error(&|stream| stream.headers = vec![header("X", "1"), header("X", "2")]), "cannot be written"),
        (error(&|stream| stream.retry = Duration::from_micros(1_500)), "cannot be written"),
        (
            error(&|stream| stream.refresh = Some(Refresh { url: "https://h/".to_owned(), token: "/t".to_owned() })),
            "refresh: a token can only",
        ),
        (remove_stream(text, "x").unwrap_err(), "no stream named"),
    ] {
        assert!(error.message.english.contains(words) && error.line == 0, "{error}");
    }
    let broken = save_stream("version = 9", None, &StreamConfig::new("a", "https://h/")).unwrap_err();
    assert_eq!(broken.line, 1);
}
