//! The one connection to the session bus: sends what [`super::desk`] decides and hears what happens.
//!
//! `notify_rust::Notification` is what is sent; its own way to send opens a connection each time and waits for answers
//! in ways that never end (a replaced notification's), so the sending is done here.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use streambell_engine::alarm::Alarm;
use streambell_engine::locale::Text;
use streambell_engine::text;

use futures_util::StreamExt as _;
use notify_rust::Hint;
use serde::Serialize;
use zbus::message::Type;
use zbus::zvariant::{DynamicType, Value};
use zbus::{Connection, Message, MessageStream};

use super::compose::{Abilities, compose};
use super::desk::{Act, Desk, Fault, Input, Ticket};
use super::{Notifier, Wish};
use crate::resident::Order;

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

/// What we hear besides answers.
const SIGNALS: [&str; 2] = [
    "type='signal',sender='org.freedesktop.Notifications',interface='org.freedesktop.Notifications'",
    "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',\
     arg0='org.freedesktop.Notifications'",
];

/// Connecting and each sending may take so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// The first and the longest wait before the bus is tried again.
const RETRY_FIRST: Duration = Duration::from_secs(5);
const RETRY_LONGEST: Duration = Duration::from_secs(60);

/// How many answers may be outstanding; those beyond, oldest first, are of a service that never answers.
const ANSWERS: usize = 1024;

/// Connects, shows notifications, and connects again whenever the bus is lost.
pub(super) async fn run(mut notifier: Notifier) {
    let mut desk = Desk::new();
    let mut retry = RETRY_FIRST;
    let mut number = 0;
    loop {
        let reason = match connect(&mut notifier, &mut desk).await {
            Ok((connection, messages)) => {
                number += 1;
                retry = RETRY_FIRST;
                notifier.bus.send_replace(number);
                let mut link = Link {
                    connection,
                    notifier: &mut notifier,
                    desk: &mut desk,
                    awaited: HashMap::new(),
                    question: None,
                };
                let Err(error) = link.run(messages).await;
                notifier.bus.send_replace(0);
                tracing::info!(%error, "the session bus is lost");
                text!("the session bus is lost: {error}", "会话总线已断开：{error}")
            }
            Err(reason) => reason,
        };
        tracing::debug!(%reason, "no session bus");
        report(&notifier, desk.handle(Input::BusDown(reason), Instant::now()));
        idle(&mut notifier, &mut desk, tokio::time::sleep(retry)).await;
        retry = (retry * 2).min(RETRY_LONGEST);
    }
}

/// Connects; what the engine wishes meanwhile waits or is given back.
async fn connect(notifier: &mut Notifier, desk: &mut Desk) -> Result<(Connection, MessageStream), Text> {
    let connecting = async {
        let connection = zbus::connection::Builder::session()?.build().await?;
        let messages = MessageStream::from(&connection);
        Ok::<_, zbus::Error>((connection, messages))
    };
    match idle(notifier, desk, tokio::time::timeout(PATIENCE, connecting)).await {
        Ok(Ok(connected)) => Ok(connected),
        Ok(Err(error)) => Err(text!(
            "there is no session bus to show notifications through ({error})",
            "没有可用来显示通知的会话总线（{error}）"
        )),
        Err(_) => Err(text!("the session bus does not answer", "会话总线没有应答")),
    }
}

/// Waits for `until` while there is no bus.
async fn idle<T>(notifier: &mut Notifier, desk: &mut Desk, until: impl Future<Output = T>) -> T {
    let mut until = std::pin::pin!(until);
    loop {
        tokio::select! {
            done = &mut until => return done,
            Some(wish) = notifier.wishes.recv() => {
                let acts = desk.handle(wish.into(), Instant::now());
                report(notifier, acts);
            }
        }
    }
}

/// Does what can be done without a bus.
fn report(notifier: &Notifier, acts: Vec<Act>) {
    for act in acts {
        match act {
            Act::Report(alerts, result) => notifier.reports.shown(alerts, result),
            Act::Back => notifier.reports.is_back(),
            Act::Open(spot) => drop(notifier.orders.send(Order::OpenDashboard { spot, reply: None })),
            Act::Browse(link) => drop(notifier.orders.send(Order::OpenLink(link))),
            Act::Copy(text, alert) => drop(notifier.orders.send(Order::Copy { text, alert })),
            Act::Mute(rule, length) => drop(notifier.orders.send(Order::Mute { rule, length })),
            Act::Answer(alerts, answer) => drop(notifier.orders.send(Order::Answer { alerts, answer })),
            // The desk asks for these only with a bus.
            Act::Ask | Act::Send(..) | Act::Withdraw(_) => {}
        }
    }
}

/// What an answer is awaited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Abilities,
    Notify(Ticket),
    HasOwner,
}

struct Link<'a> {
    connection: Connection,
    notifier: &'a mut Notifier,
    desk: &'a mut Desk,
    /// By the call's serial number.
    awaited: HashMap<NonZeroU32, Awaited>,
    /// The newest question for abilities; answers to older ones are of a service that is gone.
    question: Option<NonZeroU32>,
}

impl Link<'_> {
    /// Runs until the bus is lost.
    async fn run(&mut self, mut messages: MessageStream) -> Result<std::convert::Infallible, zbus::Error> {
        for rule in SIGNALS {
            self.call(BUS, BUS_PATH, "AddMatch", &rule).await?;
        }
        let serial = self.call(BUS, BUS_PATH, "NameHasOwner", &SERVICE).await?;
        self.awaited.insert(serial, Awaited::HasOwner);
        self.handle(Input::BusUp).await?;
        let mut alarm = Alarm::new();
        loop {
            let deadline = self.desk.deadline();
            let input = tokio::select! {
                Some(wish) = self.notifier.wishes.recv() => Some(wish.into()),
                message = messages.next() => match message {
                    Some(message) => self.input(&message?),
                    None => return Err(zbus::Error::InputOutput(std::sync::Arc::new(
                        std::io::ErrorKind::UnexpectedEof.into()))),
                },
                () = alarm.at(deadline) => Some(Input::Tick),
            };
            if let Some(input) = input {
                self.handle(input).await?;
            }
        }
    }

    async fn handle(&mut self, input: Input) -> Result<(), zbus::Error> {
        let acts = self.desk.handle(input, Instant::now());
        for act in &acts {
            match act {
                Act::Ask => {
                    let serial = self.call(SERVICE, PATH, "GetCapabilities", &()).await?;
                    self.question = Some(serial);
                    self.awaited.insert(serial, Awaited::Abilities);
                }
                Act::Send(ticket, notification, abilities, replaces) => {
                    let serial = self.notify(&compose(notification, *abilities), *replaces).await?;
                    self.awaited.insert(serial, Awaited::Notify(*ticket));
                }
                Act::Withdraw(id) => drop(self.call(SERVICE, PATH, "CloseNotification", id).await?),
                Act::Report(..)
                | Act::Back
                | Act::Open(_)
                | Act::Browse(_)
                | Act::Copy(..)
                | Act::Mute(..)
                | Act::Answer(..) => {}
            }
        }
        report(self.notifier, acts);
        if self.awaited.len() > ANSWERS
            && let Some(oldest) = self.awaited.keys().min().copied()
        {
            self.awaited.remove(&oldest);
        }
        Ok(())
    }

    async fn notify(&self, from: &notify_rust::Notification, replaces: u32) -> Result<NonZeroU32, zbus::Error> {
        let hints = from.hints.iter().filter_map(hint).collect::<HashMap<_, _>>();
        let timeout = i32::from(from.timeout);
        let body = (&from.appname, replaces, &from.icon, &from.summary, &from.body, &from.actions, hints, timeout);
        self.call(SERVICE, PATH, "Notify", &body).await
    }

    /// Sends a call and does not wait for its answer; a bus that takes it not in time counts as lost.
    async fn call<B>(&self, service: &str, path: &str, method: &str, body: &B) -> Result<NonZeroU32, zbus::Error>
    where
        B: Serialize + DynamicType,
    {
        let message = Message::method_call(path, method)?.destination(service)?.interface(service)?.build(body)?;
        let serial = message.primary_header().serial_num();
        match tokio::time::timeout(PATIENCE, self.connection.send(&message)).await {
            Ok(sent) => sent.map(|()| serial),
            Err(_) => Err(zbus::Error::InputOutput(std::sync::Arc::new(std::io::ErrorKind::TimedOut.into()))),
        }
    }

    /// What a message from the bus means to the desk.
    fn input(&mut self, message: &Message) -> Option<Input> {
        match message.message_type() {
            Type::MethodReturn | Type::Error => self.answer(message),
            Type::Signal => signal(message),
            Type::MethodCall => None,
        }
    }

    fn answer(&mut self, message: &Message) -> Option<Input> {
        let serial = message.header().reply_serial()?;
        match self.awaited.remove(&serial)? {
            Awaited::Abilities if self.question != Some(serial) => None,
            Awaited::Abilities => {
                let answer = result::<Vec<String>>(message).map(|names| Abilities::of(&names));
                Some(Input::Asked(answer))
            }
            Awaited::Notify(ticket) => Some(Input::Sent(ticket, result(message))),
            Awaited::HasOwner => result::<bool>(message).is_ok_and(|there| there).then_some(Input::Service(true)),
        }
    }
}

impl From<Wish> for Input {
    fn from(wish: Wish) -> Self {
        match wish {
            Wish::Show(notification) => Self::Show(notification),
            Wish::Close(slot) => Self::Close(slot),
        }
    }
}

fn signal(message: &Message) -> Option<Input> {
    let header = message.header();
    let body = message.body();
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        (SERVICE, "ActionInvoked") => body.deserialize().ok().map(|(id, key)| Input::Pressed(id, key)),
        (SERVICE, "NotificationClosed") => body.deserialize().ok().map(|(id, _): (u32, u32)| Input::Closed(id)),
        (BUS, "NameOwnerChanged") => {
            let (name, _, owner): (&str, &str, &str) = body.deserialize().ok()?;
            (name == SERVICE).then_some(Input::Service(!owner.is_empty()))
        }
        _ => None,
    }
}

fn result<T: for<'a> serde::Deserialize<'a> + zbus::zvariant::Type>(message: &Message) -> Result<T, Fault> {
    if message.message_type() == Type::Error {
        return Err(fault(message));
    }
    let odd = |error| {
        Fault::Other(text!("the notification service answers oddly: {error}", "通知服务的应答无法理解：{error}"))
    };
    message.body().deserialize().map_err(odd)
}

fn fault(message: &Message) -> Fault {
    let header = message.header();
    let name = header.error_name().map(|name| name.as_str().to_owned()).unwrap_or_default();
    let text = message.body().deserialize::<&str>().unwrap_or_default().replace(['\n', '\r'], " ");
    match name.strip_prefix("org.freedesktop.DBus.Error.") {
        Some("ServiceUnknown" | "NameHasNoOwner") => Fault::Absent(text!(
            "no notification service runs: start one, such as dunst",
            "没有通知服务在运行：请启动一个，例如 dunst"
        )),
        Some(kind) if kind.starts_with("Spawn") => {
            Fault::Other(text!("the notification service does not start: {text}", "通知服务无法启动：{text}"))
        }
        Some(_) | None => {
            Fault::Other(text!("the notification service refuses: {text} ({name})", "通知服务拒绝：{text}（{name}）"))
        }
    }
}

/// A hint as D-Bus has it; `None` for those that are never set here.
fn hint(from: &Hint) -> Option<(&'static str, Value<'_>)> {
    match from {
        Hint::Urgency(urgency) => Some(("urgency", Value::U8(*urgency as u8))),
        Hint::DesktopEntry(name) => Some(("desktop-entry", Value::Str(name.as_str().into()))),
        Hint::Category(name) => Some(("category", Value::Str(name.as_str().into()))),
        Hint::SoundName(name) => Some(("sound-name", Value::Str(name.as_str().into()))),
        Hint::SoundFile(file) => Some(("sound-file", Value::Str(file.as_str().into()))),
        Hint::SuppressSound(silent) => Some(("suppress-sound", Value::Bool(*silent))),
        Hint::ActionIcons(_)
        | Hint::Custom(..)
        | Hint::CustomInt(..)
        | Hint::ImagePath(_)
        | Hint::Invalid
        | Hint::Resident(_)
        | Hint::Transient(_)
        | Hint::X(_)
        | Hint::Y(_) => None,
    }
}
