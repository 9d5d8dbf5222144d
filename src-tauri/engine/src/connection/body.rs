//! The body that is open, or was last: what its bytes and its silence say of the connection.

use std::time::{Duration, Instant};

use super::Policy;
use super::heartbeat::Heartbeat;
use crate::backoff::STABLE;
use crate::locale::Text;
use crate::text;

/// After a return of the network an open connection has so long to prove that it lives, or as long as its heartbeat
/// takes.
const PROOF: Duration = Duration::from_secs(20);

/// When bytes came, and what follows where none do.
#[derive(Debug, Clone)]
pub(super) struct Body {
    opened: Instant,
    /// When the last byte came; the opening counts as one.
    heard: Instant,
    bytes_seen: bool,
    /// By when a byte must come that proves it alive.
    proof: Option<Instant>,
    heartbeat: Heartbeat,
    /// Whether the heartbeat is overdue, and was told so.
    overdue: bool,
}

/// What a silence means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// It is longer than usual.
    Overdue,
    /// The proof that it lives did not come.
    Unproven,
    /// It is dead; why, in one line.
    Dead(Text),
}

impl Body {
    pub(super) fn new(now: Instant) -> Self {
        let heartbeat = Heartbeat::new(now);
        Self { opened: now, heard: now, bytes_seen: false, proof: None, heartbeat, overdue: false }
    }

    /// Bytes came; tells whether they ended a silence that was overdue.
    pub(super) fn heard(&mut self, now: Instant) -> bool {
        self.heartbeat.heard(now.saturating_duration_since(self.heard), now);
        self.heard = now;
        self.bytes_seen = true;
        self.proof = None;
        std::mem::take(&mut self.overdue)
    }

    /// The time since the last byte was not the server's.
    pub(super) fn busy(&mut self, now: Instant) {
        self.heartbeat.deaf(now.saturating_duration_since(self.heard), now);
        self.heard = now;
    }

    pub(super) fn bytes_seen(&self) -> bool {
        self.bytes_seen
    }

    pub(super) fn last_heard(&self) -> Instant {
        self.heard
    }

    /// Since when it is silent, where that is overdue.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        self.overdue.then_some(self.heard)
    }

    /// Whether it was good for so long until then that failures before it are forgotten.
    pub(super) fn was_stable(&self, until: Instant) -> bool {
        self.bytes_seen && until.saturating_duration_since(self.opened) >= STABLE
    }

    /// From now on it must prove that it lives, where its silence is watched at all.
    pub(super) fn prove(&mut self, policy: &Policy, now: Instant) {
        let time = self.heartbeat.overdue(self.heard).unwrap_or_default().max(PROOF);
        self.proof = policy.idle_timeout.map(|_| now + time);
    }

    /// When [`Body::silent`] has something to say if no byte comes.
    pub(super) fn deadline(&self, policy: &Policy) -> Option<Instant> {
        let after = |silence: Option<Duration>| silence.and_then(|silence| self.heard.checked_add(silence));
        let overdue = if self.overdue { None } else { after(self.heartbeat.overdue(self.heard)) };
        [after(self.limit(policy)), self.proof, overdue].into_iter().flatten().min()
    }

    /// What its silence means at its deadline.
    pub(super) fn silent(&mut self, policy: &Policy, now: Instant) -> Silence {
        if self.proof.is_some_and(|proof| now >= proof) {
            return Silence::Unproven;
        }
        let limit = self.limit(policy).filter(|limit| now.saturating_duration_since(self.heard) >= *limit);
        let Some(limit) = limit else {
            self.overdue = true;
            return Silence::Overdue;
        };
        let silence = seconds(limit);
        Silence::Dead(match self.heartbeat.usual(self.heard) {
            Some(usual) if policy.idle_timeout != Some(limit) => {
                let usual = seconds(usual);
                text!(
                    "no byte came for {silence}; usually one comes every {usual}",
                    "{silence}内没有收到任何数据，平时每 {usual}就有一次",
                    silence,
                    usual
                )
            }
            Some(_) | None => text!("no byte came for {silence}", "{silence}内没有收到任何数据", silence),
        })
    }

    /// After how long a silence it counts as dead.
    fn limit(&self, policy: &Policy) -> Option<Duration> {
        let limit = policy.idle_timeout?;
        let learned = self.heartbeat.dead(self.heard).filter(|_| policy.learn_idle && !policy.strict);
        Some(learned.map_or(limit, |learned| learned.min(limit)))
    }
}

/// A duration as a message has it, to the second where it is longer than one.
fn seconds(duration: Duration) -> Text {
    let (seconds, milliseconds) = (duration.as_secs(), duration.as_millis());
    if duration.subsec_millis() == 0 || seconds >= 10 {
        text!("{seconds} s", "{seconds} 秒")
    } else {
        text!("{milliseconds} ms", "{milliseconds} 毫秒")
    }
}
