//! `[dashboard]`: how a person likes the window to look.

use super::fault::quoted;
use super::field::{Field, Fields};
use crate::text;

/// How many places put by hand are remembered.
const MOST_PLACES: usize = 500;
/// The longest name of one, in bytes.
const LONGEST: usize = 1_000;

/// The words of the configuration.
pub(super) const THEMES: [(&str, Theme); 3] =
    [("system", Theme::System), ("light", Theme::Light), ("dark", Theme::Dark)];
pub(super) const RISES: [(&str, Rise); 3] = [("system", Rise::System), ("green", Rise::Green), ("red", Rise::Red)];
pub(super) const TILE_ORDERS: [(&str, TileOrder); 3] =
    [("hand", TileOrder::Hand), ("name", TileOrder::Name), ("change", TileOrder::Change)];

/// How the window looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// Light or dark. Default: as the system.
    pub theme: Theme,
    /// The colour of a rise; a fall has the other one. Default: as is usual where the person is.
    pub rise: Rise,
    /// In which order tiles stand. Default: by hand.
    pub tile_order: TileOrder,
    /// Where each tile stands by hand, at most 500 of them; others come behind, as they came.
    pub tile_places: Vec<TilePlace>,
    /// Whether alerts of a day that belong together are one line. Default: true.
    pub group_alerts: bool,
}

impl Default for Dashboard {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            rise: Rise::System,
            tile_order: TileOrder::Hand,
            tile_places: Vec::new(),
            group_alerts: true,
        }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The colour of a rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rise {
    /// As is usual where the system's language is spoken.
    System,
    /// Green.
    Green,
    /// Red.
    Red,
}

/// In which order tiles stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileOrder {
    /// As a hand put them.
    Hand,
    /// By name.
    Name,
    /// The greatest rise first.
    Change,
}

/// A tile, as it is told from every other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TilePlace {
    /// The stream that feeds it.
    pub stream: String,
    /// What it is the value of, for example a symbol.
    pub key: String,
    /// Which `[[tile]]` makes it, from 0.
    pub feed: u32,
}

/// `[dashboard]`. Where a field is wrong that is noted and its default stands in.
pub(super) fn dashboard(field: Field<'_>) -> Dashboard {
    let mut dashboard = Dashboard::default();
    let Some(mut fields) = field.table("dashboard", "{ theme = \"dark\" }") else { return dashboard };
    set(&mut fields, "theme", |field| field.choice(&THEMES), &mut dashboard.theme);
    set(&mut fields, "rise", |field| field.choice(&RISES), &mut dashboard.rise);
    set(&mut fields, "tile_order", |field| field.choice(&TILE_ORDERS), &mut dashboard.tile_order);
    set(&mut fields, "tile_places", |field| places(&field), &mut dashboard.tile_places);
    set(&mut fields, "group_alerts", |field| field.flag(), &mut dashboard.group_alerts);
    fields.finish();
    dashboard
}

fn set<'a, T>(fields: &mut Fields<'a>, key: &'static str, read: impl Fn(Field<'a>) -> Option<T>, place: &mut T) {
    if let Some(value) = fields.get(key).and_then(read) {
        *place = value;
    }
}

fn places(field: &Field<'_>) -> Option<Vec<TilePlace>> {
    let list = field.list()?;
    if list.len() > MOST_PLACES {
        field.wrong(text!("there can be {MOST_PLACES} at most", "最多 {MOST_PLACES} 个"));
        return None;
    }
    list.iter().map(place).collect()
}

/// `["market", "BTC"]`, with a third one where another `[[tile]]` than the first makes it.
fn place(field: &Field<'_>) -> Option<TilePlace> {
    let parts = field.list()?;
    let word = |field: &Field<'_>| {
        field.read(|text| match text.len() {
            0..=LONGEST => Ok(text.to_owned()),
            _ => Err(text!("is longer than {LONGEST} bytes", "超过 {LONGEST} 字节")),
        })
    };
    let (stream, key, feed) = match parts.as_slice() {
        [stream, key] => (stream, key, Some(0)),
        [stream, key, feed] => (stream, key, feed.integer(0..=199)),
        _ => {
            let example = quoted("market");
            field.wrong(text!(
                "must be a stream and what a tile of it shows, such as [{example}, \"BTC\"]",
                "必须是一个流和它的磁贴显示的内容，例如 [{example}, \"BTC\"]"
            ));
            return None;
        }
    };
    Some(TilePlace { stream: word(stream)?, key: word(key)?, feed: feed?.try_into().ok()? })
}
