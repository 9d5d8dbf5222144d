//! Waiting for a time that may not be set: at each turn of a loop anew, or once.

use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::time::Sleep;

/// So much too early it may ring.
const EARLY: Duration = Duration::from_secs(1);

/// So much too late it may ring: the runtime's timers are no finer, and a time that is computed from two clocks comes
/// some nanoseconds earlier at every other turn.
const GRAIN: Duration = Duration::from_millis(1);

/// A timer that a loop sets anew at each turn, and that costs nothing while its time only moves later.
///
/// Rings when something is due, up to a second before or up to a millisecond after: whoever hears it looks at what is
/// due.
///
/// To set a timer of the runtime wakes its driver where the new time comes before all others, and a loop whose deadline
/// moves with each event would do so for each.
#[derive(Debug)]
pub struct Alarm {
    sleep: Pin<Box<Sleep>>,
    /// When it rings; not later than what is due but for a millisecond.
    armed: Option<Instant>,
}

impl Alarm {
    /// One that is not set. Needs a runtime around it.
    pub fn new() -> Self {
        Self { sleep: Box::pin(tokio::time::sleep(Duration::ZERO)), armed: None }
    }

    /// Waits until it rings; for ever where nothing is due. Dropped and called again, it goes on.
    pub async fn at(&mut self, due: Option<Instant>) {
        let Some(due) = due else { return std::future::pending().await };
        if self.armed.is_none_or(|armed| due + GRAIN < armed || due > armed + EARLY) {
            self.sleep.as_mut().reset(due.into());
            self.armed = Some(due);
        }
        self.sleep.as_mut().await;
        self.armed = None;
    }
}

/// Waits until then; for ever where there is no such time.
pub async fn sleep_until(due: Option<impl Into<tokio::time::Instant>>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

impl Default for Alarm {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long it takes until it rings, in milliseconds of the runtime's time.
    async fn rings(alarm: &mut Alarm, due: Instant) -> u128 {
        let start = tokio::time::Instant::now();
        alarm.at(Some(due)).await;
        start.elapsed().as_millis()
    }

    #[tokio::test(start_paused = true)]
    async fn it_rings_when_it_is_due_and_again_when_it_is_set_again() {
        let (mut alarm, start) = (Alarm::new(), tokio::time::Instant::now().into_std());
        assert_eq!(rings(&mut alarm, start + Duration::from_millis(300)).await, 300);
        assert_eq!(rings(&mut alarm, start + Duration::from_millis(500)).await, 200);
        assert_eq!(rings(&mut alarm, start).await, 0, "what is overdue");
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_moves_is_followed_but_for_a_second_later() {
        for (moved, rings_at) in [(5_000, 5_000), (9_900, 9_900), (10_900, 10_000), (11_100, 11_100)] {
            let (mut alarm, start) = (Alarm::new(), tokio::time::Instant::now().into_std());
            let first = alarm.at(Some(start + Duration::from_secs(10)));
            assert!(tokio::time::timeout(Duration::ZERO, first).await.is_err(), "it rings too early");
            assert_eq!(rings(&mut alarm, start + Duration::from_millis(moved)).await, rings_at, "{moved}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_trembles_does_not_set_it_anew() {
        let (mut alarm, start) = (Alarm::new(), tokio::time::Instant::now().into_std());
        let due = start + Duration::from_secs(10);
        for (earlier, armed) in [(0, due), (1, due), (999_999, due), (1_000_001, due - Duration::from_nanos(1_000_001))]
        {
            let waiting = alarm.at(Some(due - Duration::from_nanos(earlier)));
            assert!(tokio::time::timeout(Duration::ZERO, waiting).await.is_err(), "it rings too early");
            assert_eq!(alarm.armed, Some(armed), "{earlier}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_nothing_is_due_it_never_rings() {
        let mut alarm = Alarm::new();
        let rung = tokio::time::timeout(Duration::from_secs(1_000_000), alarm.at(None)).await;
        assert!(rung.is_err());
    }
}
