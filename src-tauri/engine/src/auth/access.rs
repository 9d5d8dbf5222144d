//! Access tokens, which have an end that is known ahead.

use std::time::Duration;

use jiff::Timestamp;

use super::jwt;
use crate::secrets::Secret;

/// An access token, in memory only.
#[derive(Debug, Clone)]
pub struct Access {
    /// The token.
    pub token: Secret,
    /// When it ends, where that is known.
    pub expires_at: Option<Timestamp>,
    given_at: Timestamp,
}

impl Access {
    /// A token that was given now, for so long; where nobody says for how long, it may say itself. An end that is past
    /// already is none: no server gives such a token, but a clock may be wrong.
    pub(crate) fn new(token: Secret, expires_in: Option<Duration>, now: Timestamp) -> Self {
        let said = expires_in.and_then(|life| now.checked_add(life).ok());
        let expires_at = said.or_else(|| jwt::expires_at(&token)).filter(|end| *end > now);
        Self { token, expires_at, given_at: now }
    }

    /// Whether another is needed before it is used again.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// How long to keep it from `now` on; `None` where its end is not known, or past.
    pub fn refresh_due(&self, now: Timestamp) -> Option<Duration> {
        let end = self.expires_at?;
        let left = end.duration_since(now);
        let life = end.duration_since(self.given_at);
        (left.is_positive()).then(|| jwt::keep_for(left.unsigned_abs(), life.unsigned_abs()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn access(life: Option<u64>) -> Access {
        Access::new(Secret::from("opaque"), life.map(Duration::from_secs), at(1_000))
    }

    #[test]
    fn a_token_is_replaced_before_its_end_and_not_used_after_it() {
        let access = access(Some(1_000));
        assert_eq!(access.refresh_due(at(1_000)), Some(Duration::from_secs(800)));
        assert_eq!(access.refresh_due(at(1_900)), Some(Duration::ZERO));
        assert_eq!(access.refresh_due(at(2_001)), None);
        assert!(!access.is_over(at(1_999)) && access.is_over(at(2_000)));
    }

    #[test]
    fn a_token_that_should_have_ended_before_it_came_is_used_until_the_server_refuses_it() {
        let access = access(Some(0));
        assert!(!access.is_over(at(1_000)) && !access.is_over(at(9_000)));
        assert_eq!((access.refresh_due(at(1_000)), access.expires_at), (None, None));
    }

    #[test]
    fn a_token_that_nothing_is_known_of_is_used_until_the_server_refuses_it() {
        assert!(!access(None).is_over(at(1_000_000)) && access(None).refresh_due(at(1_000)).is_none());
    }
}
