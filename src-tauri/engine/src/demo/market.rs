//! Eight prices on a random walk, with a jump now and then.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior};

use super::server::Server;
use crate::alarm::sleep_until;

const SYMBOLS: [(&str, f64); 8] = [
    ("AURA", 182.50),
    ("BELL", 96.20),
    ("CYAN", 412.75),
    ("DUNE", 28.40),
    ("ECHO", 1240.00),
    ("FERN", 64.10),
    ("GALE", 310.05),
    ("IRIS", 145.90),
];

/// One symbol's price.
#[derive(Debug)]
struct Quote {
    symbol: &'static str,
    opened: f64,
    price: f64,
}

/// Moves prices and raises alerts until the server ends. Alerts begin with the first client.
pub(super) async fn run(server: Arc<Server>) {
    let options = server.options();
    let mut quotes = SYMBOLS.map(|(symbol, price)| Quote { symbol, opened: price, price });
    let mut next = 0;
    let mut prices = tokio::time::interval(options.price_every.max(Duration::from_micros(1)));
    prices.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut alert_at = None;
    loop {
        tokio::select! {
            () = server.shutdown().cancelled() => return,
            () = server.first_client(), if alert_at.is_none() => alert_at = Some(Instant::now() + options.first_alert),
            () = sleep_until(alert_at) => {
                let quote = &mut quotes[fastrand::usize(..SYMBOLS.len())];
                let move_pct = quote.jump();
                server.journal().add("market-alert", &alert(quote, move_pct, &server.page(quote.symbol)));
                alert_at = Some(Instant::now() + draw(&options.alert_every));
            }
            _ = prices.tick() => {
                quotes[next].walk();
                server.journal().add("price-update", &quotes[next].update());
                next = (next + 1) % SYMBOLS.len();
            }
        }
    }
}

/// A time within a range.
pub(super) fn draw(range: &Range<Duration>) -> Duration {
    range.start + range.end.saturating_sub(range.start).mul_f64(fastrand::f64())
}

/// What the page of a symbol says; `None` where there is no such symbol.
pub(super) fn describe(symbol: &str) -> Option<String> {
    let (symbol, opened) = SYMBOLS.iter().find(|(known, _)| *known == symbol)?;
    Some(format!("{symbol}: a share of Streambell's demo market, which opened at {opened:.2}. It is made up.\n"))
}

impl Quote {
    /// A small step, with a pull back to where it opened.
    fn walk(&mut self) {
        let noise = (fastrand::f64() + fastrand::f64() + fastrand::f64() - 1.5) * 0.004;
        let pull = (self.opened / self.price).ln() * 0.01;
        self.price *= 1.0 + noise + pull;
    }

    /// A move of 3 to 6 %, either way; returns it in percent.
    fn jump(&mut self) -> f64 {
        let size = 3.0 + 3.0 * fastrand::f64();
        let move_pct = rounded(if self.price > self.opened { -size } else { size });
        self.price *= 1.0 + move_pct / 100.0;
        move_pct
    }

    fn update(&self) -> String {
        let change_pct = rounded((self.price / self.opened - 1.0) * 100.0);
        let update = Update { symbol: self.symbol, price: rounded(self.price), change_pct, at: Timestamp::now() };
        serde_json::to_string(&update).unwrap_or_default()
    }
}

fn alert(quote: &Quote, move_pct: f64, url: &str) -> String {
    let price = rounded(quote.price);
    let verb = if move_pct < 0.0 { "fell" } else { "rose" };
    let alert = Alert {
        symbol: quote.symbol,
        price,
        change_pct: move_pct,
        message: format!("{} {verb} {:.2} % to {price:.2}", quote.symbol, move_pct.abs()),
        url,
        severity: if move_pct.abs() < 4.5 { "warning" } else { "critical" },
    };
    serde_json::to_string(&alert).unwrap_or_default()
}

/// The data of a `price-update`, what matters most first.
#[derive(Serialize)]
struct Update<'a> {
    symbol: &'a str,
    price: f64,
    change_pct: f64,
    at: Timestamp,
}

/// The data of a `market-alert`.
#[derive(Serialize)]
struct Alert<'a> {
    symbol: &'a str,
    price: f64,
    change_pct: f64,
    message: String,
    url: &'a str,
    severity: &'static str,
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_stay_near_where_they_opened() {
        let mut quote = Quote { symbol: "BELL", opened: 100.0, price: 100.0 };
        for step in 0..200_000 {
            quote.walk();
            if step % 100 == 0 {
                assert!((3.0..=6.0).contains(&quote.jump().abs()));
            }
            assert!((50.0..200.0).contains(&quote.price), "{}", quote.price);
        }
    }
}
