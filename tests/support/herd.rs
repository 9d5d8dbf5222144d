//! Clients that lost one server at one instant, and when they come back. No socket, no clock: only delays are drawn.

use std::time::Duration;

use streambell_engine::backoff::Backoff;

/// How clients wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// As Streambell does, with this reconnection time.
    Streambell(Duration),
    /// Always so long.
    Fixed(Duration),
}

/// When connects arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrivals {
    /// While the server was away.
    pub in_vain: Vec<Duration>,
    /// Once it was back, one for each client.
    pub welcome: Vec<Duration>,
}

/// All clients lose the server at zero; from `outage` on it takes all that come.
pub fn stampede(clients: usize, outage: Duration, waiting: Waiting, seed: u64) -> Arrivals {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut arrivals = Arrivals { in_vain: Vec::new(), welcome: Vec::with_capacity(clients) };
    for _ in 0..clients {
        let mut now = Duration::ZERO;
        let mut delays = Delays::new(waiting);
        loop {
            now += delays.next(random.f64());
            if now >= outage {
                arrivals.welcome.push(now);
                break;
            }
            arrivals.in_vain.push(now);
        }
    }
    arrivals.in_vain.sort_unstable();
    arrivals.welcome.sort_unstable();
    arrivals
}

/// The most arrivals within any one second; they are in order.
pub fn peak(arrivals: &[Duration]) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (index, at) in arrivals.iter().enumerate() {
        while arrivals[first] + Duration::from_secs(1) <= *at {
            first += 1;
        }
        most = most.max(index + 1 - first);
    }
    most
}

enum Delays {
    Streambell(Backoff),
    Fixed(Duration),
}

impl Delays {
    fn new(waiting: Waiting) -> Self {
        match waiting {
            Waiting::Streambell(retry) => Self::Streambell(Backoff::new(retry, false)),
            Waiting::Fixed(delay) => Self::Fixed(delay),
        }
    }

    fn next(&mut self, chance: f64) -> Duration {
        match self {
            Self::Streambell(backoff) => backoff.failed(None, chance),
            Self::Fixed(delay) => *delay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: Duration = Duration::from_secs(3);
    const OUTAGE: Duration = Duration::from_mins(1);

    #[test]
    fn clients_that_waited_long_come_back_one_after_another() {
        let arrivals = stampede(10_000, OUTAGE, Waiting::Streambell(RETRY), 1);
        assert_eq!(arrivals.welcome.len(), 10_000);
        assert!(peak(&arrivals.welcome) < 1_000, "{} in a second", peak(&arrivals.welcome));
        assert!(arrivals.welcome[9_999] < 2 * OUTAGE, "the last after {:?}", arrivals.welcome[9_999]);
    }

    #[test]
    fn a_fixed_delay_brings_all_at_once() {
        assert_eq!(peak(&stampede(10_000, OUTAGE, Waiting::Fixed(RETRY), 1).welcome), 10_000);
    }
}
