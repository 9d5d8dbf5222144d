//! The format's version, and the steps from each version to the next.

use toml_edit::Table;

use super::VERSION;
use super::fault::Faults;
use super::field::Fields;
use crate::text;

/// One step: changes a document of one version to the next, and leaves the places of what it keeps.
type Step = fn(&mut Table);

/// `STEPS[0]` takes version 1 to 2. Each comes with a test of its own.
const STEPS: &[Step] = &[];

/// The version a document says it is of; 1 where it says nothing. `None` where this program cannot read it.
pub(super) fn version(root: &Table, faults: &Faults<'_>) -> Option<i64> {
    let Some(field) = Fields::new(root, 0, "the configuration", faults).get("version") else { return Some(1) };
    let version = field.integer(1..=i64::MAX)?;
    if version > VERSION {
        field.wrong(text!(
            "this file is of version {version}, written by a newer Streambell; this one reads up to {VERSION}: update it",
            "这个文件的版本是 {version}，由更新的 Streambell 写成；当前程序最多支持版本 {VERSION}：请更新程序"
        ));
        return None;
    }
    Some(version)
}

/// Takes a document from its version to [`VERSION`].
pub(super) fn migrate(root: &mut Table, version: i64) {
    run(STEPS, root, version);
}

fn run(steps: &[Step], root: &mut Table, version: i64) {
    let done = usize::try_from(version.saturating_sub(1)).unwrap_or(usize::MAX);
    for step in steps.iter().skip(done) {
        step(root);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_step_to_every_version() {
        assert_eq!(STEPS.len(), usize::try_from(VERSION).unwrap() - 1);
    }

    #[test]
    fn a_document_takes_only_the_steps_that_it_has_not_taken() {
        let steps: [Step; 2] = [|root| drop(root.remove("a")), |root| drop(root.remove("b"))];
        for (version, left) in [(1, "c"), (2, "a,c"), (3, "a,b,c"), (9, "a,b,c")] {
            let mut root = "a = 1\nb = 1\nc = 1".parse::<toml_edit::DocumentMut>().unwrap();
            run(&steps, &mut root, version);
            let keys: Vec<_> = root.iter().map(|(key, _)| key).collect();
            assert_eq!(keys.join(","), left, "{version}");
        }
    }
}
