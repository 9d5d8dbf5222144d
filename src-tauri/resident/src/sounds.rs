//! The desktop's sounds: names of the files in the sound themes that are installed (freedesktop Sound Theme and Naming
//! Specifications).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use streambell_engine::config::is_theme_name;

/// How many names are found, how many entries of a folder are looked at, and how deep a theme is.
const MOST_NAMES: usize = 500;
const MOST_ENTRIES: usize = 4_000;
const DEEPEST: usize = 3;

/// The formats of the specification.
const FORMATS: [&str; 3] = ["oga", "ogg", "wav"];

/// Where themes are: `sounds` in the data folders of the XDG base directories.
pub(crate) fn folders() -> Vec<PathBuf> {
    let absolute = |folder: &PathBuf| folder.is_absolute();
    let own = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(absolute);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share"));
    let shared = std::env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
    let shared = shared.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let all = own.or_else(home).into_iter().chain(std::env::split_paths(&shared));
    all.filter(absolute).map(|folder| folder.join("sounds")).collect()
}

/// The names of all sounds there, in the order of the alphabet.
pub(crate) fn names(folders: &[PathBuf]) -> Vec<String> {
    let mut names = BTreeSet::new();
    for folder in folders {
        look(folder, DEEPEST, &mut names);
    }
    names.into_iter().collect()
}

fn look(folder: &Path, deep: usize, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().take(MOST_ENTRIES).flatten() {
        if names.len() >= MOST_NAMES {
            return;
        }
        let path = entry.path();
        if path.is_dir() {
            // The files of a theme are not beside the themes.
            if deep > 0 {
                look(&path, deep - 1, names);
            }
        } else if deep < DEEPEST
            && path.extension().is_some_and(|format| FORMATS.iter().any(|known| format == *known))
            && let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|name| is_theme_name(name))
        {
            names.insert(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_sounds_of_all_themes_are_named_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        for path in [
            "a/freedesktop/stereo/message.oga",
            "a/freedesktop/stereo/bell.oga",
            "a/freedesktop/index.theme",
            "a/freedesktop/stereo/off.disabled",
            "a/freedesktop/stereo/not a name.oga",
            "a/loose.wav",
            "b/Yaru/stereo/bell.wav",
            "b/Yaru/stereo/alarm.ogg",
            "b/1/2/3/4/5/deep.oga",
        ] {
            file(path);
        }
        let folders = ["a", "b", "nowhere"].map(|name| folder.path().join(name));
        assert_eq!(names(&folders), ["alarm", "bell", "message"]);
    }

    #[test]
    fn very_many_sounds_are_cut_short() {
        let folder = tempfile::tempdir().unwrap();
        let theme = folder.path().join("theme");
        fs::create_dir(&theme).unwrap();
        for number in 0..MOST_NAMES + 10 {
            fs::write(theme.join(format!("s{number}.oga")), "").unwrap();
        }
        assert_eq!(names(&[folder.path().to_owned()]).len(), MOST_NAMES);
    }
}
