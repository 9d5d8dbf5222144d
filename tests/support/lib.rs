//! What the tests stand on: a scripted server, a headless desktop with doubles of its services, the real programs.
#![expect(clippy::expect_used, reason = "a test that cannot set itself up must fail at once, and say where")]

pub mod axe;
pub mod broadcast;
pub mod desktop;
pub mod dialog;
pub mod eventually;
pub mod faults;
pub mod fields;
pub mod herd;
pub mod hostile;
pub mod keyboard;
pub mod mouse;
pub mod notifications;
pub mod numbers;
pub mod page;
pub mod process;
pub mod program;
pub mod recorder;
pub mod replay;
pub mod rig;
pub mod server;
pub mod sign_in;
pub mod soak;
pub mod system;
pub mod tail;
pub mod tls;
pub mod tray;
pub mod walk;
pub mod webdriver;
pub mod words;

pub use broadcast::Broadcast;
pub use desktop::{Desktop, Services};
pub use dialog::Dialog;
pub use eventually::eventually;
pub use faults::{Ending, Faults, Newcomers, Shape};
pub use notifications::Notifications;
pub use program::{Resident, binary};
pub use recorder::Recorder;
pub use replay::{Replay, Script};
pub use rig::Rig;
pub use server::{Exchange, Server};
pub use sign_in::Authorization;
pub use system::SystemBus;
pub use tail::Tail;
pub use tls::Tls;
pub use tray::Tray;
