//! Draws the tray as a StatusNotifierItem over D-Bus; no toolkit.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use ksni::menu::{StandardItem, SubMenu};
use ksni::{Handle, MenuItem, OfflineReason, Status, ToolTip, TrayMethods as _};
use streambell_engine::snapshot::Snapshot;
use tokio::sync::watch::error::RecvError;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Tray;
use super::menu::{Icon, Item, Menu, Press};
use super::shown::Shown;
use crate::morning::until_morning;
use crate::resident::Order;

/// A watcher that has not answered by then hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// When a tray that could not be registered is tried again, if the session bus itself does not change before.
const RETRY: Duration = Duration::from_secs(120);

/// How often the menu is drawn anew at the most: each time is a round of messages to the panel, whoever looks at it.
const INTERVAL: Duration = Duration::from_millis(500);

/// A panel that comes just while the item asks for one is not heard: where there was none, it is asked for once more
/// after so long.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// Shows the tray until `shutdown`.
pub(super) async fn run(mut tray: Tray, shutdown: CancellationToken) {
    let mut before = None;
    let mut asked_on = None;
    loop {
        let bus = *tray.bus.borrow_and_update();
        let first = asked_on.replace(bus) != Some(bus);
        let alone = Arc::new(AtomicBool::new(false));
        let menu = Menu::of(&tray.snapshots.borrow_and_update(), before.as_ref(), &TimeZone::system());
        before = Some(menu.clone());
        let item = TrayItem { shown: Shown::new(menu), orders: tray.orders.clone(), alone: Arc::clone(&alone) };
        // The watcher may come later, and restart: the item itself looks after that.
        let registering = tokio::time::timeout(PATIENCE, item.assume_sni_available(true).spawn());
        let end = tokio::select! {
            () = shutdown.cancelled() => return,
            registered = registering => match registered {
                Ok(Ok(handle)) => tokio::select! {
                    end = follow(&mut tray, &handle, &mut before, bus, &shutdown) => end,
                    () = stays_alone(&alone), if first => {
                        handle.shutdown().await;
                        End::Again
                    }
                },
                Ok(Err(error)) => {
                    tracing::info!(%error, "no tray");
                    other_bus(&mut tray, bus, &shutdown).await
                }
                Err(_) => {
                    tracing::info!("the tray does not answer");
                    other_bus(&mut tray, bus, &shutdown).await
                }
            },
        };
        if end == End::Shutdown {
            return;
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    Shutdown,
    /// Register anew.
    Again,
}

/// Keeps the registered item up to date until the session bus it is on is gone.
async fn follow(
    tray: &mut Tray,
    handle: &Handle<TrayItem>,
    shown: &mut Option<Menu>,
    mut bus: u64,
    shutdown: &CancellationToken,
) -> End {
    let mut drawn = Instant::now() - INTERVAL;
    // When lines are shown that wait because the menu is open.
    let mut held: Option<Instant> = None;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => {
                handle.shutdown().await;
                return End::Shutdown;
            }
            Ok(()) = changed(&mut tray.snapshots, drawn + INTERVAL) => {
                let menu = Menu::of(&tray.snapshots.borrow_and_update(), shown.as_ref(), &TimeZone::system());
                if shown.as_ref() != Some(&menu) {
                    drawn = Instant::now();
                    *shown = Some(menu.clone());
                    let Some(until) = handle.update(|item| item.shown.renew(menu, Instant::now())).await else {
                        return other_bus(tray, bus, shutdown).await;
                    };
                    held = until;
                }
            }
            () = at(held) => {
                let Some(until) = handle.update(|item| item.shown.settle(Instant::now())).await else {
                    return other_bus(tray, bus, shutdown).await;
                };
                held = until;
            }
            Ok(()) = tray.bus.changed() => {
                let number = *tray.bus.borrow_and_update();
                if bus == 0 {
                    // The notifier only was slower than us to connect.
                    bus = number;
                } else if number != bus {
                    handle.shutdown().await;
                    return if number == 0 { other_bus(tray, 0, shutdown).await } else { End::Again };
                }
            }
            else => {
                shutdown.cancelled().await;
            }
        }
    }
}

/// Waits until then, or for ever.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

/// Waits until there has been no panel for [`ASK_AGAIN`]; for ever where there is one by then.
async fn stays_alone(alone: &AtomicBool) {
    tokio::time::sleep(ASK_AGAIN).await;
    if !alone.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Waits until the menu may be drawn again and there is a new snapshot, which stays new for whoever gives up waiting.
async fn changed(snapshots: &mut watch::Receiver<Arc<Snapshot>>, not_before: Instant) -> Result<(), RecvError> {
    tokio::time::sleep_until(not_before).await;
    snapshots.changed().await
}

/// Waits until there is another session bus than this one, or for a long time.
async fn other_bus(tray: &mut Tray, bus: u64, shutdown: &CancellationToken) -> End {
    tokio::select! {
        () = shutdown.cancelled() => End::Shutdown,
        Ok(_) = tray.bus.wait_for(|number| *number != 0 && *number != bus) => End::Again,
        () = tokio::time::sleep(RETRY) => End::Again,
    }
}

/// What ksni draws.
#[derive(Debug)]
struct TrayItem {
    shown: Shown,
    orders: mpsc::UnboundedSender<Order>,
    /// Whether there is no panel to show it.
    alone: Arc<AtomicBool>,
}

impl TrayItem {
    fn press(&mut self, press: Press) {
        self.shown.close();
        let order = match press {
            Press::Open(alert) => Order::OpenDashboard { spot: alert.into(), reply: None },
            Press::Pause(length) => Order::Pause(length),
            Press::PauseUntilTomorrow => Order::Pause(Some(until_morning(&Zoned::now()))),
            Press::Mute(rule, length) => Order::Mute { rule: rule.to_string(), length },
            Press::Unsilence(id) => Order::Unsilence(id),
            Press::Resume => Order::Resume,
            Press::Reconnect => Order::Reconnect,
            Press::Quit => Order::Quit,
        };
        // Nobody listens only while the program ends.
        drop(self.orders.send(order));
    }
}

impl ksni::Tray for TrayItem {
    fn id(&self) -> String {
        "streambell".to_owned()
    }

    fn title(&self) -> String {
        "Streambell".to_owned()
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.press(Press::Open(None));
    }

    fn status(&self) -> Status {
        Status::Active
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        pixmaps(self.shown.icon()).to_vec()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Streambell".to_owned(), description: markup(self.shown.summary()), ..ToolTip::default() }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.shown.lines().iter().map(item).collect()
    }

    fn menu_about_to_show(&mut self) {
        self.shown.open(Instant::now());
    }

    fn watcher_online(&self) {
        self.alone.store(false, Ordering::Relaxed);
        tracing::info!("the tray is there");
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        self.alone.store(true, Ordering::Relaxed);
        tracing::info!(?reason, "no tray");
        true
    }
}

fn item(from: &Item) -> MenuItem<TrayItem> {
    match from {
        Item::Text(text) => StandardItem { label: label(text), enabled: false, ..Default::default() }.into(),
        Item::Button(text, press) => {
            let press = press.clone();
            let activate = Box::new(move |tray: &mut TrayItem| tray.press(press.clone()));
            StandardItem { label: label(text), activate, ..Default::default() }.into()
        }
        Item::Submenu(text, items) => {
            SubMenu { label: label(text), submenu: items.iter().map(item).collect(), ..Default::default() }.into()
        }
        Item::Separator => MenuItem::Separator,
    }
}

/// An underscore would mark an access key.
fn label(text: &str) -> String {
    text.replace('_', "__")
}

/// Tool tips are read as markup.
fn markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn pixmaps(icon: Icon) -> &'static [ksni::Icon; 2] {
    macro_rules! pixmaps {
        ($name:literal) => {{
            static PIXMAPS: LazyLock<[ksni::Icon; 2]> = LazyLock::new(|| {
                [
                    pixmap(22, include_bytes!(concat!("../../../../icons/tray/", $name, "-22.argb"))),
                    pixmap(44, include_bytes!(concat!("../../../../icons/tray/", $name, "-44.argb"))),
                ]
            });
            &PIXMAPS
        }};
    }
    match icon {
        Icon::Connected => pixmaps!("connected"),
        Icon::Trouble => pixmaps!("trouble"),
        Icon::Paused => pixmaps!("paused"),
        Icon::Unread => pixmaps!("unread"),
    }
}

fn pixmap(side: i32, data: &[u8]) -> ksni::Icon {
    ksni::Icon { width: side, height: side, data: data.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_the_pixels_it_says() {
        for icon in [Icon::Connected, Icon::Trouble, Icon::Paused, Icon::Unread] {
            for (pixmap, side) in pixmaps(icon).iter().zip([22, 44]) {
                assert_eq!((pixmap.width, pixmap.height), (side, side));
                assert_eq!(pixmap.data.len(), usize::try_from(side * side * 4).unwrap_or_default());
            }
        }
    }

    #[test]
    fn names_with_underscores_and_markup_are_shown_as_they_are() {
        assert_eq!(label("my_stream"), "my__stream");
        assert_eq!(markup("<b> & co"), "&lt;b&gt; &amp; co");
    }
}
