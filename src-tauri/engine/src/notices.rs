//! What a person is told about streams themselves: that one has had no connection for long, that it is back, that it
//! needs a sign-in. Pure: states and time in, what to show and to withdraw out.
//!
//! These are no alerts: no rule made them, no list keeps them, and each is only worth something while it is true. There
//! is at most one notification of each kind, however many streams it is about:
//! - **Outage**: streams that have wanted a connection for longer than they may ([`Outage`]), counted by a clock that
//!   stands still while the machine sleeps. When all of them are back the same notification says so, and what came
//!   since, and goes away by itself. A connection counts once an event came on it or it lasted for [`SETTLED`].
//! - **Sign-in**: streams that the server refuses or that have no secret. Withdrawn when the last is mended.
//!
//! What happens at about the same time is told together, and news of more streams replaces the notification at most
//! every [`PACE`]. While notifications are paused or it is quiet nothing is shown, and after it what is still true.

mod board;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::config::{Config, Outage};
use crate::connection::{EndReason, State};
use crate::host::{Look, Notice, NoticeKind, Notification};
use crate::locale::{Locale, Text};
use crate::model::{StreamId, Urgency};
use board::Board;

/// A connection that lasts so long counts, also where no event comes on it.
pub const SETTLED: Duration = Duration::from_secs(5);

/// What becomes true within so long is told together.
pub const GATHER: Duration = Duration::from_secs(2);

/// A notification is replaced by news of more streams no sooner than so.
pub const PACE: Duration = Duration::from_secs(30);

/// That streams are back is on screen for so long at the most.
pub const RESTORED_FOR: Duration = Duration::from_secs(30);

/// While nothing may be shown, what waits is looked at again after so long.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Show this in the place of what its slot shows.
    Show(Box<Notification>),
    /// Take the slot's notification off the screen.
    Withdraw(String),
}

/// How every stream stands, and what a person has been told.
#[derive(Debug, Default)]
pub struct Notices {
    /// After how long each stream counts as out.
    after: HashMap<StreamId, Option<Duration>>,
    locale: Locale,
    /// Those that are not well.
    streams: BTreeMap<StreamId, Stand>,
    /// Nothing is said of these.
    hushed: BTreeSet<StreamId>,
    outages: Board,
    sign_ins: Board,
    /// Streams that are back since the outage was told.
    back: BTreeMap<StreamId, Back>,
    /// When the notification that says so is withdrawn.
    withdraw_at: Option<Instant>,
    /// Not later than when [`Notices::tick`] has something to do.
    next: Option<Instant>,
}

/// How a stream stands, where it is not well.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stand {
    /// It has no connection.
    Out(Out),
    /// It has one again, for better or worse.
    Returning { out: Out, opened: Instant, events: u64 },
    /// It needs a sign-in, for this reason.
    Refused(Text),
}

/// Since when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Out {
    since: Instant,
    cause: Text,
}

/// How a stream came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Back {
    after: Duration,
    events: u64,
}

impl Notices {
    /// Takes new settings. Streams that are not among them are forgotten.
    pub fn configure(&mut self, config: &Config, now: Instant) {
        let after = |outage: Outage| match outage {
            Outage::Off => None,
            Outage::After(after) => Some(after),
        };
        let settings = config.streams.iter().map(|stream| {
            let outage = stream.outage.unwrap_or(config.outage);
            (stream.name.clone(), after(outage))
        });
        self.after = settings.collect();
        self.locale = config.locale;
        let gone: Vec<_> = self.streams.keys().filter(|name| !self.after.contains_key(*name)).cloned().collect();
        gone.iter().for_each(|name| self.well(name, now));
        for stream in self.after.iter().filter(|(_, after)| after.is_none()).map(|(name, _)| name) {
            self.outages.remove(stream, now);
        }
        self.wake_by(Some(now));
    }

    /// A person was told a moment ago, before a restart, that this stream needs a sign-in: it is not said again while
    /// that stays true.
    pub fn has_been_told(&mut self, stream: &StreamId) {
        self.sign_ins.keep_quiet_about(stream);
    }

    /// A stream's state changed.
    pub fn enter(&mut self, stream: &StreamId, state: &State, now: Instant) {
        match state {
            State::Open => self.opened(stream, now),
            State::Paused => self.well(stream, now),
            State::Ended { reason, .. } if reason.is_normal() => self.well(stream, now),
            State::NeedsSignIn { message } | State::Ended { reason: EndReason::Unauthorized, message } => {
                self.outages.remove(stream, now);
                self.streams.insert(stream.clone(), Stand::Refused(message.clone()));
                if !self.hushed.contains(stream) {
                    self.sign_ins.add(stream, message, now, now);
                }
            }
            State::Waiting(wait) => self.lost(stream, &wait.message, now),
            State::Ended { message, .. } => self.lost(stream, message, now),
            State::Offline { .. } => self.lost(stream, &words::offline(), now),
            State::Idle | State::Connecting | State::Refreshing => self.lost(stream, &Text::default(), now),
        }
        self.wake_by(self.outages.due());
        self.wake_by(self.sign_ins.due());
    }

    /// Nothing is said of these streams any more, and again of those that are not among them.
    pub fn hush(&mut self, streams: BTreeSet<StreamId>, now: Instant) {
        let before = std::mem::replace(&mut self.hushed, streams);
        for stream in self.hushed.difference(&before) {
            self.outages.remove(stream, now);
            self.sign_ins.remove(stream, now);
        }
        for stream in before.difference(&self.hushed) {
            if let Some(Stand::Refused(message)) = self.streams.get(stream) {
                self.sign_ins.add(stream, message, now, now);
            }
        }
        self.wake_by(Some(now));
    }

    /// So many events came on a stream.
    pub fn received(&mut self, stream: &StreamId, events: u64) {
        if let Some(Stand::Returning { events: counted, .. }) = self.streams.get_mut(stream) {
            *counted += events;
        }
    }

    /// The machine slept: streams that had no connection before it are out from now on only.
    pub fn slept(&mut self, now: Instant) {
        for stand in self.streams.values_mut() {
            if let Stand::Out(out) = stand {
                out.since = now;
            }
        }
    }

    /// How showing ended; tells whether the alert's number is a notice's.
    pub fn answered(&mut self, number: i64, result: &Result<(), Text>, now: Instant) -> bool {
        let board = match number {
            OUTAGE => &mut self.outages,
            SIGN_IN => &mut self.sign_ins,
            _ => return false,
        };
        if result.is_err() && board.is_shown() {
            board.failed(now);
            let due = board.due();
            self.wake_by(due);
        }
        true
    }

    /// Showing may have become possible again: the service came back, or a pause ended.
    pub fn hurry(&mut self, now: Instant) {
        self.outages.hurry(now);
        self.sign_ins.hurry(now);
        self.wake_by(Some(now));
    }

    /// When [`Notices::tick`] has something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        self.next
    }

    /// Decides what is to be shown and withdrawn; while `silent` nothing is shown. `at` is the time that is shown.
    pub fn tick(&mut self, now: Instant, at: Timestamp, silent: bool) -> Vec<Change> {
        self.settle(now);
        let mut changes = Vec::new();
        self.tell_outages(now, at, silent, &mut changes);
        self.tell_sign_ins(now, at, silent, &mut changes);
        self.plan(now, silent);
        changes
    }

    fn tell_outages(&mut self, now: Instant, at: Timestamp, silent: bool, changes: &mut Vec<Change>) {
        if self.outages.is_empty() {
            if self.outages.clear() {
                let back = std::mem::take(&mut self.back);
                if back.is_empty() || silent {
                    changes.push(Change::Withdraw(slot(OUTAGE)));
                } else {
                    self.withdraw_at = Some(now + RESTORED_FOR);
                    let names = back.keys().cloned().collect();
                    let words = words::restored(&back, self.locale);
                    changes.push(show(OUTAGE, NoticeKind::Restored, names, words, at, true, self.locale));
                }
            }
            self.back.clear();
        } else {
            let replaces = self.outages.is_shown() || self.withdraw_at.is_some();
            if !silent && self.outages.show_now(now) {
                self.withdraw_at = None;
                let names = self.outages.entries().keys().cloned().collect();
                let words = words::outage(self.outages.entries(), now, self.locale);
                changes.push(show(OUTAGE, NoticeKind::Outage, names, words, at, replaces, self.locale));
            }
        }
        if self.withdraw_at.is_some_and(|due| due <= now) {
            self.withdraw_at = None;
            changes.push(Change::Withdraw(slot(OUTAGE)));
        }
    }

    fn tell_sign_ins(&mut self, now: Instant, at: Timestamp, silent: bool, changes: &mut Vec<Change>) {
        if self.sign_ins.is_empty() {
            if self.sign_ins.clear() {
                changes.push(Change::Withdraw(slot(SIGN_IN)));
            }
            return;
        }
        let replaces = self.sign_ins.is_shown();
        if !silent && self.sign_ins.show_now(now) {
            let names = self.sign_ins.entries().keys().cloned().collect();
            let words = words::sign_in(self.sign_ins.entries(), self.locale);
            changes.push(show(SIGN_IN, NoticeKind::SignIn, names, words, at, replaces, self.locale));
        }
    }

    fn opened(&mut self, stream: &StreamId, now: Instant) {
        if self.sign_ins.remove(stream, now) {
            self.wake_by(Some(now));
        }
        match self.streams.remove(stream) {
            Some(Stand::Out(out)) => {
                self.streams.insert(stream.clone(), Stand::Returning { out, opened: now, events: 0 });
                self.wake_by(Some(now + SETTLED));
            }
            Some(returning @ Stand::Returning { .. }) => drop(self.streams.insert(stream.clone(), returning)),
            Some(Stand::Refused(_)) | None => {}
        }
    }

    fn lost(&mut self, stream: &StreamId, cause: &Text, now: Instant) {
        let mut out = match self.streams.remove(stream) {
            Some(Stand::Out(out)) => out,
            Some(Stand::Returning { out, events: 0, opened }) if now < opened + SETTLED => out,
            Some(Stand::Returning { out, opened, events }) => {
                self.come_back(stream, &out, opened, events, now);
                Out { since: now, cause: Text::default() }
            }
            // Until the server lets it in nobody knows whether it is mended.
            Some(refused @ Stand::Refused(_)) => return drop(self.streams.insert(stream.clone(), refused)),
            None => Out { since: now, cause: Text::default() },
        };
        if !cause.is_empty() {
            out.cause = cause.clone();
        }
        if self.outages.has(stream) {
            self.outages.add(stream, cause, out.since, now);
        }
        self.wake_by(self.out_at(stream, &out));
        self.streams.insert(stream.clone(), Stand::Out(out));
    }

    /// It needs nothing, or nobody wants it any more.
    fn well(&mut self, stream: &StreamId, now: Instant) {
        self.streams.remove(stream);
        self.outages.remove(stream, now);
        self.sign_ins.remove(stream, now);
        self.wake_by(Some(now));
    }

    fn come_back(&mut self, stream: &StreamId, out: &Out, opened: Instant, events: u64, now: Instant) {
        if self.outages.remove(stream, now) {
            let after = opened.saturating_duration_since(out.since);
            self.back.insert(stream.clone(), Back { after, events });
            self.wake_by(Some(now));
        }
    }

    /// Takes over what time has made true.
    fn settle(&mut self, now: Instant) {
        for (name, stand) in std::mem::take(&mut self.streams) {
            match stand {
                Stand::Returning { out, opened, events } if opened + SETTLED <= now => {
                    self.come_back(&name, &out, opened, events, now);
                }
                Stand::Out(out) => {
                    if self.out_at(&name, &out).is_some_and(|due| due <= now) {
                        self.back.remove(&name);
                        self.outages.add(&name, &out.cause, out.since, now);
                    }
                    self.streams.insert(name, Stand::Out(out));
                }
                Stand::Returning { .. } | Stand::Refused(_) => drop(self.streams.insert(name, stand)),
            }
        }
    }

    /// When a stream's outage is to be told.
    fn out_at(&self, stream: &StreamId, out: &Out) -> Option<Instant> {
        let after = (*self.after.get(stream)?)?;
        out.since.checked_add(after).filter(|_| !self.hushed.contains(stream))
    }

    fn wake_by(&mut self, at: Option<Instant>) {
        self.next = [self.next, at].into_iter().flatten().min();
    }

    fn plan(&mut self, now: Instant, silent: bool) {
        let streams = self.streams.iter().filter_map(|(name, stand)| match stand {
            Stand::Out(out) if !self.outages.has(name) => self.out_at(name, out),
            Stand::Returning { opened, .. } => Some(*opened + SETTLED),
            Stand::Out(_) | Stand::Refused(_) => None,
        });
        // What waits for the end of a silence is looked at again now and then.
        let held = |due: Instant| if silent { due.max(now + LOOK_AGAIN) } else { due };
        let boards = [self.outages.due().map(held), self.sign_ins.due().map(held), self.withdraw_at];
        self.next = streams.chain(boards.into_iter().flatten()).min();
    }
}

/// The numbers that stand for the two notifications where others have those of their alerts; no alert has them.
const OUTAGE: i64 = i64::MIN;
const SIGN_IN: i64 = i64::MIN + 1;

fn slot(number: i64) -> String {
    (if number == OUTAGE { "notice:outage" } else { "notice:sign-in" }).to_owned()
}

fn show(
    number: i64,
    kind: NoticeKind,
    streams: Vec<StreamId>,
    (title, body): (String, String),
    at: Timestamp,
    replaces: bool,
    locale: Locale,
) -> Change {
    Change::Show(Box::new(Notification {
        slot: slot(number),
        replaces,
        alerts: vec![number],
        title,
        body,
        urgency: Urgency::Normal,
        link: String::new(),
        stream: streams.first().cloned().unwrap_or_else(|| "".into()),
        rule: String::new(),
        seq: 0,
        at,
        look: Box::new(Look { locale, ..Look::default() }),
        notice: Some(Notice { kind, streams }),
    }))
}
