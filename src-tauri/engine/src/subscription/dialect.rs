//! What events mean on a server that speaks beyond the standard. Pure.

use serde_json::Value;

use crate::config::{self, EventId, Sign, Subscribe};
use crate::connection::Refusal;
use crate::glob::Glob;
use crate::text;

/// The longest value that is put into a body, in bytes.
const LONGEST: usize = 4_096;

/// A stream's dialect, ready for its events.
#[derive(Debug)]
pub(super) struct Dialect {
    event_id: EventId,
    ignore: Vec<Test>,
    end_on: Vec<Test>,
    sign_in_on: Vec<Test>,
    subscribe: Option<(Test, Subscribe)>,
}

/// What one event means.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    /// It is for no person.
    pub(super) ignored: bool,
    /// The server is done, or done with these credentials.
    pub(super) farewell: Option<Refusal>,
    /// What to POST now, and where.
    pub(super) subscribe: Option<(String, String)>,
}

#[derive(Debug)]
enum Test {
    Name(Glob),
    Data(String),
    Field { pointer: String, glob: Glob },
}

impl Dialect {
    /// `None` for a server that keeps to the standard.
    pub(super) fn new(config: &config::Dialect) -> Option<Self> {
        if *config == config::Dialect::default() {
            return None;
        }
        // The configuration was validated: a glob that is none matches nothing.
        let name = |glob: &str| Glob::new(glob).ok().map(Test::Name);
        let test = |sign: &Sign| match sign {
            Sign::Event(glob) => name(glob),
            Sign::Data(data) => Some(Test::Data(data.clone())),
            Sign::Field { pointer, glob } => {
                let pointer = pointer.clone();
                Glob::new(glob).ok().map(|glob| Test::Field { pointer, glob })
            }
        };
        let tests = |signs: &[Sign]| signs.iter().filter_map(test).collect();
        Some(Self {
            event_id: config.event_id.clone(),
            ignore: tests(&config.ignore),
            end_on: tests(&config.end_on),
            sign_in_on: tests(&config.sign_in_on),
            subscribe: config.subscribe.as_ref().and_then(|one| Some((name(&one.on)?, one.clone()))),
        })
    }

    /// What an event means.
    pub(super) fn hear(&self, name: &str, data: &str) -> Meaning {
        let any = |tests: &[Test]| tests.iter().any(|test| test.matches(name, data));
        let farewell = if any(&self.end_on) {
            let said = said(name, data);
            Some(Refusal::Finished(text!(
                "the server says that this is the end ({said})",
                "服务器说到此为止（{said}）"
            )))
        } else if any(&self.sign_in_on) {
            let said = said(name, data);
            let message = text!(
                "the server does not accept the credentials any more ({said})",
                "服务器不再接受当前凭据（{said}）"
            );
            Some(Refusal::Status { status: 401, retry_after: None, message })
        } else {
            None
        };
        let subscribe = self.subscribe.as_ref().filter(|(test, _)| test.matches(name, data));
        let subscribe = subscribe.map(|(_, one)| (one.url.clone(), filled(&one.body, data)));
        Meaning { ignored: any(&self.ignore), farewell, subscribe }
    }

    /// The id that an event is recognised by and whether it is its own, where what the server gave does not say.
    pub(super) fn identify(&self, data: &str, id: String, id_is_own: bool) -> (String, bool) {
        match &self.event_id {
            EventId::Id => (id, id_is_own),
            EventId::None => (String::new(), false),
            EventId::Pointer(pointer) => match pointed(data, pointer) {
                Some(id) => (id, true),
                None => (String::new(), false),
            },
        }
    }
}

impl Test {
    fn matches(&self, name: &str, data: &str) -> bool {
        match self {
            Self::Name(glob) => glob.is_match(name),
            Self::Data(text) => text == data,
            Self::Field { pointer, glob } => pointed(data, pointer).is_some_and(|value| glob.is_match(&value)),
        }
    }
}

/// An event as a message names it.
fn said(name: &str, data: &str) -> String {
    let said = if name == "message" { data } else { name };
    said.chars().filter(|one| !one.is_control()).take(60).collect()
}

/// A text or number in an event's data.
pub(super) fn pointed(data: &str, pointer: &str) -> Option<String> {
    let data: Value = serde_json::from_str(data).ok()?;
    let value = data.pointer(pointer)?;
    value.as_str().map(str::to_owned).or_else(|| value.is_number().then(|| value.to_string()))
}

/// A body with `{/pointer}` replaced by what the data has there, fit to stand in JSON's quotes.
fn filled(body: &str, data: &str) -> String {
    let mut parts = body.split("{/");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((pointer, rest)) if !pointer.contains(['"', '{', ' ']) => {
                let value = pointed(data, &format!("/{pointer}")).filter(|value| value.len() <= LONGEST);
                let quoted = Value::from(value.unwrap_or_default()).to_string();
                filled.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
                filled.push_str(rest);
            }
            Some(_) | None => {
                filled.push_str("{/");
                filled.push_str(part);
            }
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn dialect(change: impl FnOnce(&mut config::Dialect)) -> Dialect {
        let mut config = config::Dialect::default();
        change(&mut config);
        Dialect::new(&config).unwrap()
    }

    #[test]
    fn a_server_that_keeps_to_the_standard_has_none() {
        assert!(Dialect::new(&config::Dialect::default()).is_none());
    }

    #[test]
    fn signs_are_known_by_name_or_by_data() {
        let dialect = dialect(|config| {
            config.ignore = vec![Sign::Event("keep*".to_owned()), Sign::Data("ping".to_owned())];
            let (pointer, glob) = ("/meta/domain".to_owned(), "can*".to_owned());
            config.ignore.push(Sign::Field { pointer, glob });
            config.end_on = vec![Sign::Data("[DONE]".to_owned())];
            config.sign_in_on = vec![Sign::Event("auth_revoked".to_owned())];
        });
        for (name, data, ignored) in [
            ("keepalive", "x", true),
            ("message", "ping", true),
            ("message", "pings", false),
            ("ping", "", false),
            ("message", r#"{"meta":{"domain":"canary"}}"#, true),
            ("message", r#"{"meta":{"domain":"en.wikipedia.org"}}"#, false),
        ] {
            assert_eq!(dialect.hear(name, data), Meaning { ignored, ..Meaning::default() }, "{name} {data}");
        }
        let end = dialect.hear("message", "[DONE]").farewell.unwrap();
        assert_eq!(end.message().english, "the server says that this is the end ([DONE])");
        let revoked = dialect.hear("auth_revoked", "credential is no longer valid").farewell;
        assert!(matches!(revoked, Some(Refusal::Status { status: 401, .. })), "{revoked:?}");
    }

    #[test]
    fn an_event_is_recognised_by_what_its_data_says_or_by_nothing() {
        let identified = |dialect: Dialect, data: &str| dialect.identify(data, "client".to_owned(), true);
        let pointed = || dialect(|config| config.event_id = EventId::Pointer("/id".to_owned()));
        assert_eq!(identified(pointed(), r#"{"id":"a"}"#), ("a".to_owned(), true));
        assert_eq!(identified(pointed(), "text"), (String::new(), false));
        let nothing = dialect(|config| config.event_id = EventId::None);
        assert_eq!(identified(nothing, "{}"), (String::new(), false));
    }

    #[test]
    fn a_body_takes_what_the_event_says_and_stays_json_whatever_that_is() {
        let data = r#"{"clientId":"a\"b\\c","n":7}"#;
        let body = r#"{"clientId":"{/clientId}","n":{/n},"none":"{/none}","subscriptions":["posts/*"],"x":{/}"#;
        let wanted = r#"{"clientId":"a\"b\\c","n":7,"none":"","subscriptions":["posts/*"],"x":"#;
        assert_eq!(filled(body, data), wanted);
        assert_eq!(filled("{/ a} {/", data), "{/ a} {/");
    }
}
