//! What a client may ask.

mod answer;
mod name;
mod push;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::form::{MoreSecrets, SecretText, StreamDraft};
use crate::preset::PresetChoice;
use crate::rule::RuleDraft;
use crate::search::{AlertQuery, HistoryQuery};
use crate::settings::{ItemForm, ItemKind, SettingsChange, TileForm};
use crate::silence::{QuietHoursView, SilenceMatcher};
use crate::tile_history::TileHistoryQuery;

pub use answer::{Answer, ErrorCode};
pub use push::{Push, Topics};

/// One question to the resident.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "call", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Call {
    /// Must come first; answered with [`Answer::Hello`].
    Hello {
        /// The client's [`crate::VERSION`].
        version: u32,
    },
    /// The state of everything, once; answered with [`Answer::Snapshot`].
    Snapshot,
    /// From now on push these topics on this connection; the current snapshot is pushed at once.
    Subscribe {
        /// What to push.
        topics: Topics,
    },
    /// Shows no notification for so long; events and alerts are stored all the same.
    Pause {
        /// Seconds, or until resumed.
        seconds: Option<u32>,
        /// Only of this stream; of all without one.
        #[serde(default)]
        stream: Option<String>,
    },
    /// Ends a pause.
    Resume {
        /// That of this stream; the pause of everything without one.
        #[serde(default)]
        stream: Option<String>,
    },
    /// Shows no alert that this matches for so long; answered with [`Answer::Silenced`].
    Silence {
        /// Which alerts.
        matcher: SilenceMatcher,
        /// Seconds; a year at the most.
        seconds: u32,
        /// Why; may be empty.
        comment: String,
    },
    /// Ends a silence.
    Unsilence {
        /// Its number.
        #[ts(type = "number")]
        silence: i64,
    },
    /// Drops a stream's connection or its wait and connects at once; all streams without a name.
    Reconnect {
        /// The stream's name.
        stream: Option<String>,
    },
    /// Ends the resident.
    Quit,
    /// Opens the dashboard, or brings it to the front; at an alert if one is named.
    OpenDashboard {
        /// The alert's number.
        #[ts(type = "number | null")]
        alert: Option<i64>,
    },
    /// Stored events, newest last.
    History {
        /// Which ones.
        query: HistoryQuery,
    },
    /// Alerts, newest first.
    Alerts {
        /// Which ones.
        query: AlertQuery,
    },
    /// Looks for a text in the stored events, newest first, for a moment at the most; answered with [`Answer::Found`].
    Search {
        /// Which ones.
        query: HistoryQuery,
    },
    /// What the value of a tile was; answered with [`Answer::TileHistory`].
    TileHistory {
        /// Which values.
        query: TileHistoryQuery,
    },
    /// What the tiles showed last, by the stored events of their streams: for those that have no value since the start.
    /// Looked for a moment at the most; answered with [`Answer::LastTiles`].
    LastTiles,
    /// How well each stream has been connected; answered with [`Answer::Uptime`].
    Uptime,
    /// The connections of a stream, newest first; answered with [`Answer::Connections`].
    Connections {
        /// The stream's name.
        stream: String,
        /// At most so many; 500 at the most.
        limit: u32,
    },
    /// How the rules in force judge a stored event, and what became of its alerts; answered with [`Answer::Why`].
    Why {
        /// The event's number.
        #[ts(type = "number")]
        seq: i64,
    },
    /// Marks alerts as read; all of them where none is named.
    MarkRead {
        /// Their numbers.
        #[ts(type = "Array<number>")]
        alerts: Vec<i64>,
    },
    /// Marks the unread ones of these alerts as read, however many they are ([`AlertQuery::limit`] does not count);
    /// answered with [`Answer::Marked`].
    MarkReadWhere {
        /// Which ones.
        query: AlertQuery,
    },
    /// Takes note of alerts, which are then read.
    Acknowledge {
        /// Their numbers.
        #[ts(type = "Array<number>")]
        alerts: Vec<i64>,
    },
    /// Marks alerts as not read; who had taken note of them has not any more.
    MarkUnread {
        /// Their numbers.
        #[ts(type = "Array<number>")]
        alerts: Vec<i64>,
    },
    /// Takes back that note was taken of alerts, which stay read.
    Unacknowledge {
        /// Their numbers.
        #[ts(type = "Array<number>")]
        alerts: Vec<i64>,
    },
    /// The configured streams and rules; answered with [`Answer::Configuration`].
    Configuration,
    /// Adds a stream or changes one, in the configuration file and at once.
    SaveStream {
        /// The name of the stream to change; a new one without it.
        original: Option<String>,
        /// The stream.
        stream: StreamDraft,
        /// A new secret for the keyring; the old one stays without it.
        secret: Option<SecretText>,
        /// Further ones.
        #[serde(default)]
        #[ts(optional, as = "Option<MoreSecrets>")]
        secrets: MoreSecrets,
        /// Its text as it was when it was read: where it is another now, this is refused as a conflict.
        #[serde(default)]
        #[ts(optional = nullable)]
        base: Option<String>,
    },
    /// A stream as text and as form, and what is wrong with it; changes nothing. Answered with [`Answer::StreamText`].
    StreamText {
        /// The name of the stream that it is of; a new one without it.
        original: Option<String>,
        /// The stream.
        stream: StreamDraft,
    },
    /// Removes a stream, and its secret from the keyring. Its history stays. Answered with [`Answer::Edited`].
    RemoveStream {
        /// Its name.
        name: String,
    },
    /// Begins a sign-in with a code; where it is stands in the snapshots.
    SignIn {
        /// The stream's name.
        stream: String,
    },
    /// Ends such a sign-in, and forgets how the last one went.
    CancelSignIn {
        /// The stream's name.
        stream: String,
    },
    /// Connects with these settings and pushes what comes as [`Push::Watched`], on this connection only, for a minute or
    /// 2,000 events at the most; stores nothing. A watch that is under way on this connection ends.
    WatchStream {
        /// A number for it, chosen by the client.
        watch: u32,
        /// The name of a stream whose stored secret is used where none is given.
        original: Option<String>,
        /// The stream.
        stream: StreamDraft,
        /// The secret to use.
        secret: Option<SecretText>,
        /// Further ones.
        #[serde(default)]
        #[ts(optional, as = "Option<MoreSecrets>")]
        secrets: MoreSecrets,
    },
    /// Ends a watch; nothing more is pushed of it.
    UnwatchStream {
        /// Its number.
        watch: u32,
    },
    /// Ends a watch, and keeps what it saw last as the first events of the stream that became of it, at most 200; no rule
    /// is asked. Refused where no such stream is, or it has another address.
    KeepWatched {
        /// Its number. Of one that is not there nothing is kept.
        watch: u32,
        /// The stream's name.
        stream: String,
    },
    /// Whose secrets are in the keyring; answered with [`Answer::StoredSecrets`]. It may ask to be unlocked.
    StoredSecrets,
    /// Deletes a secret from the keyring, for good.
    ForgetSecret {
        /// Its [`crate::StoredSecret::account`].
        account: String,
    },
    /// Whether the program starts at login; answered with [`Answer::StartAtLogin`].
    StartAtLogin,
    /// Has it start at login, or no longer.
    SetStartAtLogin {
        /// Whether it shall.
        enabled: bool,
    },
    /// Starts the demo beside this instance, with its own window and its own throw-away files.
    StartDemo,
    /// What a person may want to know of the program, or to tell of it; answered with [`Answer::Diagnosis`].
    Diagnosis,
    /// Connects once with these settings and says how it went; stores nothing.
    TestStream {
        /// The name of a stream whose stored secret is used where none is given.
        original: Option<String>,
        /// The stream.
        stream: StreamDraft,
        /// The secret to use.
        secret: Option<SecretText>,
        /// Further ones.
        #[serde(default)]
        #[ts(optional, as = "Option<MoreSecrets>")]
        secrets: MoreSecrets,
    },
    /// Connects with these settings, watches, asks again in other ways, and says what is wrong; stores nothing. Takes as
    /// long as it watches and a few seconds. Answered with [`Answer::Diagnosed`].
    Diagnose {
        /// The name of a stream whose stored secret is used where none is given, and whose history is looked at.
        original: Option<String>,
        /// The stream.
        stream: StreamDraft,
        /// The secret to use.
        secret: Option<SecretText>,
        /// Further ones.
        #[serde(default)]
        #[ts(optional, as = "Option<MoreSecrets>")]
        secrets: MoreSecrets,
        /// How long to watch, 5 to 300; 15 without it.
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// The kinds of servers that a stream can be made for; answered with [`Answer::Presets`].
    Presets,
    /// A stream, rules and tiles for such a server; answered with [`Answer::FilledPreset`]. Refused with
    /// [`ErrorCode::Invalid`] where something is missing or cannot be.
    FillPreset {
        /// Which, and what was typed.
        choice: PresetChoice,
    },
    /// A draft as text and as form, and what is wrong with it; changes nothing. Answered with [`Answer::RuleText`].
    RuleText {
        /// The name of the rule that it is of; a new one without it.
        original: Option<String>,
        /// The text that a form was made from: its comments stay.
        base: Option<String>,
        /// The draft.
        draft: RuleDraft,
    },
    /// A rule suggested for events like a stored one; answered with [`Answer::RuleForm`].
    DraftRule {
        /// The event's number.
        #[ts(type = "number")]
        seq: i64,
    },
    /// What a draft would have done with the last 100 events of its streams and names; answered with
    /// [`Answer::Preview`].
    PreviewRule {
        /// The name of the rule that it takes the place of; behind all others without it.
        original: Option<String>,
        /// The draft.
        draft: RuleDraft,
    },
    /// Shows a notification as a draft would make it, marked as a test. It is not stored.
    TestNotification {
        /// The draft.
        draft: RuleDraft,
        /// The stored event to make it from; by default the newest of the draft's, or a made-up one.
        #[ts(type = "number | null")]
        seq: Option<i64>,
    },
    /// Adds a rule behind all others, or changes one. Answered with [`Answer::Edited`], as all that follow here.
    SaveRule {
        /// The name of the rule to change; a new one without it.
        original: Option<String>,
        /// Its text as it was when it was read: where it is another now, this is refused as a conflict.
        base: Option<String>,
        /// The rule.
        draft: RuleDraft,
    },
    /// Removes a rule. Its alerts stay.
    RemoveRule {
        /// Its name.
        name: String,
    },
    /// Moves a rule: rules are asked in order.
    MoveRule {
        /// Its name.
        name: String,
        /// Its new place, from 0.
        to: u32,
    },
    /// Switches a rule on or off.
    EnableRule {
        /// Its name.
        name: String,
        /// Whether it is to be asked.
        enabled: bool,
    },
    /// The names of the desktop's sounds; answered with [`Answer::Sounds`].
    Sounds,
    /// How often each rule fired in the last 7 days; answered with [`Answer::RuleCounts`].
    RuleCounts,
    /// A tile suggested for events like a stored one; answered with [`Answer::TileForm`].
    DraftTile {
        /// The event's number.
        #[ts(type = "number")]
        seq: i64,
    },
    /// Adds a tile, or changes one.
    SaveTile {
        /// The tile to change as it was read; a new one without it. Where there is none such, this is refused as a
        /// conflict.
        original: Option<TileForm>,
        /// The tile.
        tile: TileForm,
    },
    /// Removes a tile.
    RemoveTile {
        /// It, as it was read.
        tile: TileForm,
    },
    /// Moves a tile.
    MoveTile {
        /// It, as it was read.
        tile: TileForm,
        /// Its new place, from 0.
        to: u32,
    },
    /// Sets the quiet hours.
    SaveQuietHours {
        /// All of them as they were read: where they are others now, this is refused as a conflict.
        base: Vec<QuietHoursView>,
        /// All of them.
        hours: Vec<QuietHoursView>,
    },
    /// Changes settings. That programs may be started is refused with [`ErrorCode::Consent`] until a person agrees.
    SaveSettings {
        /// What is to be changed.
        change: SettingsChange,
    },
    /// Takes back an edit, byte for byte but for how the window looks, with the secrets that went with it: the last one
    /// only, and only where the file is as that edit left it; else this is refused as a conflict. What a person must
    /// agree to is refused with [`ErrorCode::Consent`] until they do.
    Undo {
        /// The number in [`Answer::Edited`].
        edit: u32,
    },
    /// Streams, rules and tiles as a text to give away; no secret is in it. Answered with [`Answer::Exported`].
    Export {
        /// Only of these kinds; of all without any.
        kinds: Vec<ItemKind>,
        /// Only streams and rules of these names, and the tiles of these streams; all without any.
        names: Vec<String>,
        /// Only these of what kinds and names choose; all without such a list.
        #[serde(default)]
        items: Option<Vec<ItemForm>>,
    },
    /// Adds streams, rules and tiles of such a text; answered with [`Answer::Imported`]. Rules with `run` need a file
    /// that allows programs.
    Import {
        /// The text; 1 MiB at the most.
        text: String,
        /// Whether to do it; else it is only told what would be done.
        apply: bool,
    },
}
