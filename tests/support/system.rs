//! A private system bus with doubles of what Streambell hears there: logind and NetworkManager.
#![expect(missing_docs, reason = "the interface macro makes methods of its own")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::process::Command;
use zbus::object_server::SignalEmitter;

use crate::desktop::Desktop;
use crate::eventually::eventually;

const SLEEP_PATH: &str = "/org/freedesktop/login1";
const NETWORK_PATH: &str = "/org/freedesktop/NetworkManager";

/// The bus and its services. Dropping it ends them.
#[derive(Debug)]
pub struct SystemBus {
    /// Where the bus runs; nothing else does.
    place: Desktop,
    services: zbus::Connection,
    network: Arc<Network>,
}

#[derive(Debug, Default)]
struct Network {
    state: AtomicU32,
    asked: AtomicU32,
}

struct Logind;

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Logind {
    /// The signal of that name.
    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

struct NetworkManager(Arc<Network>);

#[zbus::interface(name = "org.freedesktop.NetworkManager")]
impl NetworkManager {
    #[zbus(property)]
    fn state(&self) -> u32 {
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        self.0.state.load(Ordering::Relaxed)
    }

    /// The signal of that name; the macro has a method of the property's own.
    #[zbus(signal, name = "StateChanged")]
    async fn says(emitter: &SignalEmitter<'_>, state: u32) -> zbus::Result<()>;
}

impl SystemBus {
    /// A bus with logind, and with a NetworkManager in this state (`NMState`).
    pub async fn start(state: u32) -> Self {
        let mut place = Desktop::bare();
        let network = Arc::new(Network { state: state.into(), ..Network::default() });
        let services = start(&mut place, &network).await;
        Self { place, services, network }
    }

    /// Lets a program take this for the system's bus.
    pub fn set_on(&self, command: &mut Command) {
        command.env("DBUS_SYSTEM_BUS_ADDRESS", address(&self.place));
    }

    /// Waits until somebody has asked for the network's state so often: who asks listens already.
    pub async fn heard(&self, times: u32) {
        let asked = || self.network.asked.load(Ordering::Relaxed);
        eventually("a listener", async || (asked() >= times).then_some(())).await;
    }

    /// The machine wakes from a sleep.
    pub async fn wake(&self) {
        let emitter = SignalEmitter::new(&self.services, SLEEP_PATH).expect("logind's path");
        Logind::prepare_for_sleep(&emitter, true).await.expect("the signal is sent");
        Logind::prepare_for_sleep(&emitter, false).await.expect("the signal is sent");
    }

    /// NetworkManager's state changes.
    pub async fn network(&self, state: u32) {
        self.network.state.store(state, Ordering::Relaxed);
        let emitter = SignalEmitter::new(&self.services, NETWORK_PATH).expect("NetworkManager's path");
        NetworkManager::says(&emitter, state).await.expect("the signal is sent");
    }

    /// The bus ends, and another begins at the same address, with the same services.
    pub async fn restart(&mut self) {
        self.place.kill_last().await;
        self.services = start(&mut self.place, &self.network).await;
    }
}

fn address(place: &Desktop) -> String {
    format!("unix:path={}", place.path("system-bus").display())
}

async fn start(place: &mut Desktop, network: &Arc<Network>) -> zbus::Connection {
    // A socket that is left over would be in the way.
    drop(std::fs::remove_file(place.path("system-bus")));
    let address = address(place);
    let config = place.path("system-bus.conf");
    std::fs::write(&config, CONFIG.replace("ADDRESS", &address)).expect("a file for the bus");
    place.spawn("dbus-daemon", &["--nofork", "--config-file", &config.to_string_lossy()]);
    eventually("the system bus", async || serve(&address, Arc::clone(network)).await.ok()).await
}

async fn serve(address: &str, network: Arc<Network>) -> zbus::Result<zbus::Connection> {
    zbus::connection::Builder::address(address)?
        .serve_at(SLEEP_PATH, Logind)?
        .serve_at(NETWORK_PATH, NetworkManager(network))?
        .name("org.freedesktop.login1")?
        .name("org.freedesktop.NetworkManager")?
        .build()
        .await
}

const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><keep_umask/><listen>ADDRESS</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
<allow send_type="signal"/><allow receive_type="signal"/></policy></busconfig>
"#;
