//! What is asked of the engine through its handle.

use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::Core;
use crate::auth::Typed;
use crate::config::{Store, StreamConfig};
use crate::doctor::{Patient, Report, diagnose};
use crate::engine::cause::Request;
use crate::engine::clock::Clock;
use crate::engine::configuration::Order;
use crate::engine::sighting::{self, Sighting};
use crate::engine::trial::{self, Stored};
use crate::engine::{EngineError, Trial, sign_ins};
use crate::ledger::{Batch, Entry, LATE, Write};
use crate::locale::Text;
use crate::model::{Answered, Event};
use crate::subscription::Command;
use crate::text;

/// How many trial connections run at a time.
const MOST_TRIALS: usize = 4;

/// What is said of another one.
fn too_many() -> Text {
    text!("other trials are still running: try again in a moment", "其他试连还在进行：请稍后再试")
}

impl Core {
    pub(super) fn asked(&mut self, request: Request) {
        match request {
            // Who asked may be gone; here and below.
            Request::Pause { stream, length, reply } => drop(reply.send(self.pause(stream, length))),
            Request::Resume { stream, reply } => drop(reply.send(self.resume(stream))),
            Request::Silence { matcher, length, comment, reply } => {
                drop(reply.send(self.silence(matcher, length, &comment)));
            }
            Request::Unsilence { id, reply } => drop(reply.send(self.unsilence(id))),
            Request::Answer { alerts, answer, reply } => {
                let answered = Answered { answer, at: Timestamp::now() };
                reply.send(self.store.say(Write::Answer(alerts, answered))).unwrap_or_default();
            }
            Request::Reconnect { stream, reply } => {
                let found = self.streams.command(stream.as_deref(), Command::Reconnect);
                let result = if found { Ok(()) } else { Err(EngineError::NoStream(stream.unwrap_or_default())) };
                drop(reply.send(result));
            }
            Request::SecretForgotten { stream, changing } => {
                self.streams.command(Some(&stream), Command::SecretChanged);
                drop(changing);
            }
            Request::Woke => {
                // The clocks have told the sleep too, or will.
                self.clock = Clock::new(Instant::now(), Timestamp::now());
                self.streams.slept();
                self.streams.command(None, Command::Woke);
            }
            Request::Network { up } => self.streams.network(up),
            Request::Uptimes(reply) => reply.send(self.streams.uptimes()).unwrap_or_default(),
            Request::Waiting(alerts, reply) => {
                let waiting = alerts.into_iter().map(|alert| (alert, self.outbox.waiting(alert))).collect();
                reply.send(waiting).unwrap_or_default();
            }
            Request::StoredAs(alert, reply) => {
                let number = self.store.number(alert);
                reply.send((number > 0).then_some(number)).unwrap_or_default();
            }
            Request::OpenTiles { asked, openings } => self.intake.open_tiles(&asked.tiles, openings),
            Request::MarkRead(alerts, reply) => {
                reply.send(self.store.say(Write::MarkRead(alerts))).unwrap_or_default();
            }
            Request::TakeBack { alerts, said, reply } => {
                reply.send(self.store.say(Write::TakeBack(alerts, said))).unwrap_or_default();
            }
            Request::Reload => self.order(Order::Reload),
            Request::SaveStream { edit, reply } => self.order(Order::Save { edit, reply }),
            Request::SignIn { stream, reply } => self.sign_in(stream, reply),
            Request::CancelSignIn { stream } => self.sign_ins.cancel(&stream.as_str().into()),
            Request::RemoveStream { name, reply } => self.order(Order::Remove { name, reply }),
            Request::Edit { edit, reply } => self.order(Order::Edit { edit, reply }),
            Request::Undo { edit, agreed, reply } => self.order(Order::Undo { edit, agreed, reply }),
            Request::ConfigText(reply) => self.order(Order::Text(reply)),
            Request::ShowTest(notification) => self.outbox.show_test(*notification),
            Request::Try { original, stream, typed, reply } => self.try_stream(original, *stream, typed, reply),
            Request::Watch { original, stream, typed, sightings } => {
                self.watch_stream(original, *stream, typed, sightings);
            }
            Request::KeepSeen { stream, events, reply } => drop(reply.send(self.keep_seen(stream, events))),
            Request::Diagnose { original, stream, typed, watch, history, reply } => {
                let patient = trial::patient(self.stored(original), *stream, typed, watch, history);
                self.diagnose(patient, reply);
            }
            Request::Stop(reply) => reply.send(()).unwrap_or_default(),
        }
        self.publisher.touch();
    }

    fn sign_in(&mut self, stream: String, reply: sign_ins::Reply) {
        match self.streams.config(&stream.as_str().into()).cloned() {
            Some(config) => self.sign_ins.start(config, reply),
            None => drop(reply.send(Err(EngineError::NoStream(stream)))),
        }
    }

    fn order(&self, order: Order) {
        // The task ends only after us.
        drop(self.orders.send(order));
    }

    fn watch_stream(
        &mut self,
        original: Option<String>,
        stream: StreamConfig,
        typed: Typed,
        sightings: mpsc::Sender<Sighting>,
    ) {
        if !self.has_room_for_trial() {
            // The channel is new, and has room.
            drop(sightings.try_send(Sighting::Impossible(too_many())));
            return;
        }
        let stored = self.stored(original);
        self.trials.spawn(async move {
            sighting::run(&stored, stream, typed, sightings).await;
        });
    }

    fn keep_seen(&mut self, stream: String, mut events: Vec<Event>) -> Result<(), EngineError> {
        let Some(config) = self.streams.config(&stream.as_str().into()) else {
            return Err(EngineError::NoStream(stream));
        };
        if config.store != Store::All || events.is_empty() {
            return Ok(());
        }
        let stream = config.name.clone();
        // Readers know that so many at the most are older than those in front of them.
        events.drain(..events.len().saturating_sub(LATE));
        let entry = |event| Entry {
            event: Event { stream: stream.clone(), ..event },
            alerts: Vec::new(),
            resolutions: Vec::new(),
            store: true,
        };
        let entries = events.into_iter().map(entry).collect();
        // There is no alert in it that had to be shown unsaved.
        drop(self.store.commit(Batch { stream, entries, cursor: None, memories: Vec::new(), was: None }));
        Ok(())
    }

    fn diagnose(
        &mut self,
        patient: impl Future<Output = Result<Patient, Text>> + Send + 'static,
        reply: oneshot::Sender<Result<Report, Text>>,
    ) {
        if !self.has_room_for_trial() {
            drop(reply.send(Err(too_many())));
            return;
        }
        let mut reply = reply;
        let diagnosing = async {
            match patient.await {
                Ok(patient) => Ok(diagnose(patient).await),
                Err(message) => Err(message),
            }
        };
        self.trials.spawn(async move {
            tokio::select! {
                report = diagnosing => drop(reply.send(report)),
                // Nobody waits for it any more, and others may for its place.
                () = reply.closed() => {}
            }
        });
    }

    /// What is stored for the stream of that name, which a trial is of with changes.
    fn stored(&self, original: Option<String>) -> Stored {
        let named = |name: String| self.config.streams.iter().find(|stream| stream.name.as_str() == name).cloned();
        Stored { vault: self.vault.clone(), original: original.and_then(named), configs: self.configs.subscribe() }
    }

    fn has_room_for_trial(&mut self) -> bool {
        while self.trials.try_join_next().is_some() {}
        self.trials.len() < MOST_TRIALS
    }

    fn try_stream(
        &mut self,
        original: Option<String>,
        stream: StreamConfig,
        typed: Typed,
        reply: oneshot::Sender<Trial>,
    ) {
        if !self.has_room_for_trial() {
            drop(reply.send(Trial::failed(too_many())));
            return;
        }
        let stored = self.stored(original);
        self.trials.spawn(async move {
            drop(reply.send(trial::run(&stored, stream, typed).await));
        });
    }
}
