//! What it takes to take an edit back.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::StreamId;
use crate::secrets::Secret;

/// For so long an edit can be taken back: the secrets that it removed are in memory meanwhile.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// The last edit.
pub(super) struct Undo {
    /// Its number.
    pub(super) edit: u32,
    /// The file's text before it.
    pub(super) before: Arc<str>,
    /// And after it.
    pub(super) after: Arc<str>,
    /// What it changed beside the file.
    pub(super) aside: Aside,
    /// When it is forgotten.
    pub(super) until: Instant,
}

/// What an edit changes beside the file.
#[derive(Default)]
pub(super) struct Aside {
    /// What the vault held of the accounts that were changed, in the order of the changes.
    pub(super) secrets: Vec<(String, Option<Secret>)>,
    /// The accounts whose secrets went along to a new name, with the new ones.
    pub(super) moved: Vec<(String, String)>,
    /// The stream as it is named now, where it has another name.
    pub(super) renamed: Option<(String, StreamId)>,
    /// The stream as it was named before, where its secret is another one now.
    pub(super) secret_of: Option<StreamId>,
}

impl Undo {
    pub(super) fn new(edit: u32, before: Arc<str>, after: Arc<str>, aside: Aside) -> Self {
        Self { edit, before, after, aside, until: Instant::now() + KEPT }
    }
}
