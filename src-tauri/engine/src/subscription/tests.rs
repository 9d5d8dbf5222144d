//! Dialogues with real servers.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::wildcard_enum_match_arm, reason = "tests")]

mod answers;
mod credentials;
mod life;
mod safe;
mod support;
