//! What rules remember, as it is kept over a restart.

use serde::{Deserialize, Serialize};

use super::Rules;
use super::group::{Group, Groups};
use super::rule::Rule;
use crate::ledger::RuleMemory;

/// A group's memory as it is kept: what it is good for, and what it holds.
#[derive(Serialize, Deserialize)]
struct Kept<G> {
    of: i64,
    #[serde(flatten)]
    group: G,
}

impl Rules {
    /// Takes back what was remembered before a restart; what is of no use any more is forgotten.
    pub fn restore(&mut self, memories: Vec<RuleMemory>) {
        for memory in memories {
            let kept = memory.state.as_deref().and_then(|state| serde_json::from_str::<Kept<Group>>(state).ok());
            let rule = self.rules.iter_mut().find(|rule| rule.name == memory.rule);
            match (kept, rule) {
                (Some(kept), Some(Rule { groups: Some(groups), fingerprint, .. })) if kept.of == *fingerprint => {
                    if !memory.group.is_empty() {
                        // It stood for those that were not known.
                        groups.forget("");
                    }
                    groups.restore(memory.group, kept.group);
                }
                _ => self.stale.push(RuleMemory { state: None, ..memory }),
            }
        }
        self.schedule();
    }

    /// What is to be kept of what rules remember, since it was asked last; all of it with `all`.
    pub fn take_memories(&mut self, all: bool) -> Vec<RuleMemory> {
        let mut memories = std::mem::take(&mut self.stale);
        for rule in &mut self.rules {
            let Some(groups) = &mut rule.groups else { continue };
            if all {
                groups.keep_all();
            }
            for (group, memory) in groups.take_changed() {
                let kept = memory.map(|memory| Kept { of: rule.fingerprint, group: memory });
                let state = kept.and_then(|kept| serde_json::to_string(&kept).ok());
                memories.push(RuleMemory { rule: rule.name.clone(), group, state });
            }
        }
        memories
    }

    /// Whether there is something to be kept of what rules remember.
    pub fn has_memories(&self) -> bool {
        let changed = |rule: &Rule| rule.groups.as_ref().is_some_and(Groups::is_changed);
        !self.stale.is_empty() || self.rules.iter().any(changed)
    }
}
