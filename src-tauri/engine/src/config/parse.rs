//! Text into [`Config`], with line and column for what is wrong.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use thiserror::Error;
use toml_edit::{Item, Table, TableLike, Value};

use super::fault::{Faults, quoted, suggestion};
use super::field::Fields;
use super::{Config, RuleConfig, dashboard, migrate, notification, other, outage, quiet, rule, stream, syntax};
use crate::locale::{Locale, Text};
use crate::rules::{RuleError, Rules};
use crate::text;

/// The languages there are, by the words of the configuration.
pub(super) const LANGUAGES: [(&str, Option<Locale>); 3] =
    [("system", None), ("en", Some(Locale::English)), ("zh", Some(Locale::Chinese))];

/// The largest configuration, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// How many streams, rules and tiles there can be.
const MAX_STREAMS: usize = 1_000;
const MAX_RULES: usize = 1_000;
const MAX_TILES: usize = 200;

/// What is wrong with a configuration, in one line: `12:5: url: must begin with http:// or https://`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct ConfigError {
    /// From 1; 0 where the fault has no place in the file.
    pub line: usize,
    /// From 1, in characters; 0 where the fault has no place in the file.
    pub column: usize,
    /// What is wrong, and what would be right. Never a secret.
    pub message: Text,
}

impl ConfigError {
    /// A fault without a place in the file.
    pub(super) fn placeless(message: Text) -> Self {
        Self { line: 0, column: 0, message }
    }

    /// With its place, in every language.
    pub fn text(&self) -> Text {
        let (Self { line, column, message }, chinese) = (self, &self.message.chinese);
        match line {
            0 => message.clone(),
            _ => text!("{self}", "第 {line} 行第 {column} 列：{chinese}"),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.message),
            line => write!(f, "{line}:{}: {}", self.column, self.message),
        }
    }
}

/// Reads and validates a configuration.
///
/// # Errors
/// All that is wrong, in order of lines; never empty.
pub fn parse(text: &str) -> Result<Config, Vec<ConfigError>> {
    parse_beside(text, None)
}

/// The same of a text that is to be added to a configuration: it may name that one's streams and rules, and whether
/// programs are allowed is not its to say.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_beside(text: &str, base: Option<&Config>) -> Result<Config, Vec<ConfigError>> {
    if text.len() > MAX_BYTES {
        return Err(vec![ConfigError {
            line: 1,
            column: 1,
            message: text!("the file is larger than 1 MiB", "文件超过 1 MiB"),
        }]);
    }
    let text = plain(text);
    let mut faults = Faults::new(&text);
    let config = read(&text, base, &mut faults);
    let errors = faults.into_errors();
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

/// The language that a text with faults asks for, where at least that can be read: its faults are told in it.
pub fn language(text: &str) -> Option<Locale> {
    let document = toml_edit::Document::parse(plain(text)).ok()?;
    let word = document.get("language")?.as_str()?;
    LANGUAGES.iter().find(|(known, _)| *known == word).and_then(|(_, language)| *language)
}

/// The text without a byte order mark and with `\n` for `\r\n`; lines and columns stay.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { text.replace("\r\n", "\n").into() } else { text.into() }
}

fn read(text: &str, base: Option<&Config>, faults: &mut Faults<'_>) -> Config {
    let mut config = Config::default();
    let Some(mut root) = syntax::read(text, faults) else { return config };
    let faults = &*faults;
    let Some(version) = migrate::version(&root, faults) else { return config };
    migrate::migrate(&mut root, version);

    let streams = read_all(&root, "stream", MAX_STREAMS, faults, |fields| {
        let stream = stream::stream(fields);
        (text_of(fields, "name"), stream)
    });
    let mut names = Names::new("stream", faults);
    names.others = base.iter().flat_map(|base| &base.streams).map(|stream| stream.name.as_str()).collect();
    for ((name, at), _) in &streams {
        names.add(name, *at);
    }
    let rules = read_all(&root, "rule", MAX_RULES, faults, |fields| {
        let rule = rule::rule(fields);
        (text_of(fields, "name"), rule)
    });
    let mut rule_names = Names::new("rule", faults);
    rule_names.others = base.iter().flat_map(|base| &base.rules).map(|rule| &*rule.name).collect();
    for ((name, at), rule) in &rules {
        rule_names.add(name, *at);
        for (stream, at) in rule.streams.iter().filter(|(stream, _)| !stream.contains(['*', '?', '[', '{'])) {
            names.find(&Some(stream), *at);
        }
    }
    for (resolved, at) in rules.iter().flat_map(|(_, rule)| &rule.resolves) {
        rule_names.find(&Some(resolved), *at);
    }
    let tiles = read_all(&root, "tile", MAX_TILES, faults, |fields| {
        let tile = other::tile(fields);
        (text_of(fields, "stream"), tile)
    });
    for ((stream, at), _) in &tiles {
        names.find(stream, *at);
    }
    let rules: Vec<_> = rules.into_iter().map(|(_, rule)| rule).collect();
    compile(&rules, faults);
    let programs: Vec<usize> =
        rules.iter().filter(|read| !read.rule.run.is_empty()).map(|read| read.place("run")).collect();
    config.streams = streams.into_iter().map(|(_, stream)| Arc::new(stream)).collect();
    config.rules = rules.into_iter().map(|read| read.rule).collect();
    config.tiles = tiles.into_iter().map(|(_, tile)| tile).collect();

    let mut fields = Fields::new(&root, 0, "the configuration", faults);
    for known in ["version", "stream", "rule", "tile"] {
        let _ = fields.get(known);
    }
    config.quiet_hours = fields.get("quiet_hours").map(quiet::quiet_hours).unwrap_or_default();
    config.notifications = fields.get("notifications").map_or_else(Default::default, notification::notifications);
    config.language = fields.get("language").and_then(|field| field.choice(&LANGUAGES)).flatten();
    config.locale = config.language.unwrap_or_default();
    config.allow_commands = fields.get("allow_commands").and_then(|field| field.flag()).unwrap_or_default();
    config.history = fields.get("history").map_or_else(Default::default, other::history);
    config.outage = fields.get("outage").map_or_else(Default::default, outage::table);
    config.dashboard = fields.get("dashboard").map_or_else(Default::default, dashboard::dashboard);
    fields.finish();
    if !config.allow_commands && base.is_none() {
        for at in programs {
            let message = text!(
                "run: programs are started only where allow_commands = true stands at the top of the file",
                "run：只有文件开头写有 allow_commands = true 时才会启动程序"
            );
            faults.note(at, message);
        }
    }
    config
}

/// Reads every `[[key]]`, or every table of the list `key = [ … ]`.
fn read_all<'a, T>(
    root: &'a Table,
    key: &'static str,
    most: usize,
    faults: &'a Faults<'a>,
    read: impl Fn(&mut Fields<'a>) -> T,
) -> Vec<T> {
    let mut found = Vec::new();
    for (table, at) in entries(root, key, faults) {
        if found.len() == most {
            faults.note(at, text!("there can be {most} of [[{key}]] at most", "[[{key}]] 最多 {most} 个"));
            break;
        }
        let mut fields = Fields::new(table, at, key, faults);
        found.push(read(&mut fields));
        fields.finish();
    }
    found
}

fn entries<'a>(root: &'a Table, key: &'static str, faults: &Faults<'_>) -> Vec<(&'a dyn TableLike, usize)> {
    let Some((place, item)) = root.get_key_value(key) else { return Vec::new() };
    let at = item.span().or_else(|| place.span()).map_or(0, |span| span.start);
    let wrong = |at| {
        let message = text!(
            "{key}: there can be several, so write it in two brackets: [[{key}]]",
            "{key}：可以有多个，所以要写在双层方括号里：[[{key}]]"
        );
        faults.note(at, message);
    };
    match item {
        Item::ArrayOfTables(tables) => {
            let place = |table: &Table| table.span().map_or(at, |span| span.start);
            tables.iter().map(|table| (table as &dyn TableLike, place(table))).collect()
        }
        Item::Value(Value::Array(array)) => {
            let mut tables = Vec::new();
            for value in array {
                let at = value.span().map_or(at, |span| span.start);
                match value.as_inline_table() {
                    Some(table) => tables.push((table as &dyn TableLike, at)),
                    None => wrong(at),
                }
            }
            tables
        }
        Item::None | Item::Value(_) | Item::Table(_) => {
            wrong(at);
            Vec::new()
        }
    }
}

/// A text field as it stands, right or wrong, and where; nothing where it is no text.
fn text_of<'a>(fields: &mut Fields<'a>, key: &'static str) -> (Option<&'a str>, usize) {
    let field = fields.get(key).filter(super::field::Field::is_text);
    field.map_or((None, 0), |field| (field.text(), field.at))
}

/// Notes what shows only when rules are compiled. Each is named by its number here: names may be missing or the same.
fn compile(rules: &[rule::ReadRule], faults: &Faults<'_>) {
    let number =
        |(number, read): (usize, &rule::ReadRule)| RuleConfig { name: number.to_string().into(), ..read.rule.clone() };
    let numbered: Vec<RuleConfig> = rules.iter().enumerate().map(number).collect();
    for error in Rules::compile(&numbered).err().unwrap_or_default() {
        let rule = error.rule.parse().ok().and_then(|number: usize| rules.get(number));
        let (at, RuleError { field, message, .. }) = (rule.map_or(0, |rule| rule.place(error.field)), &error);
        faults.note(at, text!("{field}: {message}", "{field}：{message}", message));
    }
}

/// The names of one kind of table, to find those that are given twice or not at all.
struct Names<'a> {
    kind: &'static str,
    known: BTreeMap<&'a str, usize>,
    /// Those of the configuration that this is to be added to.
    others: BTreeSet<&'a str>,
    faults: &'a Faults<'a>,
}

impl<'a> Names<'a> {
    fn new(kind: &'static str, faults: &'a Faults<'a>) -> Self {
        Self { kind, known: BTreeMap::new(), others: BTreeSet::new(), faults }
    }

    fn kind(&self) -> Text {
        Text { english: self.kind.to_owned(), chinese: if self.kind == "stream" { "流" } else { "规则" }.to_owned() }
    }

    fn add(&mut self, name: &Option<&'a str>, at: usize) {
        let Some(name) = name else { return };
        if let Some(first) = self.known.get(name) {
            let line = self.faults.line(*first);
            let (kind, name) = (self.kind(), quoted(name));
            let message = text!(
                "name: the {kind} in line {line} is named {name} too",
                "name：第 {line} 行的{kind}也叫 {name}",
                kind
            );
            self.faults.note(at, message);
        } else {
            self.known.insert(name, at);
        }
    }

    fn find(&self, name: &Option<&str>, at: usize) {
        if let Some(name) = name.filter(|name| !self.known.contains_key(name) && !self.others.contains(name)) {
            let near = suggestion(name, self.known.keys().chain(&self.others).copied());
            let (kind, name, chinese) = (self.kind, quoted(name), self.kind().chinese);
            let message = text!(
                "{kind}: there is no {kind} named {name}{near}",
                "{kind}：没有名为 {name} 的{chinese}{near}",
                near
            );
            self.faults.note_missing(at, message);
        }
    }
}
