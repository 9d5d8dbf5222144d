//! The machine itself: one method per kind of input.

mod signals;

use std::time::{Duration, Instant};

use super::body::{Body, Silence};
use super::{Action, EndReason, Input, Policy, Refusal, State, Wait, WaitReason};
use crate::backoff::Backoff;
use crate::locale::Text;
use crate::text;

/// Offline is what the system says, and a vault that is not there may come: a try is made every so often.
const DOUBT: Duration = Duration::from_mins(1);
/// Something that is no event stream answers in place of a server that had one (a captive portal): no sooner than so.
const SLOW: Duration = Duration::from_mins(1);
/// A refresh is not followed by another within so long, unless a connection opened in between.
const REFRESH_PAUSE: Duration = Duration::from_mins(1);

/// One stream's life.
#[derive(Debug, Clone)]
pub struct Connection {
    policy: Policy,
    state: State,
    backoff: Backoff,
    /// When a state other than open ends by itself.
    timer: Option<Instant>,
    /// Whether the wait that runs leads to a refresh, not to a connect.
    refresh_next: bool,
    refreshed_at: Option<Instant>,
    /// Whether a connection opened since then.
    opened_since: bool,
    secret_changed: bool,
    ever_open: bool,
    /// False from the system's word that there is no network until its next, or until a server proves it wrong.
    online: bool,
    /// The one that is open, or was last.
    body: Option<Body>,
}

impl Connection {
    /// A stream that has not started.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            state: State::Idle,
            backoff: Backoff::new(policy.retry, policy.strict),
            timer: None,
            refresh_next: false,
            refreshed_at: None,
            opened_since: false,
            secret_changed: false,
            ever_open: false,
            online: true,
            body: None,
        }
    }

    /// Where the stream is in its life.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// When [`Input::Timer`] is due. While open, bytes move it later, so an alarm set once may fire early; set it anew
    /// then.
    pub fn deadline(&self) -> Option<Instant> {
        if self.state != State::Open {
            return self.timer;
        }
        self.body.as_ref()?.deadline(&self.policy)
    }

    /// Since when the open stream is silent, where that is longer than it usually is: its heartbeat is overdue, and the
    /// connection not given up yet.
    pub fn quiet_since(&self) -> Option<Instant> {
        self.body.as_ref().filter(|_| self.state == State::Open)?.quiet_since()
    }

    /// Takes what happened at `now`; `chance`, in 0..1, spreads the delay where one begins.
    pub fn handle(&mut self, input: Input, now: Instant, chance: f64) -> Vec<Action> {
        // The system knows its own networks; a tunnel, or one that somebody else set up, may reach the server still.
        self.online |= input.is_from_the_server();
        match input {
            Input::Start => {
                if self.state == State::Idle {
                    self.connect()
                } else {
                    Vec::new()
                }
            }
            Input::Opened => self.opened(now),
            Input::Bytes => {
                let overdue = self.body.as_mut().is_some_and(|body| body.heard(now));
                if overdue { vec![Action::ReportQuiet] } else { Vec::new() }
            }
            Input::Busy => {
                if let Some(body) = &mut self.body {
                    body.busy(now);
                }
                Vec::new()
            }
            Input::Retry(retry) => {
                self.backoff.server_asked(retry);
                Vec::new()
            }
            Input::EndOfBody => self.end_of_body(now, chance),
            Input::Failed(refusal) => self.failed(refusal, now, chance),
            Input::Refreshed(result) => self.refreshed(result, now, chance),
            Input::Timer => self.timer(now, chance),
            Input::SecretChanged => self.secret_changed(),
            Input::Reconnect => self.reconnect(),
            Input::Woke => self.woke(),
            Input::NetworkUp => self.network_up(now),
            Input::NetworkDown => self.network_down(now),
        }
    }

    fn opened(&mut self, now: Instant) -> Vec<Action> {
        if self.state != State::Connecting {
            return Vec::new();
        }
        self.ever_open = true;
        self.opened_since = true;
        self.body = Some(Body::new(now));
        self.enter(State::Open)
    }

    /// A clean end is normal; only one before the first byte counts as a failure, so that a server which accepts and
    /// drops is not redialled at full pace for ever.
    fn end_of_body(&mut self, now: Instant, chance: f64) -> Vec<Action> {
        if self.state != State::Open {
            return Vec::new();
        }
        if !self.body.as_ref().is_some_and(Body::bytes_seen) {
            let message =
                text!("the server ended the stream before it sent anything", "服务器未发送任何内容就结束了流");
            return self.wait(WaitReason::EndOfStream, message, None, now, chance);
        }
        self.forget_failures(now);
        let delay = self.backoff.ended(chance);
        let message = text!("the server ended the stream", "服务器结束了流");
        self.begin_wait(WaitReason::EndOfStream, message, delay, 0, now)
    }

    fn failed(&mut self, refusal: Refusal, now: Instant, chance: f64) -> Vec<Action> {
        if !matches!(self.state, State::Connecting | State::Open) {
            return Vec::new();
        }
        let strict = self.policy.strict;
        match refusal {
            Refusal::Network(_) if !self.online => self.offline(now + DOUBT),
            Refusal::Network(message) => self.wait(WaitReason::Network, message, None, now, chance),
            Refusal::Tls(message) => self.wait(WaitReason::Tls, message, None, now, chance),
            Refusal::Idle(message) => self.wait(WaitReason::Idle, message, None, now, chance),
            Refusal::Status { status: 204, message, .. } => self.end(EndReason::NoContent, message),
            Refusal::Status { status: 401 | 403, message, .. } if strict => self.end(EndReason::Unauthorized, message),
            // A server that takes a new token and then says on the stream itself that it is none does so each time.
            Refusal::Status { status: 401, message, .. } if self.policy.refresh && self.is_refused_within(now) => {
                self.refresh_later(message, now, chance)
            }
            Refusal::Status { status: 401, .. } if self.may_refresh(now) => self.refresh(),
            Refusal::Status { status: 401 | 403, message, .. } => self.enter(State::NeedsSignIn { message }),
            Refusal::Status { status, retry_after, message } if !strict && is_retryable(status) => {
                self.wait(WaitReason::Status, message, retry_after, now, chance)
            }
            Refusal::Status { message, .. } => self.end(EndReason::Status, message),
            Refusal::ContentType(message) if !strict && self.ever_open => {
                self.wait(WaitReason::Status, message, Some(SLOW), now, chance)
            }
            Refusal::ContentType(message) => self.end(EndReason::ContentType, message),
            Refusal::Redirect(message) => self.end(EndReason::Redirect, message),
            Refusal::Finished(message) => self.end(EndReason::Finished, message),
            Refusal::BadUrl(message) => self.end(EndReason::BadUrl, message),
            Refusal::NoToken(_) if self.may_refresh(now) => self.refresh(),
            // What was fetched a moment ago is over already: not without a pause again.
            Refusal::NoToken(message) if self.policy.refresh => self.refresh_later(message, now, chance),
            Refusal::Secret(message) | Refusal::NoToken(message) => self.enter(State::NeedsSignIn { message }),
            Refusal::NoVault(message) => self.sign_in_later(message, now),
        }
    }

    fn refreshed(&mut self, result: Result<(), Refusal>, now: Instant, chance: f64) -> Vec<Action> {
        if self.state != State::Refreshing {
            return Vec::new();
        }
        if std::mem::take(&mut self.secret_changed) {
            return self.connect();
        }
        match result {
            Ok(()) => {
                self.refreshed_at = Some(now);
                self.opened_since = false;
                self.connect()
            }
            Err(refusal) => {
                let (reason, retry_after, message) = match refusal {
                    Refusal::Network(_) if !self.online => {
                        let actions = self.offline(now + DOUBT);
                        self.refresh_next = true;
                        return actions;
                    }
                    Refusal::Network(message) => (WaitReason::Network, None, message),
                    Refusal::Idle(message) => (WaitReason::Idle, None, message),
                    Refusal::Tls(message) => (WaitReason::Tls, None, message),
                    Refusal::Status { status, retry_after, message } if is_retryable(status) => {
                        (WaitReason::Status, retry_after, message)
                    }
                    Refusal::Status { message, .. }
                    | Refusal::ContentType(message)
                    | Refusal::Redirect(message)
                    | Refusal::BadUrl(message)
                    | Refusal::Secret(message)
                    | Refusal::Finished(message)
                    | Refusal::NoToken(message) => return self.enter(State::NeedsSignIn { message }),
                    Refusal::NoVault(message) => return self.sign_in_later(message, now),
                };
                let actions = self.wait(reason, message, retry_after, now, chance);
                self.refresh_next = true;
                actions
            }
        }
    }

    fn timer(&mut self, now: Instant, chance: f64) -> Vec<Action> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Vec::new();
        }
        match self.state {
            State::Waiting(_) | State::Offline { .. } if self.refresh_next => self.refresh(),
            State::Waiting(_) | State::Offline { .. } | State::NeedsSignIn { .. } => self.connect(),
            State::Open => self.silent(now, chance),
            State::Idle | State::Connecting | State::Refreshing | State::Ended { .. } | State::Paused => Vec::new(),
        }
    }

    /// An open stream has been silent for too long.
    fn silent(&mut self, now: Instant, chance: f64) -> Vec<Action> {
        match self.body.as_mut().map(|body| body.silent(&self.policy, now)) {
            None => Vec::new(),
            Some(Silence::Overdue) => vec![Action::ReportQuiet],
            Some(Silence::Unproven) => self.reconnect(),
            Some(Silence::Dead(message)) => {
                let mut actions = vec![Action::Close];
                actions.extend(self.wait(WaitReason::Idle, message, None, now, chance));
                actions
            }
        }
    }

    fn connect(&mut self) -> Vec<Action> {
        let mut actions = self.enter(State::Connecting);
        actions.push(Action::Connect);
        actions
    }

    fn refresh(&mut self) -> Vec<Action> {
        let mut actions = self.enter(State::Refreshing);
        actions.push(Action::Refresh);
        actions
    }

    fn sign_in_later(&mut self, message: Text, now: Instant) -> Vec<Action> {
        let actions = self.enter(State::NeedsSignIn { message });
        self.timer = Some(now + DOUBT);
        actions
    }

    fn offline(&mut self, until: Instant) -> Vec<Action> {
        let actions = self.enter(State::Offline { until });
        self.timer = Some(until);
        actions
    }

    fn end(&mut self, reason: EndReason, message: Text) -> Vec<Action> {
        self.enter(State::Ended { reason, message })
    }

    /// Waits after a failure.
    fn wait(
        &mut self,
        reason: WaitReason,
        message: Text,
        floor: Option<Duration>,
        now: Instant,
        chance: f64,
    ) -> Vec<Action> {
        if self.state == State::Open {
            // A connection that fell silent was good until its last byte, not until somebody noticed.
            let heard = self.body.as_ref().map(Body::last_heard);
            let good_until = heard.filter(|_| reason == WaitReason::Idle).unwrap_or(now);
            self.forget_failures(good_until);
        }
        let delay = self.backoff.failed(floor, chance);
        self.begin_wait(reason, message, delay, self.backoff.failures(), now)
    }

    fn begin_wait(
        &mut self,
        reason: WaitReason,
        message: Text,
        delay: Duration,
        attempt: u32,
        now: Instant,
    ) -> Vec<Action> {
        let until = now + delay;
        let actions = self.enter(State::Waiting(Wait { until, delay, reason, message, attempt }));
        self.timer = Some(until);
        actions
    }

    fn enter(&mut self, state: State) -> Vec<Action> {
        self.timer = None;
        self.refresh_next = false;
        self.state = state;
        vec![Action::Report]
    }

    fn forget_failures(&mut self, good_until: Instant) {
        if self.body.as_ref().is_some_and(|body| body.was_stable(good_until)) {
            self.backoff.forget();
        }
    }

    /// Refreshes after a pause that grows.
    fn refresh_later(&mut self, message: Text, now: Instant, chance: f64) -> Vec<Action> {
        let actions = self.wait(WaitReason::Status, message, None, now, chance);
        self.refresh_next = true;
        actions
    }

    fn may_refresh(&self, now: Instant) -> bool {
        self.policy.refresh && (self.opened_since || !self.just_refreshed(now))
    }

    /// Whether a connection that is open is refused soon after a refresh.
    fn is_refused_within(&self, now: Instant) -> bool {
        self.state == State::Open && self.just_refreshed(now)
    }

    fn just_refreshed(&self, now: Instant) -> bool {
        self.refreshed_at.is_some_and(|at| now.saturating_duration_since(at) < REFRESH_PAUSE)
    }
}

/// Whether a status may be another the next time (RFC 9110, 15; RFC 8470, 5.2; RFC 6585, 4).
fn is_retryable(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}
