//! What a stream of a kind of server needs that many people run: the TOML of a stream, rules and tiles, with gaps for
//! what only a person knows. Pure.
//!
//! Nothing of a preset is in force by its name: it is filled in once, and what comes out are plain keys of a
//! configuration, for a person to read and change.

mod fill;
mod value;

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, Table, Value};

use crate::config::{self, Auth, StreamConfig};
use crate::locale::Text;
use crate::text;

/// All of them; those that most people look for first.
const TEXTS: [(&str, &str); 11] = [
    ("ntfy", include_str!("presets/ntfy.toml")),
    ("home-assistant", include_str!("presets/home-assistant.toml")),
    ("mercure", include_str!("presets/mercure.toml")),
    ("nchan", include_str!("presets/nchan.toml")),
    ("pocketbase", include_str!("presets/pocketbase.toml")),
    ("firebase", include_str!("presets/firebase.toml")),
    ("centrifugo", include_str!("presets/centrifugo.toml")),
    ("wikimedia", include_str!("presets/wikimedia.toml")),
    ("spring", include_str!("presets/spring.toml")),
    ("sse-starlette", include_str!("presets/sse-starlette.toml")),
    ("llm", include_str!("presets/llm.toml")),
];

/// The value that is the stream's name; the preset's key without it.
pub const NAME: &str = "name";

/// A kind of server.
#[derive(Debug, Clone)]
pub struct Preset {
    /// What it is called by, such as `ntfy`.
    pub key: &'static str,
    /// Its own name.
    pub name: Text,
    /// Where it is documented: an https address.
    pub docs: String,
    /// What to set up there, and what to expect.
    pub help: Text,
    /// What only a person knows, in order.
    pub fields: Vec<Field>,
    /// How such servers let people in, the usual first, with gaps as in the text; never empty.
    pub auth: Vec<Auth>,
    document: DocumentMut,
}

/// One thing that only a person knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub key: String,
    /// What it is, in a few words.
    pub label: Text,
    /// What may be typed.
    pub example: String,
    /// What stands in for nothing typed; empty where something must be typed.
    pub default: String,
}

/// What a preset makes of what a person knows.
#[derive(Debug, Clone)]
pub struct Filled {
    /// All of it, to be pasted into a configuration.
    pub text: String,
    /// The stream.
    pub stream: StreamConfig,
    /// Its rules, each the TOML of one `[[rule]]`.
    pub rules: Vec<String>,
    /// Its tiles, each the TOML of one `[[tile]]`.
    pub tiles: Vec<String>,
}

/// All presets.
pub fn presets() -> Vec<Preset> {
    // A test reads every one of them.
    TEXTS.iter().filter_map(|(key, text)| Preset::read(key, text)).collect()
}

/// The preset of this key.
///
/// # Errors
/// Where there is none, in one line that names those that there are.
pub fn preset(key: &str) -> Result<Preset, Text> {
    let text = TEXTS.iter().find(|(known, _)| *known == key);
    let found = text.and_then(|(key, text)| Preset::read(key, text));
    found.ok_or_else(|| {
        let keys = TEXTS.map(|(key, _)| key).join(", ");
        text!("there is no preset {key:?}; there are {keys}", "没有预设 {key:?}；有 {keys}")
    })
}

impl Preset {
    /// What its fields' examples are.
    pub fn examples(&self) -> BTreeMap<String, String> {
        self.fields.iter().map(|field| (field.key.clone(), field.example.clone())).collect()
    }

    /// Fills the gaps; `auth` is one of [`Preset::auth`] by its place, the stream's own without it.
    ///
    /// # Errors
    /// What is missing or cannot be, in one line.
    pub fn fill(&self, values: &BTreeMap<String, String>, auth: Option<usize>) -> Result<Filled, Text> {
        fill::fill(self, values, auth)
    }

    fn read(key: &'static str, text: &'static str) -> Option<Self> {
        let mut document: DocumentMut = text.parse().ok()?;
        let text = |item: Option<&Item>| item.and_then(Item::as_str).map(str::to_owned);
        let english = text(document.get("name"))?;
        let name = Text { chinese: text(document.get("name_zh")).unwrap_or_else(|| english.clone()), english };
        let docs = text(document.get("docs"))?;
        let help = Text { english: text(document.get("help"))?, chinese: text(document.get("help_zh"))? };
        let fields = document.get("fields")?.as_array()?.iter().map(field).collect::<Option<_>>()?;
        let auth = document.get("auth")?.as_array()?.iter().map(auth).collect::<Option<Vec<_>>>()?;
        for front in ["name", "name_zh", "docs", "help", "help_zh", "fields", "auth"] {
            document.remove(front);
        }
        (!auth.is_empty()).then_some(Self { key, name, docs, help, fields, auth, document })
    }
}

fn field(value: &Value) -> Option<Field> {
    let table = value.as_inline_table()?;
    let text = |key| table.get(key).and_then(Value::as_str).map(str::to_owned);
    let default = text("default").unwrap_or_default();
    Some(Field {
        key: text("key")?,
        label: Text { english: text("label")?, chinese: text("zh")? },
        example: text("example")?,
        default,
    })
}

fn auth(value: &Value) -> Option<Auth> {
    let text = format!("[[stream]]\nname = \"x\"\nurl = \"https://x/\"\nauth = {}", value.to_string().trim());
    config::parse(&text).ok()?.streams.first().map(|stream| stream.auth.clone())
}

/// The tables of one kind.
fn tables<'a>(document: &'a DocumentMut, key: &str) -> impl Iterator<Item = &'a Table> + use<'a> {
    document.get(key).and_then(Item::as_array_of_tables).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn filled(key: &str, values: &[(&str, &str)]) -> Result<Filled, String> {
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        preset(key).and_then(|preset| preset.fill(&values, None)).map_err(|why| why.english)
    }

    #[test]
    fn every_preset_and_every_refusal_is_told_in_chinese_too() {
        let is_chinese = |text: &Text| text.chinese.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for preset in presets() {
            assert!(is_chinese(&preset.help) && !preset.help.english.is_empty(), "{}", preset.key);
            assert!(preset.fields.iter().all(|field| is_chinese(&field.label)), "{}", preset.key);
            assert!(!preset.document.to_string().contains("_zh"), "{}", preset.key);
        }
        let ntfy = preset("ntfy").unwrap();
        for (key, value) in [("topic", ""), ("topic", "a\nb"), ("host", "a b"), ("to", "x"), ("name", " a")] {
            let mut values = ntfy.examples();
            values.insert(key.to_owned(), value.to_owned());
            let why = ntfy.fill(&values, None).unwrap_err();
            assert!(is_chinese(&why) || key == "name", "{why:?}");
        }
        let (missing, no_way) = (preset("ntfi").unwrap_err(), ntfy.fill(&ntfy.examples(), Some(99)).unwrap_err());
        assert!(is_chinese(&missing) && is_chinese(&no_way));
    }

    #[test]
    fn every_preset_is_a_configuration_with_its_examples_and_every_way_to_sign_in() {
        assert_eq!(presets().len(), TEXTS.len());
        for preset in presets() {
            assert!(preset.docs.starts_with("https://") && !preset.help.is_empty(), "{}", preset.key);
            for way in std::iter::once(None).chain((0..preset.auth.len()).map(Some)) {
                let filled =
                    preset.fill(&preset.examples(), way).unwrap_or_else(|error| panic!("{}: {error}", preset.key));
                assert_eq!(filled.stream.name.as_str(), preset.key);
                assert!(!filled.rules.is_empty() && filled.rules.iter().all(|rule| rule.starts_with("[[rule]]")));
                for field in &preset.fields {
                    assert!(!filled.text.contains(&format!("{{{}}}", field.key)), "{}", filled.text);
                }
            }
        }
    }

    #[test]
    fn what_is_typed_stands_where_it_belongs_whatever_is_in_it() {
        let ntfy = filled("ntfy", &[("topic", "a b&c,d"), ("name", "My \"own\"")]).unwrap();
        assert_eq!(ntfy.stream.url, "https://ntfy.sh/a%20b%26c,d/sse?since=all");
        assert_eq!(ntfy.stream.name.as_str(), "My \"own\"");
        assert!(ntfy.rules[0].contains("stream = 'My \"own\"'"), "{}", ntfy.rules[0]);
        let mercure = filled("mercure", &[("host", "hub.test"), ("topic", "https://a/?b=c&d")]).unwrap();
        let topic = "https%3A%2F%2Fa%2F%3Fb%3Dc%26d";
        assert_eq!(mercure.stream.url, format!("https://hub.test/.well-known/mercure?topic={topic}&match={topic}"));
        let llm = filled("llm", &[("host", "h"), ("model", "m"), ("prompt", "say \"{model}\"\\")]).unwrap();
        let body: serde_json::Value = serde_json::from_str(&llm.stream.body.unwrap()).unwrap();
        assert_eq!(body["messages"][0]["content"], "say \"{model}\"\\", "what is typed is not filled again");
    }

    #[test]
    fn a_host_may_be_pasted_with_its_scheme_and_a_path() {
        for (host, url) in [
            ("ntfy.example.com:8080", "https://ntfy.example.com:8080/t/sse?since=all"),
            (" https://ntfy.example.com/ ", "https://ntfy.example.com/t/sse?since=all"),
            ("http://[::1]:80/ntfy", "http://[::1]:80/ntfy/t/sse?since=all"),
        ] {
            assert_eq!(filled("ntfy", &[("host", host), ("topic", "t")]).unwrap().stream.url, url);
        }
        for host in ["a b", "h?x=", "user@h", "h#x", "ftp://h"] {
            assert!(filled("ntfy", &[("host", host), ("topic", "t")]).unwrap_err().starts_with("host: "), "{host}");
        }
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        assert_eq!(filled("ntfy", &[]).unwrap_err(), "topic is missing: Topic, or several with commas");
        assert_eq!(
            filled("ntfy", &[("topic", "t"), ("to", "x")]).unwrap_err(),
            "ntfy asks for no \"to\", but for host, topic, name"
        );
        assert!(filled("ntfi", &[]).unwrap_err().contains("there are ntfy, home-assistant"));
        assert!(filled("ntfy", &[("topic", "a\nb")]).unwrap_err().starts_with("topic: "));
        let long = "x".repeat(5_000);
        assert!(filled("ntfy", &[("topic", &long)]).unwrap_err().starts_with("topic: "));
        assert!(filled("ntfy", &[("topic", "t"), ("name", " a")]).unwrap_err().starts_with("name: "));
    }

    #[test]
    fn another_way_to_sign_in_takes_the_place_of_the_usual_one() {
        let preset = preset("centrifugo").unwrap();
        let usual = preset.fill(&preset.examples(), None).unwrap().stream.auth;
        let Auth::Query { template: Some(template), .. } = &usual else { panic!("{usual:?}") };
        assert_eq!(template, r#"{"token":"{secret}","subs":{"news":{}}}"#);
        let none = preset.fill(&preset.examples(), Some(1)).unwrap();
        assert_eq!(none.stream.auth, Auth::None);
        assert!(!none.text.contains("auth"), "{}", none.text);
        let url = reqwest::Url::parse(&none.stream.url).unwrap();
        assert_eq!(url.query_pairs().next().unwrap().1, r#"{"subs":{"news":{}}}"#);
    }
}
