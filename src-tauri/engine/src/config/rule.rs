//! One `[[rule]]`: what it says, and how it is read.

use std::sync::Arc;
use std::time::Duration;

use super::duration::parse_duration;
use super::fault::quoted;
use super::field::Fields;
use super::matching::{self, FieldMatch};
use super::notification::{self, Button, IconSource, Sound, Timeout};
use super::trigger::{self, Trigger};
use super::{absence, check, preset};
use crate::locale::Locale;
use crate::locale::Text;
use crate::model::Urgency;
use crate::text;

/// The shortest and longest time that a rule rests after it fired.
const COOLDOWN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(31 * 86_400));

/// What a rule says about its alerts, of which one that ignores events makes none.
const ABOUT_ALERTS: [&str; 22] = [
    "preset",
    "crosses",
    "change",
    "expect",
    "cooldown",
    "resolved_when",
    "resolved",
    "resolves",
    "title",
    "body",
    "urgency",
    "group",
    "link",
    "throttle",
    "quiet_hours",
    "expires",
    "sound",
    "icon",
    "timeout",
    "buttons",
    "run",
    "stop",
];

/// What turns an event into an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleConfig {
    /// Its name: unique among rules, else as a stream's.
    pub name: Arc<str>,
    /// Whether it is looked at. Default: true.
    pub enabled: bool,
    /// Names or globs of streams, one of which must match; every stream without any.
    pub streams: Vec<String>,
    /// Event name globs, one of which must match. Default: `*`.
    pub events: Vec<String>,
    /// What fields of the data must be; all must hold.
    pub fields: Vec<FieldMatch>,
    /// Pieces of text, one of which must be in the data, whatever its case; one with `*` in it is a glob for the whole.
    pub text: Vec<String>,
    /// A minijinja expression that must be true.
    pub when: Option<String>,
    /// What makes it fire, of the events for which all that holds. Default: each of them.
    pub trigger: Trigger,
    /// For so long after it fired it does not fire again for the same group. 1 s to 31 days.
    pub cooldown: Option<Duration>,
    /// Whether later rules do not see an event for which its conditions hold. Default: false.
    pub stop: bool,
    /// Whether it makes nothing of an event for which its conditions hold, and later rules do not see it either. Such a
    /// rule has conditions only. Default: false.
    pub ignore: bool,
    /// A minijinja expression; an event for which it is true resolves the open alerts of its group instead of firing.
    pub resolved_when: Option<String>,
    /// A minijinja template: the title of a notification that takes the place of one whose alert is resolved. Without
    /// it the notification is only taken away.
    pub resolved: Option<String>,
    /// Rules whose open alerts of the same group are resolved when this one fires. Such a rule makes an alert of its
    /// own only where its title is not empty.
    pub resolves: Vec<Arc<str>>,
    /// A minijinja template. Default: `{{ event }}`.
    pub title: String,
    /// A minijinja template. Default: `{{ text }}`.
    pub body: String,
    /// How loud. Default: normal.
    pub urgency: Urgency,
    /// A minijinja template that makes the word for how loud; what else it makes counts as [`Self::urgency`].
    pub urgency_from: Option<String>,
    /// A minijinja template; alerts with the same result replace each other's notification.
    pub group: Option<String>,
    /// A minijinja template for an http or https address.
    pub link: Option<String>,
    /// How many notifications at most. Default: 5 per 10 s.
    pub throttle: Option<Throttle>,
    /// Whether it is shown in quiet hours too. Default: false; critical alerts are shown always.
    pub pass_quiet_hours: bool,
    /// So long after its event an alert is not shown any more, and taken off the screen. 1 s to 7 days.
    pub expires: Option<Duration>,
    /// What is heard. Default: what the desktop does.
    pub sound: Option<Sound>,
    /// The icon. Default: the program's.
    pub icon: Option<IconSource>,
    /// How long a notification stays on screen. Default: by its urgency,
    /// [`Notifications::timeouts`](super::Notifications::timeouts).
    pub timeout: Option<Timeout>,
    /// The buttons, in order; six at the most. Default: open the dashboard, and the link where there is one.
    pub buttons: Option<Vec<Button>>,
    /// A program and its arguments, started without a shell for each alert once that is stored; none where empty.
    pub run: Vec<String>,
}

impl RuleConfig {
    /// A rule for these events with every default.
    pub fn new(name: &str, events: &[&str]) -> Self {
        Self {
            name: name.into(),
            enabled: true,
            streams: Vec::new(),
            events: events.iter().map(|glob| (*glob).to_owned()).collect(),
            fields: Vec::new(),
            text: Vec::new(),
            when: None,
            trigger: Trigger::Each,
            cooldown: None,
            stop: false,
            ignore: false,
            resolved_when: None,
            resolved: None,
            resolves: Vec::new(),
            title: "{{ event }}".to_owned(),
            body: "{{ text }}".to_owned(),
            urgency: Urgency::Normal,
            urgency_from: None,
            group: None,
            link: None,
            throttle: Some(Throttle::DEFAULT),
            pass_quiet_hours: false,
            expires: None,
            sound: None,
            icon: None,
            timeout: None,
            buttons: None,
            run: Vec::new(),
        }
    }
}

/// At most `count` notifications in any `window`; the rest become one summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// 1 to 1,000.
    pub count: u32,
    /// 1 s to 1 day.
    pub window: Duration,
}

impl Throttle {
    /// What a rule has that does not say.
    pub const DEFAULT: Self = Self { count: 5, window: Duration::from_secs(10) };
}

/// A rule, and where its fields are, for faults that show only when it is compiled.
pub(super) struct ReadRule {
    /// The rule. Where a field is wrong that is noted and its default stands in.
    pub(super) rule: RuleConfig,
    /// The streams that it names, and where.
    pub(super) streams: Vec<(String, usize)>,
    /// The rules that it resolves, and where.
    pub(super) resolves: Vec<(String, usize)>,
    at: usize,
    places: Vec<(&'static str, usize)>,
}

impl ReadRule {
    /// Where a field stands; the rule itself where the field is not written.
    pub(super) fn place(&self, field: &str) -> usize {
        self.places.iter().find(|(name, _)| *name == field).map_or(self.at, |(_, at)| *at)
    }
}

/// A rule.
pub(super) fn rule(fields: &mut Fields<'_>) -> ReadRule {
    let name = fields.need("name").and_then(|field| field.read(check::name));
    let preset = fields.get("preset").and_then(|field| field.read(preset::preset));
    let plain = || RuleConfig::new("", &["*"]);
    let rule = RuleConfig { name: name.unwrap_or_default().into(), ..preset.unwrap_or_else(plain) };
    let mut read = fill(fields, rule);
    if let Some(ignore) = fields.get("ignore").and_then(|field| field.flag()) {
        read.rule.ignore = ignore;
    }
    if read.rule.ignore {
        for field in ABOUT_ALERTS.into_iter().filter_map(|key| fields.get(key)) {
            field.wrong(text!(
                "does not go with ignore = true: such a rule makes no alert, and later rules see nothing of it",
                "不能与 ignore = true 一起使用：这样的规则不产生提醒，后面的规则也看不到该事件"
            ));
        }
    }
    read
}

/// What the fields say, on top of what a rule is without them.
pub(super) fn fill(fields: &mut Fields<'_>, rule: RuleConfig) -> ReadRule {
    let mut read = ReadRule { rule, streams: Vec::new(), resolves: Vec::new(), at: fields.at, places: Vec::new() };
    conditions(fields, &mut read);
    let rule = &mut read.rule;
    if let Some(enabled) = fields.get("enabled").and_then(|field| field.flag()) {
        rule.enabled = enabled;
    }
    if matches!(rule.trigger, Trigger::Expect(_)) {
        let (title, body) = absence::not_seen(Locale::English);
        (rule.title, rule.body) = (title.to_owned(), body.to_owned());
    } else if !rule.resolves.is_empty() {
        rule.title.clear();
    }
    for (key, place) in [("title", &mut rule.title), ("body", &mut rule.body)] {
        if let Some((text, at)) = text(fields, key) {
            *place = text;
            read.places.push((key, at));
        }
    }
    let optional = [
        ("when", &mut rule.when),
        ("group", &mut rule.group),
        ("link", &mut rule.link),
        ("resolved_when", &mut rule.resolved_when),
        ("resolved", &mut rule.resolved),
    ];
    for (key, place) in optional {
        if let Some((text, at)) = text(fields, key) {
            *place = Some(text);
            read.places.push((key, at));
        }
    }
    let urgencies = Urgency::ALL.map(|urgency| (urgency.as_str(), urgency));
    if let Some(field) = fields.get("urgency") {
        if field.is_text() && field.text().is_some_and(|text| text.contains("{{") || text.contains("{%")) {
            rule.urgency_from = field.text().map(str::to_owned);
            read.places.push(("urgency", field.at));
        } else if let Some(urgency) = field.choice(&urgencies) {
            (rule.urgency, rule.urgency_from) = (urgency, None);
        }
    }
    if let Some(cooldown) = fields.get("cooldown").and_then(|field| field.duration(COOLDOWN.0..=COOLDOWN.1)) {
        rule.cooldown = Some(cooldown);
    }
    if let Some(stop) = fields.get("stop").and_then(|field| field.flag()) {
        rule.stop = stop;
    }
    if let Some(throttle) = fields.get("throttle").and_then(|field| field.read(throttle)) {
        rule.throttle = throttle;
    }
    let quiet = [("pass", true), ("hold", false)];
    if let Some(pass) = fields.get("quiet_hours").and_then(|field| field.choice(&quiet)) {
        rule.pass_quiet_hours = pass;
    }
    notification::of_rule(fields, rule, &mut read.places);
    read
}

/// Which events it is about.
fn conditions(fields: &mut Fields<'_>, read: &mut ReadRule) {
    let rule = &mut read.rule;
    read.streams = named(fields, "stream");
    if !read.streams.is_empty() {
        rule.streams = read.streams.iter().map(|(stream, _)| stream.clone()).collect();
    }
    if let Some(field) = fields.get("event") {
        match field.texts(check::glob) {
            Some(events) if events.is_empty() => {
                field.wrong(text!("must name an event; \"*\" is every event", "必须写明一个事件；\"*\" 表示所有事件"));
            }
            Some(events) => rule.events = events,
            None => {}
        }
        read.places.push(("event", field.at));
    }
    if let Some(matches) = fields.get("match").and_then(matching::fields) {
        rule.fields = matches;
    }
    if let Some(field) = fields.get("text") {
        let piece = |text: &str| match text {
            "" => Err(text!("must not be empty", "不能为空")),
            glob if glob.contains('*') => check::glob(glob),
            plain => Ok(plain.to_owned()),
        };
        if let Some(text) = field.texts(piece) {
            rule.text = text;
        }
    }
    if let Some(trigger) = trigger::trigger(fields) {
        rule.trigger = trigger;
    }
    read.resolves = named(fields, "resolves");
    if !read.resolves.is_empty() {
        rule.resolves = read.resolves.iter().map(|(rule, _)| rule.as_str().into()).collect();
    }
}

/// One name or several, and where each stands.
fn named(fields: &mut Fields<'_>, key: &'static str) -> Vec<(String, usize)> {
    let Some(field) = fields.get(key) else { return Vec::new() };
    let elements = if field.is_list() { field.list().unwrap_or_default() } else { vec![field] };
    if elements.is_empty() {
        field.wrong(text!("must name one, or be left out", "必须至少写一个，或者去掉这一项"));
    }
    elements.iter().filter_map(|element| Some((element.word()?, element.at))).collect()
}

fn text(fields: &mut Fields<'_>, key: &'static str) -> Option<(String, usize)> {
    let field = fields.get(key)?;
    Some((field.text()?.to_owned(), field.at))
}

fn throttle(text: &str) -> Result<Option<Throttle>, Text> {
    if text == "off" {
        return Ok(None);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let &[count, "per", window] = words.as_slice() else {
        let given = quoted(text);
        return Err(text!(
            "{given} is no throttle: write \"5 per 1m\" or \"off\"",
            "{given} 不是限流：请写成 \"5 per 1m\" 或 \"off\""
        ));
    };
    let count = count.parse().ok().filter(|count| (1..=1_000).contains(count));
    let count = count.ok_or_else(|| text!("the number must be 1 to 1000", "次数必须在 1 到 1000 之间"))?;
    let window = parse_duration(window)?;
    if !(Duration::from_secs(1)..=Duration::from_secs(86_400)).contains(&window) {
        return Err(text!("the time must be 1s to 1d", "时间必须在 1s 到 1d 之间"));
    }
    Ok(Some(Throttle { count, window }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttle_is_a_number_per_time_or_off() {
        assert_eq!(throttle("off"), Ok(None));
        assert_eq!(throttle("5 per 1m"), Ok(Some(Throttle { count: 5, window: Duration::from_secs(60) })));
        assert_eq!(throttle(" 1  per 24h "), Ok(Some(Throttle { count: 1, window: Duration::from_secs(86_400) })));
        for bad in
            ["", "5", "5 per", "5/1m", "0 per 1m", "1001 per 1m", "5 per 0", "5 per 999ms", "5 per 2d", "-1 per 1m"]
        {
            assert!(throttle(bad).is_err(), "{bad}");
        }
    }
}
