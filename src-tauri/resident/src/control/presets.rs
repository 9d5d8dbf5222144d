//! Presets between engine and border.

use streambell_engine::config::StreamConfig;
use streambell_engine::locale::Text;
use streambell_engine::presets::{self, Filled, Preset};
use streambell_protocol::{FilledPreset, PresetChoice, PresetField, PresetView};

use super::form;
use super::view::text;

/// All presets.
pub(super) fn list() -> Vec<PresetView> {
    presets::presets().iter().filter_map(view).collect()
}

/// What a preset makes of what was typed.
///
/// # Errors
/// What is missing or cannot be, in one line.
pub(super) fn fill(choice: &PresetChoice) -> Result<FilledPreset, Text> {
    let filled = presets::preset(&choice.key)?.fill(&choice.values, None)?;
    Ok(filled_view(filled, choice.clone()))
}

/// The stream of a preset, also with what no form shows.
///
/// # Errors
/// As [`fill`].
pub(super) fn stream(choice: &PresetChoice) -> Result<StreamConfig, Text> {
    Ok(presets::preset(&choice.key)?.fill(&choice.values, None)?.stream)
}

/// `None` where its own examples do not fit, which a test rules out.
fn view(preset: &Preset) -> Option<PresetView> {
    let choice = PresetChoice { key: preset.key.to_owned(), values: preset.examples() };
    let example = filled_view(preset.fill(&choice.values, None).ok()?, choice);
    let field = |field: &presets::Field| PresetField {
        key: field.key.clone(),
        label: text(&field.label),
        example: field.example.clone(),
        default: field.default.clone(),
    };
    Some(PresetView {
        key: preset.key.to_owned(),
        name: text(&preset.name),
        help: text(&preset.help),
        docs: preset.docs.clone(),
        fields: preset.fields.iter().map(field).collect(),
        auth: preset.auth.iter().map(form::auth_form).collect(),
        example,
    })
}

fn filled_view(filled: Filled, choice: PresetChoice) -> FilledPreset {
    let mut stream = form::to_form(&filled.stream);
    stream.preset = Some(choice);
    FilledPreset { stream, rules: filled.rules, tiles: filled.tiles }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_preset_is_offered_and_saved_as_it_was_filled() {
        let list = list();
        assert_eq!(list.len(), presets::presets().len());
        for PresetView { key, example, auth, .. } in list {
            let choice = example.stream.preset.clone().unwrap();
            let base = stream(&choice).unwrap();
            assert_eq!(form::to_config(&example.stream, Some(&base)).as_ref(), Ok(&base), "{key}");
            for way in auth {
                let mut form = example.stream.clone();
                form.auth = way;
                assert!(form::to_config(&form, Some(&base)).is_ok(), "{key}");
            }
        }
    }
}
