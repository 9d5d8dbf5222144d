//! What else a person edits: tiles, and what holds for everything. Quiet hours stand in [`crate::silence`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rule::Fault;
use crate::text::Text;

/// All that a tile says itself; `null` stands for the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TileForm {
    /// The stream that feeds it; every stream without one.
    pub stream: Option<String>,
    /// The event's name; `price-update` by default.
    pub event: Option<String>,
    /// The JSON pointer to what the value is of; `/symbol` by default.
    pub key: Option<String>,
    /// The JSON pointer to the value; `/price` by default.
    pub value: Option<String>,
    /// The JSON pointer to the change in percent, where the server sends it.
    pub change: Option<String>,
    /// What stands behind the number, such as `°C`; at most 12 characters.
    pub unit: Option<String>,
    /// What the value is; at most 60 characters.
    pub label: Option<String>,
}

/// What holds for everything, with every default filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsForm {
    /// The language of the tray and of notifications.
    pub language: LanguageForm,
    /// How long a notification of low urgency stays on screen.
    pub timeout_low: TimeoutForm,
    /// One of normal urgency.
    pub timeout_normal: TimeoutForm,
    /// A critical one.
    pub timeout_critical: TimeoutForm,
    /// At most one sound in so long; 0 for no limit.
    pub sound_gap_ms: u32,
    /// How long an event is kept, in seconds.
    pub max_age_s: u32,
    /// How many events are kept.
    pub max_events: u32,
    /// When a person is told that a stream has no connection.
    pub outage: OutageForm,
    /// Whether rules may start programs, and the dashboard brings streams that get a secret from one.
    pub allow_commands: bool,
    /// Whether anything may be heard.
    pub sounds: bool,
    /// How the window looks.
    pub dashboard: DashboardForm,
}

/// How a person likes the window to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DashboardForm {
    /// Light or dark.
    pub theme: ThemeForm,
    /// The colour of a rise.
    pub rise: RiseForm,
    /// In which order tiles stand.
    pub tile_order: TileOrderForm,
    /// Where they stand by hand.
    pub tile_places: Vec<TilePlaceForm>,
    /// Whether alerts of a day that belong together are one line.
    pub group_alerts: bool,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeForm {
    /// As the system.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The colour of a rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RiseForm {
    /// As is usual where the system's language is spoken.
    System,
    /// Green.
    Green,
    /// Red.
    Red,
}

/// In which order tiles stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TileOrderForm {
    /// As a hand put them.
    Hand,
    /// By name.
    Name,
    /// The greatest rise first.
    Change,
}

/// A tile, as it is told from every other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TilePlaceForm {
    /// The stream that feeds it.
    pub stream: String,
    /// What it is the value of.
    pub key: String,
    /// Which entry of the configuration's tiles makes it, from 0.
    pub feed: u32,
}

/// What of the settings is to be changed; `null` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct SettingsChange {
    /// The language of the tray and of notifications.
    pub language: Option<LanguageForm>,
    /// How long a notification of low urgency stays on screen: 1 s to 24 h.
    pub timeout_low: Option<TimeoutForm>,
    /// One of normal urgency.
    pub timeout_normal: Option<TimeoutForm>,
    /// A critical one.
    pub timeout_critical: Option<TimeoutForm>,
    /// At most one sound in so long; 0 for no limit, an hour at the most.
    pub sound_gap_ms: Option<u32>,
    /// How long an event is kept, in seconds: 1 s to 10 years.
    pub max_age_s: Option<u32>,
    /// How many events are kept: 1 to 100,000,000.
    pub max_events: Option<u32>,
    /// When a person is told that a stream has no connection: 1 s to 7 days.
    pub outage: Option<OutageForm>,
    /// Whether rules may start programs, and the dashboard brings streams that get a secret from one. Only a person
    /// can allow it, and nobody forbid it while a rule starts one.
    pub allow_commands: Option<bool>,
    /// Whether anything may be heard.
    pub sounds: Option<bool>,
    /// Whether the window is light or dark.
    pub theme: Option<ThemeForm>,
    /// The colour of a rise.
    pub rise: Option<RiseForm>,
    /// In which order tiles stand.
    pub tile_order: Option<TileOrderForm>,
    /// Where they stand by hand, 500 at the most.
    pub tile_places: Option<Vec<TilePlaceForm>>,
    /// Whether alerts of a day that belong together are one line.
    pub group_alerts: Option<bool>,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LanguageForm {
    /// That of the system.
    System,
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// How long a notification stays on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "timeout", rename_all = "kebab-case")]
pub enum TimeoutForm {
    /// As the desktop likes.
    Desktop,
    /// Until the person closes it.
    Never,
    /// So long.
    After {
        /// Seconds.
        seconds: u32,
    },
}

/// When a person is told that a stream has no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "outage", rename_all = "kebab-case")]
pub enum OutageForm {
    /// Never.
    Off,
    /// After so long without one.
    After {
        /// Seconds.
        seconds: u32,
    },
}

/// A kind of what can be given away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A `[[stream]]`.
    Stream,
    /// A `[[rule]]`.
    Rule,
    /// A `[[tile]]`.
    Tile,
}

/// One of what can be given away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ItemForm {
    /// A `[[stream]]`.
    Stream {
        /// Its name.
        name: String,
    },
    /// A `[[rule]]`.
    Rule {
        /// Its name.
        name: String,
    },
    /// A `[[tile]]`.
    Tile {
        /// As it was read: it has no name.
        tile: TileForm,
    },
}

/// What an import does, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// What is wrong with the text; then nothing is imported.
    pub faults: Vec<Fault>,
    /// What is in it, in its order.
    pub items: Vec<ImportItem>,
    /// The names of new streams and rules that start programs, take secrets of this machine or talk to a socket of it.
    /// They are added only where that is allowed with the import.
    pub reaching: Vec<String>,
    /// Whether it was done.
    pub applied: bool,
    /// For [`Call::Undo`](crate::Call::Undo), where it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub undo: Option<u32>,
}

/// One thing in an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportItem {
    /// What it is.
    pub kind: ItemKind,
    /// Its name; for a tile its event and stream.
    pub name: Text,
    /// What becomes of it.
    pub fate: ImportFate,
    /// Where a stream goes; else empty.
    pub url: String,
}

/// What becomes of one thing in an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ImportFate {
    /// It is added.
    Added,
    /// It is there already, just so.
    Present,
    /// Another of its name is there: it is left out.
    Clash,
}
