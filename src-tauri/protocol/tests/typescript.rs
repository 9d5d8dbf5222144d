//! `ui/src/lib/protocol.ts` is generated from the protocol; `make bindings` writes it anew.
#![expect(clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::Path;

use streambell_protocol::*;
use ts_rs::{Config, TS};

macro_rules! declarations {
    ($config:expr, $($name:ident),* $(,)?) => {
        [$(declaration::<$name>($config)),*].join("\n")
    };
}

fn declaration<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}\n", T::decl(config))
}

fn generated() -> String {
    let config = Config::default();
    let declarations = declarations!(
        &config,
        Call,
        Topics,
        HistoryQuery,
        AlertQuery,
        AlertsShown,
        Found,
        TileHistoryQuery,
        TileHistory,
        TilePoint,
        OutageSpan,
        WatchView,
        WatchPhase,
        WatchedName,
        WatchedEvent,
        TileGuess,
        Diagnosis,
        FileView,
        FileKind,
        StartAtLogin,
        StoredSecret,
        SecretPart,
        Answer,
        Push,
        Spot,
        Text,
        ErrorCode,
        Snapshot,
        PauseView,
        StreamPauseView,
        SilenceMatcher,
        SilenceView,
        QuietHoursView,
        Health,
        StreamState,
        StreamView,
        TileView,
        Trend,
        Urgency,
        AlertState,
        AlertReason,
        AlertAnswer,
        AlertView,
        GapView,
        StoredEvent,
        EventBatch,
        UptimeView,
        ConnectionView,
        ConnectionEnd,
        Configuration,
        RuleView,
        WhyView,
        WaitingView,
        Awaited,
        RuleTrace,
        RuleVerdict,
        RuleCheck,
        Link,
        StreamForm,
        StreamDraft,
        StreamTextView,
        MoreSecrets,
        SecretPlace,
        AuthForm,
        AuthKind,
        OAuth2Form,
        GrantForm,
        ConnectionForm,
        RequestForm,
        SignInView,
        MissingView,
        Remedy,
        SecretSource,
        SecretText,
        ResumeForm,
        ResumeFrom,
        ResumeSend,
        StoreForm,
        TestReport,
        DoctorReport,
        Verdict,
        Finding,
        FindingCode,
        Weight,
        Certainty,
        Mend,
        Figures,
        IdsFigure,
        ResumeFigure,
        PresetView,
        PresetField,
        PresetChoice,
        FilledPreset,
        RuleDraft,
        RuleForm,
        FieldForm,
        TestForm,
        TriggerForm,
        SideForm,
        QuietRule,
        ButtonForm,
        ButtonKind,
        Fault,
        RuleTextView,
        PreviewReport,
        PreviewEvent,
        PreviewAlert,
        RuleCount,
        TileForm,
        SettingsForm,
        LanguageForm,
        SettingsChange,
        TimeoutForm,
        OutageForm,
        DashboardForm,
        ThemeForm,
        RiseForm,
        TileOrderForm,
        TilePlaceForm,
        ItemForm,
        ItemKind,
        ImportReport,
        ImportItem,
        ImportFate,
    );
    format!("// Generated from src-tauri/protocol by `make bindings`. Do not edit.\n\n{declarations}")
}

#[test]
fn the_typescript_is_what_the_protocol_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/protocol.ts");
    let generated = generated();
    if std::env::var_os("STREAMBELL_WRITE_BINDINGS").is_some() {
        fs::create_dir_all(file.parent().expect("the file has a folder")).expect("the folder can be made");
        fs::write(&file, &generated).expect("the file can be written");
    }
    let written = fs::read_to_string(&file).expect("ui/src/lib/protocol.ts can be read; `make bindings` writes it");
    assert!(written == generated, "ui/src/lib/protocol.ts differs from the protocol: run `make bindings`");
}
