//! Why a call is refused, and what that is called on the socket.

use streambell_engine::config::edit::EditError;
use streambell_engine::consent::NeedsConsent;
use streambell_engine::engine::EngineError;
use streambell_engine::ledger::LedgerError;
use streambell_engine::locale;
use streambell_engine::silence::SilenceError;
use streambell_engine::text;
use streambell_protocol::{ErrorCode, Text};

use super::view::text;

/// Why a call is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: ErrorCode,
    pub(super) message: Text,
    /// The key of the file that it is about, where a form could not even be written down.
    pub(super) key: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(code: ErrorCode, message: &locale::Text) -> Self {
        Self { code, message: text(message), key: None }
    }

    /// An event that somebody asks for, and that is not stored.
    pub(super) fn event_gone() -> Self {
        let gone = text!("this event is not in the history any more", "历史记录里已没有这个事件");
        Self::new(ErrorCode::NotFound, &gone)
    }

    /// What is asked for cannot be.
    pub(super) fn invalid(message: &locale::Text) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    /// It did not work.
    pub(super) fn failed(message: &locale::Text) -> Self {
        Self::new(ErrorCode::Failed, message)
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
            EngineError::Consent(NeedsConsent::Question(_)) => ErrorCode::Consent,
            EngineError::Consent(NeedsConsent::TooMuch(_)) => ErrorCode::Invalid,
            EngineError::Secret(_) => ErrorCode::Keyring,
            EngineError::File(_) | EngineError::Ended => ErrorCode::Failed,
        };
        Self::new(code, &error.text())
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self::new(ErrorCode::Failed, &error.text())
    }
}
