//! What it takes to take an edit back.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::config::Config;
use crate::config::edit::{self, Settings};
use crate::consent::{self, Reach};
use crate::model::StreamId;
use crate::secrets::{Part, Secret};

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

    /// Has it go on after an edit of the file from one text to another that only gave the window this look, which then
    /// stays when it is taken back.
    pub(super) fn go_on_with(&mut self, look: &Settings, from: &str, to: &Arc<str>) {
        if *self.after == *from
            && let Ok(before) = edit::save_settings(&self.before, look)
        {
            self.before = before.into();
            self.after = Arc::clone(to);
        }
    }

    /// What of this machine it gives away or starts to take it back, which from the configuration of `now` makes that
    /// of `before`.
    pub(super) fn reaches(&self, now: &Config, before: &Config) -> Vec<Reach> {
        let mut reaches = consent::reaches(now, before);
        for stream in consent::changed(now, before) {
            let name = match &self.aside.renamed {
                Some((old, new)) if stream.name.as_str() == old => new,
                Some(_) | None => &stream.name,
            };
            let other = now.streams.iter().find(|other| other.name == *name);
            let stays = |part: Part<'_>| !self.aside.gives_back(part, stream.name.as_str());
            reaches.extend(other.and_then(|other| consent::kept(other, stream, stays)));
        }
        reaches
    }
}

impl Aside {
    /// Whether nothing was changed beside the file.
    pub(super) fn is_nothing(&self) -> bool {
        self.secrets.is_empty() && self.renamed.is_none()
    }

    /// Whether a stream of that name gets back an older secret than it has now.
    fn gives_back(&self, part: Part<'_>, name: &str) -> bool {
        let account = part.account(name);
        let moved = self.moved.iter().any(|(old, _)| *old == account);
        !moved && self.secrets.iter().any(|(changed, _)| *changed == account)
    }
}
