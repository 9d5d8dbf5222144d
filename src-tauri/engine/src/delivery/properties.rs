//! What holds for any sequence of alerts, pauses, failures and waiting.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::config::{QuietHours, RuleConfig};
use crate::model::{Alert, AlertState};
use jiff::civil::time;

#[derive(Debug, Clone)]
enum Step {
    Offer(Vec<Given>),
    /// Offers all that is still to be shown again: what failed and what is held back.
    Again,
    /// Waits so many milliseconds, ticking at each deadline on the way, as the engine does.
    Wait(i64),
    /// Of everything, or of one of the streams.
    Pause(Option<usize>, Option<i64>),
    Resume(Option<usize>),
    /// Silences a rule for so long.
    Silence(usize, i64),
    /// What is shown from now on fails, or not.
    Daemon(bool),
    /// What comes from now on cannot be stored, or all that could not be is.
    Ledger(bool),
}

#[derive(Debug, Clone)]
struct Given {
    rule: usize,
    stream: usize,
    group: Option<u8>,
    urgency: Urgency,
    age: i64,
}

const STREAMS: [&str; 2] = ["s", "t"];

/// The rules and their limits; `Free` has none, and the last is not in the configuration.
const RULES: [(&str, Option<Throttle>); 4] = [
    ("Two", Some(Throttle { count: 2, window: Duration::from_secs(3) })),
    ("Free", None),
    ("Slow", Some(Throttle { count: 1, window: Duration::from_secs(600) })),
    ("Gone", Some(Throttle::DEFAULT)),
];

/// When alerts of the rule `Slow` expire.
const EXPIRES: Duration = Duration::from_secs(900);

fn given() -> impl Strategy<Value = Given> {
    let age = prop_oneof![8 => 0..5_000_i64, 1 => 61_000..90_000_i64, 1 => 600_000_000..610_000_000_i64];
    let urgency = prop_oneof![
        1 => Just(Urgency::None), 1 => Just(Urgency::Low), 6 => Just(Urgency::Normal), 2 => Just(Urgency::Critical)
    ];
    (0..RULES.len(), 0..STREAMS.len(), proptest::option::of(0..4_u8), urgency, age)
        .prop_map(|(rule, stream, group, urgency, age)| Given { rule, stream, group, urgency, age })
}

fn stream() -> impl Strategy<Value = Option<usize>> {
    proptest::option::of(0..STREAMS.len())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => proptest::collection::vec(given(), 0..40).prop_map(Step::Offer),
        2 => Just(Step::Again),
        4 => prop_oneof![0..20_i64, 0..15_000_i64, 0..900_000_i64].prop_map(Step::Wait),
        1 => (stream(), proptest::option::of(0..20_000_i64)).prop_map(|(stream, length)| Step::Pause(stream, length)),
        1 => stream().prop_map(Step::Resume),
        1 => (0..RULES.len(), 1..60_000_i64).prop_map(|(rule, length)| Step::Silence(rule, length)),
        1 => any::<bool>().prop_map(Step::Daemon),
        1 => any::<bool>().prop_map(Step::Ledger),
    ]
}

/// A delivery, and what became of all that was offered.
struct World {
    delivery: Delivery,
    now: Zoned,
    works: bool,
    stores: bool,
    /// In the order in which they came, which is that of their numbers once they are stored.
    alerts: Vec<StoredAlert>,
    /// The places of those that could not be stored at first; the numbers of these count down from -1.
    unsaved: Vec<usize>,
    /// How often each alert was decided on, by its place.
    decided: HashMap<usize, u32>,
    shown: Vec<(Timestamp, Notification)>,
}

impl World {
    fn new() -> Self {
        let rule = |(name, throttle): &(&str, _)| RuleConfig {
            throttle: *throttle,
            expires: (*name == "Slow").then_some(EXPIRES),
            ..RuleConfig::new(name, &["*"])
        };
        let quiet_hours = vec![QuietHours::daily(time(12, 5, 0, 0), time(12, 8, 0, 0))];
        let config = Config { rules: RULES[..3].iter().map(rule).collect(), quiet_hours, ..Config::default() };
        let mut delivery = Delivery::default();
        delivery.configure(&config);
        Self {
            delivery,
            now: "2026-11-20T12:00:00Z[UTC]".parse().unwrap(),
            works: true,
            stores: true,
            alerts: Vec::new(),
            unsaved: Vec::new(),
            decided: HashMap::new(),
            shown: Vec::new(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Offer(given) => {
                let first = self.alerts.len();
                for given in given {
                    let alert = self.alert(given);
                    self.alerts.push(alert);
                }
                let decisions = self.delivery.offer(self.alerts[first..].to_vec(), &self.now);
                self.note(decisions);
            }
            Step::Again => {
                let is_pending = |place: &usize| self.alerts[*place].id >= 0 && !self.decided.contains_key(place);
                let pending = (0..self.alerts.len()).filter(is_pending).map(|place| self.alerts[place].clone());
                let pending = pending.collect();
                let decisions = self.delivery.offer(pending, &self.now);
                self.note(decisions);
            }
            Step::Wait(length) => self.wait(self.now.saturating_add(SignedDuration::from_millis(length))),
            Step::Pause(stream, length) => {
                let until =
                    length.map(|length| self.now.saturating_add(SignedDuration::from_millis(length)).timestamp());
                self.delivery.pause(stream.map(|stream| STREAMS[stream].into()), until);
            }
            Step::Resume(stream) => self.delivery.resume(stream.map(|stream| STREAMS[stream].into()).as_ref()),
            Step::Silence(rule, length) => {
                let until = self.now.saturating_add(SignedDuration::from_millis(length)).timestamp();
                let matcher = crate::silence::Matcher::of_rule(RULES[rule].0);
                self.delivery.silences_mut().add(matcher, until, "", self.now.timestamp()).unwrap();
            }
            Step::Daemon(works) => self.works = works,
            Step::Ledger(works) => {
                self.stores = works;
                if works {
                    self.store();
                }
            }
        }
    }

    /// All that could not be stored is now, and what could not be shown of it is offered again.
    fn store(&mut self) {
        let mut stored = HashMap::new();
        for place in &self.unsaved {
            let alert = &mut self.alerts[*place];
            let before = std::mem::replace(&mut alert.id, i64::try_from(*place).unwrap());
            stored.extend((before < 0).then(|| (before, alert.clone())));
        }
        self.delivery.renumber(&stored);
        self.take(Step::Again);
    }

    /// The place of the alert that has this number, or had it.
    fn place(&self, alert: i64) -> usize {
        usize::try_from(alert).unwrap_or_else(|_| self.unsaved[usize::try_from(-alert - 1).unwrap()])
    }

    fn alert(&mut self, given: Given) -> StoredAlert {
        let mut id = i64::try_from(self.alerts.len()).unwrap();
        if !self.stores {
            self.unsaved.push(self.alerts.len());
            id = -i64::try_from(self.unsaved.len()).unwrap();
        }
        let alert = Alert {
            rule: RULES[given.rule].0.into(),
            title: format!("T{id}"),
            body: String::new(),
            urgency: given.urgency,
            group: given.group.map(|group| group.to_string()).unwrap_or_default(),
            ..Alert::default()
        };
        StoredAlert {
            id,
            seq: id,
            at: self.now.saturating_sub(SignedDuration::from_millis(given.age)).timestamp(),
            stream: STREAMS[given.stream].into(),
            event: "e".to_owned(),
            alert,
            state: AlertState::Pending,
            read: false,
            shown_at: None,
            resolved_at: None,
            answer: None,
        }
    }

    fn wait(&mut self, until: Zoned) {
        for _ in 0..10_000 {
            let Some(deadline) = self.delivery.deadline().filter(|deadline| *deadline <= until.timestamp()) else {
                self.now = until;
                return;
            };
            self.now = deadline.max(self.now.timestamp()).to_zoned(self.now.time_zone().clone());
            let decisions = self.delivery.tick(&self.now);
            self.note(decisions);
        }
        panic!("its deadline never passes: {:?}", self.delivery);
    }

    fn note(&mut self, decisions: Vec<Decision>) {
        for decision in decisions {
            match decision {
                Decision::Suppress { alert, .. } => *self.decided.entry(self.place(alert)).or_default() += 1,
                Decision::Show(shown) if self.works => {
                    assert!(!shown.title.is_empty() && !shown.alerts.is_empty());
                    for alert in &shown.alerts {
                        let given = &self.alerts[self.place(*alert)];
                        assert_ne!(given.alert.urgency, Urgency::None);
                        let age = self.now.timestamp().duration_since(given.at);
                        assert!(&*given.alert.rule != "Slow" || age < SignedDuration::try_from(EXPIRES).unwrap());
                        let silenced = self.delivery.silences().match_alert(given, self.now.timestamp());
                        assert!(!silenced && self.delivery.paused(self.now.timestamp()).is_none());
                        *self.decided.entry(self.place(*alert)).or_default() += 1;
                    }
                    self.shown.push((self.now.timestamp(), shown));
                }
                Decision::Show(shown) => self.delivery.failed(&shown.alerts),
            }
        }
    }

    /// Everything works and nothing new comes.
    fn settle(&mut self) {
        self.works = true;
        self.take(Step::Ledger(true));
        self.wait(self.now.saturating_add(SignedDuration::from_hours(100)));
        assert_eq!(self.delivery.deadline(), None);
    }
}

fn most_in_a_window(times: &[Timestamp], window: Duration) -> usize {
    let window = SignedDuration::try_from(window).unwrap();
    let count = |first: &Timestamp| {
        times.iter().filter(|time| (SignedDuration::ZERO..window).contains(&time.duration_since(*first))).count()
    };
    times.iter().map(count).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_alert_is_decided_on_once_in_order_and_within_the_limits(steps in proptest::collection::vec(step(), 1..40)) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
        world.settle();

        for place in 0..world.alerts.len() {
            prop_assert_eq!(world.decided.get(&place), Some(&1), "alert {}", place);
        }
        let times = |wanted: &dyn Fn(&Notification) -> bool| -> Vec<Timestamp> {
            world.shown.iter().filter(|(_, shown)| wanted(shown)).map(|(at, _)| *at).collect()
        };
        for (critical, limit) in [(false, OVERALL), (true, CRITICAL)] {
            let is_critical = move |shown: &Notification| (shown.urgency == Urgency::Critical) == critical;
            let free = |shown: &Notification| RULES.contains(&(shown.rule.as_str(), None));
            let all = times(&|shown| is_critical(shown) && !free(shown));
            prop_assert!(most_in_a_window(&all, limit.window) <= limit.count as usize);
            for (rule, throttle) in RULES {
                let Some(throttle) = throttle else { continue };
                let of_many = |shown: &Notification| shown.slot == "away" || shown.slot.starts_with("summary-of-all");
                let own = times(&|shown| is_critical(shown) && shown.rule == rule && !of_many(shown));
                prop_assert!(most_in_a_window(&own, throttle.window) <= throttle.count as usize, "{rule} {own:?}");
            }
        }
        let mut newest: HashMap<String, i64> = HashMap::new();
        for (_, shown) in &world.shown {
            let known = newest.contains_key(&shown.slot);
            prop_assert!(!shown.replaces || known || !shown.slot.starts_with("group:"), "{shown:?}");
            for alert in shown.alerts.iter().map(|id| &world.alerts[world.place(*id)]) {
                let before = newest.insert(slot(alert), alert.id);
                prop_assert!(before < Some(alert.id), "after {before:?}: {shown:?}");
            }
        }
    }
}
