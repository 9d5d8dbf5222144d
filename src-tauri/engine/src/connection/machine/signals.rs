//! What comes from outside the stream: a person, the vault, the system.

use std::time::Instant;

use super::{Connection, DOUBT};
use crate::connection::{Action, State};

impl Connection {
    pub(super) fn secret_changed(&mut self) -> Vec<Action> {
        match self.state {
            State::Idle | State::Paused => Vec::new(),
            // A refresh is never broken off: the old token may be spent and the new one on its way.
            State::Refreshing => {
                self.secret_changed = true;
                Vec::new()
            }
            State::Connecting
            | State::Open
            | State::Waiting(_)
            | State::Offline { .. }
            | State::NeedsSignIn { .. }
            | State::Ended { .. } => self.reconnect(),
        }
    }

    pub(super) fn reconnect(&mut self) -> Vec<Action> {
        match self.state {
            State::Idle | State::Paused | State::Refreshing => Vec::new(),
            State::Connecting | State::Open => {
                self.refreshed_at = None;
                let mut actions = vec![Action::Close];
                actions.extend(self.connect());
                actions
            }
            State::Waiting(_) | State::Offline { .. } | State::NeedsSignIn { .. } | State::Ended { .. } => {
                self.refreshed_at = None;
                self.connect()
            }
        }
    }

    /// What was open before a sleep is gone more often than not: the server gave up, the address is another.
    pub(super) fn woke(&mut self) -> Vec<Action> {
        match self.state {
            State::Waiting(_) | State::Offline { .. } if self.refresh_next => self.refresh(),
            State::Waiting(_) | State::Offline { .. } => self.connect(),
            State::Connecting | State::Open => {
                let mut actions = vec![Action::Close];
                actions.extend(self.connect());
                actions
            }
            State::Idle | State::Refreshing | State::NeedsSignIn { .. } | State::Ended { .. } | State::Paused => {
                Vec::new()
            }
        }
    }

    pub(super) fn network_up(&mut self, now: Instant) -> Vec<Action> {
        self.online = true;
        match self.state {
            State::Waiting(_) | State::Offline { .. } if self.refresh_next => self.refresh(),
            State::Waiting(_) | State::Offline { .. } => self.connect(),
            State::Connecting => self.reconnect(),
            State::Open => {
                if let Some(body) = &mut self.body {
                    body.prove(&self.policy, now);
                }
                Vec::new()
            }
            State::Idle | State::Refreshing | State::NeedsSignIn { .. } | State::Ended { .. } | State::Paused => {
                Vec::new()
            }
        }
    }

    /// What is under way, or open, may well live on (another interface, a signal that is wrong); what fails from now on
    /// is offline, and tried only now and then.
    pub(super) fn network_down(&mut self, now: Instant) -> Vec<Action> {
        self.online = false;
        match &self.state {
            State::Waiting(wait) => {
                let (until, refresh) = (wait.until.max(now + DOUBT), self.refresh_next);
                let actions = self.offline(until);
                self.refresh_next = refresh;
                actions
            }
            State::Idle
            | State::Connecting
            | State::Open
            | State::Offline { .. }
            | State::Refreshing
            | State::NeedsSignIn { .. }
            | State::Ended { .. }
            | State::Paused => Vec::new(),
        }
    }
}
