//! What is on the screen: remembered, pressed, closed, gone.

use streambell_engine::config::Press;
use streambell_engine::model::{Answer, StreamId, Urgency};
use streambell_protocol::Spot;

use super::{Act, Desk, SHOWN_AGAIN, Shown};
use crate::notifier::buttons;
use crate::notifier::compose::DEFAULT;

/// How many notifications on screen are remembered at most.
pub(super) const ON_SCREEN: usize = 256;

impl Desk {
    pub(super) fn pressed(&mut self, id: u32, key: &str, acts: &mut Vec<Act>) {
        let Some(Shown { notification, .. }) = self.screen.get(&id) else { return };
        let press = match key {
            DEFAULT => Some(Press::OpenDashboard),
            _ => buttons::pressed(notification, key),
        };
        if let Some(notice) = &notification.notice {
            // There is nothing to answer: it goes when it is no longer true.
            if press == Some(Press::OpenDashboard) {
                let spot = |stream: &StreamId| Spot::Stream { stream: stream.to_string() };
                acts.extend(notice.streams.first().map(|stream| Act::Open(spot(stream))));
            }
            return;
        }
        let newest = notification.alerts.last().copied();
        let (act, answer) = match press {
            None => return,
            Some(Press::OpenDashboard) => match notification.alerts[..] {
                [alert] => (Some(Act::Open(Spot::Alert { alert })), Answer::Opened),
                // A summary opens the list, where its alerts are still to be read.
                _ => return acts.push(Act::Open(Spot::Unread)),
            },
            Some(Press::OpenLink) => (Some(Act::Browse(notification.link.clone())), Answer::FollowedLink),
            Some(Press::CopyValue { .. }) => (Some(Act::Copy(buttons::value(notification), newest)), Answer::Copied),
            Some(Press::MuteRule { length }) => (Some(Act::Mute(notification.rule.clone(), length)), Answer::Muted),
            Some(Press::Acknowledge) => (None, Answer::Acknowledged),
        };
        let answer = Act::Answer(notification.alerts.clone(), answer);
        acts.extend(act.into_iter().chain([answer]));
    }

    pub(super) fn closed(&mut self, id: u32) {
        if let Some(Shown { notification, .. }) = self.screen.remove(&id)
            && let Some(slot) = self.slots.get_mut(&notification.slot)
            && slot.id == id
        {
            slot.id = 0;
            self.tidy(&notification.slot.clone());
        }
    }

    pub(super) fn remember(&mut self, id: u32, shown: Shown) {
        if self.screen.insert(id, shown).is_none() {
            self.ages.push_back(id);
        }
        while self.screen.len() > ON_SCREEN || self.ages.len() > 2 * ON_SCREEN {
            let Some(oldest) = self.ages.pop_front() else { break };
            self.closed(oldest);
        }
    }

    /// The screen is gone. What was critical on it, and not read, is kept.
    pub(super) fn forget_screen(&mut self) {
        let mut screen = std::mem::take(&mut self.screen);
        for id in std::mem::take(&mut self.ages) {
            let again = |one: &Shown| one.notification.urgency == Urgency::Critical && one.before < SHOWN_AGAIN;
            self.lost.extend(screen.remove(&id).filter(again));
        }
        self.slots.values_mut().for_each(|slot| slot.id = 0);
        self.slots.retain(|_, slot| slot.on_the_way || !slot.waiting.is_empty());
    }
}
