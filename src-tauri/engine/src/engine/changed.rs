//! The alerts that became something else (shown, read, answered, over), for who looks at them: gathered until the ledger
//! has it; and how much of what people said of alerts it has. Pure.

use std::collections::BTreeSet;

/// Of more than so many only the newest are told.
pub(super) const MOST: usize = 200;

/// The numbers of alerts that changed.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Since the ledger was asked last what is unread.
    gathered: BTreeSet<i64>,
    /// How many times somebody said something of alerts.
    said: u64,
    /// Before the ledger was asked: it has all that when it answers. One question at a time, so that its answer is known
    /// from others.
    asked: Option<Asked>,
    /// How much of what was said it had when it answered last.
    told: u64,
}

#[derive(Debug)]
struct Asked {
    alerts: BTreeSet<i64>,
    said: u64,
}

impl Changed {
    /// These changed.
    pub(super) fn note(&mut self, alerts: impl IntoIterator<Item = i64>) {
        add(&mut self.gathered, alerts);
    }

    /// Somebody said something of alerts. Gives its number.
    pub(super) fn say(&mut self) -> u64 {
        self.said += 1;
        self.said
    }

    /// The number of the last that was said that the ledger has.
    pub(super) fn told(&self) -> u64 {
        self.told
    }

    /// Whether somebody waits for the ledger to have what they said.
    pub(super) fn is_waited_for(&self) -> bool {
        self.told < self.said
    }

    /// The ledger is to be asked what is unread, behind all that changed so far; false while it has not answered before.
    pub(super) fn ask(&mut self) -> bool {
        let free = self.asked.is_none();
        if free {
            self.asked = Some(Asked { alerts: std::mem::take(&mut self.gathered), said: self.said });
        }
        free
    }

    /// It has answered: those that it has by then, ascending.
    pub(super) fn answered(&mut self) -> Vec<i64> {
        let Some(Asked { alerts, said }) = self.asked.take() else { return Vec::new() };
        self.told = said;
        alerts.into_iter().collect()
    }

    /// It could not answer: what was asked with the question is asked with the next one.
    pub(super) fn refused(&mut self) {
        let asked = self.asked.take();
        add(&mut self.gathered, asked.into_iter().flat_map(|asked| asked.alerts));
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
        assert!(changed.answered().is_empty(), "the ledger may not have it yet");
        assert!(changed.ask());
        changed.note([2, 1]);
        assert!(!changed.ask(), "its answer could not be told from the first one");
        assert_eq!(changed.answered(), [1, 3]);
        assert!(changed.ask());
        assert_eq!(changed.answered(), [1, 2]);
        assert!(changed.answered().is_empty());
    }

    #[test]
    fn what_a_refused_question_was_asked_for_goes_with_the_next_one() {
        let mut changed = Changed::default();
        changed.note([1]);
        assert!(changed.ask());
        changed.note([2]);
        changed.refused();
        assert!(changed.ask());
        assert_eq!(changed.answered(), [1, 2]);
    }

    #[test]
    fn what_was_said_is_waited_for_until_a_question_behind_it_is_answered() {
        let mut changed = Changed::default();
        assert!(changed.ask());
        let number = changed.say();
        changed.answered();
        assert!(changed.is_waited_for() && changed.told() < number, "it was asked before");
        assert!(changed.ask());
        changed.answered();
        assert!(!changed.is_waited_for() && changed.told() == number);
    }

    #[test]
    fn of_very_many_the_newest_are_told() {
        let mut changed = Changed::default();
        changed.note((1..=1_000).rev());
        assert!(changed.ask());
        let told = changed.answered();
        assert_eq!((told.len(), told.first(), told.last()), (MOST, Some(&801), Some(&1_000)));
    }
}
