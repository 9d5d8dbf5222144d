//! What it takes to take edits back.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::config::edit::{self, Settings};
use crate::config::{Config, TileConfig};
use crate::consent::{self, Reach};
use crate::model::StreamId;
use crate::secrets::{Part, Secret};

/// So much memory edits may take that can be taken back, in bytes; the newest always can. A stream that is added with a
/// hundred rules and tiles is as many edits, and goes whole.
const MOST: usize = 8 * 1024 * 1024;

/// What an edit takes beside its text, about.
const ASIDE: usize = 4 * 1024;

/// For so long an edit can be taken back: the secrets that it removed are in memory meanwhile.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// An edit.
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
    /// The stream that was not there before, with those of its accounts that the vault held already.
    pub(super) added: Option<(StreamId, Vec<String>)>,
}

/// The last edits, the newest last.
#[derive(Default)]
pub(super) struct Edits(Vec<Undo>);

impl Edits {
    pub(super) fn made(&mut self, edit: u32, before: Arc<str>, after: Arc<str>, aside: Aside) {
        // Most follow one another, and share a text.
        let before = self.0.last().map(|last| &last.after).filter(|after| **after == before).map_or(before, Arc::clone);
        self.0.push(Undo { edit, before, after, aside, until: Instant::now() + KEPT });
        let mut room = MOST;
        let fits = |undo: &&Undo| {
            let left = room.checked_sub(undo.after.len() + ASIDE);
            room = left.unwrap_or_default();
            left.is_some()
        };
        let kept = self.0.iter().rev().take_while(fits).count().max(1);
        self.0.drain(..self.0.len() - kept);
    }

    /// Takes the newest out, where it is this one and the file is as it left it.
    pub(super) fn take(&mut self, edit: u32, current: &str) -> Option<Undo> {
        self.0.pop_if(|undo| undo.edit == edit && *undo.after == *current)
    }

    /// Puts back what was taken out.
    pub(super) fn put_back(&mut self, undo: Undo) {
        self.0.push(undo);
    }

    /// When the oldest is forgotten.
    pub(super) fn forgotten_at(&self) -> Option<Instant> {
        self.0.first().map(|undo| undo.until)
    }

    /// Forgets what is old.
    pub(super) fn forget(&mut self) {
        let now = Instant::now();
        self.0.retain(|undo| undo.until > now);
    }

    /// Has them go on after an edit of the file from one text to another that only gave the window this look, which then
    /// stays when they are taken back; but for the places of tiles where these were others before: they keep their own.
    pub(super) fn go_on_with(&mut self, mut look: Settings, from: &str, to: &Arc<str>) {
        let (mut from, mut to): (Arc<str>, _) = (from.into(), Arc::clone(to));
        for undo in self.0.iter_mut().rev() {
            if *undo.after != *from {
                return;
            }
            if look.tile_places.is_some() && tiles_of(&undo.before) != tiles_of(&undo.after) {
                look.tile_places = None;
            }
            let Ok(before) = edit::save_settings(&undo.before, &look) else { return };
            from = std::mem::replace(&mut undo.before, before.into());
            undo.after = std::mem::replace(&mut to, Arc::clone(&undo.before));
        }
    }
}

/// What the places of tiles are told by: the tiles in their order, and the names of streams.
fn tiles_of(text: &str) -> Option<(Vec<TileConfig>, Vec<StreamId>)> {
    let config = edit::valid_but_for_programs(text).ok()?;
    let tiles = config.tiles.iter().map(TileConfig::feed).collect();
    Some((tiles, config.streams.iter().map(|stream| stream.name.clone()).collect()))
}

impl Undo {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(count: u32) -> Edits {
        let mut edits = Edits::default();
        for edit in 1..=count {
            edits.made(edit, (edit - 1).to_string().into(), edit.to_string().into(), Aside::default());
        }
        edits
    }

    #[test]
    fn edits_are_taken_back_one_after_the_other_from_the_newest_on() {
        let mut edits = edits(3);
        assert!(edits.take(2, "3").is_none(), "there is a newer one");
        assert!(edits.take(3, "by hand").is_none(), "somebody else wrote meanwhile");
        for edit in [3, 2, 1] {
            let undo = edits.take(edit, &edit.to_string()).unwrap_or_else(|| panic!("{edit} is there"));
            assert_eq!(*undo.before, *(edit - 1).to_string());
        }
        assert!(edits.0.is_empty());
    }

    #[test]
    fn what_takes_more_memory_than_it_may_is_forgotten_from_the_oldest_on() {
        let mut edits = Edits::default();
        let text = |edit: u32| edit.to_string().repeat(MOST / 4);
        for edit in 1..=9 {
            edits.made(edit, text(edit - 1).into(), text(edit).into(), Aside::default());
        }
        assert_eq!(edits.0.iter().map(|undo| undo.edit).collect::<Vec<_>>(), [7, 8, 9]);
        assert!(edits.0.windows(2).all(|pair| Arc::ptr_eq(&pair[0].after, &pair[1].before)), "one text for both");
        edits.made(10, text(9).into(), "x".repeat(MOST).into(), Aside::default());
        assert_eq!(edits.0.len(), 1, "the newest is kept, however large");
        assert_eq!(self::edits(5_000).0.len(), MOST / (ASIDE + 4), "small ones take their room too");
    }

    #[test]
    fn a_stream_with_a_hundred_rules_and_tiles_in_a_large_file_is_taken_back_whole() {
        let text = |edit: u32| "a rule or a tile\n".repeat(3_000 + 20 * edit as usize);
        let mut edits = Edits::default();
        for edit in 1..=101 {
            edits.made(edit, text(edit - 1).into(), text(edit).into(), Aside::default());
        }
        for edit in (1..=101).rev() {
            assert!(edits.take(edit, &text(edit)).is_some(), "{edit}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_old_is_forgotten() {
        let mut edits = edits(1);
        tokio::time::advance(KEPT / 2).await;
        edits.made(2, "1".into(), "2".into(), Aside::default());
        tokio::time::advance(KEPT / 2).await;
        assert_eq!(edits.forgotten_at(), Some(Instant::now()));
        edits.forget();
        assert_eq!(edits.0.iter().map(|undo| undo.edit).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn places_of_tiles_that_were_others_before_are_not_given_to_these() {
        let text = |tiles: &[&str], dashboard: &str| {
            let tiles: String = tiles.iter().map(|value| format!("[[tile]]\nvalue = \"{value}\"\n")).collect();
            format!("version = 1\n{tiles}[dashboard]\n{dashboard}")
        };
        let (before, after) = (text(&["/a", "/b"], "rise = \"red\"\n"), text(&["/b"], "rise = \"red\"\n"));
        let to = text(&["/b"], "rise = \"red\"\ntheme = \"dark\"\ntile_places = [[\"market\", \"BTC\"]]\n");
        let [old, new] = [&after, &to].map(|text| edit::valid_but_for_programs(text).unwrap_or_default().dashboard);
        let look = Settings::of_look(&old, &new);
        assert!(look.tile_places.is_some());
        let mut edits = Edits::default();
        edits.made(1, before.into(), after.as_str().into(), Aside::default());
        edits.go_on_with(look, &after, &to.as_str().into());
        let undo = &edits.0[0];
        assert_eq!(*undo.after, *to);
        assert!(undo.before.contains("theme = \"dark\"") && !undo.before.contains("tile_places"), "{}", undo.before);
    }

    /// Holds the only thread for slow work, once all is done that was given to it before.
    fn occupy() -> std::sync::mpsc::Sender<()> {
        let ((started, has_started), (release, released)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        tokio::task::spawn_blocking(move || {
            started.send(()).unwrap_or_default();
            released.recv().unwrap_or_default();
        });
        has_started.recv().unwrap_or_default();
        release
    }

    #[test]
    fn older_texts_get_a_new_look_beside_the_task_of_the_configuration() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "version = 1\n")?;
        let (changes, _) = tokio::sync::mpsc::channel(1);
        let (vault, undo) = (crate::secrets::Vault::memory(), Edits::default());
        let mut task = super::super::Task {
            file: Some(file.clone()),
            text: None,
            in_force: "".into(),
            vault,
            changes,
            edits: 0,
            undo,
        };
        let to = |text: &'static str| super::super::Edit::new(move |_| Ok(text.to_owned()), None);
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).enable_all().build()?;
        runtime.block_on(async {
            task.edit(to("version = 1\n[[rule]]\nname = \"R\"\n")).await?;
            let looked = "version = 1\n[[rule]]\nname = \"R\"\n[dashboard]\ntheme = \"dark\"\n";
            let mut edit = std::pin::pin!(task.edit(to(looked)));
            loop {
                let release = occupy();
                let is_written = std::fs::read_to_string(&file)? == looked;
                assert!(futures_util::poll!(edit.as_mut()).is_pending(), "it was made by the task itself");
                if is_written {
                    break drop(release);
                }
                drop(release);
                // What it gave to the thread meanwhile is done.
                tokio::task::spawn_blocking(|| ()).await?;
            }
            edit.await?;
            Ok::<(), Box<dyn std::error::Error>>(())
        })?;
        assert!(task.undo.0[0].before.contains("theme = \"dark\""), "{}", task.undo.0[0].before);
        Ok(())
    }
}
