//! What a person does not want to be told for a while: pauses and silences, as the loop changes them.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Core;
use crate::engine::EngineError;
use crate::ledger::Write;
use crate::model::StreamId;
use crate::silence::{Matcher, SilenceError};

impl Core {
    pub(super) fn pause(&mut self, stream: Option<String>, length: Option<Duration>) -> Result<(), EngineError> {
        let stream = stream.map(|name| self.known(name)).transpose()?;
        let until = length.and_then(|length| Timestamp::now().checked_add(length).ok());
        self.outbox.delivery_mut().pause(stream, until);
        self.hush();
        Ok(())
    }

    pub(super) fn resume(&mut self, stream: Option<String>) -> Result<(), EngineError> {
        let stream = stream.map(|name| self.known(name)).transpose()?;
        self.outbox.delivery_mut().resume(stream.as_ref());
        self.hush();
        Ok(())
    }

    pub(super) fn silence(&mut self, matcher: Matcher, length: Duration, comment: &str) -> Result<i64, EngineError> {
        let now = Timestamp::now();
        let until = now.checked_add(length).map_err(|_| SilenceError::End)?;
        let id = self.outbox.delivery_mut().silences_mut().add(matcher, until, comment, now)?;
        self.keep_silences();
        Ok(id)
    }

    pub(super) fn unsilence(&mut self, id: i64) -> Result<(), EngineError> {
        self.outbox.delivery_mut().silences_mut().remove(id)?;
        self.keep_silences();
        Ok(())
    }

    /// Ends the pauses and silences whose time is over.
    pub(super) fn end_quiet(&mut self, now: Timestamp) {
        if self.outbox.delivery().quiet_until().is_none_or(|until| now < until) {
            return;
        }
        if self.outbox.delivery_mut().end_quiet(now) {
            self.keep_silences();
        }
        self.hush();
        self.publisher.touch();
    }

    /// Tells the notices which streams are paused, and that a pause of all may be over.
    fn hush(&mut self) {
        let paused = self.outbox.delivery().paused_streams().keys().cloned().collect();
        let notices = self.streams.notices();
        notices.hush(paused, Instant::now());
        notices.hurry(Instant::now());
    }

    /// A rule has another name now, and is silenced by that.
    pub(super) fn rename_in_silences(&mut self, old: &str, new: &str) {
        if self.outbox.delivery_mut().silences_mut().rename_rule(old, new) {
            self.keep_silences();
        }
    }

    /// A stream has another name now, and is paused and silenced by that.
    pub(super) fn rename_in_quiet(&mut self, old: &StreamId, new: &StreamId) {
        if self.outbox.delivery_mut().rename_stream(old, new) {
            self.keep_silences();
        }
        self.hush();
    }

    /// What earlier streams of these names were paused for is over.
    pub(super) fn end_pauses(&mut self, streams: &[StreamId]) {
        for stream in streams {
            self.outbox.delivery_mut().resume(Some(stream));
            self.hush();
        }
    }

    fn keep_silences(&mut self) {
        let silences = self.outbox.delivery().silences().list();
        self.store.send(Write::Silences(silences));
    }

    fn known(&self, name: String) -> Result<StreamId, EngineError> {
        let id = StreamId::from(name.as_str());
        if self.streams.config(&id).is_some() { Ok(id) } else { Err(EngineError::NoStream(name)) }
    }
}
