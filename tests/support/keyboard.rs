//! A person at the keyboard: keys go to whatever has the focus.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::webdriver::Window;

/// More steps than any view has stops for the Tab key.
const MOST_STOPS: usize = 120;

/// What the focus is on: the nearest `data-testid`.
const FOCUSED: &str = "return document.activeElement?.closest('[data-testid]')?.dataset.testid ?? ''";

const MATCHES: &str = "return document.activeElement?.matches(arguments[0]) ?? false";

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
        self.tab_until(id, async || self.focused().await == id).await;
    }

    /// Goes to the element of a selector with the Tab key alone.
    pub async fn tab_into(&self, selector: &str) {
        let is_there = async || self.evaluate(MATCHES, &[json!(selector)]).await == Value::Bool(true);
        self.tab_until(selector, is_there).await;
    }

    async fn tab_until(&self, what: &str, is_there: impl AsyncFn() -> bool) {
        let mut passed = Vec::new();
        for _ in 0..MOST_STOPS {
            if is_there().await {
                return;
            }
            passed.push(self.focused().await);
            self.press("Tab").await;
        }
        panic!("the Tab key does not come to {what}, only to {passed:?}");
    }
}

/// The code of a key by its name.
pub(crate) fn code(name: &str) -> char {
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
