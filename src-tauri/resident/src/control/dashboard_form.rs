//! How the window looks, between configuration and form.

use streambell_engine::config::{Dashboard, Rise, Theme, TileOrder, TilePlace};
use streambell_protocol::{DashboardForm, RiseForm, ThemeForm, TileOrderForm, TilePlaceForm};

/// How it looks, for the page.
pub(super) fn form(from: &Dashboard) -> DashboardForm {
    let place =
        |place: &TilePlace| TilePlaceForm { stream: place.stream.clone(), key: place.key.clone(), feed: place.feed };
    DashboardForm {
        theme: match from.theme {
            Theme::System => ThemeForm::System,
            Theme::Light => ThemeForm::Light,
            Theme::Dark => ThemeForm::Dark,
        },
        rise: match from.rise {
            Rise::System => RiseForm::System,
            Rise::Green => RiseForm::Green,
            Rise::Red => RiseForm::Red,
        },
        tile_order: match from.tile_order {
            TileOrder::Hand => TileOrderForm::Hand,
            TileOrder::Name => TileOrderForm::Name,
            TileOrder::Change => TileOrderForm::Change,
        },
        tile_places: from.tile_places.iter().map(place).collect(),
        group_alerts: from.group_alerts,
    }
}

/// Light or dark, as chosen.
pub(super) fn theme(form: ThemeForm) -> Theme {
    match form {
        ThemeForm::System => Theme::System,
        ThemeForm::Light => Theme::Light,
        ThemeForm::Dark => Theme::Dark,
    }
}

/// The colour of a rise, as chosen.
pub(super) fn rise(form: RiseForm) -> Rise {
    match form {
        RiseForm::System => Rise::System,
        RiseForm::Green => Rise::Green,
        RiseForm::Red => Rise::Red,
    }
}

/// The order of tiles, as chosen.
pub(super) fn tile_order(form: TileOrderForm) -> TileOrder {
    match form {
        TileOrderForm::Hand => TileOrder::Hand,
        TileOrderForm::Name => TileOrder::Name,
        TileOrderForm::Change => TileOrder::Change,
    }
}

/// Their places, as a hand put them.
pub(super) fn tile_places(form: &[TilePlaceForm]) -> Vec<TilePlace> {
    let place =
        |place: &TilePlaceForm| TilePlace { stream: place.stream.clone(), key: place.key.clone(), feed: place.feed };
    form.iter().map(place).collect()
}
