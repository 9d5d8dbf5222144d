//! What Streambell's resident, dashboard and command line say to each other over the control socket.
//!
//! One JSON object a line, each way. A client sends [`Request`]s; the resident sends [`Message`]s: one
//! [`Message::Answer`] or [`Message::Error`] for each request, with its number, and, once a client has subscribed,
//! [`Message::Push`]es. The first request on a connection must be [`Call::Hello`].
//!
//! These types exist for the border only: the resident maps the engine's values onto them in one place. The
//! dashboard's TypeScript in `ui/src/lib/protocol.ts` is generated from them, and a test fails when the two differ.

#![forbid(unsafe_code)]

mod about;
mod alert;
mod call;
mod client;
mod doctor;
mod form;
mod presence;
mod preset;
mod rule;
mod search;
mod settings;
mod sign_in;
mod silence;
mod spot;
mod stream;
mod text;
mod tile_history;
mod uptime;
mod view;
mod watch;
mod why;
mod wire;

pub use about::{Diagnosis, FileKind, FileView, SecretPart, StartAtLogin, StoredSecret};
pub use alert::{AlertAnswer, AlertReason, AlertState, AlertView, Urgency};
pub use call::{Answer, Call, ErrorCode, Push, Topics};
pub use client::{Client, ClientError, Pushes};
pub use doctor::{
    Certainty, DoctorReport, Figures, Finding, FindingCode, IdsFigure, Mend, ResumeFigure, Verdict, Weight,
};
pub use form::{
    AuthForm, AuthKind, ConnectionForm, GrantForm, MoreSecrets, OAuth2Form, RequestForm, ResumeForm, ResumeFrom,
    ResumeSend, SecretPlace, SecretSource, SecretText, StoreForm, StreamDraft, StreamForm, StreamTextView, TestReport,
};
pub use presence::Presence;
pub use preset::{FilledPreset, PresetChoice, PresetField, PresetView};
pub use rule::{
    ButtonForm, ButtonKind, Fault, FieldForm, PreviewAlert, PreviewEvent, PreviewReport, QuietRule, RuleCount,
    RuleDraft, RuleForm, RuleTextView, SideForm, TestForm, TriggerForm,
};
pub use search::{AlertQuery, AlertsShown, Found, HistoryQuery};
pub use settings::{
    DashboardForm, ImportFate, ImportItem, ImportReport, ItemForm, ItemKind, LanguageForm, OutageForm, RiseForm,
    SettingsChange, SettingsForm, ThemeForm, TileForm, TileOrderForm, TilePlaceForm, TimeoutForm,
};
pub use sign_in::{MissingView, Remedy, SignInView};
pub use silence::{QuietHoursView, SilenceMatcher, SilenceView, StreamPauseView};
pub use spot::Spot;
pub use stream::{GapView, StreamState, StreamView};
pub use text::Text;
pub use tile_history::{OutageSpan, TileHistory, TileHistoryQuery, TilePoint};
pub use uptime::{ConnectionEnd, ConnectionView, UptimeView};
pub use view::{Configuration, EventBatch, Health, Link, PauseView, RuleView, Snapshot, StoredEvent, TileView, Trend};
pub use watch::{TileGuess, WatchPhase, WatchView, WatchedEvent, WatchedName};
pub use why::{Awaited, RuleCheck, RuleTrace, RuleVerdict, WaitingView, WhyView};
pub use wire::{LineError, MAX_LINE, Message, Request, read_line, write_line};

/// The version of the protocol. A client and a resident of different versions refuse each other with a clear message.
pub const VERSION: u32 = 6;
