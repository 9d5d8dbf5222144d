//! What a client gets.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::about::{Diagnosis, StartAtLogin, StoredSecret};
use crate::alert::AlertView;
use crate::doctor::DoctorReport;
use crate::form::{StreamTextView, TestReport};
use crate::preset::{FilledPreset, PresetView};
use crate::rule::{PreviewReport, RuleCount, RuleForm, RuleTextView};
use crate::search::Found;
use crate::settings::{ImportReport, TileForm};
use crate::tile_history::TileHistory;
use crate::uptime::{ConnectionView, UptimeView};
use crate::view::{Configuration, Snapshot, StoredEvent, TileView};
use crate::why::WhyView;

/// The answer to a [`crate::Call`].
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "answer", content = "value", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Answer {
    /// To [`crate::Call::Hello`].
    Hello {
        /// The resident's [`crate::VERSION`].
        version: u32,
        /// The resident's version as a program.
        program: String,
        /// Its process id.
        pid: u32,
    },
    /// It is done.
    Done,
    /// To [`crate::Call::Snapshot`].
    Snapshot(Box<Snapshot>),
    /// To [`crate::Call::History`].
    History(Vec<StoredEvent>),
    /// To [`crate::Call::Alerts`].
    Alerts(Vec<AlertView>),
    /// To [`crate::Call::Search`].
    Found(Found),
    /// To [`crate::Call::TileHistory`].
    TileHistory(Box<TileHistory>),
    /// To [`crate::Call::LastTiles`].
    LastTiles(Vec<TileView>),
    /// To [`crate::Call::MarkReadWhere`].
    Marked {
        /// How many they were.
        count: u32,
    },
    /// To [`crate::Call::StoredSecrets`]: sorted.
    StoredSecrets(Vec<StoredSecret>),
    /// To [`crate::Call::StartAtLogin`].
    StartAtLogin(StartAtLogin),
    /// To [`crate::Call::Diagnosis`].
    Diagnosis(Diagnosis),
    /// To [`crate::Call::Why`].
    Why(Box<WhyView>),
    /// To [`crate::Call::Uptime`]: in the order of the configuration.
    Uptime(Vec<UptimeView>),
    /// To [`crate::Call::Connections`].
    Connections(Vec<ConnectionView>),
    /// To [`crate::Call::Silence`].
    Silenced {
        /// The silence's number.
        #[ts(type = "number")]
        id: i64,
    },
    /// To [`crate::Call::Configuration`].
    Configuration(Configuration),
    /// To [`crate::Call::StreamText`].
    StreamText(Box<StreamTextView>),
    /// To [`crate::Call::TestStream`].
    Tested(TestReport),
    /// To [`crate::Call::Diagnose`].
    Diagnosed(Box<DoctorReport>),
    /// To [`crate::Call::Presets`]: those that most people look for first.
    Presets(Vec<PresetView>),
    /// To [`crate::Call::FillPreset`].
    FilledPreset(Box<FilledPreset>),
    /// To what changes the configuration file: it is changed and in force.
    Edited {
        /// For [`crate::Call::Undo`]; 0 where there is nothing to take back: nothing changed, or only how the window
        /// looks.
        undo: u32,
    },
    /// To [`crate::Call::RuleText`].
    RuleText(RuleTextView),
    /// To [`crate::Call::DraftRule`].
    RuleForm(Box<RuleForm>),
    /// To [`crate::Call::PreviewRule`].
    Preview(Box<PreviewReport>),
    /// To [`crate::Call::Sounds`]: in the order of the alphabet, 500 at the most.
    Sounds(Vec<String>),
    /// To [`crate::Call::RuleCounts`]: those that fired.
    RuleCounts(Vec<RuleCount>),
    /// To [`crate::Call::DraftTile`].
    TileForm(TileForm),
    /// To [`crate::Call::Export`].
    Exported {
        /// The text.
        text: String,
    },
    /// To [`crate::Call::Import`].
    Imported(ImportReport),
}

/// Why a call was refused; a code exists only where a client acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The other side speaks another version of the protocol.
    Version,
    /// The input is wrong; the message says where.
    Invalid,
    /// There is no such stream, alert or event.
    NotFound,
    /// What was to be changed is not any more as it was read.
    Conflict,
    /// The keyring is missing, locked or refused.
    Keyring,
    /// A person must agree first. To the dashboard the message is what they are asked, a line each, and
    /// [`crate::Request::agreed`] is their answer; to the page, that they did not.
    Consent,
    /// Anything else; the message says what.
    Failed,
}
