//! What the system says of sleep and network, told to the engine: logind's `PrepareForSleep` and NetworkManager's state,
//! both heard on the system bus.
//!
//! Signals only: nothing is asked again and again, and without a signal nothing wakes. Where there is no system bus, or
//! none of the two services, nothing is told, and the engine goes by its clocks and its connections.

mod outlook;

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use streambell_engine::engine::Handle;
use zbus::message::Type;
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Message, MessageStream};

use outlook::{News, Outlook, Told};

const SERVICE: &str = "org.freedesktop.NetworkManager";
const PATH: &str = "/org/freedesktop/NetworkManager";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const SLEEP: &str = "org.freedesktop.login1.Manager";
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

/// What is heard.
const SIGNALS: [&str; 4] = [
    "type='signal',sender='org.freedesktop.login1',interface='org.freedesktop.login1.Manager',member='PrepareForSleep'",
    "type='signal',sender='org.freedesktop.NetworkManager',path='/org/freedesktop/NetworkManager',\
     interface='org.freedesktop.NetworkManager',member='StateChanged'",
    "type='signal',sender='org.freedesktop.NetworkManager',path='/org/freedesktop/NetworkManager',\
     interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='org.freedesktop.NetworkManager'",
    "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',\
     arg0='org.freedesktop.NetworkManager'",
];

/// The bus and each answer may take so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// The first and the longest wait before the bus is tried again.
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LONGEST: Duration = Duration::from_mins(10);

/// Hears and tells for as long as it is not dropped.
pub(crate) async fn run(engine: Handle) {
    let mut outlook = Outlook::default();
    let mut retry = RETRY_FIRST;
    loop {
        match listen(&engine, &mut outlook, &mut retry).await {
            Ok(()) => tracing::info!("the system bus is lost"),
            Err(error) => tracing::debug!(%error, "no word of sleep and network from the system"),
        }
        tell(&engine, outlook.news(News::Nothing)).await;
        tokio::time::sleep(retry).await;
        retry = (retry * 2).min(RETRY_LONGEST);
    }
}

/// Listens until the bus is lost.
async fn listen(engine: &Handle, outlook: &mut Outlook, retry: &mut Duration) -> zbus::Result<()> {
    let connecting = zbus::connection::Builder::system()?.method_timeout(PATIENCE).build();
    let timed_out = |_| zbus::Error::InputOutput(std::sync::Arc::new(std::io::ErrorKind::TimedOut.into()));
    let bus = tokio::time::timeout(PATIENCE, connecting).await.map_err(timed_out)??;
    let mut messages = MessageStream::from(&bus);
    for rule in SIGNALS {
        call::<()>(&bus, (BUS, BUS_PATH, BUS), "AddMatch", &rule).await?;
    }
    *retry = RETRY_FIRST;
    if call(&bus, (BUS, BUS_PATH, BUS), "NameHasOwner", &SERVICE).await? {
        tell(engine, outlook.news(ask(&bus).await)).await;
    }
    while let Some(message) = messages.next().await {
        let news = match news(&message?) {
            Some(Heard::News(news)) => news,
            Some(Heard::Started) => ask(&bus).await,
            None => continue,
        };
        tell(engine, outlook.news(news)).await;
    }
    Ok(())
}

async fn tell(engine: &Handle, told: Option<Told>) {
    match told {
        Some(Told::Woke) => {
            tracing::info!("the machine woke: streams connect anew");
            engine.woke().await;
        }
        Some(Told::Network { up }) => {
            tracing::info!(up, "the network");
            engine.network(up).await;
        }
        None => {}
    }
}

/// What a message says.
enum Heard {
    News(News),
    /// NetworkManager started; what it knows is to be asked.
    Started,
}

fn news(message: &Message) -> Option<Heard> {
    if message.message_type() != Type::Signal {
        return None;
    }
    let header = message.header();
    let body = message.body();
    let news = match (header.interface()?.as_str(), header.member()?.as_str()) {
        (SLEEP, "PrepareForSleep") => News::Sleep { begins: body.deserialize().ok()? },
        (SERVICE, "StateChanged") => News::Network { state: Some(body.deserialize().ok()?), primary: None },
        (PROPERTIES, "PropertiesChanged") => {
            let (_, changed, _): (&str, HashMap<&str, Value<'_>>, Vec<&str>) = body.deserialize().ok()?;
            let primary = changed.get("PrimaryConnection").and_then(|value| value.downcast_ref().ok());
            News::Network {
                state: changed.get("State").and_then(|value| value.downcast_ref().ok()),
                primary: primary.map(|path: zbus::zvariant::ObjectPath<'_>| path.to_string()),
            }
        }
        (BUS, "NameOwnerChanged") => {
            let (_, _, owner): (&str, &str, &str) = body.deserialize().ok()?;
            if !owner.is_empty() {
                return Some(Heard::Started);
            }
            News::Nothing
        }
        _ => return None,
    };
    Some(Heard::News(news))
}

/// What NetworkManager knows; nothing of what it does not tell in time.
async fn ask(bus: &Connection) -> News {
    let state = property(bus, "State").await.and_then(|value| value.try_into().ok());
    let primary = property(bus, "PrimaryConnection").await.and_then(|value| OwnedObjectPath::try_from(value).ok());
    News::Network { state, primary: primary.map(|path| path.to_string()) }
}

async fn property(bus: &Connection, name: &str) -> Option<OwnedValue> {
    call(bus, (SERVICE, PATH, PROPERTIES), "Get", &(SERVICE, name)).await.ok()
}

/// Asks an object (service, path, interface) and waits for the answer.
async fn call<T: DeserializeOwned + zbus::zvariant::Type>(
    bus: &Connection,
    (service, path, interface): (&str, &str, &str),
    method: &str,
    body: &(impl Serialize + DynamicType),
) -> zbus::Result<T> {
    let answer = bus.call_method(Some(service), path, Some(interface), method, body).await?;
    answer.body().deserialize()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use zbus::zvariant::ObjectPath;

    use super::*;

    fn signal(interface: &str, member: &str, body: &(impl Serialize + DynamicType)) -> Option<News> {
        let message = Message::signal(PATH, interface, member).unwrap().build(body).unwrap();
        match news(&message) {
            Some(Heard::News(news)) => Some(news),
            Some(Heard::Started) | None => None,
        }
    }

    fn network(state: Option<u32>, primary: Option<&str>) -> Option<News> {
        Some(News::Network { state, primary: primary.map(str::to_owned) })
    }

    #[test]
    fn signals_are_read_as_the_services_send_them() {
        assert_eq!(signal(SLEEP, "PrepareForSleep", &false), Some(News::Sleep { begins: false }));
        assert_eq!(signal(SERVICE, "StateChanged", &20_u32), network(Some(20), None));
        let way = ObjectPath::from_static_str("/way/2").unwrap();
        let changed = HashMap::from([("State", Value::U32(70)), ("PrimaryConnection", Value::ObjectPath(way))]);
        let body = (SERVICE, changed, Vec::<&str>::new());
        assert_eq!(signal(PROPERTIES, "PropertiesChanged", &body), network(Some(70), Some("/way/2")));
        let body = (SERVICE, HashMap::from([("Metered", Value::U32(4))]), Vec::<&str>::new());
        assert_eq!(signal(PROPERTIES, "PropertiesChanged", &body), network(None, None));
        assert_eq!(signal(BUS, "NameOwnerChanged", &(SERVICE, ":1.7", "")), Some(News::Nothing));
    }

    #[test]
    fn what_is_no_such_signal_says_nothing() {
        assert_eq!(signal(SERVICE, "StateChanged", &"twenty"), None);
        assert_eq!(signal(SERVICE, "DeviceAdded", &20_u32), None);
        assert_eq!(signal(BUS, "NameOwnerChanged", &(SERVICE, "", ":1.8")), None, "it is asked");
    }
}
