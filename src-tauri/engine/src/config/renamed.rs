//! A rule that has another name now. What is known under the old one is still its own. Pure.

use std::sync::Arc;

use super::RuleConfig;

/// The old and the new name, where one rule was renamed: one name is gone and one has come, at the same place and about
/// the same streams and events.
pub fn renamed_rule(old: &[RuleConfig], new: &[RuleConfig]) -> Option<(Arc<str>, Arc<str>)> {
    let (gone, was) = only_in(old, new)?;
    let (come, is) = only_in(new, old)?;
    let same = gone == come && was.streams == is.streams && was.events == is.events;
    same.then(|| (Arc::clone(&was.name), Arc::clone(&is.name)))
}

/// The only rule of a list, with its place, whose name is not in the other.
fn only_in<'a>(list: &'a [RuleConfig], other: &[RuleConfig]) -> Option<(usize, &'a RuleConfig)> {
    let mut alone = list.iter().enumerate().filter(|(_, rule)| other.iter().all(|known| known.name != rule.name));
    alone.next().filter(|_| alone.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_renamed_where_one_name_takes_the_place_of_one() {
        let rule = |name| RuleConfig::new(name, &["e"]);
        let old = [rule("a"), rule("b"), rule("c")];
        let names = |new: &[RuleConfig]| renamed_rule(&old, new).map(|(old, new)| (old.to_string(), new.to_string()));
        assert_eq!(names(&[rule("a"), rule("x"), rule("c")]), Some(("b".to_owned(), "x".to_owned())));
        for new in [
            vec![rule("a"), rule("b"), rule("c")],
            vec![rule("a"), rule("c")],
            vec![rule("a"), rule("b"), rule("c"), rule("x")],
            vec![rule("x"), rule("y"), rule("c")],
            vec![rule("a"), rule("c"), rule("x")],
            vec![rule("a"), RuleConfig::new("x", &["other"]), rule("c")],
        ] {
            assert_eq!(names(&new), None, "{:?}", new.iter().map(|rule| &rule.name).collect::<Vec<_>>());
        }
    }
}
