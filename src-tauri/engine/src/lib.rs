//! The engine of Streambell: it keeps streams alive, stores their events, decides what a person is told, and tells
//! it to a host. No Tauri, no tray, no terminal.
//!
//! ```text
//! server -> transport -> sse -> subscription (obeys connection) -> engine
//!   engine: one transaction in the ledger { event, cursor, alerts by rules }   committed before anything is shown
//!   -> delivery -> Host::show            -> alert marked shown
//!   -> snapshot -> whoever draws it
//! ```
//!
//! [`connection`], [`backoff`], [`rules`], [`delivery`], [`tiles`], [`uptime`], [`notices`], [`presets`], [`consent`] and [`config`] decide and touch no clock, disk or
//! network: time is an argument. [`transport`], [`subscription`], [`ledger`], [`profile`], [`secrets`] and [`engine`]
//! act. Only [`secrets`] sees a secret in the clear and only [`transport`] and [`auth`] put it on a request.

#![forbid(unsafe_code)]

pub mod alarm;
pub mod auth;
pub mod backoff;
pub mod config;
pub mod connection;
pub mod consent;
pub mod delivery;
pub mod demo;
pub mod doctor;
pub mod engine;
pub mod glob;
pub mod host;
pub mod ledger;
pub mod locale;
pub mod model;
pub mod notices;
pub mod presets;
pub mod preview;
pub mod profile;
mod recent;
pub mod rehearsal;
pub mod replay;
pub mod rules;
pub mod secrets;
pub mod silence;
pub mod snapshot;
pub mod sse;
pub mod subscription;
pub mod suggest;
pub mod tiles;
pub mod transport;
pub mod uptime;
pub mod why;
