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

/// The texts of all tables of a key, each with the comment right above it and all that belongs to it.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn tables(text: &str, key: &str) -> Result<Vec<String>, TomlError> {
    let mut tables: Vec<String> = Vec::new();
    for part in segments(text)?.iter().filter(|segment| segment.key == key) {
        if tables.len() <= part.index {
            tables.resize_with(part.index + 1, String::new);
        }
        let whole = &mut tables[part.index];
        let start = if whole.is_empty() { own_start(text, part) } else { part.above };
        whole.push_str(text[start..part.end].trim_end());
        whole.push('\n');
    }
    Ok(tables)
}

/// All that belongs to one of several tables, in order.
fn parts(text: &str, key: &str, index: usize) -> Result<Vec<Segment>, TomlError> {
    let all = segments(text)?.into_iter();
    Ok(all.filter(|segment| segment.key == key && segment.index == index).collect())
}

/// Where the comment begins that is right above a header, or the header's line.
fn own_start(text: &str, segment: &Segment) -> usize {
    let mut start = segment.header;
    for line in text[segment.above..segment.header].split_inclusive('\n').rev() {
        if line.trim().is_empty() && line.ends_with('\n') {
            break;
        }
        start -= line.len();
    }
    start
}

/// Puts another text in the place of one of several tables and of the comment right above it.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn replace(text: &str, key: &str, index: usize, table: &str) -> Result<String, TomlError> {
    let mut result = text.to_owned();
    for (number, part) in parts(text, key, index)?.iter().enumerate().rev() {
        match number {
            0 => result.replace_range(own_start(text, part)..part.end, table),
            _ => result.replace_range(part.above..part.end, ""),
        }
    }
    Ok(result)
}

/// Takes out one of several tables with the comment right above it, and gives the rest and it.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn take(text: &str, key: &str, index: usize) -> Result<(String, String), TomlError> {
    let mut rest = replace(text, key, index, "")?;
    let at = parts(text, key, index)?.first().map_or(text.len(), |part| own_start(text, part));
    // Of the empty lines around it one goes too.
    if rest[..at].ends_with("\n\n") {
        if rest[at..].starts_with('\n') {
            rest.remove(at);
        } else if rest[at..].is_empty() {
            rest.pop();
        }
    }
    Ok((rest, tables(text, key)?.into_iter().nth(index).unwrap_or_default()))
}

/// Puts a table in front of the one that has that place now; behind the last one where none has.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn put_at(text: &str, key: &str, index: usize, table: &str) -> Result<String, TomlError> {
    let Some(next) = parts(text, key, index)?.first().map(|part| own_start(text, part)) else {
        return insert(text, key, table);
    };
    let (before, after) = text.split_at(next);
    Ok(format!("{before}{table}\n{after}"))
}

/// Makes the one table `[key]` one of several, `[[key]]`.
///
/// # Errors
/// Where the text is no TOML.
pub(super) fn double(text: &str, key: &str) -> Result<String, TomlError> {
    let header = parts(text, key, 0)?.first().map(|part| part.header);
    let Some(header) = header.filter(|header| !text[*header..].starts_with("[[")) else { return Ok(text.to_owned()) };
    let end = text[header..].find(']').map_or(text.len(), |end| header + end + 1);
    Ok(format!("{}[[{key}]]{}", &text[..header], &text[end..]))
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
