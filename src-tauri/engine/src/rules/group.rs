//! What a rule remembers of the groups of events that it tells apart: bounded, and kept over a restart.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::window::Window;

/// How many groups a rule remembers; of more, those that were quiet longest are forgotten.
pub const MOST_GROUPS: usize = 1_000;

/// What changes with each event is kept this often at the most; a crash forgets no more of it.
const KEPT_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// What a rule remembers of one group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Group {
    /// Whether it has alerts that nothing has resolved.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) open: bool,
    /// Whether it fired and has not been armed again.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) disarmed: bool,
    /// When it fired last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fired: Option<Timestamp>,
    /// The value that a change was measured from when it fired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base: Option<f64>,
    /// The values just past.
    #[serde(skip_serializing_if = "is_empty")]
    pub(super) window: Window,
    /// When its last event came.
    pub(super) seen: Option<Timestamp>,
    /// Since when its events are looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Timestamp>,
    /// The last deadline that was decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) judged: Option<Timestamp>,
    /// The last event that came after its deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) late: Option<Timestamp>,
    /// When a deadline was found to have passed while nobody was there to watch.
    #[serde(skip)]
    pub(super) noticed: Option<Timestamp>,
    /// When it was kept last.
    #[serde(skip)]
    kept: Option<Timestamp>,
}

impl Group {
    /// Whether it fired less than that long ago. A clock that was set back does not make it rest longer.
    pub(super) fn rests(&self, cooldown: Option<Duration>, now: Timestamp) -> bool {
        let (Some(cooldown), Some(fired)) = (cooldown, self.fired) else { return false };
        let ago = Duration::try_from(now.duration_since(fired));
        ago.is_ok_and(|ago| ago < cooldown)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_empty(window: &Window) -> bool {
    window.range().is_none()
}

/// The groups of one rule, by name.
#[derive(Debug, Default)]
pub(super) struct Groups {
    known: HashMap<String, Group>,
    /// Those whose memory changed, or that are forgotten.
    changed: BTreeSet<String>,
}

impl Groups {
    /// A group, new where it is not known.
    pub(super) fn get(&mut self, name: &str) -> &mut Group {
        if !self.known.contains_key(name) {
            self.make_room();
            self.known.insert(name.to_owned(), Group::default());
        }
        self.known.entry(name.to_owned()).or_default()
    }

    /// A group, where it is known.
    pub(super) fn find(&mut self, name: &str) -> Option<&mut Group> {
        self.known.get_mut(name)
    }

    /// All of them.
    pub(super) fn all(&mut self) -> impl Iterator<Item = (&String, &mut Group)> {
        self.known.iter_mut()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Forgets a group.
    pub(super) fn forget(&mut self, name: &str) {
        if self.known.remove(name).is_some() {
            self.changed.insert(name.to_owned());
        }
    }

    /// A group's memory is to be kept: with the event at hand where it `matters`, else once in a while.
    pub(super) fn keep(&mut self, name: &str, matters: bool, now: Timestamp) {
        let Some(group) = self.known.get_mut(name) else { return };
        if matters || group.kept.is_none_or(|kept| now.duration_since(kept).abs() >= KEPT_EVERY) {
            group.kept = Some(now);
            self.changed.insert(name.to_owned());
        }
    }

    /// What is to be kept since the last time: a group and its memory, `None` where it is forgotten.
    pub(super) fn take_changed(&mut self) -> Vec<(String, Option<&Group>)> {
        let changed = std::mem::take(&mut self.changed);
        changed
            .into_iter()
            .map(|name| {
                let group = self.known.get(&name);
                (name, group)
            })
            .collect()
    }

    /// Whether something is to be kept.
    pub(super) fn is_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Has all that is known be kept.
    pub(super) fn keep_all(&mut self) {
        self.changed.extend(self.known.keys().cloned());
    }

    /// Takes back what was kept.
    pub(super) fn restore(&mut self, name: String, group: Group) {
        self.make_room();
        self.known.insert(name, group);
    }

    /// A tenth at once, so that a flood of new names costs little for each.
    fn make_room(&mut self) {
        if self.known.len() < MOST_GROUPS {
            return;
        }
        let age = |group: &Group| group.seen.max(group.fired).max(group.since);
        let mut ages: Vec<_> = self.known.iter().map(|(name, group)| (age(group), name.clone())).collect();
        ages.sort_unstable();
        for (_, name) in ages.into_iter().take(MOST_GROUPS / 10) {
            self.forget(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_groups_is_bounded_and_those_that_are_forgotten_are_told() {
        let (mut groups, mut kept) = (Groups::default(), BTreeSet::new());
        for number in 0..5 * MOST_GROUPS as i64 {
            let (name, now) = (number.to_string(), Timestamp::constant(number, 0));
            groups.get(&name).seen = Some(now);
            groups.keep(&name, true, now);
            for (name, group) in groups.take_changed() {
                if group.is_some() {
                    kept.insert(name);
                } else {
                    kept.remove(&name);
                }
            }
            assert!(groups.known.len() <= MOST_GROUPS && kept.len() == groups.known.len());
        }
        assert!(groups.find(&(5 * MOST_GROUPS - 1).to_string()).is_some());
    }

    #[test]
    fn what_changes_with_each_event_is_kept_once_in_a_while() {
        let mut groups = Groups::default();
        groups.get("a");
        let kept = [0, 1, 59, 60, 61, 200].map(|second| {
            groups.keep("a", false, Timestamp::constant(second, 0));
            groups.take_changed().len()
        });
        assert_eq!(kept, [1, 0, 0, 1, 0, 1]);
        groups.keep("a", true, Timestamp::constant(201, 0));
        assert_eq!(groups.take_changed().len(), 1);
    }
}
