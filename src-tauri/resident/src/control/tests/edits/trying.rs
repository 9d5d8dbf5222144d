//! Drafts: told as text and form, tried on what the history has, and suggested from an event.

use super::*;

#[tokio::test]
async fn a_draft_is_told_as_text_and_form_with_all_that_is_wrong() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let told = async |draft, base: Option<&str>| {
        let call = Call::RuleText { original: None, base: base.map(str::to_owned), draft };
        let Answer::RuleText(told) = client.call(call).await.unwrap() else { panic!("another answer") };
        told
    };
    let from_form = told(form(RuleForm { title: Some("x".to_owned()), ..RuleForm::new("N") }), None).await;
    assert_eq!(from_form.text, "[[rule]]\nname = \"N\"\ntitle = \"x\"\n");
    assert!(from_form.faults.is_empty());
    let again = told(text(&from_form.text), None).await;
    assert_eq!(again, from_form);
    let commented = "# why\n[[rule]]\nname = \"N\" # it\ntitle = 'y'\n";
    assert_eq!(told(form(*from_form.form.unwrap()), Some(commented)).await.text, commented.replace("'y'", "\"x\""));
    let wrong = told(text("[[rule]]\nname = \"N\"\ntitle = \"{{ x\"\nthrottle = \"often\"\n"), None).await;
    let places: Vec<_> = wrong.faults.iter().map(|fault| (fault.line, fault.column, fault.field.as_deref())).collect();
    assert_eq!(places, [(3, 9, Some("title")), (4, 12, Some("throttle"))], "{:?}", wrong.faults);
    assert_eq!(wrong.faults[0].message.zh, "title：这里不应是结尾，而应是“}}”，位于“x”");
    assert_eq!(wrong.faults[1].message.zh, "throttle：\"often\" 不是限流：请写成 \"5 per 1m\" 或 \"off\"");
    assert!(wrong.form.is_some());
    assert_eq!(told(text("[[rule]]\nname = \"N"), None).await.form, None);
    served.stop().await;
}

#[tokio::test]
async fn a_preview_tells_what_would_have_been_shown_and_keeps_nothing() {
    // Of a stream that is off nothing is expected, and in quiet hours nothing is shown.
    let on = TEXT.replace("enabled = false\n", "");
    let (on, _) = on.split_once("[quiet_hours]").unwrap();
    let served = Served::written(on, prices(&[5, 20, 30, 5, 40]));
    let (client, _pushes) = served.client().await;
    let preview = async |original: Option<&str>, draft| {
        let call = Call::PreviewRule { original: original.map(str::to_owned), draft };
        let Answer::Preview(report) = client.call(call).await.unwrap() else { panic!("another answer") };
        *report
    };
    let crossing = configuration(&client).await.rules[0].form.clone();
    let report = preview(Some("High"), RuleDraft::Form(crossing)).await;
    let verdicts: Vec<_> = report.events.iter().map(|event| event.verdict).collect();
    use RuleVerdict::{Fired, Quiet, Resolved};
    assert_eq!(verdicts, [Fired, Resolved, Quiet, Fired, Quiet], "newest first");
    let titles: Vec<_> = report.events.iter().filter_map(|event| Some(event.alert.as_ref()?.title.as_str())).collect();
    assert_eq!(titles, ["40", "20"]);
    assert_eq!((report.tried, report.shown, report.cut), (5, 2, false), "{report:?}");
    // Throttled, with fields, named like no other.
    let fields = vec![streambell_protocol::FieldForm {
        pointer: "/price".to_owned(),
        tests: vec![TestForm::Text("> 10".to_owned())],
    }];
    let throttled = RuleForm { fields, throttle: Some("1 per 1h".to_owned()), ..RuleForm::new("N") };
    let report = preview(None, form(throttled)).await;
    let fates: Vec<_> = report.events.iter().map(|event| event.alert.as_ref().map(|alert| alert.shown)).collect();
    assert_eq!(fates, [Some(true), None, Some(true), Some(true), None], "two of them in the summary");
    assert_eq!(report.shown, 2);
    assert!(report.events[1].checks.iter().any(|check| !check.holds && check.condition.en.contains("/price")));
    // What does not come.
    let silent = TriggerForm::ExpectWithin { within: "10m".to_owned() };
    let report = preview(None, form(RuleForm { trigger: silent, ..RuleForm::new("Silent") })).await;
    assert_eq!((report.absences.len(), report.absences[0].shown), (1, true), "{:?}", report.absences);
    let faulty = preview(None, text("[[rule]]\nname = \"N\"\nwhen = \"(\"")).await;
    assert_eq!((faulty.faults[0].line, faulty.events.len()), (3, 0));
    // What it ignores, and what is kept from it.
    let ignoring = RuleForm { text: vec!["40".to_owned()], ignore: true, ..RuleForm::new("Noise") };
    let report = preview(None, form(ignoring.clone())).await;
    let verdicts: Vec<_> = report.events.iter().map(|event| event.verdict).collect();
    use RuleVerdict::{Ignored, Unmatched};
    assert_eq!(verdicts, [Ignored, Unmatched, Unmatched, Unmatched, Unmatched]);
    assert_eq!((report.events[0].alert.as_ref(), report.shown), (None, 0));
    let (_, refusal) = refused(&client, Call::TestNotification { draft: form(ignoring), seq: None }).await;
    assert!(refusal.contains("ignores events"), "{refusal}");
    // Nothing is kept, nothing was shown.
    let Answer::Alerts(alerts) = client.call(Call::Alerts { query: Default::default() }).await.unwrap() else {
        panic!()
    };
    assert!(alerts.is_empty() && served.shown.lock().unwrap().is_empty());
    assert_eq!(served.file(), on);
    served.stop().await;
}

#[tokio::test]
async fn a_test_notification_is_marked_and_made_of_the_newest_event() {
    let served = Served::written(TEXT, prices(&[5, 20]));
    let (client, _pushes) = served.client().await;
    let titled = |name: &str, title: &str| RuleForm { title: Some(title.to_owned()), ..RuleForm::new(name) };
    let crosses = |threshold| TriggerForm::Crosses {
        value: "/price".to_owned(),
        side: streambell_protocol::SideForm::Above,
        threshold,
        rearm: None,
    };
    let change =
        TriggerForm::Change { value: "/price".to_owned(), by: "900%".to_owned(), within: "1h".to_owned(), rearm: None };
    for (form, seq, title) in [
        (titled("High", "{{ data.price }}"), None, "Test: 20"),
        (titled("N", "{{ data.price }}"), Some(1), "Test: 5"),
        (RuleForm { when: Some("false".to_owned()), ..titled("N", "{{ data.price }}") }, None, "Test: 20"),
        (RuleForm { trigger: crosses(99.0), ..titled("N", "over {{ value }}") }, None, "Test: over 20"),
        (RuleForm { events: vec!["other".to_owned()], ..titled("N", "{{ event }}") }, None, "Test: other"),
    ] {
        client.call(Call::TestNotification { draft: RuleDraft::Form(Box::new(form)), seq }).await.unwrap();
        // What is asked later is answered later.
        client.call(Call::Uptime).await.unwrap();
        let shown = std::mem::take(&mut *served.shown.lock().unwrap());
        assert_eq!(shown.iter().map(|shown| shown.title.as_str()).collect::<Vec<_>>(), [title]);
    }
    let never = RuleForm { trigger: change, ..titled("N", "x") };
    for (draft, seq, words) in [
        (form(never), None, "cannot be made up"),
        (form(RuleForm { urgency: Some("none".to_owned()), ..titled("N", "x") }), None, "shows no notification"),
        (text("[[rule]]\nname = \"N\"\nwhen = \"(\""), None, "3:8: when: "),
        (form(titled("N", "x")), Some(77), "not in the history"),
    ] {
        let (_, message) = refused(&client, Call::TestNotification { draft, seq }).await;
        assert!(message.contains(words), "{message}");
    }
    served.stop().await;
}

#[tokio::test]
async fn a_test_says_that_it_is_one_in_the_language_that_was_chosen() {
    let served = Served::written(&format!("language = \"zh\"\n{TEXT}"), prices(&[5]));
    let (client, _pushes) = served.client().await;
    let draft = form(RuleForm { title: Some("{{ data.price }}".to_owned()), ..RuleForm::new("N") });
    client.call(Call::TestNotification { draft, seq: None }).await.unwrap();
    client.call(Call::Uptime).await.unwrap();
    assert_eq!(served.shown.lock().unwrap()[0].title, "测试：5");
    served.stop().await;
}

#[tokio::test]
async fn a_rule_and_a_tile_are_suggested_from_a_stored_event() {
    let served = Served::written(TEXT, prices(&[5]));
    let (client, _pushes) = served.client().await;
    let Answer::RuleForm(rule) = client.call(Call::DraftRule { seq: 1 }).await.unwrap() else { panic!() };
    assert_eq!((rule.name.as_str(), rule.title.as_deref()), ("Price", Some("{{ data.symbol }} {{ data.price }}")));
    assert_eq!(
        (rule.streams.as_slice(), rule.events.as_slice()),
        (&["market".to_owned()][..], &["price".to_owned()][..])
    );
    edited(&client, Call::SaveRule { original: None, base: None, draft: RuleDraft::Form(rule) }).await;
    let Answer::TileForm(tile) = client.call(Call::DraftTile { seq: 1 }).await.unwrap() else { panic!() };
    assert_eq!((tile.key.as_deref(), tile.value.as_deref()), (Some("/symbol"), Some("/price")));
    edited(&client, Call::SaveTile { original: None, tile }).await;
    assert_eq!(refused(&client, Call::DraftRule { seq: 9 }).await.0, ErrorCode::NotFound);
    served.stop().await;
}

#[tokio::test]
async fn a_program_of_a_rule_that_lines_do_not_say_is_changed_as_text_only() {
    let rule = "[[rule]]\nname = \"R\"\nrun = [\"sh\", \"-c\", \"one\\ntwo\"]\n";
    let text = format!("allow_commands = true\n{TEXT}\n{rule}");
    let served = Served::written(&text, Vec::new());
    let (client, _pushes) = served.client().await;
    let before = *configuration(&client).await.rules[2].form.clone();
    let save = |change: RuleForm| Call::SaveRule { original: Some("R".to_owned()), base: None, draft: form(change) };
    let run = ["sh", "-x", "-c", "one", "two"].map(str::to_owned).to_vec();
    let (code, said) = refused(&client, save(RuleForm { run, ..before.clone() })).await;
    assert!(code == ErrorCode::Invalid && said.starts_with("run: ") && said.contains("as TOML"), "{said}");
    assert_eq!(served.file(), text);
    edited(&client, save(RuleForm { urgency: Some("low".to_owned()), ..before.clone() })).await;
    assert!(served.file().contains("run = [\"sh\", \"-c\", \"one\\ntwo\"]\n"), "{}", served.file());
    edited(&client, save(RuleForm { run: Vec::new(), ..before })).await;
    assert!(!served.file().contains("run ="), "{}", served.file());
    served.stop().await;
}
