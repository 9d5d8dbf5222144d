//! Takes streams, rules and tiles out of a configuration as they are written, to give them to somebody else.

use std::collections::BTreeSet;

use toml_edit::{Item, Value};

use super::{ConfigError, document, not_toml, plain, segments, valid};
use crate::config::{Config, TileConfig};
use crate::locale::Text;
use crate::text;

/// What can be exported and imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A `[[stream]]`.
    Stream,
    /// A `[[rule]]`.
    Rule,
    /// A `[[tile]]`.
    Tile,
}

impl Kind {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 3] = [Self::Stream, Self::Rule, Self::Tile];

    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Rule => "rule",
            Self::Tile => "tile",
        }
    }

    /// Why one of this kind is not written over.
    pub(super) fn changed_meanwhile(self) -> Text {
        match self {
            Self::Stream => text!("the stream has been changed meanwhile", "这个流在此期间已被修改"),
            Self::Rule => text!("the rule has been changed meanwhile", "这条规则在此期间已被修改"),
            Self::Tile => text!("the tile has been changed meanwhile", "这个磁贴在此期间已被修改"),
        }
    }
}

/// One stream, rule or tile.
#[derive(Debug, Clone, PartialEq)]
pub enum One {
    /// The stream of this name.
    Stream(String),
    /// The rule of this name.
    Rule(String),
    /// The tile that says this: it has no name.
    Tile(TileConfig),
}

impl One {
    fn is(&self, config: &Config, kind: Kind, place: usize) -> bool {
        match self {
            Self::Stream(name) => kind == Kind::Stream && config.streams[place].name.as_str() == name,
            Self::Rule(name) => kind == Kind::Rule && *config.rules[place].name == **name,
            Self::Tile(tile) => kind == Kind::Tile && config.tiles[place] == *tile,
        }
    }

    /// Why it cannot be exported where it is not there.
    fn not_there(&self) -> ConfigError {
        match self {
            Self::Stream(name) | Self::Rule(name) => nothing_named(name),
            Self::Tile(_) => ConfigError::placeless(Kind::Tile.changed_meanwhile()),
        }
    }
}

/// What is exported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// Only of these kinds; of all where there is none.
    pub kinds: BTreeSet<Kind>,
    /// Only streams and rules of these names, and the tiles of these streams; all where there is none.
    pub names: BTreeSet<String>,
    /// Only these of what kinds and names choose; all without any such list.
    pub items: Option<Vec<One>>,
}

/// The chosen tables of a configuration as a text that is one itself, with the comments right above them. No secret is
/// in it, since none is in a configuration.
///
/// # Errors
/// Where the text is not a valid configuration, or a name or an item is of nothing in it.
pub fn export(text: &str, selection: &Selection) -> Result<String, ConfigError> {
    let config = valid(text)?;
    let text = plain(text);
    let mut unknown: BTreeSet<&str> = selection.names.iter().map(String::as_str).collect();
    let mut missing: Vec<&One> = selection.items.iter().flatten().collect();
    let mut out = "version = 1\n".to_owned();
    for kind in Kind::ALL {
        for (place, (name, table)) in names(&config, kind).into_iter().zip(tables(&text, kind)?).enumerate() {
            if !selection.kinds.is_empty() && !selection.kinds.contains(&kind) {
                continue;
            }
            if !selection.names.is_empty() && !selection.names.contains(name) {
                continue;
            }
            unknown.remove(name);
            if selection.items.as_ref().is_some_and(|items| !items.iter().any(|one| one.is(&config, kind, place))) {
                continue;
            }
            missing.retain(|one| !one.is(&config, kind, place));
            out.push('\n');
            out.push_str(&table);
        }
    }
    match (unknown.first(), missing.first()) {
        (Some(name), _) => Err(nothing_named(name)),
        (None, Some(one)) => Err(one.not_there()),
        (None, None) => Ok(out),
    }
}

fn nothing_named(name: &str) -> ConfigError {
    ConfigError::placeless(text!(
        "there is nothing named {name:?} among what is exported",
        "要导出的内容里没有名为 {name:?} 的"
    ))
}

/// The names of all of a kind, in order; a tile has its stream's.
fn names(config: &Config, kind: Kind) -> Vec<&str> {
    match kind {
        Kind::Stream => config.streams.iter().map(|stream| stream.name.as_str()).collect(),
        Kind::Rule => config.rules.iter().map(|rule| &*rule.name).collect(),
        Kind::Tile => {
            config.tiles.iter().map(|tile| tile.stream.as_ref().map_or("", |stream| stream.as_str())).collect()
        }
    }
}

/// All tables of a kind as texts, however they are written. Reads the text once, however many there are.
pub(super) fn tables(text: &str, kind: Kind) -> Result<Vec<String>, ConfigError> {
    let key = kind.as_str();
    let Some(list) = document(text)?.get(key).and_then(Item::as_array).cloned() else {
        return segments::tables(text, key).map_err(not_toml);
    };
    let table = |value: &Value| {
        let fields = value.as_inline_table().into_iter().flatten().map(|(key, value)| {
            let value = value.to_string();
            format!("{} = {}\n", toml_edit::Key::new(key), value.trim())
        });
        format!("[[{key}]]\n{}", fields.collect::<String>())
    };
    Ok(list.iter().map(table).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::parse;

    const CONFIG: &str = "# mine\nversion = 1\nallow_commands = true\n\n# the market\n[[stream]]\nname = \"a\"\n\
        url = \"https://h/\"   # here\n[stream.auth]\nkind = \"bearer\"\n\n# not of the next\n\n# loud\n[[rule]]\n\
        name = \"r\"\nstream = \"a\"\n\n[[tile]]\nstream = \"a\"\n\n[quiet_hours]\nfrom = \"1:00\"\nto = \"2:00\"\n";

    fn chosen(kinds: &[Kind], names: &[&str]) -> Selection {
        Selection {
            kinds: kinds.iter().copied().collect(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            items: None,
        }
    }

    #[test]
    fn all_streams_rules_and_tiles_are_exported_with_their_comments_and_nothing_else() {
        let out = export(CONFIG, &Selection::default()).unwrap();
        assert_eq!(
            out,
            "version = 1\n\n# the market\n[[stream]]\nname = \"a\"\nurl = \"https://h/\"   # here\n[stream.auth]\n\
             kind = \"bearer\"\n\n# loud\n[[rule]]\nname = \"r\"\nstream = \"a\"\n\n[[tile]]\nstream = \"a\"\n"
        );
        let (all, part) = (parse(CONFIG).unwrap(), parse(&out).unwrap());
        assert_eq!((all.streams, all.rules, all.tiles), (part.streams, part.rules, part.tiles));
    }

    #[test]
    fn kinds_and_names_choose() {
        let rule = "version = 1\n\n# loud\n[[rule]]\nname = \"r\"\nstream = \"a\"\n";
        assert_eq!(export(CONFIG, &chosen(&[Kind::Rule], &[])).unwrap(), rule);
        assert_eq!(export(CONFIG, &chosen(&[], &["r"])).unwrap(), rule);
        assert!(export(CONFIG, &chosen(&[], &["a"])).unwrap().contains("[[tile]]"));
        assert!(export(CONFIG, &chosen(&[Kind::Rule], &["a"])).unwrap_err().message.english.contains("\"a\""));
    }

    #[test]
    fn single_ones_are_chosen_whatever_else_has_their_name() {
        let config = "[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n\n[[rule]]\nname = \"a\"\n\n[[rule]]\nname = \"b\"\n\n\
            [[tile]]\nvalue = \"/x\"\n\n[[tile]]\nvalue = \"/y\"\n";
        let of = |items: Vec<One>| export(config, &Selection { items: Some(items), ..Selection::default() });
        let tile = parse(config).unwrap().tiles[1].clone();
        let out = of(vec![One::Tile(tile.clone()), One::Rule("a".to_owned())]).unwrap();
        assert_eq!(out, "version = 1\n\n[[rule]]\nname = \"a\"\n\n[[tile]]\nvalue = \"/y\"\n");
        assert_eq!(of(Vec::new()).unwrap(), "version = 1\n");
        assert!(of(vec![One::Stream("b".to_owned())]).unwrap_err().message.english.contains("\"b\""));
        let gone = TileConfig { value: "/z".to_owned(), ..tile };
        assert!(of(vec![One::Tile(gone)]).unwrap_err().message.english.contains("changed meanwhile"));
    }

    #[test]
    fn what_is_written_as_a_list_is_exported_as_tables() {
        let list = "rule = [{ name = \"r\", event = [\"a\", \"b\"] }, { name = \"s\" }]";
        let out = export(list, &Selection::default()).unwrap();
        assert_eq!(out, "version = 1\n\n[[rule]]\nname = \"r\"\nevent = [\"a\", \"b\"]\n\n[[rule]]\nname = \"s\"\n");
        assert_eq!(parse(&out).unwrap(), parse(list).unwrap());
    }
}
