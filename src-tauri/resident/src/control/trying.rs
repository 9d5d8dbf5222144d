//! Calls that try a rule or suggest one, on what the history has. Nothing of it is kept.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use streambell_engine::config::RuleConfig;
use streambell_engine::config::edit;
use streambell_engine::host::{Notice, NoticeKind, Notification, TEST};
use streambell_engine::locale::Locale;
use streambell_engine::model::{Event, StoredEvent};
use streambell_engine::preview::{self, Made, Preview, Tried};
use streambell_engine::suggest;
use streambell_engine::text;
use streambell_protocol::{
    Answer, PreviewAlert, PreviewEvent, PreviewReport, RuleCount, RuleDraft, RuleForm, TileForm,
};

use super::calls::Office;
use super::edits::{faults, invalid, text_of};
use super::refusal::Refusal;
use super::{view, why};

/// How long events are looked for at the most.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The longest data of an event in a preview, in bytes.
const DATA_CUT: usize = 1_024;

/// How far back rules are counted.
const COUNTED: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);

impl Office {
    pub(super) async fn preview_rule(&self, original: Option<String>, draft: RuleDraft) -> Result<Answer, Refusal> {
        let text = text_of(&draft, None).map_err(|error| invalid(&error))?;
        let config = self.shared.engine.config().borrow().clone();
        let report = match edit::check_rule(&config, original.as_deref(), &text) {
            Ok(rule) => report(text, self.rehearsed(original, rule).await?),
            Err(errors) => PreviewReport { faults: faults(&text, &errors), ..report(text, Preview::default()) },
        };
        Ok(Answer::Preview(Box::new(report)))
    }

    pub(super) async fn test_notification(&self, draft: RuleDraft, seq: Option<i64>) -> Result<Answer, Refusal> {
        let text = text_of(&draft, None).map_err(|error| invalid(&error))?;
        let config = self.shared.engine.config().borrow().clone();
        // As if it were another rule: its name may be taken.
        let name = edit::rule_name(&text);
        let rule = edit::check_rule(&config, name.as_deref(), &text);
        let rule = rule.map_err(|mut errors| invalid(&errors.swap_remove(0)))?;
        let mut made = None;
        let event = match seq {
            Some(seq) => self.stored(seq).await?.event,
            None => {
                let mut tried = self.rehearsed(name, rule.clone()).await?;
                made = tried.shown.pop();
                tried.events.pop().map_or_else(|| preview::made_up(&rule, Timestamp::now()), |tried| tried.event.event)
            }
        };
        let notification = match made {
            Some(made) => made,
            None => {
                preview::sample(&config, &rule, &event, &TimeZone::system()).map_err(|why| Refusal::invalid(&why))?
            }
        };
        self.shared.engine.show_test(test(notification, &event, config.locale)).await;
        Ok(Answer::Done)
    }

    pub(super) async fn draft_rule(&self, seq: i64) -> Result<Answer, Refusal> {
        let event = self.stored(seq).await?.event;
        let config = self.shared.engine.config().borrow().clone();
        let taken = |name: &str| config.rules.iter().any(|rule| &*rule.name == name);
        let suggestion = suggest::rule(&event, taken);
        Ok(Answer::RuleForm(Box::new(RuleForm {
            streams: vec![event.stream.to_string()],
            events: vec![streambell_engine::glob::escape(&event.name)],
            preset: suggestion.preset.map(str::to_owned),
            title: suggestion.title,
            body: suggestion.body,
            group: suggestion.group,
            link: suggestion.link,
            ..RuleForm::new(suggestion.name)
        })))
    }

    pub(super) async fn draft_tile(&self, seq: i64) -> Result<Answer, Refusal> {
        let event = self.stored(seq).await?.event;
        let Some(tile) = suggest::tile(&event) else {
            let message =
                text!("there is no number in this event that a tile could show", "这个事件里没有磁贴可以显示的数字");
            return Err(Refusal::invalid(&message));
        };
        Ok(Answer::TileForm(TileForm {
            stream: Some(event.stream.to_string()),
            event: Some(event.name.clone()),
            key: Some(tile.key),
            value: Some(tile.value),
            change: tile.change,
            unit: None,
            label: None,
        }))
    }

    pub(super) async fn rule_counts(&self) -> Result<Answer, Refusal> {
        let counts = self.read(|reader| reader.rule_counts(Timestamp::now() - COUNTED)).await?;
        let count = |count: streambell_engine::ledger::RuleCount| RuleCount {
            rule: count.rule,
            fired: count.fired,
            shown: count.shown,
            last_at_ms: count.last.as_millisecond(),
        };
        Ok(Answer::RuleCounts(counts.into_iter().map(count).collect()))
    }

    /// Tries a rule; one at a time, however many ask.
    async fn rehearsed(&self, original: Option<String>, rule: RuleConfig) -> Result<Preview, Refusal> {
        let config = self.shared.engine.config().borrow().clone();
        let _turn = self.shared.previews.acquire().await;
        let now = Timestamp::now();
        self.read(move |reader| {
            let until = Instant::now() + PATIENCE;
            let zone = TimeZone::system();
            preview::preview(reader, &config, (original.as_deref(), &rule), (now, &zone), until)
        })
        .await
    }

    async fn stored(&self, seq: i64) -> Result<StoredEvent, Refusal> {
        let event = self.read(move |reader| reader.event(seq)).await?;
        event.ok_or_else(Refusal::event_gone)
    }
}

/// A notification that says that it is none.
fn test(from: Notification, event: &Event, locale: Locale) -> Notification {
    let title = &from.title;
    Notification {
        slot: "test".to_owned(),
        replaces: false,
        alerts: vec![TEST],
        title: text!("Test: {title}", "测试：{title}").read(locale).to_owned(),
        notice: Some(Notice { kind: NoticeKind::Test, streams: vec![event.stream.clone()] }),
        ..from
    }
}

fn report(text: String, from: Preview) -> PreviewReport {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    PreviewReport {
        text,
        faults: Vec::new(),
        shown: count(from.shown.len()),
        tried: count(from.tried),
        cut: from.cut,
        events: from.events.iter().rev().map(event).collect(),
        absences: from.absences.iter().rev().map(alert).collect(),
    }
}

fn event(from: &Tried) -> PreviewEvent {
    let Event { stream, name, data, at, .. } = &from.event.event;
    PreviewEvent {
        seq: from.event.seq,
        at_ms: at.as_millisecond(),
        stream: stream.to_string(),
        event: name.clone(),
        data: data[..data.floor_char_boundary(DATA_CUT)].to_owned(),
        verdict: why::verdict(from.trace.verdict),
        stopped_by: from.trace.stopped_by.as_ref().map(ToString::to_string),
        checks: from.trace.checks.iter().map(why::check).collect(),
        alert: from.made.as_ref().map(alert),
    }
}

fn alert(from: &Made) -> PreviewAlert {
    let alert = &from.alert.alert;
    PreviewAlert {
        at_ms: from.alert.at.as_millisecond(),
        title: alert.title.clone(),
        body: alert.body.clone(),
        urgency: view::urgency(alert.urgency),
        group: alert.group.clone(),
        link: alert.link.clone(),
        shown: from.fate.is_ok(),
        reason: view::reason(from.fate.err().flatten()),
    }
}
