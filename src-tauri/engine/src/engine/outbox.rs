//! Alerts on their way to the screen: delivery decides, the host shows, the ledger keeps what became of them.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use jiff::{Timestamp, Zoned};

use crate::config::Config;
use crate::delivery::{Decision, Delivery, Waiting};
use crate::host::{Host, Noise, Notification};
use crate::locale::Text;
use crate::model::{AlertState, StoredAlert};
use crate::notices::Change;

/// When showing failed and the host does not say that it is possible again, it is tried after this long, and after
/// twice as long each time until something is shown.
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LONGEST: Duration = Duration::from_secs(60);

/// How many shown alerts are remembered with their notification, to close it when one is read.
const SHOWN_REMEMBERED: usize = 1_000;

/// Delivery, the host, and the alerts between them.
pub(super) struct Outbox {
    delivery: Delivery,
    host: Box<dyn Host>,
    /// Whether anything may be heard.
    sounds: bool,
    /// Alerts that were offered and whose end is not known: held back, or with the host.
    under_way: HashSet<i64>,
    /// Which notification an alert is in, oldest first.
    on_screen: VecDeque<OnScreen>,
    /// When the first of them expires.
    next_expiry: Option<Timestamp>,
    /// How many answers to "what is still to be shown?" are awaited, and what was decided on meanwhile: such an answer
    /// may be from before.
    asked: u32,
    decided: HashSet<i64>,
    trouble: Option<Text>,
    retry_at: Option<Instant>,
    retry_after: Duration,
}

/// An alert that was given to the host to be shown.
#[derive(Debug)]
struct OnScreen {
    alert: i64,
    slot: String,
    expires_at: Option<Timestamp>,
}

/// What the ledger must be told.
pub(super) type Marks = Vec<(i64, AlertState)>;

impl Outbox {
    pub(super) fn new(host: Box<dyn Host>) -> Self {
        Self {
            delivery: Delivery::default(),
            host,
            sounds: true,
            under_way: HashSet::new(),
            on_screen: VecDeque::new(),
            next_expiry: None,
            asked: 0,
            decided: HashSet::new(),
            trouble: None,
            retry_at: None,
            retry_after: RETRY_FIRST,
        }
    }

    pub(super) fn configure(&mut self, config: &Config) {
        self.delivery.configure(config);
        self.sounds = config.notifications.sounds;
    }

    /// What is paused and silenced.
    pub(super) fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// To pause and to silence.
    pub(super) fn delivery_mut(&mut self) -> &mut Delivery {
        &mut self.delivery
    }

    /// Whether notices are held back.
    pub(super) fn is_silent(&self, now: &Zoned) -> bool {
        self.delivery.is_silent(now)
    }

    /// Does what the notices say.
    pub(super) fn tell(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Show(notification) => self.hand_over(*notification),
                Change::Withdraw(slot) => self.host.close(&slot),
            }
        }
    }

    /// Shows a notification of which nothing is kept.
    pub(super) fn show_test(&mut self, notification: Notification) {
        self.hand_over(notification);
    }

    /// The ledger is asked what is still to be shown.
    pub(super) fn asking(&mut self) {
        self.asked += 1;
    }

    /// Decides on what the ledger says is still to be shown, but for what was decided on since it was asked.
    pub(super) fn offer_pending(&mut self, mut alerts: Vec<StoredAlert>, now: &Zoned) -> Marks {
        alerts.retain(|alert| !self.decided.contains(&alert.id));
        self.asked = self.asked.saturating_sub(1);
        if self.asked == 0 {
            self.decided.clear();
        }
        self.offer(alerts, now)
    }

    /// Decides on alerts, oldest first; those under way already are left out.
    pub(super) fn offer(&mut self, alerts: Vec<StoredAlert>, now: &Zoned) -> Marks {
        let new: Vec<_> = alerts.into_iter().filter(|alert| self.under_way.insert(alert.id)).collect();
        if new.is_empty() {
            return Marks::new();
        }
        let decisions = self.delivery.offer(new, now);
        self.obey(decisions)
    }

    /// The same for alerts of events that a server had kept; `resumed`: while nobody listened.
    pub(super) fn offer_kept(&mut self, alerts: Vec<StoredAlert>, resumed: bool, now: &Zoned) -> Marks {
        let new: Vec<_> = alerts.into_iter().filter(|alert| self.under_way.insert(alert.id)).collect();
        if new.is_empty() {
            return Marks::new();
        }
        let decisions = self.delivery.offer_kept(new, resumed, now);
        self.obey(decisions)
    }

    /// When [`Outbox::tick`] is due.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.delivery.deadline().into_iter().chain(self.next_expiry).min()
    }

    /// Decides on what was held back, and withdraws what has expired.
    pub(super) fn tick(&mut self, now: &Zoned) -> Marks {
        if self.next_expiry.is_some_and(|at| at <= now.timestamp()) {
            self.withdraw(|shown| shown.expires_at.is_some_and(|at| at <= now.timestamp()));
        }
        let decisions = self.delivery.tick(now);
        self.obey(decisions)
    }

    /// The host's answer.
    pub(super) fn answered(&mut self, alerts: &[i64], result: Result<(), Text>) -> Marks {
        for alert in alerts {
            self.under_way.remove(alert);
        }
        match result {
            Ok(()) => {
                self.decide(alerts);
                self.replaced_by(alerts);
                self.trouble = None;
                self.retry_after = RETRY_FIRST;
                alerts.iter().map(|alert| (*alert, AlertState::Shown)).collect()
            }
            Err(message) => {
                if self.trouble.as_ref() != Some(&message) {
                    tracing::warn!(%message, "alerts wait until notifications can be shown");
                }
                self.delivery.failed(alerts);
                self.trouble = Some(message);
                self.retry_at.get_or_insert_with(|| Instant::now() + self.retry_after);
                Marks::new()
            }
        }
    }

    /// When the alerts that could not be shown are to be offered again.
    pub(super) fn retry_at(&self) -> Option<Instant> {
        self.retry_at
    }

    /// The alerts that could not be shown are about to be offered again.
    pub(super) fn retrying(&mut self) {
        self.retry_at = None;
        self.retry_after = (self.retry_after * 2).min(RETRY_LONGEST);
    }

    /// Showing became possible again.
    pub(super) fn host_is_back(&mut self) {
        self.trouble = None;
    }

    /// These alerts were stored, by the numbers below zero that they had: from now on they are known by their own.
    pub(super) fn renumber(&mut self, stored: &HashMap<i64, StoredAlert>) {
        self.delivery.renumber(stored);
        for shown in &mut self.on_screen {
            shown.alert = stored.get(&shown.alert).map_or(shown.alert, |stored| stored.id);
        }
        for (before, StoredAlert { id, .. }) in stored {
            if self.under_way.remove(before) {
                self.under_way.insert(*id);
            } else {
                self.decide(&[*id]);
            }
        }
    }

    /// These alerts will never be stored: the ledger has their events from before.
    pub(super) fn forget(&mut self, alerts: &[i64]) {
        self.let_go(alerts);
        self.delivery.failed(alerts);
    }

    /// Takes notifications off the screen whose alerts were read, and shows none of those that wait for their turn.
    pub(super) fn close(&mut self, alerts: &[i64]) {
        self.let_go(alerts);
        let read: HashSet<_> = alerts.iter().copied().collect();
        self.withdraw(|shown| read.contains(&shown.alert));
    }

    fn let_go(&mut self, alerts: &[i64]) {
        for alert in self.delivery.let_go(alerts) {
            self.under_way.remove(&alert);
        }
    }

    /// These are on screen: what was in their place before is not.
    fn replaced_by(&mut self, alerts: &[i64]) {
        let is_of_them = |shown: &OnScreen| alerts.contains(&shown.alert);
        let Some(last) = self.on_screen.iter().rposition(is_of_them) else { return };
        let Some(slot) = self.on_screen.get(last).map(|shown| shown.slot.clone()) else { return };
        let mut place = 0..;
        self.on_screen.retain(|shown| {
            let before = place.next().is_some_and(|place| place < last);
            !before || shown.slot != slot || is_of_them(shown)
        });
    }

    fn decide(&mut self, alerts: &[i64]) {
        if self.asked > 0 {
            self.decided.extend(alerts);
        }
    }

    fn withdraw(&mut self, goes: impl Fn(&OnScreen) -> bool) {
        let (gone, kept): (VecDeque<_>, VecDeque<_>) = self.on_screen.drain(..).partition(goes);
        self.on_screen = kept;
        self.next_expiry = self.on_screen.iter().filter_map(|shown| shown.expires_at).min();
        for OnScreen { slot, .. } in gone {
            // A summary stays while one of its alerts is unread.
            if !self.on_screen.iter().any(|other| other.slot == slot) {
                self.host.close(&slot);
            }
        }
    }

    /// These alerts were resolved: what waits is not shown any more, and what is on screen is taken off.
    pub(super) fn resolved(&mut self, alerts: &[i64]) -> Marks {
        let decisions = self.delivery.resolve(alerts);
        let marks = self.obey(decisions);
        self.close(alerts);
        marks
    }

    /// What an alert that is still to be shown waits for.
    pub(super) fn waiting(&self, alert: i64) -> Waiting {
        match (self.delivery.held_until(alert), &self.trouble) {
            (Some(until), _) => Waiting::Turn { until },
            (None, Some(trouble)) => Waiting::Daemon(trouble.clone()),
            (None, None) => Waiting::Desktop,
        }
    }

    /// Why notifications cannot be shown.
    pub(super) fn trouble(&self) -> Option<&Text> {
        self.trouble.as_ref()
    }

    fn obey(&mut self, decisions: Vec<Decision>) -> Marks {
        let mut marks = Marks::new();
        for decision in decisions {
            match decision {
                Decision::Show(notification) => self.show(notification),
                Decision::Suppress { alert, reason } => {
                    self.under_way.remove(&alert);
                    self.decide(&[alert]);
                    marks.push((alert, AlertState::Suppressed(reason)));
                }
            }
        }
        marks
    }

    fn show(&mut self, notification: Notification) {
        for alert in &notification.alerts {
            if self.on_screen.len() == SHOWN_REMEMBERED {
                self.on_screen.pop_front();
            }
            let (slot, expires_at) = (notification.slot.clone(), notification.look.expires_at);
            self.next_expiry = self.next_expiry.into_iter().chain(expires_at).min();
            self.on_screen.push_back(OnScreen { alert: *alert, slot, expires_at });
        }
        self.hand_over(notification);
    }
    /// Everything that is shown comes by here.
    fn hand_over(&mut self, mut notification: Notification) {
        if !self.sounds {
            notification.look.noise = Noise::Silent;
        }
        self.host.show(notification);
    }
}
