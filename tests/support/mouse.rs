//! A person with mouse and keyboard at once: presses with a key held, and the wheel.

use std::time::Duration;

use fantoccini::actions::{
    Actions, InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use serde_json::json;

use crate::desktop::Desktop;
use crate::keyboard::code;
use crate::webdriver::Window;

/// How long a movement takes.
const MOVEMENT: Duration = Duration::from_millis(20);

/// Where the middle of an element is in the page, and on the screen, in pixels; it is brought into sight.
const PLACE: &str = "
    const element = document.querySelector(arguments[0]);
    element.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const place = [left + width / 2, top + height / 2].map(Math.round);
    return { page: place, screen: [place[0] + screenX, place[1] + screenY + outerHeight - innerHeight] };";

impl Window {
    /// Presses in the middle of an element while a key is held: `Control`, `Shift`.
    pub async fn press_holding(&self, key: &str, selector: &str) {
        self.find_css(selector).await;
        let place = self.evaluate(PLACE, &[json!(selector)]).await;
        let [x, y] = [0, 1].map(|at| place["page"][at].as_f64().expect("a place"));
        let value = code(key);
        // One step after the other: each input waits while the other acts.
        let pause = || KeyAction::Pause { duration: Duration::ZERO };
        let keys = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value });
        let keys = keys.then(pause()).then(pause()).then(pause()).then(KeyAction::Up { value });
        let rest = || PointerAction::Pause { duration: Duration::ZERO };
        let mouse = MouseActions::new("mouse".to_owned())
            .then(rest())
            .then(PointerAction::MoveTo { duration: Some(MOVEMENT), x, y })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })
            .then(rest());
        let actions = Actions::from(keys).and(mouse);
        self.client.perform_actions(actions).await.unwrap_or_else(|error| panic!("a press with {key}: {error}"));
    }

    /// Turns the wheel over the middle of an element by so many notches, upwards or, less than none, downwards; with
    /// Ctrl held or without. By the desktop itself, as a mouse does.
    pub async fn turn_wheel(&self, desktop: &Desktop, selector: &str, notches: i32, control: bool) {
        self.find_css(selector).await;
        let place = self.evaluate(PLACE, &[json!(selector)]).await;
        let [x, y] = [0, 1].map(|at| place["screen"][at].to_string());
        let button = if notches < 0 { "5" } else { "4" };
        let times = notches.unsigned_abs().to_string();
        let mut arguments = vec!["mousemove", &x, &y];
        if control {
            arguments.extend(["keydown", "ctrl"]);
        }
        arguments.extend(["click", "--repeat", &times, button]);
        if control {
            arguments.extend(["keyup", "ctrl"]);
        }
        let status = desktop.command("xdotool").args(&arguments).status().await;
        assert!(status.is_ok_and(|status| status.success()), "a wheel that is turned: install xdotool");
    }
}
