//! How things stand with the notification service, and what follows when that changes.

use std::time::Instant;

use super::{Act, Desk, Fault, PATIENCE, RETRY, SHOWN_AGAIN, Shown};
use crate::notifier::compose::Abilities;
use streambell_engine::locale::Text;
use streambell_engine::text;

/// Why nothing is shown while the service hangs.
pub(super) fn silent() -> Text {
    text!("the notification service does not answer", "通知服务没有应答")
}

/// How things stand with the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Service {
    /// No bus yet, but soon.
    Joining,
    /// Nobody has needed it yet, or it went while nothing was to be shown.
    Unknown,
    /// It was asked what it can do.
    Asking { until: Instant },
    /// It shows notifications.
    Ready(Abilities),
    /// It does not answer; the question is still there.
    Silent,
    /// It cannot be had.
    Away { reason: Text, retry: Option<Instant> },
}

impl Desk {
    pub(super) fn bus_up(&mut self, now: Instant, acts: &mut Vec<Act>) {
        self.service = Service::Unknown;
        if self.owed || !self.queue.is_empty() || !self.lost.is_empty() {
            self.ask(now, acts);
        }
    }

    pub(super) fn service_changed(&mut self, there: bool, now: Instant, acts: &mut Vec<Act>) {
        // Ids mean nothing to another service; what is on the way is sent anew, oldest first.
        self.forget_screen();
        self.others = self.next;
        let mut lost = std::mem::take(&mut self.on_the_way).into_iter().collect::<Vec<_>>();
        lost.sort_unstable_by_key(|(ticket, _)| std::cmp::Reverse(*ticket));
        for (_, one) in lost {
            let slot = self.slots.remove(&one.shown.notification.slot);
            let waiting = slot.map(|slot| slot.waiting).unwrap_or_default();
            waiting.into_iter().rev().for_each(|one| self.queue.push_front(one));
            match one.shown {
                Shown { notification, before: 0 } => self.queue.push_front(notification),
                again if again.before < SHOWN_AGAIN => self.lost.push_front(again),
                _ => {}
            }
        }
        if there || !self.queue.is_empty() || !self.lost.is_empty() {
            self.ask(now, acts);
        } else {
            self.service = Service::Unknown;
        }
    }

    pub(super) fn asked(&mut self, answer: Result<Abilities, Fault>, now: Instant, acts: &mut Vec<Act>) {
        match (&self.service, answer) {
            (Service::Asking { .. } | Service::Silent, Ok(abilities)) => {
                self.service = Service::Ready(abilities);
                self.send_lost(abilities, now, acts);
                self.send_queue(abilities, now, acts);
                if std::mem::take(&mut self.owed) {
                    acts.push(Act::Back);
                }
            }
            (Service::Asking { .. } | Service::Silent, Err(Fault::Absent(reason))) => {
                self.give_up(Service::Away { reason, retry: None }, acts);
            }
            (Service::Asking { .. } | Service::Silent, Err(Fault::Other(reason))) => {
                self.give_up(Service::Away { reason, retry: Some(now + RETRY) }, acts);
            }
            (Service::Joining | Service::Unknown | Service::Ready(_) | Service::Away { .. }, _) => {}
        }
    }

    pub(super) fn ask(&mut self, now: Instant, acts: &mut Vec<Act>) {
        self.service = Service::Asking { until: now + PATIENCE };
        acts.push(Act::Ask);
    }

    /// Gives everything that waits or is on the way back to the engine.
    pub(super) fn give_up(&mut self, service: Service, acts: &mut Vec<Act>) {
        let reason = match &service {
            Service::Away { reason, .. } => reason.clone(),
            Service::Joining | Service::Unknown | Service::Asking { .. } | Service::Ready(_) | Service::Silent => {
                silent()
            }
        };
        self.service = service;
        let mut lost = std::mem::take(&mut self.on_the_way).into_iter().collect::<Vec<_>>();
        lost.sort_unstable_by_key(|(ticket, _)| *ticket);
        for (_, one) in lost {
            self.give_back(one.shown, &reason, acts);
        }
        let mut all = Vec::new();
        for slot in self.slots.values_mut() {
            slot.on_the_way = false;
            all.extend(slot.waiting.drain(..));
        }
        all.extend(self.queue.drain(..));
        for notification in all {
            self.refuse(&notification, &reason, acts);
        }
        self.slots.retain(|_, slot| slot.id != 0);
    }
}
