//! What a person says of alerts: by the numbers that these have in the ledger, and so that the last word counts.

use std::time::Instant;

use super::Store;
use crate::ledger::Write;
use crate::model::{Answer, Said};

impl Store {
    /// Gives the writer what a person just said. Gives its number, for [`Store::told`].
    pub(in crate::engine) fn say(&mut self, mut word: Write) -> u64 {
        self.renumber(&mut word);
        // What was refused before and says otherwise is not asked again.
        self.redo.retain_mut(|older| !is_word(older) || outlasts(older, &word));
        self.pass_on(word);
        self.settle_now();
        self.changed.say()
    }

    /// The same for what was said a while ago. What is said of alerts that are not stored yet waits until they are.
    pub(super) fn pass_on(&mut self, mut word: Write) {
        self.renumber(&mut word);
        let alerts = alerts_of(&mut word);
        if alerts.iter().any(|alert| self.unsaved.is_held(*alert)) {
            return self.put_off(word);
        }
        // Which of those that are read are so newly the writer tells.
        if let Write::Answer(alerts, _) | Write::TakeBack(alerts, _) = &word {
            self.changed.note(alerts.iter().copied());
        }
        self.words.push_back(word.clone());
        self.send(word);
    }

    /// The writer has answered the oldest word.
    pub(in crate::engine) fn heard(&mut self) {
        self.words.pop_front();
    }

    /// Alerts have their numbers now: what was said of them is done at once.
    pub(super) fn redo_renumbered(&mut self) {
        let mut redo = std::mem::take(&mut self.redo);
        redo.iter_mut().for_each(|write| self.renumber(write));
        self.redo = redo;
        self.redo_at = (!self.redo.is_empty()).then(Instant::now);
    }

    fn renumber(&self, word: &mut Write) {
        alerts_of(word).iter_mut().for_each(|alert| *alert = self.unsaved.number(*alert));
    }
}

/// Whether a person says this of alerts.
pub(super) fn is_word(write: &Write) -> bool {
    matches!(write, Write::MarkRead(_) | Write::Answer(..) | Write::TakeBack(..))
}

fn alerts_of(write: &mut Write) -> &mut [i64] {
    if let Write::MarkRead(alerts) | Write::Answer(alerts, _) | Write::TakeBack(alerts, _) = write {
        alerts
    } else {
        &mut []
    }
}

/// Leaves out of a word of what alerts a newer one says otherwise; tells whether something is left.
pub(super) fn outlasts(older: &mut Write, newer: &Write) -> bool {
    let (Write::MarkRead(said) | Write::Answer(said, _) | Write::TakeBack(said, _)) = newer else { return true };
    let otherwise = match (&*older, newer) {
        (Write::MarkRead(_) | Write::Answer(..), Write::TakeBack(_, Said::Read))
        | (Write::TakeBack(_, Said::Read), Write::MarkRead(_))
        | (Write::TakeBack(..), Write::Answer(..)) => true,
        (Write::Answer(_, answered), Write::TakeBack(_, Said::Acknowledged)) => answered.answer == Answer::Acknowledged,
        _ => false,
    };
    let (Write::MarkRead(alerts) | Write::Answer(alerts, _) | Write::TakeBack(alerts, _)) = older else { return true };
    if !otherwise || alerts.is_empty() {
        return true;
    }
    // To read none by number is to read all.
    let all = matches!(newer, Write::MarkRead(_)) && said.is_empty();
    alerts.retain(|alert| !all && !said.contains(alert));
    !alerts.is_empty()
}
