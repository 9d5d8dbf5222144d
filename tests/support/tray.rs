//! A tray: a StatusNotifierWatcher, and what a panel does with the item that registers.
#![expect(missing_docs, reason = "the interface macro makes methods of its own")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Structure, Value};

use crate::desktop::Desktop;
use crate::eventually::eventually;

const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// The tray. Dropping it takes it off the bus.
#[derive(Debug)]
pub struct Tray {
    connection: zbus::Connection,
    items: Arc<Mutex<Vec<(String, Instant)>>>,
}

struct Watcher(Arc<Mutex<Vec<(String, Instant)>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
        service: &str,
    ) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') { sender } else { service.to_owned() };
        self.0.lock().expect("no test thread panicked").push((item.clone(), Instant::now()));
        drop(Self::status_notifier_item_registered(&emitter, &item).await);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().expect("no test thread panicked").iter().map(|(item, _)| item.clone()).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    /// The signal of that name.
    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, item: &str) -> zbus::Result<()>;

    /// The signal of that name.
    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

/// An entry of the item's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// Its number.
    pub id: i32,
    /// Its text.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
}

impl Tray {
    /// Puts the watcher on the desktop's bus.
    pub async fn start(desktop: &Desktop) -> Self {
        let items = Arc::new(Mutex::new(Vec::new()));
        let connection = zbus::connection::Builder::address(desktop.bus_address())
            .expect("the bus's address")
            .serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&items)))
            .expect("the watcher's object")
            .name("org.kde.StatusNotifierWatcher")
            .expect("the watcher's name")
            .build()
            .await
            .expect("the watcher is on the bus");
        Self { connection, items }
    }

    /// Waits for an item and gives its name on the bus.
    pub async fn item(&self) -> String {
        eventually("a tray item", async || self.registered().last().cloned()).await.0
    }

    /// Every registration so far, and when it came.
    pub fn registered(&self) -> Vec<(String, Instant)> {
        self.items.lock().expect("no test thread panicked").clone()
    }

    /// Waits for the registration after so many, and tells when it came.
    pub async fn wait_for_more_than(&self, count: usize) -> Instant {
        eventually("another tray item", async || self.registered().get(count).cloned()).await.1
    }

    /// A property of the item, as text.
    pub async fn property(&self, name: &str) -> String {
        let item = self.item().await;
        let proxy = zbus::Proxy::new(&self.connection, item, "/StatusNotifierItem", ITEM).await.expect("the item");
        let value: OwnedValue = proxy.get_property(name).await.expect("a property of the item");
        format!("{:?}", &*value)
    }

    /// Left click.
    pub async fn activate(&self) {
        let item = self.item().await;
        let proxy = zbus::Proxy::new(&self.connection, item, "/StatusNotifierItem", ITEM).await.expect("the item");
        let () = proxy.call("Activate", &(0i32, 0i32)).await.expect("the item takes a click");
    }

    /// The menu's entries, those of submenus too.
    pub async fn menu(&self) -> Vec<MenuEntry> {
        let proxy = self.menu_proxy().await;
        let properties: Vec<&str> = Vec::new();
        let (_revision, root): (u32, OwnedValue) = match proxy.call("GetLayout", &(0i32, -1i32, properties)).await {
            Ok((revision, (id, entries, children))) => {
                let (id, entries, children): (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>) =
                    (id, entries, children);
                let value = Value::from((id, entries, children));
                (revision, OwnedValue::try_from(value).expect("a value"))
            }
            Err(error) => panic!("the menu's layout: {error}"),
        };
        let mut entries = Vec::new();
        collect(&root, &mut entries);
        entries
    }

    /// Waits for an entry whose text contains this.
    pub async fn entry(&self, text: &str) -> MenuEntry {
        eventually(&format!("the menu entry {text:?}"), async || {
            self.menu().await.into_iter().find(|entry| entry.label.contains(text))
        })
        .await
    }

    /// Opens the menu, as Xfce's panel does: it tells nothing else, and nothing when the menu is closed.
    pub async fn open_menu(&self) {
        let proxy = self.menu_proxy().await;
        let (_, unknown): (Vec<i32>, Vec<i32>) =
            proxy.call("AboutToShowGroup", &(vec![0i32],)).await.expect("the menu is told that it is opened");
        assert_eq!(unknown, [0i32; 0]);
    }

    /// Chooses the entry whose text contains this.
    pub async fn choose(&self, text: &str) {
        // Drawn anew between the look and the click, its number means nothing any more, and nothing was chosen.
        eventually(&format!("the menu to take a click on {text:?}"), async || {
            let entry = self.entry(text).await;
            let click = (entry.id, "clicked", Value::from(0i32), 0u32);
            self.menu_proxy().await.call::<_, _, ()>("Event", &click).await.ok()
        })
        .await;
    }

    /// Leaves the bus.
    pub async fn stop(self) {
        self.connection.close().await.expect("the watcher leaves the bus");
    }

    async fn menu_proxy(&self) -> zbus::Proxy<'static> {
        zbus::Proxy::new(&self.connection, self.item().await, "/MenuBar", MENU).await.expect("the item's menu")
    }
}

/// Gathers entries from a `(ia{sv}av)`.
fn collect(value: &Value<'_>, entries: &mut Vec<MenuEntry>) {
    let value = if let Value::Value(inner) = value { inner } else { value };
    let Value::Structure(structure) = value else { return };
    let fields = Structure::fields(structure);
    let [Value::I32(id), Value::Dict(properties), Value::Array(children)] = fields else { return };
    let label: Option<&str> = properties.get(&"label").ok().flatten();
    let enabled: Option<bool> = properties.get(&"enabled").ok().flatten();
    if let Some(label) = label {
        entries.push(MenuEntry { id: *id, label: label.replace("__", "_"), enabled: enabled.unwrap_or(true) });
    }
    for child in children.iter() {
        collect(child, entries);
    }
}
