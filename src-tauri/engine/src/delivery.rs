//! Alerts into notifications: pause, quiet hours, replacing by group, throttling. Pure: time is an argument.

use jiff::{Timestamp, Zoned};

use crate::config::Config;
use crate::host::Notification;
use crate::model::{StoredAlert, Suppression};

/// What is to be done for alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Show a notification. Its alerts count as shown once the host has shown it.
    Show(Notification),
    /// Do not show this alert.
    Suppress {
        /// Its number.
        alert: i64,
        /// Why.
        reason: Suppression,
    },
}

/// What has been shown lately, and what is held back.
#[derive(Debug, Default)]
pub struct Delivery {}

impl Delivery {
    /// Takes new settings and keeps what was shown and held back.
    pub fn configure(&mut self, config: &Config) {
        let _ = config;
    }

    /// Shows nothing until then, or until [`Delivery::resume`].
    pub fn pause(&mut self, until: Option<Timestamp>) {
        let _ = until;
    }

    /// tmp
    pub fn failed(&mut self, _a: &[i64]) {}

    /// Ends a pause.
    pub fn resume(&mut self) {}

    /// Decides on alerts, oldest first.
    pub fn offer(&mut self, alerts: Vec<StoredAlert>, now: &Zoned) -> Vec<Decision> {
        let _ = (alerts, now);
        Vec::new()
    }

    /// When [`Delivery::tick`] has something to do next.
    pub fn deadline(&self) -> Option<Timestamp> {
        None
    }

    /// Decides on what was held back until now.
    pub fn tick(&mut self, now: &Zoned) -> Vec<Decision> {
        let _ = now;
        Vec::new()
    }
}
