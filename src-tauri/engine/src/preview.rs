//! What a rule would have done with stored events: a rehearsal of the last ones that it is about. Changes nothing.

use std::collections::HashMap;
use std::time::Instant;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::config::{Config, Crosses, RuleConfig, Side, Trigger};
use crate::host::Notification;
use crate::ledger::{LedgerError, Reader};
use crate::locale::Text;
use crate::model::{Event, StoredAlert, StoredEvent, Suppression};
use crate::rehearsal::{Rehearsal, Told};
use crate::rules::{RuleError, Rules, Trace, Verdict};
use crate::text;

/// How many events are listed, and how many alerts that tell that none came.
const LISTED: usize = 100;

/// How many events are tried, so that the rule remembers what it would have.
const TRIED: usize = 2_000;

/// After so long without an event any rule says that none came.
const LONGEST: SignedDuration = SignedDuration::from_hours(32 * 24);

/// How many events are in memory at a time while they are tried.
const STEP: usize = 8;

/// The longest data of an event that is listed, in bytes.
const DATA_CUT: usize = 4_096;

/// What would have happened.
#[derive(Debug, Default)]
pub struct Preview {
    /// The last events of the rule's streams and event names, oldest first, at most 100.
    pub events: Vec<Tried>,
    /// Alerts that tell that nothing came, oldest first, at most 100.
    pub absences: Vec<Made>,
    /// The notifications for all of these, oldest first.
    pub shown: Vec<Notification>,
    /// How many events were tried.
    pub tried: usize,
    /// Whether the time ran out before all were found or tried.
    pub cut: bool,
}

/// An event and what the rule makes of it.
#[derive(Debug)]
pub struct Tried {
    /// The event; its data is cut at 4 KiB.
    pub event: StoredEvent,
    /// How the rule judges it.
    pub trace: Trace,
    /// The alert that it makes.
    pub made: Option<Made>,
}

/// An alert and what becomes of it.
#[derive(Debug)]
pub struct Made {
    /// The alert.
    pub alert: StoredAlert,
    /// Whether it is in a notification; else why not, where that is known.
    pub fate: Result<(), Option<Suppression>>,
}

/// Tries a rule, in the place of the one named `original` or behind all others, on what the ledger has; looks no longer
/// for events than `until`, and lets time pass until `now`. The rule is taken to be on.
///
/// # Errors
/// Where the ledger cannot be read.
pub fn preview(
    reader: &Reader,
    config: &Config,
    (original, rule): (Option<&str>, &RuleConfig),
    (now, zone): (Timestamp, &TimeZone),
    until: Instant,
) -> Result<Preview, LedgerError> {
    let rule = RuleConfig { enabled: true, ..rule.clone() };
    let Ok(mut about) = Rules::compile(std::slice::from_ref(&RuleConfig { resolves: Vec::new(), ..rule.clone() }))
    else {
        return Ok(Preview::default());
    };
    let (seqs, mut cut) = reader.newest(TRIED, until, |stream, event| about.concern(stream, event))?;
    let config = with(config, original, &rule);
    let start = match seqs.first().map(|seq| reader.event(*seq)).transpose()?.flatten() {
        Some(first) => first.event.at,
        None => now,
    };
    let Ok(mut rehearsal) = Rehearsal::new(&config, &start.to_zoned(zone.clone())) else {
        return Ok(Preview::default());
    };
    let (name, mut heard) = (rule.name, Heard::default());
    let (before, listed) = seqs.split_at(seqs.len().saturating_sub(LISTED));
    let mut tried = listed.len();
    for step in before.chunks(STEP) {
        if Instant::now() > until {
            cut = true;
            break;
        }
        for stored in reader.events(step)? {
            heard.note(&name, rehearsal.play(&stored.event, stored.seq));
            tried += 1;
        }
    }
    rehearsal.take_alerts();
    heard.shown.clear();
    let mut preview = Preview { tried, cut, ..Preview::default() };
    let mut made = Vec::new();
    for step in listed.chunks(STEP) {
        for mut event in reader.events(step)? {
            let (told, traces) = rehearsal.explain(&event.event, event.seq);
            heard.note(&name, told);
            made.extend(rehearsal.take_alerts());
            let cut = event.event.data.floor_char_boundary(DATA_CUT);
            event.event.data.truncate(cut);
            event.event.data.shrink_to_fit();
            let trace = traces.into_iter().find(|trace| trace.rule == name);
            preview.events.extend(trace.map(|trace| Tried { event, trace, made: None }));
        }
    }
    heard.note(&name, rehearsal.pass(now));
    made.extend(rehearsal.take_alerts());
    heard.note(&name, rehearsal.finish());
    preview.shown = heard.shown;
    for alert in made.into_iter().filter(|alert| alert.alert.rule == name) {
        let fate = heard.fates.get(&alert.id).copied().unwrap_or(Err(None));
        let event = preview.events.iter_mut().find(|tried| tried.event.seq == alert.seq);
        match event {
            Some(event) => event.made = Some(Made { alert, fate }),
            None => preview.absences.push(Made { alert, fate }),
        }
    }
    let surplus = preview.absences.len().saturating_sub(LISTED);
    preview.absences.drain(..surplus);
    Ok(preview)
}

/// The notification that a rule makes of an event, as if all its conditions held and nothing held it back.
///
/// # Errors
/// Why it makes none, in one line.
pub fn sample(config: &Config, rule: &RuleConfig, event: &Event, zone: &TimeZone) -> Result<Notification, Text> {
    if rule.ignore {
        return Err(text!("this rule ignores events: it shows no notification", "这条规则忽略事件：它不显示通知"));
    }
    let trigger = match &rule.trigger {
        Trigger::Each => Trigger::Each,
        // Any value is beyond.
        Trigger::Crosses(crosses) => {
            let far = if crosses.side == Side::Above { f64::MIN } else { f64::MAX };
            Trigger::Crosses(Crosses { threshold: far, rearm: far, ..crosses.clone() })
        }
        Trigger::Change(_) => {
            return Err(text!(
                "no stored event shows such a change, and one cannot be made up: try it when there is one",
                "已保存的事件中没有这样的变化，也无法凭空构造：等有了再试"
            ));
        }
        Trigger::Expect(expect) => Trigger::Expect(expect.clone()),
    };
    let rule = RuleConfig {
        streams: Vec::new(),
        events: vec!["*".to_owned()],
        trigger,
        pass_quiet_hours: true,
        title: rule.title.clone(),
        body: rule.body.clone(),
        urgency: rule.urgency,
        urgency_from: rule.urgency_from.clone(),
        group: rule.group.clone(),
        link: rule.link.clone(),
        sound: rule.sound.clone(),
        icon: rule.icon.clone(),
        timeout: rule.timeout,
        buttons: rule.buttons.clone(),
        ..RuleConfig::new(&rule.name, &["*"])
    };
    let config = Config { rules: vec![rule], notifications: config.notifications, ..Config::default() };
    let first = |errors: Vec<RuleError>| errors.first().map(RuleError::text).unwrap_or_default();
    let mut rehearsal = Rehearsal::new(&config, &event.at.to_zoned(zone.clone())).map_err(first)?;
    let (mut told, traces) = rehearsal.explain(event, 0);
    if let Some(trace) = traces.iter().find(|trace| trace.verdict == Verdict::Failed) {
        let why = trace.checks.last().map_or_else(Text::default, |check| {
            let (condition, value) = (&check.condition, &check.value);
            text!("{condition}: {value}", "{condition}：{value}", condition, value)
        });
        return Err(text!("this rule cannot be tried on this event: {why}", "无法用这个事件试这条规则：{why}", why));
    }
    if let Ok(later) = event.at.checked_add(LONGEST) {
        told.extend(rehearsal.pass(later));
    }
    told.extend(rehearsal.finish());
    let shown = told.into_iter().find_map(|told| match told {
        Told::Shown { notification, .. } => Some(*notification),
        Told::Suppressed { .. } | Told::Resolved { .. } => None,
    });
    shown.ok_or_else(|| text!("this rule shows no notification of such an event", "这条规则不会为这样的事件显示通知"))
}

/// An event for a rule of which none is stored.
pub fn made_up(rule: &RuleConfig, at: Timestamp) -> Event {
    let plain = |names: &[String]| names.iter().find(|name| !name.contains(['*', '?', '[', '{'])).cloned();
    Event {
        stream: plain(&rule.streams).unwrap_or_else(|| "test".to_owned()).as_str().into(),
        name: plain(&rule.events).unwrap_or_else(|| "test".to_owned()),
        data: "{}".to_owned(),
        id_is_own: false,
        id: String::new(),
        at,
    }
}

/// A configuration with a rule in it.
fn with(config: &Config, original: Option<&str>, rule: &RuleConfig) -> Config {
    let mut config = config.clone();
    match config.rules.iter_mut().find(|known| Some(&*known.name) == original) {
        Some(known) => *known = rule.clone(),
        None => config.rules.push(rule.clone()),
    }
    config
}

/// What a rehearsal told of a rule.
#[derive(Debug, Default)]
struct Heard {
    fates: HashMap<i64, Result<(), Option<Suppression>>>,
    shown: Vec<Notification>,
}

impl Heard {
    fn note(&mut self, rule: &str, told: Vec<Told>) {
        for told in told {
            match told {
                Told::Shown { notification, .. } => {
                    self.fates.extend(notification.alerts.iter().map(|alert| (*alert, Ok(()))));
                    if notification.rule == rule {
                        self.shown.push(*notification);
                    }
                }
                Told::Suppressed { alert, reason, .. } => {
                    self.fates.insert(alert.id, Err(Some(reason)));
                }
                Told::Resolved { .. } => {}
            }
        }
    }
}
