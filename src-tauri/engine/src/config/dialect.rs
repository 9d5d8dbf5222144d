//! What a server says beyond the standard, and what it wants to be told: `event_id`, `ignore`, `end_on`, `sign_in_on`,
//! `subscribe`.

use reqwest::Url;

use super::check;
use super::field::{Field, Fields};
use crate::locale::Text;
use crate::text;

/// How a server speaks beyond the standard. By default: not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialect {
    /// What an event is recognised by when it comes again.
    pub event_id: EventId,
    /// Events that are for no person: not stored, looked at by no rule, and never moving the cursor.
    pub ignore: Vec<Sign>,
    /// Events after which the stream has ended for good.
    pub end_on: Vec<Sign>,
    /// Events after which the credentials are no good any more.
    pub sign_in_on: Vec<Sign>,
    /// What a connection must be told before it sends anything.
    pub subscribe: Option<Subscribe>,
}

/// What an event is recognised by when it comes again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EventId {
    /// Its own id.
    #[default]
    Id,
    /// A JSON pointer into its data.
    Pointer(String),
    /// Nothing: its id means something else.
    None,
}

/// What an event must be to be a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// A glob for its name.
    Event(String),
    /// Its data to the letter.
    Data(String),
    /// A text or number in its data.
    Field {
        /// The JSON pointer to it.
        pointer: String,
        /// A glob for it.
        glob: String,
    },
}

/// A request that each connection is followed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// A glob for the name of the event that tells what the body needs.
    pub on: String,
    /// Where it is POSTed to: of the stream's own origin; may be relative to the stream's address.
    pub url: String,
    /// Its JSON; `{/pointer}` in it stands for what the event's data has there.
    pub body: String,
}

/// The dialect's fields of a stream at this address.
pub(super) fn dialect(fields: &mut Fields<'_>, address: &str) -> Dialect {
    Dialect {
        event_id: fields.get("event_id").and_then(event_id).unwrap_or_default(),
        ignore: fields.get("ignore").and_then(signs).unwrap_or_default(),
        end_on: fields.get("end_on").and_then(signs).unwrap_or_default(),
        sign_in_on: fields.get("sign_in_on").and_then(signs).unwrap_or_default(),
        subscribe: fields.get("subscribe").and_then(|field| subscribe(field, address)),
    }
}

fn event_id(field: Field<'_>) -> Option<EventId> {
    match field.text()? {
        pointer if pointer.starts_with('/') => field.read(check::pointer).map(EventId::Pointer),
        _ => field.choice(&[("id", EventId::Id), ("none", EventId::None)]),
    }
}

/// One or a list of them: text is a name's glob, `{ data = "ping" }` data, `{ "/a" = "b*" }` something in it.
fn signs(field: Field<'_>) -> Option<Vec<Sign>> {
    let elements = if field.is_list() { field.list()? } else { vec![field] };
    let signs: Vec<_> = elements.into_iter().map(sign).collect();
    signs.into_iter().collect()
}

fn sign(field: Field<'_>) -> Option<Sign> {
    if field.is_text() {
        return field.read(check::glob).map(Sign::Event);
    }
    let fields = field.table("a sign", "{ data = \"ping\" }")?;
    let entries = fields.entries();
    match entries.as_slice() {
        [(_, data)] if data.key == "data" => data.word().map(Sign::Data),
        [(_, value)] if value.key.starts_with('/') => {
            let pointer = check::pointer(value.key).map_err(|message| value.wrong(message)).ok()?;
            value.read(check::glob).map(|glob| Sign::Field { pointer, glob })
        }
        _ => {
            field.wrong(text!(
                "must be a name, {{ data = \"ping\" }} or {{ \"/in/its/data\" = \"pattern\" }}",
                "必须是名称、{{ data = \"ping\" }} 或 {{ \"/in/its/data\" = \"pattern\" }}"
            ));
            None
        }
    }
}

fn subscribe(field: Field<'_>, address: &str) -> Option<Subscribe> {
    let mut fields = field.table("subscribe", "{ on = \"CONNECTED\", url = \"/subscribe\", body = \"…\" }")?;
    let on = fields.need("on").and_then(|on| on.read(check::glob));
    let url = fields.need("url").and_then(|url| url.read(|text| same_server(text, address)));
    let body = fields.need("body").and_then(|body| body.word());
    fields.finish();
    Some(Subscribe { on: on?, url: url?, body: body? })
}

/// The credentials go there, so it is the stream's own server.
fn same_server(text: &str, address: &str) -> Result<String, Text> {
    let Ok(base) = Url::parse(address) else { return Ok(text.to_owned()) };
    match base.join(text) {
        Ok(url) if url.origin() == base.origin() => Ok(text.to_owned()),
        Ok(_) => Err(text!("must be of the same server as the stream's url", "必须与流的 url 在同一服务器")),
        Err(error) => Err(check::no_address(&error)),
    }
}
