//! What changes the configuration file, over the real socket and on a real file.

mod consent;
mod import;
mod streams;
mod trying;
mod undo;

use streambell_engine::config::edit::{self, EditError};
use streambell_engine::engine::EngineError;
use streambell_engine::ledger::Entry;
use streambell_engine::model::Event;
use streambell_protocol::{
    Configuration, ImportFate, ItemForm, QuietHoursView, RuleDraft, RuleForm, RuleVerdict, SettingsChange, StreamForm,
    TestForm, TileForm, TimeoutForm, TriggerForm,
};

use super::*;

const TEXT: &str = r#"# mine
version = 1

[[stream]]
name = "market"
url = "http://127.0.0.1:9/"
enabled = false
auth = { kind = "bearer" }

# loud
[[rule]]
name = "High"   # its name
event = "price"
crosses = { value = "/price", above = 10 }
title = "{{ data.price }}"

[[rule]]
name = "All"
preset = "text"

[[tile]]
value = "/last"

[quiet_hours]
from = "22:00"
to = "07:00"
"#;

impl Served {
    fn file(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("config.toml")).unwrap()
    }
}

async fn configuration(client: &Client) -> Configuration {
    let Answer::Configuration(configuration) = client.call(Call::Configuration).await.unwrap() else {
        panic!("another answer")
    };
    configuration
}

async fn edited(client: &Client, call: Call) -> u32 {
    let Answer::Edited { undo } = client.call(call).await.unwrap() else { panic!("another answer") };
    undo
}

async fn refused(client: &Client, call: Call) -> (ErrorCode, String) {
    let ClientError::Refused { code, message } = client.call(call).await.unwrap_err() else { panic!("no refusal") };
    assert!(is_in_chinese(&message.zh), "{code:?}: {message:?}");
    (code, message.en)
}

/// Whether a text has a Han character; one that was forgotten has none.
fn is_in_chinese(text: &str) -> bool {
    text.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one))
}

/// What a person would be asked, and the answer once they agree to just that.
async fn agreed(client: &Client, call: Call) -> (String, Answer) {
    let asks = async |agreed: streambell_protocol::Text| {
        let refusal = client.call_agreed(call.clone(), agreed).await.unwrap_err();
        let ClientError::Refused { code: ErrorCode::Consent, message } = refusal else { panic!("{refusal:?}") };
        message
    };
    let question = asks(streambell_protocol::Text::plain("yes")).await;
    assert_ne!(question.zh, question.en);
    assert_eq!(asks(streambell_protocol::Text::plain(format!("{question} "))).await, question);
    (question.en.clone(), client.call_agreed(call, question).await.unwrap())
}

fn text(text: &str) -> RuleDraft {
    RuleDraft::Text(text.to_owned())
}

fn form(form: RuleForm) -> RuleDraft {
    RuleDraft::Form(Box::new(form))
}

fn tile(value: &str) -> TileForm {
    TileForm {
        stream: None,
        event: None,
        key: None,
        value: Some(value.to_owned()),
        change: None,
        unit: None,
        label: None,
    }
}

fn in_celsius() -> TileForm {
    TileForm { unit: Some("°C".to_owned()), label: Some("Room".to_owned()), ..tile("/last") }
}

/// Prices of the market, a second after another, as stored an hour ago.
fn prices(prices: &[u32]) -> Vec<Batch> {
    let start = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let event = |(second, price): (i64, &u32)| Event {
        stream: "market".into(),
        name: "price".to_owned(),
        data: format!("{{\"symbol\":\"BTC\",\"price\":{price}}}"),
        id_is_own: false,
        id: String::new(),
        at: start + jiff::SignedDuration::from_secs(second),
    };
    let entry = |event| Entry { event, alerts: Vec::new(), resolutions: Vec::new(), store: true };
    let entries = (0..).zip(prices).map(event).map(entry).collect();
    vec![Batch { stream: "market".into(), entries, cursor: None, memories: Vec::new(), was: None }]
}

#[tokio::test]
async fn the_configuration_is_told_as_it_is_written() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let told = configuration(&client).await;
    let crosses = TriggerForm::Crosses {
        value: "/price".to_owned(),
        side: streambell_protocol::SideForm::Above,
        threshold: 10.0,
        rearm: None,
    };
    let high = RuleForm {
        events: vec!["price".to_owned()],
        trigger: crosses,
        title: Some("{{ data.price }}".to_owned()),
        ..RuleForm::new("High")
    };
    assert_eq!(*told.rules[0].form, high);
    assert!(told.rules[0].text.starts_with("# loud\n[[rule]]\nname = \"High\"   # its name\n"));
    assert_eq!(*told.rules[1].form, RuleForm { preset: Some("text".to_owned()), ..RuleForm::new("All") });
    assert_eq!(told.tiles, [tile("/last")]);
    assert_eq!((told.settings.max_events, told.settings.allow_commands), (1_000_000, false));
    assert!(told.rule_presets.contains(&"ntfy".to_owned()));
    served.stop().await;
}

#[tokio::test]
async fn each_edit_is_in_the_file_and_in_force_and_can_be_taken_back() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let name = |name: &str| name.to_owned();
    let night = |from: &str| {
        vec![QuietHoursView { from: name(from), to: name("07:00"), days: (0..7).collect(), time_zone: None }]
    };
    let change = SettingsChange { timeout_low: Some(TimeoutForm::After { seconds: 5 }), ..SettingsChange::default() };
    let new = form(RuleForm { when: Some(name("data.x > 1")), ..RuleForm::new("New") });
    let untitled = form(RuleForm { title: None, ..*configuration(&client).await.rules[0].form.clone() });
    let (base, other) = (configuration(&client).await.rules[0].text.clone(), Some(name("High")));
    for (call, gone, come) in [
        (
            Call::SaveRule { original: None, base: None, draft: new },
            "",
            "\n[[rule]]\nname = \"New\"\nwhen = \"data.x > 1\"\n",
        ),
        (
            Call::SaveRule { original: other.clone(), base: Some(base), draft: untitled },
            "title = \"{{ data.price }}\"\n",
            "",
        ),
        (
            Call::SaveRule { original: other, base: None, draft: text("[[rule]]\nname = \"Low\"") },
            "# loud\n",
            "name = \"Low\"\n",
        ),
        (Call::RemoveRule { name: name("All") }, "[[rule]]\nname = \"All\"\npreset = \"text\"\n", ""),
        (Call::MoveRule { name: name("All"), to: 0 }, "", "preset = \"text\"\n\n# loud\n"),
        (Call::EnableRule { name: name("All"), enabled: false }, "", "preset = \"text\"\nenabled = false\n"),
        (Call::SaveTile { original: None, tile: tile("/new") }, "", "\n[[tile]]\nvalue = \"/new\"\n"),
        (Call::SaveTile { original: Some(tile("/last")), tile: tile("/bid") }, "\"/last\"", "\"/bid\""),
        (
            Call::SaveTile { original: Some(tile("/last")), tile: in_celsius() },
            "",
            "value = \"/last\"\nunit = \"°C\"\nlabel = \"Room\"\n",
        ),
        (Call::RemoveTile { tile: tile("/last") }, "[[tile]]\nvalue = \"/last\"\n", ""),
        (Call::SaveQuietHours { base: night("22:00"), hours: night("23:00") }, "\"22:00\"", "\"23:00\""),
        (Call::SaveQuietHours { base: night("22:00"), hours: Vec::new() }, "[quiet_hours]", ""),
        (Call::SaveSettings { change }, "", "\n[notifications]\ntimeout = { low = \"5s\" }\n"),
        (Call::RemoveStream { name: name("market") }, "[[stream]]", ""),
    ] {
        let before = configuration(&client).await;
        let what = call.name();
        let undo = edited(&client, call).await;
        let file = served.file();
        assert!(gone.is_empty() || !file.contains(gone), "{what}: {file}");
        assert!(file.contains(come) && file != TEXT, "{what}: {file}");
        assert!(configuration(&client).await != before, "{what} is in force");
        edited(&client, Call::Undo { edit: undo }).await;
        assert_eq!(served.file(), TEXT, "{what}");
        assert_eq!(configuration(&client).await, before, "{what}");
        assert_eq!(refused(&client, Call::Undo { edit: undo }).await.0, ErrorCode::Conflict, "{what}");
    }
    served.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_place_and_changes_nothing() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let name = |name: &str| name.to_owned();
    let save = |draft| Call::SaveRule { original: None, base: None, draft };
    let stale = Some(name("[[rule]]\nname = \"High\"\n"));
    let run = form(RuleForm { run: vec![name("rm")], ..RuleForm::new("N") });
    for (call, code, words) in [
        (save(text("[[rule]]\nname = \"N\"\nwhen = \"a b\"")), ErrorCode::Invalid, "3:8: when: "),
        (save(text("[[rule]]\nname = \"N\nx")), ErrorCode::Invalid, "2:"),
        (save(form(RuleForm::new("High"))), ErrorCode::Invalid, "2:8: name: another rule"),
        (save(run), ErrorCode::Invalid, "run: programs are started only where allow_commands = true"),
        (
            save(text("allow_commands = true\n[[rule]]\nname = \"N\"\nrun = [\"x\"]")),
            ErrorCode::Invalid,
            "1:1: allow_commands",
        ),
        (
            Call::SaveRule { original: Some(name("High")), base: stale, draft: text("[[rule]]\nname = \"High\"") },
            ErrorCode::Conflict,
            "changed meanwhile",
        ),
        (Call::RemoveRule { name: name("nix") }, ErrorCode::NotFound, "no rule named \"nix\""),
        (Call::MoveTile { tile: tile("/nix"), to: 0 }, ErrorCode::Conflict, "changed or removed meanwhile"),
        (Call::SaveTile { original: None, tile: tile("nix") }, ErrorCode::Invalid, "is no JSON pointer"),
        (
            Call::SaveTile { original: None, tile: TileForm { unit: Some("x".repeat(13)), ..tile("/a") } },
            ErrorCode::Invalid,
            "unit: must have 1 to 12",
        ),
        (Call::SaveQuietHours { base: Vec::new(), hours: Vec::new() }, ErrorCode::Conflict, "changed meanwhile"),
        (
            Call::SaveSettings { change: SettingsChange { max_events: Some(0), ..SettingsChange::default() } },
            ErrorCode::Invalid,
            "max_events: must be",
        ),
        (Call::Undo { edit: 1 }, ErrorCode::Conflict, "cannot be taken back"),
        (
            Call::Import { text: "rule = 1".to_owned() + &" ".repeat(1 << 20), apply: true },
            ErrorCode::Invalid,
            "larger",
        ),
    ] {
        let what = call.name();
        let (got, message) = refused(&client, call).await;
        assert_eq!(got, code, "{what}: {message}");
        assert!(message.contains(words), "{what}: {message}");
        assert_eq!(served.file(), TEXT, "{what}");
    }
    served.stop().await;
}

#[tokio::test]
async fn an_edit_by_hand_in_between_is_kept_and_cannot_be_taken_back_over() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let undo = edited(&client, Call::EnableRule { name: "All".to_owned(), enabled: false }).await;
    let by_hand = format!("{}# by hand\n", served.file());
    std::fs::write(served.folder.path().join("config.toml"), &by_hand).unwrap();
    assert_eq!(refused(&client, Call::Undo { edit: undo }).await.0, ErrorCode::Conflict);
    edited(&client, Call::EnableRule { name: "All".to_owned(), enabled: true }).await;
    assert_eq!(
        served.file(),
        by_hand.replacen("preset = \"text\"\nenabled = false", "preset = \"text\"\nenabled = true", 1)
    );
    served.stop().await;
}

#[tokio::test]
async fn an_edit_by_hand_while_ours_is_made_is_kept() {
    let served = Served::written(TEXT, Vec::new());
    let (file, by_hand) = (served.folder.path().join("config.toml"), format!("# mine\n{TEXT}"));
    let text = by_hand.clone();
    let made = served.engine.edit(move |before| {
        std::fs::write(&file, text).unwrap();
        edit::enable_rule(before, "All", false)
    });
    assert!(matches!(made.await, Err(EngineError::Edit(EditError::Conflict(_)))));
    assert_eq!(served.file(), by_hand);
    served.stop().await;
}

#[tokio::test]
async fn a_stream_that_was_removed_comes_back_with_its_secret() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let vault = served.vault.clone();
    vault.set("market", &"s3cret".to_owned().into()).await.unwrap();
    let undo = edited(&client, Call::RemoveStream { name: "market".to_owned() }).await;
    assert!(vault.get("market").await.unwrap().is_none());
    edited(&client, Call::Undo { edit: undo }).await;
    assert!(vault.get("market").await.unwrap().is_some());
    let back: Vec<StreamForm> = configuration(&client).await.streams;
    assert_eq!((back.len(), served.file().as_str()), (1, TEXT));
    served.stop().await;
}

#[tokio::test]
async fn an_undo_that_cannot_be_written_can_be_tried_again_with_the_secret() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    served.vault.set("market", &"s3cret".to_owned().into()).await.unwrap();
    let undo = edited(&client, Call::RemoveStream { name: "market".to_owned() }).await;
    let file = served.folder.path().join("config.toml");
    let writable = std::fs::metadata(&file).unwrap().permissions();
    let mut readonly = writable.clone();
    readonly.set_readonly(true);
    std::fs::set_permissions(&file, readonly).unwrap();
    assert_eq!(refused(&client, Call::Undo { edit: undo }).await.0, ErrorCode::Failed);
    std::fs::set_permissions(&file, writable).unwrap();
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!(served.file(), TEXT);
    assert!(served.vault.get("market").await.unwrap().is_some());
    served.stop().await;
}
