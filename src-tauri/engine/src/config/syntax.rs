//! Text into a TOML table with places; goes on behind a line that cannot be read, to name further faults at once.

use std::borrow::Cow;

use toml_edit::{Document, Table};

use super::fault::Faults;
use super::toml::not_toml;

/// How many syntax faults are named at once.
const MAX_FAULTS: usize = 20;

/// Reads a document; what is no TOML is noted. `None` where nothing sensible can be said about the rest.
pub(super) fn read(text: &str, faults: &mut Faults<'_>) -> Option<Table> {
    let mut rest = Cow::Borrowed(text);
    for _ in 0..MAX_FAULTS {
        let fault = match Document::parse(rest.as_ref()) {
            Ok(document) => return Some(document.into_table()),
            Err(fault) => fault,
        };
        let at = rest.floor_char_boundary(fault.span().map_or(rest.len(), |span| span.start));
        let (start, end) = line_around(&rest, at);
        let line = &rest[start..end];
        let goes_on = !line.trim_start().starts_with('[')
            && (fault.message().starts_with("duplicate key") || Document::parse(line).is_err());
        if !goes_on && faults.partial {
            return None;
        }
        faults.note(at, not_toml(fault.message()));
        faults.partial = true;
        if !goes_on {
            return None;
        }
        rest.to_mut().replace_range(start..end, &" ".repeat(end - start));
    }
    None
}

/// The start and end of the line that holds a byte offset.
fn line_around(text: &str, at: usize) -> (usize, usize) {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    (start, end)
}
