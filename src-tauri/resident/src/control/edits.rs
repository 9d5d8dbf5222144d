//! Calls that change the configuration file.

use streambell_protocol::{Answer, ErrorCode};

use super::calls::Refusal;

/// Until it is built.
pub(super) fn not_built() -> Result<Answer, Refusal> {
    Err(Refusal::new(ErrorCode::Failed, "this is not built yet"))
}
