//! Why a call is refused, and what that is called on the socket.

use streambell_engine::config::edit::EditError;
use streambell_engine::engine::EngineError;
use streambell_engine::ledger::LedgerError;
use streambell_engine::silence::SilenceError;
use streambell_protocol::ErrorCode;

/// Why a call is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: ErrorCode,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: ErrorCode, message: impl ToString) -> Self {
        Self { code, message: message.to_string() }
    }
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        let code = match &error {
            EngineError::Invalid(_) => ErrorCode::Invalid,
            EngineError::NoStream(_)
            | EngineError::Edit(EditError::NotThere(_))
            | EngineError::Silence(SilenceError::NotThere(_)) => ErrorCode::NotFound,
            EngineError::Edit(EditError::Invalid(_)) | EngineError::Silence(_) => ErrorCode::Invalid,
            EngineError::Edit(EditError::Conflict(_)) => ErrorCode::Conflict,
            EngineError::Secret(_) => ErrorCode::Keyring,
            EngineError::File(_) | EngineError::Ended => ErrorCode::Failed,
        };
        Self::new(code, error)
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self::new(ErrorCode::Failed, error)
    }
}
