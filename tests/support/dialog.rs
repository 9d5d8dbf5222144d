//! A dialog of the desktop, and a person who answers it. No driver of the page sees it.

use std::time::Duration;

use crate::desktop::Desktop;
use crate::eventually::eventually;

/// How long a dialog that takes a click may take to go, on a machine that does much else.
const MOMENT: Duration = Duration::from_secs(5);

/// A dialog that is open.
#[derive(Debug)]
pub struct Dialog<'a> {
    desktop: &'a Desktop,
    /// Its number as a window.
    id: String,
}

impl<'a> Dialog<'a> {
    /// Waits for the dialog of this title.
    pub async fn wait(desktop: &'a Desktop, title: &str) -> Self {
        let id = eventually(&format!("the dialog {title:?}"), async || Self::find(desktop, title).await).await;
        Self { desktop, id }
    }

    /// Whether there is a dialog of this title.
    pub async fn is_there(desktop: &Desktop, title: &str) -> bool {
        Self::find(desktop, title).await.is_some()
    }

    /// Presses a key in it, as `xdotool` names them, and waits until it is gone.
    pub async fn press(self, key: &str) {
        eventually(&format!("the dialog to end with {key}"), async || {
            self.xdotool(&["windowactivate", "--sync", &self.id]).await;
            self.xdotool(&["key", key]).await;
            self.goes().await.then_some(())
        })
        .await;
    }

    /// Clicks the last of its two buttons until it takes that, and waits until the dialog is gone.
    pub async fn allow(self) {
        eventually("the dialog to end with a click", async || {
            let place = self.xdotool(&["getwindowgeometry", "--shell", &self.id]).await;
            let size = |name: &str| -> Option<u32> {
                place.lines().find_map(|line| line.strip_prefix(name))?.strip_prefix('=')?.parse().ok()
            };
            let (x, y) = (size("WIDTH")? * 3 / 4, size("HEIGHT")?.saturating_sub(20));
            let (x, y) = (x.to_string(), y.to_string());
            self.xdotool(&["mousemove", "--window", &self.id, &x, &y, "click", "1"]).await;
            self.goes().await.then_some(())
        })
        .await;
    }

    /// Whether it is gone soon: another click would come to what is below it.
    async fn goes(&self) -> bool {
        let gone = async { while !self.is_gone().await {} };
        tokio::time::timeout(MOMENT, gone).await.is_ok()
    }

    async fn is_gone(&self) -> bool {
        let listed = self.desktop.command("wmctrl").arg("-l").output().await.expect("wmctrl: install wmctrl");
        let number: u64 = self.id.parse().expect("a window's number");
        !String::from_utf8_lossy(&listed.stdout).contains(&format!("0x{number:08x}"))
    }

    async fn find(desktop: &Desktop, title: &str) -> Option<String> {
        let listed = desktop.command("wmctrl").arg("-l").output().await.ok()?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let line = listed.lines().find(|line| line.ends_with(title))?;
        let number = line.split_whitespace().next()?.strip_prefix("0x")?;
        u64::from_str_radix(number, 16).ok().map(|number| number.to_string())
    }

    async fn xdotool(&self, arguments: &[&str]) -> String {
        let output = self.desktop.command("xdotool").args(arguments).output().await.expect("xdotool: install xdotool");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
