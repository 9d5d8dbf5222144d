//! Puts whole tables into a text, takes them out or turns them into comments; every other byte stays.

use toml_edit::{Document, Item, Table, TomlError};

/// The text of one table, from its header to its last value.
struct Segment {
    /// The key in the document's root that it belongs to, and which of several tables it is.
    key: String,
    index: usize,
    /// Where the comments and empty lines above its header begin.
    above: usize,
    /// Where its header begins.
    header: usize,
    /// Where it ends: behind the line of its last value.
    end: usize,
    /// The stream it names.
    stream: Option<String>,
}

/// Puts a table behind the last one of its key; behind everything where that is not followed by another table.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn insert(text: &str, key: &str, table: &str) -> Result<String, TomlError> {
    let segments = segments(text)?;
    let last = segments.iter().rposition(|segment| segment.key == key);
    let place = last.filter(|last| last + 1 < segments.len()).map(|last| segments[last].end);
    let (before, after) = text.split_at(place.unwrap_or(text.len()));
    let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let gap = if after.is_empty() || after.starts_with('\n') { "" } else { "\n" };
    Ok(format!("{before}{end}\n{table}{gap}{after}"))
}

/// The text of one of several tables, with the comment right above it and all that belongs to it.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn table(text: &str, key: &str, index: usize) -> Result<String, TomlError> {
    let mut whole = String::new();
    for segment in segments(text)?.iter().filter(|segment| segment.key == key && segment.index == index) {
        let above: Vec<&str> = text[segment.above..segment.header].lines().collect();
        let own = above.iter().rposition(|line| line.trim().is_empty()).map_or(0, |empty| empty + 1);
        let own = if whole.is_empty() { own } else { 0 };
        above[own..].iter().for_each(|line| whole.extend([line, "\n"]));
        whole.push_str(text[segment.header..segment.end].trim_end());
        whole.push('\n');
    }
    Ok(whole)
}

/// Takes out a stream, the comment right above it included, and turns rules and tiles that name it into comments.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn remove(text: &str, index: Option<usize>, name: &str) -> Result<String, TomlError> {
    let mut result = text.to_owned();
    for segment in segments(text)?.iter().rev() {
        if segment.key == "stream" && Some(segment.index) == index {
            result.replace_range(segment.above..segment.end, &others_comments(&text[segment.above..segment.header]));
        } else if ["rule", "tile"].contains(&segment.key.as_str()) && segment.stream.as_deref() == Some(name) {
            result.replace_range(segment.header..segment.end, &commented(&text[segment.header..segment.end]));
        }
    }
    Ok(result)
}

/// What is above a header without the comment that directly touches it.
fn others_comments(above: &str) -> String {
    let mut lines: Vec<&str> = above.trim_end_matches([' ', '\t']).lines().collect();
    while lines.pop_if(|line| line.trim_start().starts_with('#')).is_some() {}
    while lines.pop_if(|line| line.trim().is_empty()).is_some() {}
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn commented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "#\n".to_owned() } else { format!("# {line}\n") }).collect()
}

fn segments(text: &str) -> Result<Vec<Segment>, TomlError> {
    let document = Document::parse(text)?;
    let mut segments = Vec::new();
    for (key, item) in document.iter() {
        match item {
            Item::Table(table) => add(&mut segments, key, 0, table),
            Item::ArrayOfTables(tables) => {
                tables.iter().enumerate().for_each(|(index, table)| add(&mut segments, key, index, table));
            }
            Item::None | Item::Value(_) => {}
        }
    }
    segments.sort_by_key(|segment| segment.header);
    let mut end = document.trailing().span().map_or(text.len(), |span| span.start);
    for segment in segments.iter_mut().rev() {
        segment.end = end;
        end = segment.above;
    }
    Ok(segments)
}

/// The one name that stands there, also as a list of one.
fn one_name(item: &Item) -> Option<&str> {
    match item.as_array() {
        Some(list) if list.len() == 1 => list.get(0)?.as_str(),
        Some(_) => None,
        None => item.as_str(),
    }
}

fn add(segments: &mut Vec<Segment>, key: &str, index: usize, table: &Table) {
    if let (Some(span), false, false) = (table.span(), table.is_dotted(), table.is_implicit()) {
        let header = span.start;
        let above = table.decor().prefix().and_then(|prefix| prefix.span()).map_or(header, |above| above.start);
        let stream = table.get("stream").and_then(one_name).map(str::to_owned);
        segments.push(Segment { key: key.to_owned(), index, above, header, end: header, stream });
    }
    for (_, item) in table {
        match item {
            Item::Table(table) => add(segments, key, index, table),
            Item::ArrayOfTables(tables) => tables.iter().for_each(|table| add(segments, key, index, table)),
            Item::None | Item::Value(_) => {}
        }
    }
}
