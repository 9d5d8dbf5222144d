//! What programs see of an event. Parsed when first looked at, once for all rules.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use minijinja::Value;
use minijinja::value::{Enumerator, Object};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::model::Event;

/// What programs see besides, where the rule watches a value: it, the change in percent and what it is measured from.
pub(super) const MEASURED: [&str; 3] = ["value", "change", "from"];

/// What the texts of an alert see that tells that nothing came.
pub(super) const ABSENT: [&str; 7] = ["rule", "event", "stream", "group", "at", "seen", "deadline"];

/// The names of all that programs see.
pub(super) const NAMES: [&str; 7] = ["event", "data", "text", "id", "stream", "at", PREVIOUS];

/// The one that depends on what came before.
pub(super) const PREVIOUS: &str = "previous";

/// What all rules see of an event.
#[derive(Debug)]
pub(super) struct Inputs {
    event: Event,
    data: OnceLock<Value>,
    text: OnceLock<Value>,
}

/// What one rule sees of it.
#[derive(Debug)]
struct Context {
    inputs: Arc<Inputs>,
    previous: Value,
    /// In the order of [`MEASURED`]; what was not measured is not there.
    measured: [Option<f64>; 3],
}

impl Inputs {
    pub(super) fn new(event: &Event) -> Self {
        Self { event: event.clone(), data: OnceLock::new(), text: OnceLock::new() }
    }

    /// With the rule's own.
    pub(super) fn with_previous(self: &Arc<Self>, previous: Value) -> Value {
        self.with(previous, [None; 3])
    }

    /// With that, and what was measured.
    pub(super) fn with(self: &Arc<Self>, previous: Value, measured: [Option<f64>; 3]) -> Value {
        Value::from_object(Context { inputs: self.clone(), previous, measured })
    }

    /// The data as it came.
    pub(super) fn raw(&self) -> &str {
        &self.event.data
    }

    /// The event.
    pub(super) fn event(&self) -> &Event {
        &self.event
    }

    /// The parsed JSON; the text where it is none.
    pub(super) fn data(&self) -> Value {
        let parse = || serde_json::from_str::<Json>(&self.event.data).map_or_else(|_| self.text(), |json| json.0);
        self.data.get_or_init(parse).clone()
    }

    fn text(&self) -> Value {
        self.text.get_or_init(|| Value::from(self.event.data.as_str())).clone()
    }
}

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let event = &self.inputs.event;
        match key {
            "event" => Some(Value::from(event.name.as_str())),
            "data" => Some(self.inputs.data()),
            "text" => Some(self.inputs.text()),
            "id" => Some(Value::from(event.id.as_str())),
            "stream" => Some(Value::from(event.stream.as_str())),
            "at" => Some(Value::from(event.at.to_string())),
            PREVIOUS => Some(self.previous.clone()),
            other => {
                let place = MEASURED.iter().position(|name| *name == other)?;
                self.measured.get(place).copied().flatten().map(plain)
            }
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&NAMES)
    }
}

/// A number as people write it: whole ones without decimals.
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { Value::from(number as i64) } else { Value::from(number) }
}

/// JSON read straight into a template value.
struct Json(Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Self)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::from(()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Json(value)) = access.next_element()? {
            values.push(value);
        }
        Ok(Value::from(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut values = BTreeMap::<Arc<str>, Value>::new();
        while let Some((key, Json(value))) = access.next_entry::<String, Json>()? {
            values.insert(key.into(), value);
        }
        Ok(Value::from(values))
    }
}
