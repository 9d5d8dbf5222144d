//! The alerts that became something else (shown, read, answered, over), for who looks at them: gathered until the ledger
//! has it. Pure.

use std::collections::BTreeSet;

/// Of more than so many only the newest are told.
pub(super) const MOST: usize = 200;

/// The numbers of alerts that changed.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Since the ledger was asked last what is unread.
    gathered: BTreeSet<i64>,
    /// Before that: the ledger has them when it answers.
    asked: BTreeSet<i64>,
}

impl Changed {
    /// These changed.
    pub(super) fn note(&mut self, alerts: impl IntoIterator<Item = i64>) {
        add(&mut self.gathered, alerts);
    }

    /// The ledger is asked what is unread, behind all that changed so far.
    pub(super) fn asked(&mut self) {
        let gathered = std::mem::take(&mut self.gathered);
        add(&mut self.asked, gathered);
    }

    /// It has answered: those that it has by then, ascending.
    pub(super) fn take(&mut self) -> Vec<i64> {
        std::mem::take(&mut self.asked).into_iter().collect()
    }
}

fn add(to: &mut BTreeSet<i64>, alerts: impl IntoIterator<Item = i64>) {
    for alert in alerts {
        to.insert(alert);
        if to.len() > MOST {
            to.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_after_the_question_waits_for_the_next_answer() {
        let mut changed = Changed::default();
        changed.note([3, 1]);
        assert!(changed.take().is_empty(), "the ledger may not have it yet");
        changed.asked();
        changed.note([2]);
        assert_eq!(changed.take(), [1, 3]);
        changed.asked();
        changed.note([4]);
        changed.asked();
        assert_eq!(changed.take(), [2, 4]);
        assert!(changed.take().is_empty());
    }

    #[test]
    fn of_very_many_the_newest_are_told() {
        let mut changed = Changed::default();
        changed.note((1..=1_000).rev());
        changed.asked();
        let told = changed.take();
        assert_eq!((told.len(), told.first(), told.last()), (MOST, Some(&801), Some(&1_000)));
    }
}
