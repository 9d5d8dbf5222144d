//! What the page may ask.

use serde::Serialize;
use streambell_protocol::{Answer, Call, ClientError, ErrorCode, Text};
use tauri::{AppHandle, State};

use crate::asked::is_asked;
use crate::closing::Unsaved;
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
    if !is_asked(&call) {
        return Err(Refusal {
            code: ErrorCode::Invalid,
            message: Text::new("the page has no use for that call", "页面用不到这个调用"),
        });
    }
    Ok(consents.ask(&app, &resident, call).await?)
}

/// Whether anybody can see the page: what happens while nobody does is not told to it, and it reads that later.
#[tauri::command]
pub(crate) async fn seen(resident: State<'_, Resident>, seen: bool) -> Result<(), Refusal> {
    Ok(resident.seen(seen).await?)
}

/// Something is open in the page that would be lost with the window, or nothing any more.
#[tauri::command]
pub(crate) fn hold(unsaved: State<'_, Unsaved>, held: bool) {
    unsaved.hold(held);
}

/// The version of the window itself.
#[tauri::command]
pub(crate) fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The page's listeners are attached.
#[tauri::command]
pub(crate) async fn ready(app: AppHandle, page: State<'_, Page>, resident: State<'_, Resident>) -> Result<(), ()> {
    page.ready(&app);
    if !resident.is_seen() {
        // It was loaded anew, and the last that the one before it said is that it is gone. Without a resident there is
        // nothing to hear yet.
        drop(resident.seen(true).await);
    }
    Ok(())
}
