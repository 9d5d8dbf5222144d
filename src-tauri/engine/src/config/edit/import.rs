//! Puts streams, rules and tiles of another configuration into one, as they are written there.

use std::sync::Arc;

use super::export::{Kind, tables};
use super::{
    Config, ConfigError, StreamConfig, finish, in_list, not_toml, parse_beside, plain, segments, valid, with_version,
};
use crate::config::{RuleConfig, SecretSource};
use crate::locale::Text;
use crate::text;

/// What an import would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The configuration with all that is added.
    pub text: String,
    /// What is in the other one, in its order.
    pub items: Vec<(Kind, Text, Imported)>,
    /// The names of what is added and reaches into this machine: rules and streams that start programs, and streams that
    /// send a secret of it (a variable, a file) to their server or talk to a socket of it.
    pub reaching: Vec<String>,
}

/// What becomes of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// It is added.
    Added,
    /// It is there already, just so.
    Present,
    /// Another of its name is there: it is left out.
    Clash,
}

/// What it is to add the streams, rules and tiles of another configuration to this one; nothing else of that is taken.
/// Every other byte of this one stays.
///
/// # Errors
/// `Err` in `Ok` for what is wrong with the other one, each with its place there; else where this one is not valid, or
/// cannot take what is added.
pub fn import(text: &str, other: &str) -> Result<Result<Import, Vec<ConfigError>>, ConfigError> {
    let config = valid(text)?;
    let incoming = match parse_beside(other, Some(&config)) {
        Ok(incoming) => incoming,
        Err(errors) => return Ok(Err(errors)),
    };
    let other = plain(other);
    let mut wanted = config.clone();
    let mut result = with_version(&plain(text));
    let (mut items, mut reaching) = (Vec::new(), Vec::new());
    let mut added = Vec::new();
    for (kind, index, name, fate) in fates(&config, &incoming) {
        if fate == Imported::Added {
            if add(&mut wanted, &incoming, kind, index) {
                reaching.push(name.english.clone());
            }
            added.push((kind, index));
        }
        items.push((kind, name, fate));
    }
    for kind in Kind::ALL {
        let (key, theirs) = (kind.as_str(), tables(&other, kind)?);
        let new = added.iter().filter(|(of, _)| *of == kind).filter_map(|(_, index)| theirs.get(*index));
        let new = new.map(String::as_str).collect::<Vec<_>>().join("\n");
        if new.is_empty() {
            continue;
        }
        if in_list(&result, key)? {
            return Err(ConfigError::placeless(text!(
                "{key} is written as a list there: write each as [[{key}]] first",
                "{key} 在那里写成了列表：请先把每一项写成 [[{key}]]"
            )));
        }
        result = segments::insert(&result, key, &new).map_err(not_toml)?;
    }
    let text = finish(text, result, &wanted)?;
    Ok(Ok(Import { text, items, reaching }))
}

fn fates(config: &Config, incoming: &Config) -> Vec<(Kind, usize, Text, Imported)> {
    fn fate<T: PartialEq>(known: Option<&T>, new: &T) -> Imported {
        match known {
            None => Imported::Added,
            Some(known) if known == new => Imported::Present,
            Some(_) => Imported::Clash,
        }
    }
    let mut fates = Vec::new();
    for (index, new) in incoming.streams.iter().enumerate() {
        let known = config.streams.iter().find(|known| known.name == new.name);
        fates.push((Kind::Stream, index, Text::plain(new.name.as_str()), fate(known, new)));
    }
    for (index, new) in incoming.rules.iter().enumerate() {
        let known = config.rules.iter().find(|known| known.name == new.name);
        fates.push((Kind::Rule, index, Text::plain(&*new.name), fate(known, new)));
    }
    for (index, new) in incoming.tiles.iter().enumerate() {
        let every = || text!("every stream", "每个流");
        let (event, stream) = (&new.event, new.stream.as_ref().map_or_else(every, |name| Text::plain(name.as_str())));
        let name = text!("{event} of {stream}", "{event}（{stream}）", stream);
        // Tiles have no names: the same one twice is no use.
        let known = config.tiles.iter().find(|known| *known == new);
        fates.push((Kind::Tile, index, name, fate(known, new)));
    }
    fates
}

/// Adds one; tells whether it reaches into this machine.
fn add(wanted: &mut Config, incoming: &Config, kind: Kind, index: usize) -> bool {
    match kind {
        Kind::Stream => {
            let stream = &incoming.streams[index];
            wanted.streams.push(Arc::clone(stream));
            reaches_into_here(stream)
        }
        Kind::Rule => {
            let rule: &RuleConfig = &incoming.rules[index];
            wanted.rules.push(rule.clone());
            !rule.run.is_empty()
        }
        Kind::Tile => {
            wanted.tiles.push(incoming.tiles[index].clone());
            false
        }
    }
}

/// Whether a stream takes anything of this machine but what its owner puts into the keyring for it.
fn reaches_into_here(stream: &StreamConfig) -> bool {
    stream.unix_socket.is_some() || stream.secret_sources().any(|source| *source != SecretSource::Keyring)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::parse;

    const OWN: &str = "# mine\nversion = 1\n\n[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n\n# first\n[[rule]]\n\
        name = \"r\"\nstream = \"a\"\n\n[quiet_hours]   # at night\nfrom = \"1:00\"\nto = \"2:00\"\n";

    fn imported(other: &str) -> Import {
        import(OWN, other).unwrap().unwrap()
    }

    #[test]
    fn what_is_new_is_added_behind_its_kind_and_every_other_byte_stays() {
        let done = imported(
            "# theirs\n\n# loud\n[[rule]]\nname = \"s\"\nstream = \"a\"   # yours\n[history]\nmax_age = \"1d\"\n",
        );
        let at = OWN.find("\n[quiet_hours]").unwrap();
        let added = "\n# loud\n[[rule]]\nname = \"s\"\nstream = \"a\"   # yours\n";
        assert_eq!(done.text, format!("{}{added}{}", &OWN[..at], &OWN[at..]));
        assert_eq!(done.items, [(Kind::Rule, Text::plain("s"), Imported::Added)]);
        let rules = "[[rule]]\nname = \"s\"\n\n# loud\n[[rule]]\nname = \"t\"\n[[tile]]\nevent = \"e\"\n";
        let two = "\n[[rule]]\nname = \"s\"\n\n# loud\n[[rule]]\nname = \"t\"\n";
        let tile = "\n[[tile]]\nevent = \"e\"\n";
        assert_eq!(imported(rules).text, format!("{}{two}{}{tile}", &OWN[..at], &OWN[at..]));
        let tile = imported(rules).items.into_iter().find(|(kind, ..)| *kind == Kind::Tile);
        let name = tile.map(|(_, name, _)| (name.english, name.chinese));
        assert_eq!(name, Some(("e of every stream".to_owned(), "e（每个流）".to_owned())));
        assert_eq!(parse(&done.text).unwrap().history, parse(OWN).unwrap().history, "only what has a name is taken");
    }

    #[test]
    fn what_is_there_already_is_left_alone_and_a_clash_is_told() {
        let done =
            imported("[[stream]]\nname = \"a\"\nurl = \"https://other/\"\n[[rule]]\nname = \"r\"\nstream = \"a\"\n");
        assert_eq!(done.text, OWN);
        let fates: Vec<_> = done.items.iter().map(|(_, _, fate)| *fate).collect();
        assert_eq!(fates, [Imported::Clash, Imported::Present]);
    }

    #[test]
    fn what_reaches_into_this_machine_is_named_and_never_allowed_by_the_import() {
        for line in [
            "auth = { kind = \"bearer\", secret = { file = \"~/.ssh/id_ed25519\" } }",
            "headers = { X-A = { env = \"AWS_SECRET_ACCESS_KEY\" } }",
            "auth = { kind = \"oauth2\", grant = \"refresh-token\", token_url = \"https://h/\", client_id = \"c\", \
             client_secret = { command = [\"x\"] } }",
            "unix_socket = \"/run/docker.sock\"",
        ] {
            let stream = format!("[[stream]]\nname = \"b\"\nurl = \"https://h/\"\n{line}\n");
            assert_eq!(imported(&stream).reaching, ["b"], "{line}");
        }
        assert_eq!(imported("[[stream]]\nname = \"b\"\nurl = \"https://h/\"\n").reaching, [""; 0]);
        let stream = "[[stream]]\nname = \"b\"\nurl = \"https://h/\"\nauth = { kind = \"bearer\", secret = { command = [\"x\"] } }\n";
        assert_eq!(imported(stream).reaching, ["b"]);
        let rule = "allow_commands = true\n[[rule]]\nname = \"s\"\nrun = [\"x\"]\n";
        assert!(import(OWN, rule).unwrap_err().message.english.contains("allow_commands = true"));
        let allowing = OWN.replace("version = 1\n", "version = 1\nallow_commands = true\n");
        assert_eq!(import(&allowing, rule).unwrap().unwrap().reaching, ["s"]);
    }

    #[test]
    fn what_is_wrong_with_the_other_is_told_at_its_place() {
        let errors = import(OWN, "[[rule]]\nname = \"s\"\nstream = \"nowhere\"\n").unwrap().unwrap_err();
        assert_eq!(errors[0].to_string(), "3:10: stream: there is no stream named \"nowhere\"");
        let list = "rule = [{ name = \"r\" }]\n";
        assert!(import(list, "[[rule]]\nname = \"s\"\n").unwrap_err().message.english.contains("[[rule]]"));
    }

    #[test]
    fn an_export_can_be_imported_into_nothing() {
        let out = super::super::export(OWN, &super::super::Selection::default()).unwrap();
        let done = import("", &out).unwrap().unwrap();
        let (own, new) = (parse(OWN).unwrap(), parse(&done.text).unwrap());
        assert_eq!((own.streams, own.rules, own.tiles), (new.streams, new.rules, new.tiles));
    }
}
