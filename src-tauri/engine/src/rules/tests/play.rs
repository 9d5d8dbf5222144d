//! Rules in a play.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::config::{Config, parse};

pub(super) const START: &str = "2026-11-20T00:00:00Z";

/// Rules in a play: time is what the play says.
pub(super) struct Play {
    pub(super) rules: Rules,
    pub(super) config: Config,
    told: Vec<String>,
}

pub(super) fn at(time: &str) -> Timestamp {
    match time.parse() {
        Ok(at) => at,
        Err(_) => format!("2026-11-20T{time}Z").parse().unwrap(),
    }
}

pub(super) fn utc(now: Timestamp) -> Zoned {
    now.to_zoned(TimeZone::UTC)
}

pub(super) fn config(rules: &str) -> Config {
    let streams = "version = 1\n[[stream]]\nname = \"market\"\nurl = \"http://h/\"\n[[stream]]\nname = \"ops\"\nurl = \"http://o/\"\n";
    parse(&format!("{streams}{rules}")).unwrap_or_else(|errors| panic!("{rules}: {errors:?}"))
}

impl Play {
    pub(super) fn new(rules: &str) -> Self {
        Self::speaking(Locale::English, rules)
    }

    pub(super) fn speaking(locale: Locale, rules: &str) -> Self {
        let config = Config { locale, ..config(rules) };
        let mut play = Self { rules: Rules::default(), config, told: Vec::new() };
        play.rules.configure(&play.config, &utc(at(START))).unwrap();
        play
    }

    /// Ends the program and starts it again, with what was kept.
    pub(super) fn restart(&mut self, time: &str) {
        let kept = self.rules.take_memories(false);
        self.rules = Rules::default();
        self.rules.configure(&self.config, &utc(at(time))).unwrap();
        self.rules.restore(kept);
    }

    pub(super) fn event(&mut self, time: &str, stream: &str, name: &str, data: &str) {
        self.until(time);
        let event = Event { stream: stream.into(), at: at(time), ..event(name, data) };
        let Outcome { alerts, resolutions, .. } = self.rules.judge(&event);
        let short = |time: &str| time.trim_start_matches("2026-11-").to_owned();
        for resolution in resolutions {
            self.told
                .push(format!("{} over: {} {}", short(time), resolution.rule, resolution.group).trim_end().to_owned());
        }
        for alert in alerts {
            self.told.push(format!("{} {}", short(time), alert.title));
        }
    }

    /// A value of BTC.
    pub(super) fn price(&mut self, time: &str, price: f64) {
        self.event(time, "market", "price-update", &format!(r#"{{"symbol":"BTC","price":{price}}}"#));
    }

    /// Lets time pass, with all that is due meanwhile.
    pub(super) fn until(&mut self, time: &str) {
        let end = at(time);
        for _ in 0..10_000 {
            let Some(due) = self.rules.deadline().filter(|due| *due <= end) else { return };
            self.tick(due);
        }
        panic!("it spins");
    }

    /// Looks once, however late it is: the machine slept.
    pub(super) fn tick(&mut self, now: Timestamp) {
        for absence in self.rules.tick(&utc(now)) {
            let body = absence.alert.body.replace('\n', " / ");
            let time = now.strftime("%d %H:%M:%S");
            self.told.push(format!("{time} {} ({body}) on {}", absence.alert.title, absence.event.stream));
        }
    }

    pub(super) fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }
}
