//! A stream or a rule that a person wrote as the TOML of one table, on its way into the configuration.

use toml_edit::{DocumentMut, InlineTable, Item, Key, Table};

use super::{
    ConfigError, EditError, Kind, comments, document, edited_list, export, in_list, merge, not_toml, plain, push,
    segments, tables, with_version,
};
use crate::config::fault::Faults;
use crate::locale::Text;
use crate::text;

/// Why a draft that starts programs, by this key, is not taken.
pub(super) fn programs_are_not_allowed(key: &str) -> Text {
    text!(
        "{key}: programs are started only where allow_commands = true stands at the top of the configuration file: \
         switch it on in the settings",
        "{key}：只有配置文件开头写有 allow_commands = true 时才会启动程序：请在“设置”里打开它"
    )
}

/// Notes what does not belong into the TOML of one `[[key]]`.
pub(super) fn only_one(root: &Table, key: &str, faults: &Faults<'_>) {
    for (other, item) in root.iter().filter(|(other, _)| *other != key) {
        let at = root.key(other).and_then(Key::span).or_else(|| item.span()).map_or(0, |span| span.start);
        faults.note(at, text!("{other}: only one [[{key}]] belongs here", "{other}：这里只能有一个 [[{key}]]"));
    }
    match root.get(key).and_then(Item::as_array_of_tables) {
        None => {
            let message = text!(
                "there is no [[{key}]] here: begin with [[{key}]] in a line of its own",
                "这里没有 [[{key}]]：请以单独一行 [[{key}]] 开头"
            );
            faults.note(0, message);
        }
        Some(all) => {
            for more in all.iter().skip(1) {
                let at = more.span().map_or(0, |span| span.start);
                faults.note(at, text!("only one [[{key}]] belongs here", "这里只能有一个 [[{key}]]"));
            }
        }
    }
}

/// The one table of a draft.
pub(super) fn the_table<'a>(root: &'a Table, key: &str) -> Option<&'a Table> {
    root.get(key)?.as_array_of_tables()?.get(0)
}

/// Where one of its fields stands.
pub(super) fn place(root: &Table, key: &str, field: &str) -> usize {
    the_table(root, key).and_then(|table| table.get(field)?.span()).map_or(0, |span| span.start)
}

/// A draft as it goes into the file.
pub(super) fn tidy(draft: &str) -> String {
    format!("{}\n", plain(draft).trim())
}

/// The text with a draft behind the other tables of its key.
pub(super) fn put_new(text: &str, key: &str, draft: &str) -> Result<String, ConfigError> {
    let text = with_version(text);
    if in_list(&text, key)? {
        let table = inline(draft, key)?;
        return edited_list(&text, key, |list| push(list, table));
    }
    segments::insert(&text, key, draft).map_err(not_toml)
}

/// The text with a draft in the place of one of the tables; `None` where it is written so already. With `base`, the
/// table must still be written so.
pub(super) fn put_in_place(
    text: &str,
    kind: Kind,
    index: usize,
    base: Option<&str>,
    draft: &str,
) -> Result<Option<String>, EditError> {
    let key = kind.as_str();
    let written = export::tables(text, kind)?.into_iter().nth(index).unwrap_or_default();
    if base.is_some_and(|base| plain(base) != written) {
        return Err(EditError::Conflict(kind.changed_meanwhile()));
    }
    if written == draft {
        return Ok(None);
    }
    if !in_list(text, key)? {
        return Ok(Some(segments::replace(text, key, index, draft).map_err(not_toml)?));
    }
    let (mut document, new, mut lost) = (document(text)?, inline(draft, key)?, Vec::new());
    if let Some(table) = tables(&mut document, key).into_iter().nth(index) {
        merge::put_each(table, &new, &mut lost);
    }
    comments::put_above(&mut document, key, index, &lost);
    Ok(Some(document.to_string()))
}

/// The table of a draft for a list; its comments have no place there.
fn inline(draft: &str, key: &str) -> Result<InlineTable, ConfigError> {
    let document: DocumentMut = document(draft)?;
    let mut table = the_table(&document, key).cloned().unwrap_or_default().into_inline_table();
    table.fmt();
    Ok(table)
}
