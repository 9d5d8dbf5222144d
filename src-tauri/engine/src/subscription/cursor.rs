//! What to resume after: the stream's cursor by its policy, beside the last event id by the standard.

use super::dialect::pointed;
use crate::config::{Resume, ResumeFrom};
use crate::glob::Glob;

/// Where a stream is.
#[derive(Debug)]
pub(super) struct Cursor {
    from: ResumeFrom,
    /// Event names that never move it.
    ignore: Vec<Glob>,
    value: String,
    moved: bool,
}

impl Cursor {
    pub(super) fn new(resume: &Resume, value: String) -> Self {
        // The configuration was validated: a glob that is none matches nothing.
        let ignore = resume.ignore.iter().filter_map(|glob| Glob::new(glob).ok()).collect();
        Self { from: resume.from.clone(), ignore, value, moved: false }
    }

    /// What to resume after; empty without one.
    pub(super) fn value(&self) -> &str {
        &self.value
    }

    /// The last event id that a connection starts with.
    pub(super) fn first_id(&self) -> &str {
        if self.from == ResumeFrom::Id { &self.value } else { "" }
    }

    /// An event came.
    pub(super) fn event(&mut self, name: &str, data: &str, own_id: Option<&str>) {
        match &self.from {
            ResumeFrom::None => {}
            ResumeFrom::Id => {
                if let Some(id) = own_id
                    && !self.ignores(name)
                {
                    self.set(id);
                }
            }
            ResumeFrom::Pointer(pointer) => {
                if !self.ignores(name)
                    && let Some(value) = pointed(data, pointer)
                {
                    self.set(&value);
                }
            }
        }
    }

    /// The last event id moved without an event.
    pub(super) fn id(&mut self, id: &str) {
        if self.from == ResumeFrom::Id {
            self.set(id);
        }
    }

    /// The value, where it moved since this was asked last.
    pub(super) fn take_moved(&mut self) -> Option<String> {
        std::mem::take(&mut self.moved).then(|| self.value.clone())
    }

    fn ignores(&self, name: &str) -> bool {
        self.ignore.iter().any(|glob| glob.is_match(name))
    }

    fn set(&mut self, value: &str) {
        if self.value != value {
            self.value.clear();
            self.value.push_str(value);
            self.moved = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(from: ResumeFrom, ignore: &[&str]) -> Cursor {
        let ignore = ignore.iter().map(|glob| (*glob).to_owned()).collect();
        Cursor::new(&Resume { from, ignore, ..Resume::default() }, "0".to_owned())
    }

    #[test]
    fn an_id_moves_it_and_an_empty_one_resets_it() {
        let mut cursor = cursor(ResumeFrom::Id, &[]);
        cursor.event("x", "", None);
        assert_eq!(cursor.take_moved(), None);
        cursor.event("x", "", Some("1"));
        assert_eq!(cursor.take_moved().as_deref(), Some("1"));
        cursor.id("");
        assert_eq!(cursor.take_moved().as_deref(), Some(""));
    }

    #[test]
    fn made_up_ids_of_heartbeats_do_not_move_it() {
        let mut cursor = cursor(ResumeFrom::Id, &["heart*", "ping"]);
        cursor.event("heartbeat", "", Some("99"));
        cursor.event("ping", "", Some("99"));
        assert_eq!(cursor.value(), "0");
        cursor.event("trade", "", Some("1"));
        assert_eq!(cursor.value(), "1");
    }

    #[test]
    fn a_pointer_reads_texts_and_numbers_from_the_data() {
        let mut cursor = cursor(ResumeFrom::Pointer("/seq".to_owned()), &[]);
        cursor.event("x", r#"{"seq":17}"#, Some("no"));
        assert_eq!(cursor.value(), "17");
        cursor.event("x", r#"{"seq":"a"}"#, None);
        assert_eq!(cursor.value(), "a");
        for other in ["{}", "text", r#"{"seq":null}"#, r#"{"seq":{}}"#] {
            cursor.event("x", other, None);
        }
        cursor.id("9");
        assert_eq!((cursor.value(), cursor.first_id()), ("a", ""));
    }

    #[test]
    fn without_a_cursor_nothing_moves() {
        let mut cursor = cursor(ResumeFrom::None, &[]);
        cursor.event("x", "", Some("1"));
        cursor.id("2");
        assert_eq!(cursor.take_moved(), None);
    }
}
