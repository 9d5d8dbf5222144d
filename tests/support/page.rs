//! What a person does in the page and sees in it: presses what has a name, chooses, copies, and makes the window smaller.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::{Value, json};

use crate::desktop::Desktop;
use crate::eventually::eventually;
use crate::webdriver::Window;

/// Keeps what the page complains of from here on.
const LISTEN: &str = "
    window.complaints = [];
    addEventListener('error', ({ message }) => complaints.push(message));
    addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));
    addEventListener('securitypolicyviolation', ({ violatedDirective }) => complaints.push(violatedDirective));
    addEventListener('vite:preloadError', ({ payload }) => complaints.push(String(payload)));";

/// The elements that are drawn and have this role and this name, as a screen reader would call them.
const NAMED: &str = "
    const [role, name] = arguments;
    const tags = { button: 'button, [role=button], summary', menuitem: '[role=menuitem]', tab: '[role=tab]', option: '[role=option]' };
    const said = (element) => (element.getAttribute('aria-label') ?? element.textContent).replace(/\\s+/g, ' ').trim();
    return [...document.querySelectorAll(tags[role] ?? `[role=${role}]`)]
        .find((element) => element.getClientRects().length && said(element) === name) ?? null;";

/// Notes when a question is answered that has this in its address or its text.
const HEAR: &str = "
    const [part] = arguments;
    const { fetch } = window;
    window.heard = false;
    window.fetch = async (at, given) => {
        const answer = await fetch(at, given);
        if (`${at} ${given?.body}`.includes(part)) window.heard = true;
        return answer;
    };";

/// Brings an element to the middle of what it is scrolled in, clear of what sticks to an end; and whether it can be used.
const READY: &str = "arguments[0].scrollIntoView({ block: 'center' }); return !arguments[0].matches(':disabled')";

/// How far the page could be scrolled sideways, and what makes it so wide.
const SIDEWAYS: &str = "
    const root = document.scrollingElement;
    if (root.scrollWidth <= root.clientWidth) return '';
    const wide = [...document.querySelectorAll('body *')].find((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
    return `${root.scrollWidth} px in ${root.clientWidth}, because of ${wide?.outerHTML.slice(0, 200)}`;";

impl Window {
    /// Keeps from here on what the page complains of: [`Window::complaints`].
    pub async fn listen(&self) {
        self.evaluate(LISTEN, &[]).await;
    }

    /// Errors that nobody caught, and what the content security policy refused, since [`Window::listen`].
    pub async fn complaints(&self) -> Value {
        self.evaluate("return complaints", &[]).await
    }

    /// What a script in the page returns.
    pub async fn evaluate(&self, script: &str, arguments: &[Value]) -> Value {
        self.client
            .execute(script, arguments.to_vec())
            .await
            .unwrap_or_else(|error| panic!("the page answers to {script}: {error}"))
    }

    /// Does something, and waits until the question that it has the page ask was answered: one with this in it.
    pub async fn until_answered(&self, question: &str, act: impl Future<Output = ()>) {
        self.evaluate(HEAR, &[json!(question)]).await;
        act.await;
        eventually(&format!("an answer to {question}"), async || {
            (self.client.execute("return heard", Vec::new()).await.ok()? == json!(true)).then_some(())
        })
        .await;
    }

    /// Presses the button of this name.
    pub async fn press_button(&self, name: &str) {
        self.press_named("button", name).await;
    }

    /// Presses what has this role and this name.
    pub async fn press_named(&self, role: &str, name: &str) {
        eventually(&format!("a press on the {role} {name:?}"), async || {
            let found = self.client.execute(NAMED, vec![json!(role), json!(name)]).await.ok()?;
            let id = found.as_object()?.values().next()?.as_str()?.to_owned();
            let element = fantoccini::elements::Element::from_element_id(
                self.client.clone(),
                fantoccini::elements::ElementRef::from(id),
            );
            self.ready(&element).await?;
            element.click().await.ok()
        })
        .await;
    }

    /// Brings an element into sight, once it can be used: what is done with one that is disabled does nothing, and no
    /// driver says so.
    pub(crate) async fn ready(&self, element: &fantoccini::elements::Element) -> Option<()> {
        (self.client.execute(READY, vec![json!(element)]).await.ok()? == json!(true)).then_some(())
    }

    /// Presses the first element of a selector.
    pub async fn press_css(&self, selector: &str) {
        // What is drawn anew between the look and the press is looked for again.
        eventually(&format!("a press on {selector}"), async || {
            let element = self.client.find(Locator::Css(selector)).await.ok()?;
            self.ready(&element).await?;
            element.click().await.ok()
        })
        .await;
    }

    /// Opens what folds, by the selector of its summary. A second press would close it again.
    pub async fn unfold(&self, selector: &str) {
        eventually(&format!("{selector} unfolded"), async || {
            let summary = self.find_css(selector).await;
            let script = "return arguments[0].parentElement.open";
            if self.client.execute(script, vec![json!(summary)]).await.ok()? == json!(true) {
                return Some(());
            }
            self.ready(&summary).await?;
            summary.click().await.ok();
            None
        })
        .await;
    }

    /// Chooses one of a few words that stand beside each other.
    pub async fn choose(&self, id: &str, value: &str) {
        let input = format!("[data-testid=\"{id}\"] input[value=\"{value}\"]");
        self.find_css(&input).await;
        // What moves while it is pressed is pressed again.
        eventually(&format!("{value} chosen in {id}"), async || {
            let script = "const input = document.querySelector(arguments[0]); return !input || input.checked";
            if self.client.execute(script, vec![json!(input)]).await.ok()? == json!(true) {
                return Some(());
            }
            let word = self.client.find(Locator::Css(&format!("{input} + span"))).await.ok()?;
            self.ready(&word).await?;
            word.click().await.ok();
            None
        })
        .await;
    }

    /// Chooses from a list.
    pub async fn pick(&self, id: &str, value: &str) {
        eventually(&format!("{value:?} chosen in {id}"), async || {
            let list = self.client.find(Locator::Css(&format!("[data-testid=\"{id}\"]"))).await.ok()?;
            self.ready(&list).await?;
            list.select_by_value(value).await.ok()
        })
        .await;
    }

    /// Waits until there is no element with this `data-testid`.
    pub async fn gone(&self, id: &str) {
        eventually(&format!("{id} to be gone"), async || (self.count(id).await == 0).then_some(())).await;
    }

    /// Waits until there are so many elements with this `data-testid`.
    pub async fn see_count(&self, id: &str, count: usize) {
        eventually(&format!("{count} of {id}"), async || (self.count(id).await == count).then_some(())).await;
    }

    /// Waits until a field holds this.
    pub async fn see_value(&self, id: &str, value: &str) {
        eventually(&format!("{value:?} in the field {id}"), async || {
            (self.find(id).await.prop("value").await.ok()??.contains(value)).then_some(())
        })
        .await;
    }

    /// Waits until the focus is on or in the element with this `data-testid`.
    pub async fn see_focus(&self, id: &str) {
        eventually(&format!("the focus at {id}"), async || (self.focused().await == id).then_some(())).await;
    }

    /// Waits until this view is shown.
    pub async fn see_view(&self, view: &str) {
        self.find_css(&format!("main[data-view=\"{view}\"]")).await;
    }

    /// Waits until the clipboard holds this, as a person finds out: by putting it into a field. A field has one line only.
    pub async fn see_copied(&self, text: &str) {
        self.copied(&format!("{text:?} on the clipboard"), |copied| copied == text).await;
    }

    /// Waits until what the clipboard holds is so, and gives it.
    pub async fn copied(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        self.press("Control+k").await;
        self.see_focus("palette-input").await;
        // A page copies in its own time: until then the clipboard holds what was copied before.
        let text = eventually(what, async || {
            self.press("Control+a").await;
            self.press("Control+v").await;
            let text = self.find("palette-input").await.prop("value").await.ok()??;
            is_so(&text).then_some(text)
        })
        .await;
        self.press("Escape").await;
        self.gone("palette").await;
        text
    }

    /// Drags from the middle of one element to that of another, by CSS selectors.
    pub async fn drag(&self, from: &str, to: &str) {
        self.rest().await;
        let (from, to) = (self.middle(from).await, self.middle(to).await);
        let step = |(x, y): (f64, f64)| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(60)),
            x: x.round(),
            y: y.round(),
        };
        let half = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let actions = MouseActions::new("mouse".to_owned())
            .then(step(from))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(step(half))
            .then(step(to))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(actions).await.unwrap_or_else(|error| panic!("a drag: {error}"));
    }

    /// Presses at a place of the page, in pixels from its top left.
    pub async fn press_at(&self, x: u32, y: u32) {
        self.mouse(f64::from(x), f64::from(y), 1).await;
    }

    /// Presses twice in the middle of an element.
    pub async fn double_click(&self, selector: &str) {
        let (x, y) = self.middle(selector).await;
        self.mouse(x.round(), y.round(), 2).await;
    }

    /// Where the middle of an element is in the page.
    async fn middle(&self, selector: &str) -> (f64, f64) {
        eventually(&format!("the place of {selector}"), async || {
            let (x, y, width, height) = self.find_css(selector).await.rectangle().await.ok()?;
            Some((x + width / 2.0, y + height / 2.0))
        })
        .await
    }

    async fn mouse(&self, x: f64, y: f64, times: usize) {
        let there = PointerAction::MoveTo { duration: Some(Duration::from_millis(20)), x, y };
        let press = |actions: MouseActions| {
            actions
                .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
                .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })
        };
        let actions = (0..times).fold(MouseActions::new("mouse".to_owned()).then(there), |actions, _| press(actions));
        self.client.perform_actions(actions).await.unwrap_or_else(|error| panic!("{times} presses: {error}"));
    }

    /// Gives the window another size, in pixels of the page, and waits until the page has it.
    pub async fn resize(&self, desktop: &Desktop, width: u32, height: u32) {
        let place = format!("0,0,0,{width},{height}");
        eventually(&format!("a window of {width} x {height}"), async || {
            desktop.command("wmctrl").args(["-r", "Streambell", "-e", &place]).status().await.ok()?;
            let size = self.evaluate("return [innerWidth, innerHeight]", &[]).await;
            (size == json!([width, height])).then_some(())
        })
        .await;
    }

    /// Nothing where the page fits its width; else what does not.
    pub async fn sideways(&self) -> String {
        self.evaluate(SIDEWAYS, &[]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Takes back what the notice tells of, once it says this.
    pub async fn undo(&self, said: &str) {
        self.see("notice", said).await;
        self.click("undo").await;
    }

    /// Takes away what the last action told, so that the next notice is that of the next action.
    pub async fn dismiss(&self) {
        // It may go by itself meanwhile.
        eventually("the notice to be taken away", async || {
            let close = "[data-testid=\"notice\"] button:last-child";
            if self.count("notice").await == 0 {
                return Some(());
            }
            self.client.find(Locator::Css(close)).await.ok()?.click().await.ok();
            None
        })
        .await;
    }

    /// Loads the page anew, as after a restart of the window.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page is loaded anew");
        self.find("status-line").await;
        self.listen().await;
    }

    /// Whether an element of this selector is there now.
    pub async fn has(&self, selector: &str) -> bool {
        self.client.find(Locator::Css(selector)).await.is_ok()
    }
}
