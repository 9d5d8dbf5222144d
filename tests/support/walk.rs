//! A walk with the Tab key alone: which controls it comes to, and whether a person sees where it is.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::Value;

use crate::eventually::eventually;
use crate::webdriver::Window;

/// How often the key is pressed before it is looked where it came.
const STEPS: usize = 12;

/// More rounds than any view needs.
const MOST_ROUNDS: usize = 25;

/// Watches where the focus goes. What has no stop of its own is moved to by the keys of the list, grid or tree it is in.
const WATCH: &str = r#"
    globalThis.walk?.leave.abort();
    const leave = new AbortController();
    const seen = new Set(), faults = new Set();
    const said = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
    const name = (one) => said(one.getAttribute('aria-label') ?? (one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '))
        || said(one.labels?.[0]?.textContent) || said(one.textContent) || said(one.title);
    const tell = (one) => `${one.localName} ${one.dataset.testid ?? one.closest('[data-testid]')?.dataset.testid ?? ''} “${name(one).slice(0, 60)}”`;
    const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const around = (one) => [one, one.nextElementSibling, one.closest('label'), one.parentElement].filter(Boolean);
    const visible = (one) => around(one).some((near) => drawn(getComputedStyle(near)) || drawn(getComputedStyle(near, '::after'))) || one.querySelector('[aria-selected=true], [data-chosen=true]') !== null || one.matches('[role=combobox]');
    const came = ({ target }) => {
        seen.add(target);
        if (target === document.body) return;
        if (!name(target)) faults.add(`no name: ${tell(target)}`);
        if (!visible(target)) faults.add(`the focus is not to be seen: ${tell(target)}`);
    };
    document.addEventListener('focusin', came, { signal: leave.signal });
    const group = (one) => (one.type === 'radio' ? [...document.getElementsByName(one.name)] : [one]);
    const reached = (one) => group(one).some((of) => seen.has(of));
    // A list that is gone through from the field above it is come to with that.
    const field = (list) => [...seen].some((one) => list?.id && one.getAttribute?.('aria-controls') === list.id);
    const within = (one) => one.closest('[role=listbox], [role=grid], [role=tree], [role=menu], [role=tablist], ul.tiles');
    const missed = () => {
        const inside = [...document.querySelectorAll('dialog')].find((dialog) => dialog.matches(':modal')) ?? document.body;
        const controls = [...inside.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [role=option], [role=gridcell], [role=treeitem]')];
        return controls
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(':disabled, [aria-hidden=true] *') && one.closest('[inert]') === null)
            .filter((one) => one.tabIndex >= 0 || one.matches('button, [role=option], [role=gridcell], [role=treeitem]'))
            .filter((one) => !reached(one) && !(one.tabIndex < 0 && within(one) && ([...seen].some((other) => within(one).contains(other)) || field(within(one)))))
            .map((one) => `not come to: ${tell(one)}`);
    };
    globalThis.walk = { leave, faults, missed };"#;

/// Whether the focus is where it can be seen.
const IN_SIGHT: &str = "
    const at = document.activeElement;
    const { top, bottom, left, right } = (at?.labels?.[0] ?? at ?? document.body).getBoundingClientRect();
    return bottom >= 0 && top <= innerHeight && right >= 0 && left <= innerWidth";

const WALKED: &str = "return { missed: walk.missed(), faults: [...walk.faults] }";

impl Window {
    /// Goes round with the Tab key until it came to everything that can be pressed or typed into; what it did not come
    /// to, and where one could not see where it was, is returned, a line each.
    pub async fn walk(&self) -> Vec<String> {
        self.evaluate(WATCH, &[]).await;
        let mut found = Vec::new();
        for round in 0..MOST_ROUNDS {
            let tabs = (0..STEPS).fold(KeyActions::new("keyboard".to_owned()), |keys, _| {
                keys.then(KeyAction::Down { value: Key::Tab.into() }).then(KeyAction::Up { value: Key::Tab.into() })
            });
            self.client.perform_actions(tabs).await.unwrap_or_else(|error| panic!("the Tab key: {error}"));
            eventually("the focus to be brought where it can be seen", async || {
                (self.evaluate(IN_SIGHT, &[]).await == true).then_some(())
            })
            .await;
            let walked = self.evaluate(WALKED, &[]).await;
            let lines = |key: &str| -> Vec<String> {
                walked[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
            };
            let missed = lines("missed");
            if missed.is_empty() || round + 1 == MOST_ROUNDS {
                found = missed;
                found.extend(lines("faults"));
                break;
            }
        }
        found
    }
}
