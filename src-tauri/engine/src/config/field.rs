//! Typed access to the fields of a table: what is wrong is noted where it stands, and what nobody asked for is unknown.

use std::ops::RangeInclusive;
use std::time::Duration;

use toml_edit::{ArrayOfTables, Item, Table, TableLike, Value};

use super::duration::{format_duration, parse_duration};
use super::fault::{Faults, quoted, suggestion};
use crate::locale::Text;
use crate::text;

/// What tables are called that are not called by their key.
const TABLES: [(&str, &str); 7] = [
    ("the configuration", "配置"),
    ("the preset", "预设"),
    ("the place of a secret", "密钥的来源"),
    ("the cursor's origin", "游标的来源"),
    ("how the cursor is sent", "游标的发送方式"),
    ("a sign", "标志"),
    ("a button", "按钮"),
];

/// What an `auth` is called whose kind is known, in front of that.
pub(super) const AUTH_OF_KIND: &str = "auth of kind ";

/// One field or list element.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// Its key; a list element has the list's.
    pub(super) key: &'a str,
    /// The byte offset of its value.
    pub(super) at: usize,
    content: Content<'a>,
    faults: &'a Faults<'a>,
}

#[derive(Clone, Copy)]
enum Content<'a> {
    Value(&'a Value),
    Table(&'a dyn TableLike),
    Tables(&'a ArrayOfTables),
    Nothing,
}

/// The fields of one table.
pub(super) struct Fields<'a> {
    table: &'a dyn TableLike,
    /// The byte offset of the table.
    pub(super) at: usize,
    what: String,
    asked: Vec<&'static str>,
    /// Where faults are noted.
    pub(super) faults: &'a Faults<'a>,
}

impl<'a> Fields<'a> {
    /// Those of a table at a byte offset; `what` says in messages what it is.
    pub(super) fn new(table: &'a dyn TableLike, at: usize, what: impl Into<String>, faults: &'a Faults<'a>) -> Self {
        Self { table, at, what: what.into(), asked: Vec::new(), faults }
    }

    /// A field that may be missing.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.asked.push(key);
        #[cfg(test)]
        super::tests::window::asked(&self.what, key);
        let (key, item) = self.table.get_key_value(key)?;
        let at = item.span().or_else(|| key.span()).map_or(self.at, |span| span.start);
        Some(Field::of_item(key.get(), item, at, self.faults))
    }

    /// A field that must be there; where it is missing that is noted.
    pub(super) fn need(&mut self, key: &'static str) -> Option<Field<'a>> {
        let field = self.get(key);
        if field.is_none() {
            let what = self.what();
            self.faults.note_missing(self.at, text!("{what} needs {key}", "{what} 缺少 {key}", what));
        }
        field
    }

    /// Every field, in order, each at its key, for a table whose keys are a person's own.
    pub(super) fn entries(&self) -> Vec<(usize, Field<'a>)> {
        let keys: Vec<&'a str> = self.table.iter().map(|(key, _)| key).collect();
        let found = keys.into_iter().filter_map(|key| self.table.get_key_value(key));
        found
            .map(|(key, item)| {
                let at = key.span().map_or(self.at, |span| span.start);
                let value_at = item.span().map_or(at, |span| span.start);
                (at, Field::of_item(key.get(), item, value_at, self.faults))
            })
            .collect()
    }

    /// Notes every field that was not asked for.
    pub(super) fn finish(self) {
        self.finish_with(|_| None);
    }

    /// As [`Fields::finish`]; a hint says more about a key that people are likely to try.
    pub(super) fn finish_with(self, hint: impl Fn(&str) -> Option<Text>) {
        let what = self.what();
        for (at, field) in self.entries() {
            if !self.asked.contains(&field.key) {
                let more = hint(field.key).unwrap_or_else(|| suggestion(field.key, self.asked.iter().copied()));
                let key = quoted(field.key);
                let message = text!("{what} has no option {key}{more}", "{what} 没有选项 {key}{more}", what, more);
                self.faults.note(at, message);
            }
        }
    }
}

impl Fields<'_> {
    /// What it is. The name of a table that is a key is the same in every language.
    fn what(&self) -> Text {
        let known = TABLES.iter().find(|(english, _)| *english == self.what);
        match (known, self.what.strip_prefix(AUTH_OF_KIND)) {
            (Some(both), _) => Text::of(*both),
            (None, Some(kind)) => text!("{AUTH_OF_KIND}{kind}", "kind 为 {kind} 的 auth"),
            (None, None) => Text::plain(&self.what),
        }
    }
}

impl<'a> Field<'a> {
    fn of_item(key: &'a str, item: &'a Item, at: usize, faults: &'a Faults<'a>) -> Self {
        let content = match item {
            Item::Value(value) => Content::Value(value),
            Item::Table(table) => Content::Table(table),
            Item::ArrayOfTables(tables) => Content::Tables(tables),
            Item::None => Content::Nothing,
        };
        Self { key, at, content, faults }
    }

    /// Notes what is wrong with it.
    pub(super) fn wrong(&self, message: Text) {
        let key = self.key;
        self.faults.note(self.at, text!("{key}: {message}", "{key}：{message}", message));
    }

    /// Text.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.typed(("text in quotes", "带引号的文本"), Value::as_str)
    }

    /// Text that a function reads; its error is noted.
    pub(super) fn read<T>(&self, read: impl FnOnce(&'a str) -> Result<T, Text>) -> Option<T> {
        read(self.text()?).map_err(|message| self.wrong(message)).ok()
    }

    /// Text without further meaning that is not empty.
    pub(super) fn word(&self) -> Option<String> {
        self.read(|text| match text {
            "" => Err(text!("must not be empty", "不能为空")),
            _ if text.contains('\0') => Err(text!("must not contain a NUL character", "不能含有 NUL 字符")),
            _ => Ok(text.to_owned()),
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Option<bool> {
        self.typed(("true or false", "true 或 false"), Value::as_bool)
    }

    /// A whole number.
    pub(super) fn integer(&self, range: RangeInclusive<i64>) -> Option<i64> {
        let number = self.typed(("a whole number", "整数"), Value::as_integer)?;
        if !range.contains(&number) {
            let (least, most) = range.into_inner();
            self.wrong(text!("must be {least} to {most}", "必须在 {least} 到 {most} 之间"));
            return None;
        }
        Some(number)
    }

    /// A duration.
    pub(super) fn duration(&self, range: RangeInclusive<Duration>) -> Option<Duration> {
        let text =
            self.typed(("a duration in quotes, such as \"30s\"", "带引号的时长，例如 \"30s\""), Value::as_str)?;
        let duration = parse_duration(text).map_err(|message| self.wrong(message)).ok()?;
        if !range.contains(&duration) {
            let (least, most) = (format_duration(*range.start()), format_duration(*range.end()));
            self.wrong(text!("must be {least} to {most}", "必须在 {least} 到 {most} 之间"));
            return None;
        }
        Some(duration)
    }

    /// One of several words.
    pub(super) fn choice<T: Clone>(&self, options: &[(&str, T)]) -> Option<T> {
        let words = || options.iter().map(|(word, _)| *word);
        self.read(|text| match options.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(value.clone()),
            None => {
                let all: Vec<_> = words().map(|word| format!("{word:?}")).collect();
                let (english, chinese) = (all.join(", "), all.join("、"));
                let (given, near) = (quoted(text), suggestion(text, words()));
                Err(text!(
                    "must be one of {english}, not {given}{near}",
                    "必须是 {chinese} 之一，而不是 {given}{near}",
                    near
                ))
            }
        })
    }

    /// A number, with decimals or without.
    pub(super) fn number(&self) -> Option<f64> {
        let float = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
        let number = self.typed(("a number", "数字"), float)?;
        if !number.is_finite() {
            self.wrong(text!("must be a finite number", "必须是有限的数字"));
            return None;
        }
        Some(number)
    }

    /// A list, element by element.
    pub(super) fn list(&self) -> Option<Vec<Self>> {
        let array = self.typed(("a list", "列表"), Value::as_array)?;
        let element = |value: &'a Value| {
            let at = value.span().map_or(self.at, |span| span.start);
            Self { at, content: Content::Value(value), ..*self }
        };
        Some(array.iter().map(element).collect())
    }

    /// One text or a list of them, each read by a function. `None` where any is wrong.
    pub(super) fn texts<T>(&self, read: impl Fn(&str) -> Result<T, Text>) -> Option<Vec<T>> {
        let elements = if self.is_text() { vec![*self] } else { self.list()? };
        let read: Vec<_> = elements.iter().map(|element| element.read(&read)).collect();
        read.into_iter().collect()
    }

    /// A table; `what` says in messages what it is, `example` how to write it.
    pub(super) fn table(&self, what: impl Into<String>, example: &str) -> Option<Fields<'a>> {
        let table: Option<&'a dyn TableLike> = match self.content {
            Content::Value(value) => value.as_inline_table().map(|table| table as _),
            Content::Table(table) => Some(table),
            Content::Tables(_) | Content::Nothing => None,
        };
        if table.is_none() {
            let found = Text::of(self.found());
            self.wrong(text!(
                "must be a table such as {example}, not {found}",
                "必须是表，例如 {example}，而不是{found}",
                found
            ));
        }
        table.map(|table| Fields::new(table, self.at, what, self.faults))
    }

    /// Its tables, where several are written as `[[key]]` or as a list; itself where it is none of both.
    pub(super) fn each(&self) -> Vec<Self> {
        match self.content {
            Content::Tables(tables) => {
                let one = |table: &'a Table| Self {
                    at: table.span().map_or(self.at, |span| span.start),
                    content: Content::Table(table),
                    ..*self
                };
                tables.iter().map(one).collect()
            }
            Content::Value(Value::Array(_)) => self.list().unwrap_or_default(),
            Content::Value(_) | Content::Table(_) | Content::Nothing => vec![*self],
        }
    }

    /// Whether it is text.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.content, Content::Value(Value::String(_)))
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.content, Content::Value(Value::Array(_)))
    }

    /// What stands there, where it is a value of any kind.
    pub(super) fn value(&self) -> Option<&'a Value> {
        match self.content {
            Content::Value(value) => Some(value),
            Content::Table(_) | Content::Tables(_) | Content::Nothing => None,
        }
    }

    /// What stands there as it is written, where it is a date or time without quotes.
    pub(super) fn unquoted_time(&self) -> Option<String> {
        match self.content {
            Content::Value(Value::Datetime(time)) => Some(time.value().to_string()),
            Content::Value(_) | Content::Table(_) | Content::Tables(_) | Content::Nothing => None,
        }
    }

    fn typed<T>(&self, expected: (&str, &str), get: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        let got = match self.content {
            Content::Value(value) => get(value),
            Content::Table(_) | Content::Tables(_) | Content::Nothing => None,
        };
        if got.is_none() {
            let (expected, found) = (Text::of(expected), Text::of(self.found()));
            self.wrong(text!("must be {expected}, not {found}", "必须是{expected}，而不是{found}", expected, found));
        }
        got
    }

    fn found(&self) -> (&'static str, &'static str) {
        match self.content {
            Content::Value(Value::String(_)) => ("text", "文本"),
            Content::Value(Value::Integer(_)) => ("a number", "数字"),
            Content::Value(Value::Float(_)) => ("a number with decimals", "小数"),
            Content::Value(Value::Boolean(_)) => ("true or false", " true 或 false"),
            Content::Value(Value::Datetime(_)) => ("a date or time", "日期或时间"),
            Content::Value(Value::Array(_)) => ("a list", "列表"),
            Content::Value(Value::InlineTable(_)) | Content::Table(_) => ("a table", "表"),
            Content::Tables(_) | Content::Nothing => ("several tables", "多个表"),
        }
    }
}
