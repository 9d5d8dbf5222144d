//! Kinds of servers that people run, and what a stream of each needs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::form::{AuthForm, StreamForm};
use crate::text::Text;

/// A kind of server that people run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresetView {
    /// What it is called in [`PresetChoice`] and on the command line, such as `ntfy`.
    pub key: String,
    /// Its own name, such as `ntfy` or `Home Assistant`.
    pub name: Text,
    /// One or two sentences for who runs such a server: what to set up there, what to expect.
    pub help: Text,
    /// The server's own documentation of this; an https address.
    pub docs: String,
    /// What it asks for, in order.
    pub fields: Vec<PresetField>,
    /// How such servers let people in, the usual first; never empty.
    pub auth: Vec<AuthForm>,
    /// What it makes of the examples of its fields: to show beforehand, and to pick an authentication from.
    pub example: FilledPreset,
}

/// One thing that a preset asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresetField {
    /// Its name in [`PresetChoice::values`], such as `host` or `topic`.
    pub key: String,
    /// What it is, in a few words, such as `Topic, or several with commas`.
    pub label: Text,
    /// What may be typed, such as `alerts`.
    pub example: String,
    /// What stands in for nothing typed; empty where something must be typed.
    pub default: String,
}

/// A preset with what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresetChoice {
    /// The preset's key.
    pub key: String,
    /// What was typed, by the field's key; `name` is the stream's name, for it and its rules (the preset's key without
    /// it).
    pub values: BTreeMap<String, String>,
}

/// What a preset makes of what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilledPreset {
    /// The stream, with [`StreamForm::preset`] set, so that it is saved with what the form does not show.
    pub stream: StreamForm,
    /// Rules that are suggested for it: each the TOML of one `[[rule]]`.
    pub rules: Vec<String>,
    /// Tiles that are suggested for it: each the TOML of one `[[tile]]`.
    pub tiles: Vec<String>,
}
