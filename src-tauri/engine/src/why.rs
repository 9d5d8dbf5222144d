//! Why a person was or was not told of an event: the rules in force judge the stored event again and say how, and the
//! ledger says what became of the alerts that were made then.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::Config;
use crate::ledger::{LedgerError, Query, Reader};
use crate::model::{StoredAlert, StoredEvent};
use crate::rules::{Rules, Trace};

/// So many events before it are judged first, so that rules remember what they would have.
const BEFORE: u32 = 2_000;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The event; `None` where it is not stored, or there was none: then only its alerts are known.
    pub event: Option<StoredEvent>,
    /// How the rules in force judge it, in their order; none where there is no event.
    pub traces: Vec<Trace>,
    /// The alerts that were made of it when it came.
    pub alerts: Vec<StoredAlert>,
    /// The rules that judge it otherwise now than then: they were changed since, or remembered more.
    pub differ: Vec<Arc<str>>,
}

/// Explains one event of the ledger. `None` where nothing of that number is known.
///
/// # Errors
/// Where the ledger cannot be read.
pub fn why(reader: &Reader, config: &Config, seq: i64, zone: &TimeZone) -> Result<Option<Why>, LedgerError> {
    let Some(stored) = reader.event(seq)? else {
        let alerts = reader.alerts_of(seq)?;
        let why = Why { event: None, traces: Vec::new(), alerts, differ: Vec::new() };
        return Ok((!why.alerts.is_empty()).then_some(why));
    };
    let mut rules = Rules::default();
    let mut start = None;
    let query = Query { before: Some(seq), limit: BEFORE, ..Query::default() };
    reader.history_in_steps(&query, |events| {
        for StoredEvent { event, .. } in &events {
            if start.is_none() {
                start = Some(event.at);
                // Rules that do not compile do not judge; the configuration says so elsewhere.
                rules.configure(config, &event.at.to_zoned(zone.clone())).unwrap_or_default();
            }
            rules.pass(event.at, zone);
            if rules.concern(&event.stream, &event.name) {
                rules.judge(event);
            }
        }
        ControlFlow::Continue(())
    })?;
    if start.is_none() {
        rules.configure(config, &stored.event.at.to_zoned(zone.clone())).unwrap_or_default();
    }
    rules.pass(stored.event.at, zone);
    let (outcome, traces) = rules.explain(&stored.event);
    let now: BTreeSet<_> = outcome.alerts.iter().map(|alert| &alert.rule).collect();
    let then: BTreeSet<_> = stored.alerts.iter().map(|alert| &alert.alert.rule).collect();
    let differ = now.symmetric_difference(&then).map(|rule| Arc::clone(rule)).collect();
    Ok(Some(Why { alerts: stored.alerts.clone(), event: Some(stored), traces, differ }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::{Batch, Entry, Ledger};
    use crate::model::Event;
    use crate::rules::Verdict;

    fn config(above: u32) -> Config {
        let text = "version = 1\n[[stream]]\nname = \"s\"\nurl = \"http://h/\"\n[[rule]]\nname = \"High\"\nevent = \"price\"\n";
        crate::config::parse(&format!("{text}crosses = {{ value = \"/price\", above = {above} }}\n")).unwrap()
    }

    /// A ledger of prices, as the engine would have made it.
    fn filled(folder: &std::path::Path, prices: &[u32]) -> Reader {
        let mut ledger = Ledger::open(&folder.join("history.db")).unwrap();
        let mut rules = Rules::compile(&config(10).rules).unwrap();
        for (second, price) in (0..).zip(prices) {
            let event = Event {
                stream: "s".into(),
                name: "price".to_owned(),
                data: format!("{{\"price\":{price}}}"),
                id_is_own: false,
                id: String::new(),
                at: jiff::Timestamp::constant(second, 0),
            };
            let outcome = rules.judge(&event);
            let entry = Entry { event, alerts: outcome.alerts, resolutions: outcome.resolutions, store: true };
            let batch =
                Batch { stream: "s".into(), entries: vec![entry], cursor: None, memories: Vec::new(), was: None };
            ledger.commit(vec![batch]).unwrap();
        }
        Reader::open(&folder.join("history.db")).unwrap()
    }

    #[test]
    fn a_rule_remembers_what_came_before_the_event_in_question() {
        let folder = tempfile::tempdir().unwrap();
        let reader = filled(folder.path(), &[9, 11, 12, 8]);
        let verdicts = [1, 2, 3, 4].map(|seq| {
            let why = why(&reader, &config(10), seq, &TimeZone::UTC).unwrap().unwrap();
            assert_eq!(why.differ, [], "{seq}");
            (why.traces[0].verdict, why.alerts.len())
        });
        assert_eq!(verdicts, [(Verdict::Quiet, 0), (Verdict::Fired, 1), (Verdict::Quiet, 0), (Verdict::Resolved, 0)]);
    }

    #[test]
    fn what_did_not_come_in_between_is_remembered_too() {
        let folder = tempfile::tempdir().unwrap();
        let rule = "version = 1\n[[stream]]\nname = \"s\"\nurl = \"http://h/\"\n[[rule]]\nname = \"Beat\"\n\
            event = \"beat\"\nexpect = { within = \"1m\" }\nresolved = \"it is back\"\n";
        let config = crate::config::parse(rule).unwrap();
        let mut rules = Rules::default();
        let zone = TimeZone::UTC;
        rules.configure(&config, &jiff::Timestamp::UNIX_EPOCH.to_zoned(zone.clone())).unwrap();
        let mut ledger = Ledger::open(&folder.path().join("history.db")).unwrap();
        for second in [0, 300] {
            let event = Event {
                stream: "s".into(),
                name: "beat".to_owned(),
                data: String::new(),
                id_is_own: false,
                id: String::new(),
                at: jiff::Timestamp::constant(second, 0),
            };
            rules.pass(event.at, &zone);
            let outcome = rules.judge(&event);
            let entry = Entry { event, alerts: outcome.alerts, resolutions: outcome.resolutions, store: true };
            let batch =
                Batch { stream: "s".into(), entries: vec![entry], cursor: None, memories: Vec::new(), was: None };
            ledger.commit(vec![batch]).unwrap();
        }
        let reader = Reader::open(&folder.path().join("history.db")).unwrap();
        let why = why(&reader, &config, 2, &zone).unwrap().unwrap();
        assert_eq!((why.traces[0].verdict, why.alerts.len(), why.differ), (Verdict::Resolved, 1, vec![]));
    }

    #[test]
    fn rules_that_were_changed_since_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let reader = filled(folder.path(), &[11]);
        let why_now = why(&reader, &config(20), 1, &TimeZone::UTC).unwrap().unwrap();
        assert_eq!(why_now.differ, ["High".into()]);
        assert_eq!((why_now.traces[0].verdict, why_now.alerts.len()), (Verdict::Quiet, 1));
        assert_eq!(why(&reader, &config(20), 2, &TimeZone::UTC).unwrap(), None);
    }
}
