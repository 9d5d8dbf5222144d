//! The file itself: it is read anew, explained where it is no good, and written.

use std::path::Path;
use std::sync::Arc;

use super::{Change, EngineError, Task};
use crate::config::edit::EditError;
use crate::config::{Config, ConfigError, parse};
use crate::locale::Text;
use crate::profile;
use crate::text;

impl Task {
    pub(super) fn reload(&mut self) -> Option<Change> {
        let file = self.file.as_deref()?;
        let result = match read(file) {
            Ok(text) if self.text.as_deref() == Some(&*text) => return None,
            Ok(text) => {
                let parsed = parse(&text).map_err(|errors| explain(file, &errors));
                let text: Arc<str> = text.into();
                if parsed.is_ok() {
                    self.in_force = Arc::clone(&text);
                }
                self.text = Some(text);
                parsed
            }
            Err(error) => {
                self.text = None;
                Err(error)
            }
        };
        // What a person brings back by hand goes on where it was.
        let added = Vec::new();
        Some(Change { result, renamed: None, added, secret_of: None, changing: None, reply: None })
    }

    /// The text as it is on disk now, so that an edit by hand is never overwritten by ours.
    pub(super) fn current(&self) -> Result<String, EngineError> {
        let file = self.file.as_deref().ok_or_else(|| {
            EngineError::File(text!(
                "this instance has no configuration file: start Streambell without --demo",
                "这个实例没有配置文件：请不带 --demo 启动 Streambell"
            ))
        })?;
        read(file).map_err(EngineError::File)
    }

    pub(super) fn validated(&self, text: &str) -> Result<Config, EngineError> {
        let file = self.file.as_deref().unwrap_or(Path::new("config.toml"));
        parse(text).map_err(|errors| EngineError::Invalid(explain(file, &errors)))
    }

    /// Writes a valid text, which is in force from then on, in the place of the one that it was made of: a keyring may
    /// have asked its owner meanwhile, and somebody else may have written.
    pub(super) async fn write(&mut self, before: &str, text: String) -> Result<Arc<str>, EngineError> {
        if self.current()? != before {
            return Err(EditError::configuration_changed().into());
        }
        let Some(file) = self.file.clone() else { return Err(EngineError::Ended) };
        let written = text.clone();
        tokio::task::spawn_blocking(move || profile::write_atomically(&file, &written))
            .await
            .map_err(|_| EngineError::Ended)?
            .map_err(EngineError::File)?;
        self.in_force = text.into();
        self.text = Some(Arc::clone(&self.in_force));
        Ok(Arc::clone(&self.in_force))
    }
}

/// The file's text; empty where it does not exist.
pub(super) fn read(file: &Path) -> Result<String, Text> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => {
            let (file, why) = (file.display(), Text::of_system(&error));
            Err(text!("{file} cannot be read: {why}", "无法读取 {file}：{why}", why))
        }
    }
}

/// The first fault, and how many more there are.
fn explain(file: &Path, errors: &[ConfigError]) -> Text {
    let more = match errors.len() {
        0 | 1 => Text::default(),
        count => {
            let count = count - 1;
            text!(" (and {count} more: run `streambell check`)", "（另有 {count} 处：请运行 `streambell check`）")
        }
    };
    let (file, first) = (file.display(), errors.first().map(ConfigError::text).unwrap_or_default());
    text!("{file}:{first}{more}", "{file}：{first}{more}", first, more)
}
