//! Calls that change the configuration file: each is a function from its text to another one.

use std::path::Path;

use streambell_engine::config::edit::{self, EditError, Kind, One, Selection};
use streambell_engine::config::{self, Config, ConfigError, QuietHours, SecretSource};
use streambell_engine::locale::Text;
use streambell_engine::text;
use streambell_protocol::{
    Answer, Fault, ImportFate, ImportItem, ImportReport, ItemForm, ItemKind, QuietHoursView, RuleDraft, RuleTextView,
    SettingsChange, TileForm,
};

use super::calls::Office;
use super::refusal::Refusal;
use super::{form, rule_form, settings, view};

/// The largest text that is imported, in bytes.
const LARGEST: usize = 1 << 20;

impl Office {
    /// All that is configured.
    pub(super) async fn configuration(&self) -> Answer {
        let engine = &self.shared.engine;
        let text = engine.config_text().await;
        let config = engine.config().borrow().clone();
        let file: &Path = &self.shared.config_file;
        Answer::Configuration(form::configuration(&config, &text, file))
    }

    pub(super) fn rule_text(
        &self,
        original: Option<&str>,
        base: Option<&str>,
        draft: &RuleDraft,
    ) -> Result<Answer, Refusal> {
        let text = text_of(draft, base).map_err(|error| invalid(&error))?;
        let config = self.shared.engine.config().borrow().clone();
        let faults = edit::check_rule(&config, original, &text).err().unwrap_or_default();
        let form = rule_form::from_toml(&text).map(Box::new);
        Ok(Answer::RuleText(RuleTextView { form, faults: self::faults(&text, &faults), text }))
    }

    pub(super) async fn save_rule(
        &self,
        original: Option<String>,
        base: Option<String>,
        draft: RuleDraft,
        agreed: Option<String>,
    ) -> Result<Answer, Refusal> {
        let edit = move |text: &str| {
            let written = original.as_deref().map(|name| rule_text(text, name)).transpose()?.flatten();
            let draft = text_of(&draft, base.as_deref().or(written.as_deref()))?;
            edit::save_rule(text, original.as_deref(), base.as_deref(), &draft)
        };
        Ok(Answer::Edited { undo: self.shared.engine.edit_agreed(edit, agreed).await? })
    }

    pub(super) async fn enable_rule(
        &self,
        name: String,
        enabled: bool,
        agreed: Option<String>,
    ) -> Result<Answer, Refusal> {
        let edit = move |text: &str| edit::enable_rule(text, &name, enabled);
        Ok(Answer::Edited { undo: self.shared.engine.edit_agreed(edit, agreed).await? })
    }

    pub(super) async fn save_tile(&self, original: Option<TileForm>, tile: TileForm) -> Result<Answer, Refusal> {
        let (original, tile) = (original.as_ref().map(settings::tile_config), settings::tile_config(&tile));
        self.edit(move |text| edit::save_tile(text, original.as_ref(), &tile)).await
    }

    pub(super) async fn remove_tile(&self, tile: &TileForm) -> Result<Answer, Refusal> {
        let tile = settings::tile_config(tile);
        self.edit(move |text| edit::remove_tile(text, &tile)).await
    }

    pub(super) async fn move_tile(&self, tile: &TileForm, to: u32) -> Result<Answer, Refusal> {
        let tile = settings::tile_config(tile);
        self.edit(move |text| edit::move_tile(text, &tile, place(to))).await
    }

    pub(super) async fn save_quiet_hours(
        &self,
        base: &[QuietHoursView],
        hours: &[QuietHoursView],
    ) -> Result<Answer, Refusal> {
        let read = |hours: &[QuietHoursView]| -> Result<Vec<QuietHours>, Refusal> {
            let read = hours.iter().map(settings::quiet_hours).collect::<Result<_, _>>();
            read.map_err(|why| Refusal::invalid(&why))
        };
        let (base, hours) = (read(base)?, read(hours)?);
        self.edit(move |text| edit::save_quiet_hours(text, &base, &hours)).await
    }

    pub(super) async fn save_settings(
        &self,
        change: &SettingsChange,
        agreed: Option<String>,
    ) -> Result<Answer, Refusal> {
        let settings = settings::change(change);
        let edit = move |text: &str| edit::save_settings(text, &settings);
        Ok(Answer::Edited { undo: self.shared.engine.edit_agreed(edit, agreed).await? })
    }

    pub(super) async fn export(
        &self,
        kinds: &[ItemKind],
        names: Vec<String>,
        items: Option<Vec<ItemForm>>,
    ) -> Result<Answer, Refusal> {
        let one = |item| match item {
            ItemForm::Stream { name } => One::Stream(name),
            ItemForm::Rule { name } => One::Rule(name),
            ItemForm::Tile { tile } => One::Tile(settings::tile_config(&tile)),
        };
        let kinds = kinds.iter().map(|kind| match kind {
            ItemKind::Stream => Kind::Stream,
            ItemKind::Rule => Kind::Rule,
            ItemKind::Tile => Kind::Tile,
        });
        let items = items.map(|items| items.into_iter().map(one).collect());
        let selection = Selection { kinds: kinds.collect(), names: names.into_iter().collect(), items };
        let text =
            edit::export(&self.shared.engine.config_text().await, &selection).map_err(|error| invalid(&error))?;
        Ok(Answer::Exported { text })
    }

    pub(super) async fn import(&self, other: String, apply: bool, agreed: Option<String>) -> Result<Answer, Refusal> {
        if other.len() > LARGEST {
            return Err(Refusal::invalid(&text!("the text is larger than 1 MiB", "文本超过 1 MiB")));
        }
        let import =
            match edit::import(&self.shared.engine.config_text().await, &other).map_err(|error| invalid(&error))? {
                Ok(import) => import,
                Err(errors) => {
                    let faults = faults(&other, &errors);
                    let nothing =
                        ImportReport { faults, items: Vec::new(), reaching: Vec::new(), applied: false, undo: None };
                    return Ok(Answer::Imported(nothing));
                }
            };
        let whole = config::parse(&import.text).unwrap_or_default();
        let added = |name: &str| import.items.contains(&(Kind::Stream, Text::plain(name), edit::Imported::Added));
        let program = |source: &SecretSource| matches!(source, SecretSource::Command(_));
        let mut programs = whole.streams.iter().filter(|stream| stream.secret_sources().any(program));
        if !whole.allow_commands && programs.any(|stream| added(stream.name.as_str())) {
            return Err(Refusal::invalid(&program_named()));
        }
        let mut report = ImportReport {
            faults: Vec::new(),
            items: import.items.iter().map(|item| imported(item, &whole)).collect(),
            reaching: import.reaching,
            applied: false,
            undo: None,
        };
        let news = report.items.iter().any(|item| item.fate == ImportFate::Added);
        if apply && news {
            let expected = import.items;
            let edit = move |text: &str| match edit::import(text, &other)? {
                Ok(import) if import.items == expected => Ok(import.text),
                Ok(_) | Err(_) => Err(EditError::configuration_changed()),
            };
            report.undo = Some(self.shared.engine.edit_agreed(edit, agreed).await?);
            report.applied = true;
        }
        Ok(Answer::Imported(report))
    }

    /// Changes the file.
    pub(super) async fn edit(
        &self,
        edit: impl FnOnce(&str) -> Result<String, EditError> + Send + 'static,
    ) -> Result<Answer, Refusal> {
        Ok(Answer::Edited { undo: self.shared.engine.edit(edit).await? })
    }
}

/// A draft as TOML; with a text that it is of, that one's comments stay.
pub(super) fn text_of(draft: &RuleDraft, base: Option<&str>) -> Result<String, ConfigError> {
    match (draft, base) {
        (RuleDraft::Text(text), _) => Ok(text.clone()),
        (RuleDraft::Form(form), None) => Ok(rule_form::to_toml(form)),
        (RuleDraft::Form(form), Some(base)) => match rule_form::from_toml(base) {
            Some(before) if before.run != form.run && !form.run.is_empty() && !form::as_lines(&before.run) => {
                Err(ConfigError { line: 0, column: 0, message: form::not_as_lines("run") })
            }
            Some(before) => edit::merge_rule(base, &rule_form::to_toml(&before), &rule_form::to_toml(form)),
            None => Ok(rule_form::to_toml(form)),
        },
    }
}

/// What is wrong with a draft, for the page.
pub(super) fn faults(text: &str, errors: &[ConfigError]) -> Vec<Fault> {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let fault = |error: &ConfigError| Fault {
        line: number(error.line),
        column: number(error.column),
        field: edit::faulty_key(text, error),
        message: view::text(&error.message),
    };
    errors.iter().map(fault).collect()
}

/// Why a stream of a page does not get its secret from a program.
fn program_named() -> Text {
    text!(
        "a stream here gets its secret from a program: that is taken only where allow_commands = true stands at the top \
         of the configuration file: switch it on in the settings",
        "其中有一个流从程序取得密钥：只有当配置文件开头写有 allow_commands = true 时才接受：请在“设置”里打开它"
    )
}

/// How a place in a list comes over the border.
pub(super) fn place(to: u32) -> usize {
    usize::try_from(to).unwrap_or(usize::MAX)
}

/// A rule as it is written in a configuration; `None` where there is none of that name.
fn rule_text(text: &str, name: &str) -> Result<Option<String>, ConfigError> {
    let config = config::parse(text).map_err(|mut errors| errors.swap_remove(0))?;
    let place = config.rules.iter().position(|rule| &*rule.name == name);
    Ok(place.and_then(|place| edit::rule_texts(text).ok()?.into_iter().nth(place)))
}

fn imported((kind, name, fate): &(Kind, Text, edit::Imported), whole: &Config) -> ImportItem {
    let stream = whole.streams.iter().find(|stream| *kind == Kind::Stream && stream.name.as_str() == name.english);
    ImportItem {
        kind: match kind {
            Kind::Stream => ItemKind::Stream,
            Kind::Rule => ItemKind::Rule,
            Kind::Tile => ItemKind::Tile,
        },
        name: view::text(name),
        fate: match fate {
            edit::Imported::Added => ImportFate::Added,
            edit::Imported::Present => ImportFate::Present,
            edit::Imported::Clash => ImportFate::Clash,
        },
        url: stream.map(|stream| stream.url.clone()).unwrap_or_default(),
    }
}

/// A text that is no valid configuration, or would not be.
pub(super) fn invalid(error: &ConfigError) -> Refusal {
    Refusal::invalid(&error.text())
}
