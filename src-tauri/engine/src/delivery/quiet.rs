//! Pauses and silences: what a person does not want to be told for a while.

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned};

use super::Delivery;
use crate::model::StreamId;
use crate::silence::Silences;
use crate::snapshot::Pause;

impl Delivery {
    /// Shows nothing until then, or until [`Delivery::resume`]; nothing of one stream where that is named.
    pub fn pause(&mut self, stream: Option<StreamId>, until: Option<Timestamp>) {
        match stream {
            None => self.gate.pause = Some(Pause { until }),
            Some(stream) => drop(self.gate.streams.insert(stream, Pause { until })),
        }
    }

    /// Ends the pause of everything, or of one stream.
    pub fn resume(&mut self, stream: Option<&StreamId>) {
        match stream {
            None => self.gate.pause = None,
            Some(stream) => drop(self.gate.streams.remove(stream)),
        }
    }

    /// A stream has another name now, by which it is paused and silenced; tells whether one is to be kept anew.
    pub fn rename_stream(&mut self, old: &StreamId, new: &StreamId) -> bool {
        // What an earlier stream of that name was paused for is over.
        self.gate.streams.remove(new);
        if let Some(pause) = self.gate.streams.remove(old) {
            self.gate.streams.insert(new.clone(), pause);
        }
        self.gate.silences.rename_stream(old.as_str(), new.as_str())
    }

    /// The pause in force.
    pub fn paused(&self, now: Timestamp) -> Option<Pause> {
        self.gate.pause.filter(|pause| pause.until.is_none_or(|until| now < until))
    }

    /// The pauses of single streams.
    pub fn paused_streams(&self) -> &BTreeMap<StreamId, Pause> {
        &self.gate.streams
    }

    /// What a person silenced.
    pub fn silences(&self) -> &Silences {
        &self.gate.silences
    }

    /// To change what is silenced.
    pub fn silences_mut(&mut self) -> &mut Silences {
        &mut self.gate.silences
    }

    /// When a pause or a silence ends by itself.
    pub fn quiet_until(&self) -> Option<Timestamp> {
        self.gate.deadline()
    }

    /// Forgets pauses and silences that are over; tells whether one was a silence.
    pub fn end_quiet(&mut self, now: Timestamp) -> bool {
        self.gate.prune(now)
    }

    /// Whether notices, which no rule makes, are held back: while paused and in quiet hours.
    pub fn is_silent(&self, now: &Zoned) -> bool {
        self.paused(now.timestamp()).is_some() || self.settings.is_quiet_time(now)
    }
}
