//! What the page may ask.

use serde::Serialize;
use streambell_protocol::{Answer, Call, ClientError, ErrorCode, Text};
use tauri::{AppHandle, State};

use crate::consent::Consents;
use crate::page::Page;
use crate::resident::Resident;

/// Why a call was refused, as the page gets it.
#[derive(Debug, Serialize)]
pub(crate) struct Refusal {
    code: ErrorCode,
    message: Text,
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Refused { code, message } => Self { code, message },
            ClientError::NotRunning { .. } | ClientError::Gone | ClientError::Line(_) => {
                Self { code: ErrorCode::Failed, message: error.text() }
            }
        }
    }
}

/// Forwards one call to the resident; what a person must agree to first they are asked here.
#[tauri::command]
pub(crate) async fn ask(
    app: AppHandle,
    resident: State<'_, Resident>,
    consents: State<'_, Consents>,
    call: Call,
) -> Result<Answer, Refusal> {
    if matches!(call, Call::Hello { .. } | Call::Subscribe { .. }) {
        return Err(Refusal {
            code: ErrorCode::Invalid,
            message: Text::new("the window has said hello for the page", "窗口已代页面打过招呼"),
        });
    }
    Ok(consents.ask(&app, &resident, call).await?)
}

/// The page's listeners are attached.
#[tauri::command]
pub(crate) async fn ready(app: AppHandle, page: State<'_, Page>) -> Result<(), ()> {
    page.ready(&app);
    Ok(())
}
