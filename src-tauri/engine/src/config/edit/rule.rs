//! Changes to `[[rule]]`s. A rule is handed over as the TOML of one, with its comments.

use std::sync::Arc;

use toml_edit::{Document, Item, Key, Table};

use super::draft::{only_one, place, programs_are_not_allowed, put_in_place, put_new, the_table, tidy};
use super::{
    Config, ConfigError, EditError, Kind, comments, document, export, finish, merge, moved, parse_beside, plain,
    rename_key, tables, taken, text_of, valid,
};
use crate::config::RuleConfig;
use crate::config::fault::{Faults, quoted};
use crate::text;

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
    only_one(&table, "rule", &faults);
    if let Some(rule) = read.rules.first() {
        if names.contains(&rule.name) {
            let (at, name) = (place(&table, "rule", "name"), quoted(&rule.name));
            faults.note(at, text!("name: another rule is named {name} too", "name：另一条规则也叫 {name}"));
        }
        if !rule.run.is_empty() && !config.allow_commands {
            faults.note(place(&table, "rule", "run"), programs_are_not_allowed("run"));
        }
    }
    match faults.into_errors() {
        errors if errors.is_empty() => Ok(read.rules.swap_remove(0)),
        errors => Err(errors),
    }
}

/// The key of the rule or stream that a fault is about, where it is about one.
pub fn faulty_key(draft: &str, fault: &ConfigError) -> Option<String> {
    let missing = ["rule needs ", "stream needs "].iter().find_map(|what| fault.message.english.strip_prefix(what));
    if let Some(missing) = missing {
        return Some(missing.to_owned());
    }
    let draft = plain(draft);
    let line_at = draft.split_inclusive('\n').take(fault.line.checked_sub(1)?).map(str::len).sum::<usize>();
    let within: usize = draft.get(line_at..)?.chars().take(fault.column.saturating_sub(1)).map(char::len_utf8).sum();
    let at = (line_at + within).min(draft.len());
    let document = Document::parse(draft.as_ref()).ok()?;
    let root = document.as_table();
    let table = the_table(root, "rule").or_else(|| the_table(root, "stream"))?;
    let start = |key: &str| table.key(key).and_then(Key::span).map(|span| span.start);
    let before = table.iter().filter_map(|(key, _)| Some((start(key).filter(|start| *start <= at)?, key)));
    before.max().filter(|_| !draft[at..].starts_with("[[")).map(|(_, key)| key.to_owned())
}

/// The name in the TOML of one `[[rule]]`, where it has one.
pub fn rule_name(draft: &str) -> Option<String> {
    let document = document(&plain(draft)).ok()?;
    the_table(&document, "rule")?.get("name")?.as_str().map(str::to_owned)
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
    let no_rule =
        || ConfigError::placeless(text!("this is not the text of one [[rule]]", "这不是一个 [[rule]] 的文本"));
    let (from, to) = (the_table(&from, "rule").ok_or_else(no_rule)?, the_table(&to, "rule").ok_or_else(no_rule)?);
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
    let draft = tidy(draft);
    let mut wanted = config.clone();
    let text_now = plain(text);
    let Some(index) = place else {
        wanted.rules.push(rule);
        return Ok(finish(text, put_new(&text_now, "rule", &draft)?, &wanted)?);
    };
    let (old, new) = (config.rules[index].name.clone(), rule.name.clone());
    wanted.rules[index] = rule;
    let Some(mut result) = put_in_place(&text_now, Kind::Rule, index, base, &draft)? else {
        return Ok(text.to_owned());
    };
    if new != old {
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
        let other = quoted(&other.name);
        let needed = text!(
            "the rule {other} resolves this one: take it out there first",
            "规则 {other} 会消除这条规则的提醒：请先在那里去掉它"
        );
        return Err(ConfigError::placeless(needed).into());
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
    index.ok_or_else(|| {
        let name = quoted(name);
        EditError::NotThere(text!("there is no rule named {name}", "没有名为 {name} 的规则"))
    })
}
