//! A form's fields by the words beside them, as a person finds them.

use fantoccini::elements::{Element, ElementRef};
use serde_json::{Value, json};

use crate::eventually::eventually;
use crate::webdriver::Window;

/// The first field that is drawn and has this label.
const LABELLED: &str = "
    const said = (text) => text.replace(/\\s+/g, ' ').trim();
    const label = (field) => field.getAttribute('aria-label') ?? field.labels?.[0]?.textContent ?? '';
    return [...document.querySelectorAll('input, select, textarea')]
        .find((field) => field.getClientRects().length && said(label(field)) === arguments[0]) ?? null;";

impl Window {
    /// The field whose label has this key in the catalogue.
    pub async fn field(&self, key: &str) -> Element {
        let label = self.word(key).await;
        let id = eventually(&format!("a field {label:?}"), async || {
            let found = self.evaluate(LABELLED, &[json!(label)]).await;
            Some(found.as_object()?.values().next()?.as_str()?.to_owned())
        })
        .await;
        Element::from_element_id(self.client.clone(), ElementRef::from(id))
    }

    /// Types a text into a field in place of what is in it.
    pub async fn fill(&self, key: &str, text: &str) {
        let field = eventually(&format!("{key} to be emptied"), async || {
            let field = self.field(key).await;
            self.ready(&field).await?;
            field.clear().await.ok()?;
            Some(field)
        })
        .await;
        // The page hears of what a key does.
        let keys = if text.is_empty() { " \u{e003}".to_owned() } else { text.replace('\n', "\u{e007}") };
        field.send_keys(&keys).await.unwrap_or_else(|error| panic!("typing into {key}: {error}"));
    }

    /// Chooses from the list with this label.
    pub async fn select(&self, key: &str, value: &str) {
        eventually(&format!("{value:?} chosen in {key}"), async || {
            let list = self.field(key).await;
            self.ready(&list).await?;
            list.select_by_value(value).await.ok()
        })
        .await;
    }

    /// Ticks the box with this label, or takes the tick away.
    pub async fn tick(&self, key: &str, wanted: bool) {
        let is_so = async || self.is_ticked(&self.field(key).await, wanted).await;
        eventually(&format!("{key} ticked: {wanted}"), is_so).await;
    }

    /// Ticks the box with this `data-testid`, or takes the tick away.
    pub async fn check(&self, id: &str, wanted: bool) {
        let is_so = async || self.is_ticked(&self.find(id).await, wanted).await;
        eventually(&format!("{id} ticked: {wanted}"), is_so).await;
    }

    /// Presses a box that is not as it is wanted: what moves while it is pressed is pressed again.
    async fn is_ticked(&self, tick: &Element, wanted: bool) -> Option<()> {
        let ticked = self.client.execute("return arguments[0].checked", vec![json!(tick)]).await.ok()?;
        if ticked == Value::Bool(wanted) {
            return Some(());
        }
        self.ready(tick).await?;
        tick.click().await.ok();
        None
    }

    /// Waits until a field holds this.
    pub async fn holds(&self, key: &str, text: &str) {
        eventually(&format!("{text:?} in {key}"), async || {
            (self.field(key).await.prop("value").await.ok()??.trim() == text).then_some(())
        })
        .await;
    }
}
