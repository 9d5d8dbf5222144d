//! Reading and writing a file that people edit too.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::locale::Text;
use crate::text;

/// How many links are followed to the file itself.
const MAX_LINKS: usize = 40;

/// A file's text; `None` where there is no file.
///
/// # Errors
/// Where there is one that cannot be read or is not UTF-8 text.
pub fn read_if_present(path: &Path) -> Result<Option<String>, Text> {
    let shown = path.display();
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(text!(
                "{shown} is not UTF-8 text: save it as UTF-8",
                "{shown} 不是 UTF-8 文本：请以 UTF-8 编码保存"
            )),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let why = Text::of_system(&error);
            Err(text!(
                "cannot read {shown} ({why}): see that it is a file you may read",
                "无法读取 {shown}（{why}）：请确认它是你可以读取的文件",
                why
            ))
        }
    }
}

/// Replaces a file's text so that at any instant, also after a power cut, it is the old one or the new one, whole.
/// Keeps the file's mode (0600 for a new one); where the path is a link, the file it points to is replaced.
///
/// # Errors
/// Where the file is read-only or its folder cannot be written; then the old text stands.
pub fn write_atomically(path: &Path, text: &str) -> Result<(), Text> {
    let target = followed(path).ok_or_else(|| {
        let shown = path.display();
        text!("cannot write {shown}: too many links", "无法写入 {shown}：链接太多")
    })?;
    let shown = target.display();
    let old = fs::metadata(&target).ok().map(|found| found.permissions());
    if old.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(text!(
            "cannot write {shown}: it is read-only; make it writable to change it here",
            "无法写入 {shown}：它是只读的；请先使它可写，才能在这里修改"
        ));
    }
    let new = beside(&target);
    let written = replace(&target, &new, old, text);
    if written.is_err() {
        // Nothing more can be done where even that fails.
        let _ = fs::remove_file(&new);
    }
    written.map_err(|error| {
        let why = Text::of_system(&error);
        text!(
            "cannot write {shown}: see that you may write its folder: {why}",
            "无法写入 {shown}：请确认你可以写入它所在的文件夹：{why}",
            why
        )
    })
}

fn replace(target: &Path, new: &Path, mode: Option<fs::Permissions>, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(new)?;
    file.write_all(text.as_bytes())?;
    if let Some(mode) = mode {
        file.set_permissions(mode)?;
    }
    file.sync_all()?;
    drop(file);
    fs::rename(new, target)?;
    #[cfg(unix)]
    if let Some(folder) = target.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The file that a path leads to, also where that does not exist yet; `None` where links lead in a circle.
fn followed(path: &Path) -> Option<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Some(path),
        }
    }
    None
}

/// A new name in the same folder, since a rename is atomic only within a file system.
fn beside(target: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{:016x}.tmp", RandomState::new().hash_one(process::id())));
    target.with_file_name(name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// A folder and a file in it that does not exist.
    fn scratch() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        (folder, file)
    }

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn absent_and_unreadable_differ() {
        let (folder, file) = scratch();
        assert_eq!(read_if_present(&file).unwrap(), None);
        fs::write(&file, "").unwrap();
        assert_eq!(read_if_present(&file).unwrap(), Some(String::new()));
        fs::write(&file, [0xff, 0xfe]).unwrap();
        assert!(read_if_present(&file).unwrap_err().to_string().ends_with("is not UTF-8 text: save it as UTF-8"));
        let error = read_if_present(folder.path()).unwrap_err().to_string();
        assert!(error.starts_with("cannot read ") && !error.contains('\n'), "{error}");
    }

    #[test]
    fn a_text_that_is_written_is_read_back_and_leaves_nothing_beside_it() {
        let (folder, file) = scratch();
        for text in ["version = 1", "version = 1\n# more\n", ""] {
            write_atomically(&file, text).unwrap();
            assert_eq!(read_if_present(&file).unwrap().as_deref(), Some(text));
        }
        assert_eq!(names(folder.path()), ["config.toml"]);
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_text() {
        let (folder, file) = scratch();
        fs::create_dir(&file).unwrap();
        let error = format!("{:#}", write_atomically(&file, "new").unwrap_err());
        assert!(error.starts_with("cannot write ") && !error.contains('\n'), "{error}");
        assert_eq!(names(folder.path()), ["config.toml"]);
        write_atomically(&folder.path().join("missing/config.toml"), "new").unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn a_mode_is_kept_and_a_new_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
        let (_folder, file) = scratch();
        write_atomically(&file, "one").unwrap();
        assert_eq!(mode(&file), 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        write_atomically(&file, "two").unwrap();
        assert_eq!(mode(&file), 0o640);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        write_atomically(&file, "three").unwrap_err();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let (folder, link) = scratch();
        fs::create_dir(folder.path().join("dotfiles")).unwrap();
        std::os::unix::fs::symlink("dotfiles/mine.toml", &link).unwrap();
        for text in ["made", "changed"] {
            write_atomically(&link, text).unwrap();
            assert_eq!(fs::read_to_string(folder.path().join("dotfiles/mine.toml")).unwrap(), text);
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(names(&folder.path().join("dotfiles")), ["mine.toml"]);
        std::os::unix::fs::symlink("round.toml", folder.path().join("round.toml")).unwrap();
        write_atomically(&folder.path().join("round.toml"), "x").unwrap_err();
    }
}
