//! The body: decoded slice by slice, and told in reports.

use std::mem;

use bytes::Bytes;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use tokio::time::Instant;

use super::work::{Cause, Work, run_last};
use super::{Task, Unheard};
use crate::connection::{Input, State};
use crate::model::Event;
use crate::sse::Parsed;
use crate::subscription::{Item, Report};

/// How much of a body is decoded at once, in bytes: what is held of it beside the channel.
const SLICE: usize = 32 * 1024;

/// How many items' room is kept between slices.
const PARSED_KEPT: usize = 256;

impl Task {
    /// Decodes what came, and what came right after it: many servers send each event as a chunk of its own, and a
    /// report for each would cost more than the event. Returns after a slice or so: a stream that never pauses must not
    /// keep commands, a refresh and the timer from their turn.
    pub(super) async fn chunk(&mut self, first: Bytes) -> Result<(), Unheard> {
        self.tell(Input::Bytes).await?;
        let (mut held, mut taken) = (0, 0);
        let mut cause = Some(Cause::Chunk(first));
        while let Some(Cause::Chunk(bytes)) = cause {
            self.traffic.received(bytes.len(), self.asked);
            for slice in bytes.chunks(SLICE) {
                let Work::Open(body) = &mut self.work else { return Ok(()) };
                body.decoder.feed(slice, &mut self.parsed);
                held += slice.len();
                taken += slice.len();
                if held >= SLICE {
                    held = 0;
                    self.flush().await?;
                }
            }
            if taken >= SLICE || !self.commands.is_empty() {
                cause = None;
                break;
            }
            cause = self.work.next().now_or_never();
            if cause.is_none() {
                // Lets the connection's own task hand over what it has read already.
                run_last().await;
                cause = self.work.next().now_or_never();
            }
        }
        self.flush().await?;
        // The timer's turn may not come: there is always another chunk.
        self.refresh_ahead_if_due();
        match cause {
            Some(cause) => self.over(cause).await,
            None => Ok(()),
        }
    }

    /// The body is over.
    pub(super) async fn over(&mut self, cause: Cause) -> Result<(), Unheard> {
        if let (Work::Open(body), Cause::EndOfBody) = (&mut self.work, &cause)
            && let Some(seat) = body.seat.take()
        {
            // What it shared is as good as before.
            seat.leave();
        }
        self.close();
        match cause {
            Cause::EndOfBody => self.tell(Input::EndOfBody).await,
            Cause::Lost(refusal) => self.tell(Input::Failed(refusal)).await,
            Cause::Command(_)
            | Cause::Refreshed(_)
            | Cause::Subscribed(_)
            | Cause::Answered(..)
            | Cause::Chunk(_)
            | Cause::Timer => Ok(()),
        }
    }

    async fn flush(&mut self) -> Result<(), Unheard> {
        let items = self.take();
        let cursor = self.cursor.take_moved();
        if !items.is_empty() || cursor.is_some() {
            self.report(Report::Items { items, cursor }).await?;
        }
        if let Some(refusal) = self.farewell.take() {
            self.close();
            return self.tell(Input::Failed(refusal)).await;
        }
        // A stream that never pauses must not keep the others from running.
        tokio::task::consume_budget().await;
        if *self.machine.state() == State::Open {
            // The time that this took was ours, not the server's.
            self.machine.handle(Input::Busy, Instant::now().into_std(), 0.0);
        }
        Ok(())
    }

    fn take(&mut self) -> Vec<Item> {
        let mut items = Vec::with_capacity(self.parsed.len());
        if self.parsed.is_empty() {
            return items;
        }
        let at = Timestamp::now();
        let mut parsed = mem::take(&mut self.parsed);
        for parsed in parsed.drain(..) {
            match parsed {
                Parsed::Event { name, data, mut id, mut id_is_own } => {
                    if self.heard(&name, &data) {
                        continue;
                    }
                    self.cursor.event(&name, &data, id_is_own.then_some(id.as_str()));
                    if let Some(dialect) = &self.dialect {
                        (id, id_is_own) = dialect.identify(&data, id, id_is_own);
                    }
                    let stream = self.config.name.clone();
                    items.push(Item::Event(Event { stream, name, data, id, id_is_own, at }));
                }
                Parsed::Id(id) => self.cursor.id(&id),
                Parsed::Retry(retry) => {
                    // Nothing follows from it but the next delay.
                    self.machine.handle(Input::Retry(retry), Instant::now().into_std(), 0.0);
                }
                Parsed::Comment(text) => items.push(Item::Comment(text)),
                Parsed::Skipped { bytes } => items.push(Item::Skipped { bytes }),
            }
        }
        parsed.shrink_to(PARSED_KEPT);
        self.parsed = parsed;
        items
    }

    pub(in crate::subscription) fn close(&mut self) {
        self.subscribing = None;
        if let Work::Open(body) = mem::replace(&mut self.work, Work::None) {
            self.last_id = body.decoder.cursor().to_owned();
        }
    }
}
