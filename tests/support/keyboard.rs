//! A person at the keyboard: keys go to whatever has the focus.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::Value;

use crate::webdriver::Window;

/// More steps than any view has stops for the Tab key.
const MOST_STOPS: usize = 120;

/// What the focus is on: the nearest `data-testid`.
const FOCUSED: &str = "return document.activeElement?.closest('[data-testid]')?.dataset.testid ?? ''";

impl Window {
    /// Presses a key, or several at once: `j`, `Enter`, `Control+k`.
    pub async fn press(&self, keys: &str) {
        let keys: Vec<char> = keys.split('+').map(code).collect();
        let down = keys.iter().map(|value| KeyAction::Down { value: *value });
        let up = keys.iter().rev().map(|value| KeyAction::Up { value: *value });
        let actions = down.chain(up).fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        self.client.perform_actions(actions).await.unwrap_or_else(|error| panic!("the keys {keys:?}: {error}"));
    }

    /// Types a text.
    pub async fn write(&self, text: &str) {
        let actions = text
            .chars()
            .flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }])
            .fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        self.client.perform_actions(actions).await.unwrap_or_else(|error| panic!("typing {text:?}: {error}"));
    }

    /// The `data-testid` that the focus is on or within.
    pub async fn focused(&self) -> String {
        match self.client.execute(FOCUSED, Vec::new()).await {
            Ok(Value::String(id)) => id,
            other => panic!("the window says where its focus is: {other:?}"),
        }
    }

    /// Goes to the element with this `data-testid` with the Tab key alone.
    pub async fn tab_to(&self, id: &str) {
        let mut passed = Vec::new();
        for _ in 0..MOST_STOPS {
            let here = self.focused().await;
            if here == id {
                return;
            }
            passed.push(here);
            self.press("Tab").await;
        }
        panic!("the Tab key does not come to {id}, only to {passed:?}");
    }
}

fn code(name: &str) -> char {
    match name {
        "Control" => Key::Control.into(),
        "Shift" => Key::Shift.into(),
        "Tab" => Key::Tab.into(),
        "Enter" => Key::Enter.into(),
        "Escape" => Key::Escape.into(),
        "Space" => ' ',
        "Alt" => Key::Alt.into(),
        "Plus" => '+',
        "PageUp" => Key::PageUp.into(),
        "PageDown" => Key::PageDown.into(),
        "Home" => Key::Home.into(),
        "End" => Key::End.into(),
        "Up" => Key::Up.into(),
        "Down" => Key::Down.into(),
        "Left" => Key::Left.into(),
        "Right" => Key::Right.into(),
        one => one.chars().next().unwrap_or_else(|| panic!("a key has a name")),
    }
}
