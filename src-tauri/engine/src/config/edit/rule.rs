//! Changes to `[[rule]]`s. A rule is handed over as the TOML of one, with its comments.

use std::sync::Arc;

use toml_edit::{Document, DocumentMut, InlineTable, Item, Key, Table};

use super::{
    Config, ConfigError, EditError, Kind, comments, document, edited_list, export, finish, in_list, merge, moved,
    not_toml, parse_beside, plain, push, rename_key, segments, tables, taken, text_of, valid, with_version,
};
use crate::config::RuleConfig;
use crate::config::fault::{Faults, quoted};

/// Reads the TOML of one `[[rule]]` that is to stand in a configuration, in the place of the rule `original` where one
/// is named.
///
/// # Errors
/// All that is wrong with it, at its place in `draft`; never empty.
pub fn check_rule(config: &Config, original: Option<&str>, draft: &str) -> Result<RuleConfig, Vec<ConfigError>> {
    let others: Vec<_> = config.rules.iter().filter(|rule| Some(&*rule.name) != original).cloned().collect();
    let names: Vec<Arc<str>> = others.iter().map(|rule| Arc::clone(&rule.name)).collect();
    let base = Config { rules: others, ..config.clone() };
    let mut read = parse_beside(draft, Some(&base))?;
    let draft = plain(draft);
    let faults = Faults::new(&draft);
    let table = Document::parse(draft.as_ref()).map(Document::into_table).unwrap_or_default();
    for (key, item) in table.iter().filter(|(key, _)| *key != "rule") {
        let at = table.key(key).and_then(Key::span).or_else(|| item.span()).map_or(0, |span| span.start);
        faults.note(at, format!("{key}: only one [[rule]] belongs here"));
    }
    match table.get("rule").and_then(Item::as_array_of_tables) {
        None => faults.note(0, "there is no [[rule]] here: begin with [[rule]] in a line of its own"),
        Some(rules) => {
            for more in rules.iter().skip(1) {
                faults.note(more.span().map_or(0, |span| span.start), "only one [[rule]] belongs here");
            }
        }
    }
    if let Some(rule) = read.rules.first() {
        if names.contains(&rule.name) {
            faults.note(place(&table, "name"), format!("name: another rule is named {} too", quoted(&rule.name)));
        }
        if !rule.run.is_empty() && !config.allow_commands {
            let message = "run: programs are started only where allow_commands = true stands at the top of the \
                           configuration file, and only you can write that there, with an editor";
            faults.note(place(&table, "run"), message);
        }
    }
    match faults.into_errors() {
        errors if errors.is_empty() => Ok(read.rules.swap_remove(0)),
        errors => Err(errors),
    }
}

/// The key of the rule that a fault is about, where it is about one.
pub fn faulty_key(draft: &str, fault: &ConfigError) -> Option<String> {
    if let Some(missing) = fault.message.strip_prefix("rule needs ") {
        return Some(missing.to_owned());
    }
    let draft = plain(draft);
    let line_at = draft.split_inclusive('\n').take(fault.line.checked_sub(1)?).map(str::len).sum::<usize>();
    let within: usize = draft.get(line_at..)?.chars().take(fault.column.saturating_sub(1)).map(char::len_utf8).sum();
    let at = (line_at + within).min(draft.len());
    let document = Document::parse(draft.as_ref()).ok()?;
    let table = the_rule(document.as_table())?;
    let start = |key: &str| table.key(key).and_then(Key::span).map(|span| span.start);
    let before = table.iter().filter_map(|(key, _)| Some((start(key).filter(|start| *start <= at)?, key)));
    before.max().filter(|_| !draft[at..].starts_with("[[")).map(|(_, key)| key.to_owned())
}

/// The name in the TOML of one `[[rule]]`, where it has one.
pub fn rule_name(draft: &str) -> Option<String> {
    let document = document(&plain(draft)).ok()?;
    the_rule(&document)?.get("name")?.as_str().map(str::to_owned)
}

/// The rules of a configuration as they are written, with the comments right above them, in order.
///
/// # Errors
/// Where the text is no TOML.
pub fn rule_texts(text: &str) -> Result<Vec<String>, ConfigError> {
    export::tables(&plain(text), Kind::Rule)
}

/// The text of a rule with what differs between two other texts of it: `base` where they are the same, key by key. So
/// what nobody changed stays as it is written.
///
/// # Errors
/// Where a text is not the TOML of one `[[rule]]`.
pub fn merge_rule(base: &str, from: &str, to: &str) -> Result<String, ConfigError> {
    let mut base = document(&plain(base))?;
    let (from, to) = (document(from)?, document(to)?);
    let mut lost = Vec::new();
    let no_rule = || ConfigError::placeless("this is not the text of one [[rule]]");
    let (from, to) = (the_rule(&from).ok_or_else(no_rule)?, the_rule(&to).ok_or_else(no_rule)?);
    let table = tables(&mut base, "rule").into_iter().next().ok_or_else(no_rule)?;
    let gone = from.iter().map(|(key, _)| key).filter(|key| !to.contains_key(key));
    for key in to.iter().map(|(key, _)| key).chain(gone) {
        let value = |table: &Table| table.get(key).and_then(Item::as_value).cloned();
        let (old, new) = (value(from), value(to));
        match new {
            new if text_of(&old) == text_of(&new) => {}
            Some(new) => merge::put(table, key, new, &mut lost),
            None => merge::remove(table, key, &mut lost),
        }
    }
    comments::put_above(&mut base, "rule", 0, &lost);
    Ok(base.to_string())
}

/// Adds a rule behind all others, or puts it in the place of the one named `original`. Where its name changes, rules
/// that resolve it follow. With `base`, the rule must still be written so.
///
/// # Errors
/// [`EditError`]; what is wrong with the rule has its place in `draft`.
pub fn save_rule(text: &str, original: Option<&str>, base: Option<&str>, draft: &str) -> Result<String, EditError> {
    let config = valid(text)?;
    let place = original.map(|original| find(&config, original)).transpose()?;
    let rule = check_rule(&config, original, draft).map_err(|mut errors| errors.swap_remove(0))?;
    let mut draft = plain(draft).trim().to_owned();
    draft.push('\n');
    let mut wanted = config.clone();
    let text_now = plain(text);
    let Some(index) = place else {
        wanted.rules.push(rule);
        let text_now = with_version(&text_now);
        let result = match in_list(&text_now, "rule")? {
            false => segments::insert(&text_now, "rule", &draft).map_err(not_toml)?,
            true => {
                let table = inline(&draft)?;
                edited_list(&text_now, "rule", |list| push(list, table))?
            }
        };
        return Ok(finish(text, result, &wanted)?);
    };
    let written = export::tables(&text_now, Kind::Rule)?.into_iter().nth(index).unwrap_or_default();
    if base.is_some_and(|base| plain(base) != written) {
        return Err(EditError::Conflict(format!(
            "the rule {} has been changed meanwhile",
            quoted(&config.rules[index].name)
        )));
    }
    if written == draft {
        return Ok(text.to_owned());
    }
    let renamed =
        (rule.name != config.rules[index].name).then(|| (config.rules[index].name.clone(), rule.name.clone()));
    wanted.rules[index] = rule;
    let mut result = match in_list(&text_now, "rule")? {
        false => segments::replace(&text_now, "rule", index, &draft).map_err(not_toml)?,
        true => {
            let (mut document, new, mut lost) = (document(&text_now)?, inline(&draft)?, Vec::new());
            if let Some(table) = tables(&mut document, "rule").into_iter().nth(index) {
                merge::put_each(table, &new, &mut lost);
            }
            comments::put_above(&mut document, "rule", index, &lost);
            document.to_string()
        }
    };
    if let Some((old, new)) = renamed {
        for other in &mut wanted.rules {
            other.resolves.iter_mut().filter(|name| **name == old).for_each(|name| *name = Arc::clone(&new));
        }
        let mut document = document(&result)?;
        for table in tables(&mut document, "rule") {
            rename_key(table, "resolves", &old, &new);
        }
        result = document.to_string();
    }
    Ok(finish(text, result, &wanted)?)
}

/// Removes a rule with the comment right above it.
///
/// # Errors
/// [`EditError`], also where another rule resolves it.
pub fn remove_rule(text: &str, name: &str) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    let index = find(&wanted, name)?;
    let resolves = |rule: &&RuleConfig| &*rule.name != name && rule.resolves.iter().any(|resolved| &**resolved == name);
    if let Some(other) = wanted.rules.iter().find(resolves) {
        let message = format!("the rule {} resolves this one: take it out there first", quoted(&other.name));
        return Err(ConfigError::placeless(message).into());
    }
    wanted.rules.remove(index);
    Ok(finish(text, taken(&plain(text), "rule", index)?, &wanted)?)
}

/// Moves a rule with the comment right above it to another place among the rules, from 0.
///
/// # Errors
/// [`EditError`].
pub fn move_rule(text: &str, name: &str, to: usize) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    let from = find(&wanted, name)?;
    let to = to.min(wanted.rules.len() - 1);
    if from == to {
        return Ok(text.to_owned());
    }
    let rule = wanted.rules.remove(from);
    wanted.rules.insert(to, rule);
    Ok(finish(text, moved(&plain(text), "rule", from, to)?, &wanted)?)
}

/// Switches a rule on or off.
///
/// # Errors
/// [`EditError`].
pub fn enable_rule(text: &str, name: &str, enabled: bool) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    let index = find(&wanted, name)?;
    if wanted.rules[index].enabled == enabled {
        return Ok(text.to_owned());
    }
    wanted.rules[index].enabled = enabled;
    let mut document = document(&plain(text))?;
    if let Some(table) = tables(&mut document, "rule").into_iter().nth(index) {
        merge::put(table, "enabled", enabled.into(), &mut Vec::new());
    }
    Ok(finish(text, document.to_string(), &wanted)?)
}

fn find(config: &Config, name: &str) -> Result<usize, EditError> {
    let index = config.rules.iter().position(|rule| &*rule.name == name);
    index.ok_or_else(|| EditError::NotThere(format!("there is no rule named {}", quoted(name))))
}

/// The one rule of a draft.
fn the_rule(root: &Table) -> Option<&Table> {
    root.get("rule")?.as_array_of_tables()?.get(0)
}

/// Where one of its fields stands.
fn place(root: &Table, key: &str) -> usize {
    the_rule(root).and_then(|rule| rule.get(key)?.span()).map_or(0, |span| span.start)
}

/// The rule of a draft for a list; its comments have no place there.
fn inline(draft: &str) -> Result<InlineTable, ConfigError> {
    let document: DocumentMut = document(draft)?;
    let mut table = the_rule(&document).cloned().unwrap_or_default().into_inline_table();
    table.fmt();
    Ok(table)
}
