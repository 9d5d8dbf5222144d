//! Start at login: a file of ours in the folder that the desktop looks into (XDG autostart specification).

use std::path::{Path, PathBuf};

use streambell_engine::locale::Text;
use streambell_engine::profile::{read_if_present, write_atomically};
use streambell_engine::text;

use crate::place::Place;

/// Our file in that folder.
const FILE: &str = "streambell.desktop";

/// What starts Streambell at login.
#[derive(Debug, Clone)]
pub(crate) struct Autostart {
    /// Our file, where this user has a home folder.
    file: Option<PathBuf>,
    /// The profile to start with, where it is not the platform's.
    profile: Option<PathBuf>,
    demo: bool,
}

impl Autostart {
    /// Of this profile.
    pub(crate) fn of(place: &Place) -> Self {
        let file = folder().map(|folder| folder.join(FILE));
        Self { file, profile: place.named.clone(), demo: place.demo }
    }

    /// The file.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Why it cannot be changed here, in one line.
    pub(crate) fn trouble(&self) -> Option<Text> {
        if self.demo {
            return Some(text!("the demo does not start at login", "演示不会在登录时启动"));
        }
        if !cfg!(target_os = "linux") {
            return Some(text!("starting at login is not built for this system yet", "这个系统上还不支持登录时启动"));
        }
        let homeless = || text!("this user has no home folder: set HOME", "这个用户没有主文件夹：请设置 HOME");
        self.file.is_none().then(homeless)
    }

    /// Whether it starts at login.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(crate) fn is_on(&self) -> Result<bool, Text> {
        let Some(file) = &self.file else { return Ok(false) };
        Ok(read_if_present(file)?.is_some_and(|text| is_in_force(&text)))
    }

    /// Has it start at login, or no longer.
    ///
    /// # Errors
    /// Where that cannot be, or the file cannot be written or removed.
    pub(crate) fn set(&self, on: bool) -> Result<(), Text> {
        if let Some(trouble) = self.trouble() {
            return Err(trouble);
        }
        let Some(file) = &self.file else { return Ok(()) };
        if on {
            let program = program()?;
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder).map_err(|error| {
                    let (folder, why) = (folder.display(), Text::of_system(&error));
                    text!("cannot make {folder}: {why}", "无法创建 {folder}：{why}", why)
                })?;
            }
            return write_atomically(file, &entry(&program, self.profile.as_deref())?);
        }
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let (file, why) = (file.display(), Text::of_system(&error));
                Err(text!("cannot remove {file}: {why}", "无法删除 {file}：{why}", why))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// `$XDG_CONFIG_HOME/autostart`.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let config = named.or_else(|| Some(std::env::home_dir()?.join(".config")))?;
    Some(config.join("autostart"))
}

/// The program that is to be started: an AppImage is mounted elsewhere each time.
fn program() -> Result<PathBuf, Text> {
    if let Some(image) = std::env::var_os("APPIMAGE").map(PathBuf::from).filter(|image| image.is_file()) {
        return Ok(image);
    }
    let own = own_program()?;
    if !own.is_file() {
        return Err(text!(
            "the program was replaced or moved while it ran: end it with `streambell quit` and start it anew",
            "程序在运行期间被替换或移动了：请用 `streambell quit` 结束它，再重新启动"
        ));
    }
    Ok(own)
}

/// Where the running program is.
pub(crate) fn own_program() -> Result<PathBuf, Text> {
    std::env::current_exe().map_err(|error| {
        let why = Text::of_system(&error);
        text!("the program does not know where it is: {why}", "程序不知道自己在哪里：{why}", why)
    })
}

/// Our file's text.
fn entry(program: &Path, profile: Option<&Path>) -> Result<String, Text> {
    let mut arguments = vec![written(program)?.to_owned()];
    if let Some(profile) = profile {
        arguments.extend(["--profile".to_owned(), written(profile)?.to_owned()]);
    }
    arguments.push("--hidden".to_owned());
    let exec = arguments.iter().map(|argument| quoted(argument)).collect::<Vec<_>>().join(" ");
    Ok(format!(
        "[Desktop Entry]\nType=Application\nVersion=1.0\nName=Streambell\nName[zh_CN]=Streambell\n\
         Comment=Turns server-sent events into desktop notifications\nComment[zh_CN]=把服务器推送事件变成桌面通知\n\
         Exec={exec}\nIcon=streambell\nTerminal=false\nNoDisplay=true\nX-GNOME-Autostart-enabled=true\n"
    ))
}

fn written(path: &Path) -> Result<&str, Text> {
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    text.ok_or_else(|| {
        let path = path.display();
        text!("{path} cannot be written into a desktop file", "{path} 无法写入桌面文件")
    })
}

/// An argument as `Exec` has it: quoted where need be, then as any string of the file, and `%` is a code there
/// (Desktop Entry specification, "The Exec key").
fn quoted(argument: &str) -> String {
    let is_plain = |one: char| one.is_alphanumeric() || "/-_.,:@+".contains(one);
    let argument = argument.replace('%', "%%");
    if !argument.is_empty() && argument.chars().all(|one| is_plain(one) || one == '%') {
        return argument;
    }
    let escaped = argument.chars().flat_map(|one| {
        let guard = "\"`$\\".contains(one).then_some('\\');
        guard.into_iter().chain([one])
    });
    format!("\"{}\"", escaped.collect::<String>().replace('\\', "\\\\"))
}

/// Whether a desktop obeys a file with this text.
fn is_in_force(text: &str) -> bool {
    let mut is_ours = false;
    let mut has_exec = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            is_ours = line == "[Desktop Entry]";
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| is_ours) else { continue };
        match (key.trim(), value.trim()) {
            ("Hidden", "true") | ("X-GNOME-Autostart-enabled", "false") => return false,
            ("Exec", program) => has_exec = !program.is_empty(),
            _ => {}
        }
    }
    has_exec
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(folder: &Path) -> Autostart {
        Autostart { file: Some(folder.join("autostart").join(FILE)), profile: None, demo: false }
    }

    #[test]
    fn it_is_switched_on_and_off_again() {
        let folder = tempfile::tempdir().unwrap();
        let autostart = at(folder.path());
        assert!(!autostart.is_on().unwrap());
        autostart.set(false).unwrap();
        autostart.set(true).unwrap();
        assert!(autostart.is_on().unwrap());
        let text = std::fs::read_to_string(autostart.file().unwrap()).unwrap();
        let exec = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
        assert!(exec.starts_with('/') && exec.ends_with(" --hidden"), "{exec}");
        autostart.set(false).unwrap();
        assert!(!autostart.is_on().unwrap() && !autostart.file().unwrap().exists());
    }

    #[test]
    fn a_file_that_is_switched_off_by_the_desktop_counts_as_off() {
        let on = "[Desktop Entry]\nExec=streambell --hidden\n";
        assert!(is_in_force(on));
        assert!(!is_in_force(&format!("{on}Hidden = true\n")));
        assert!(!is_in_force(&format!("{on}X-GNOME-Autostart-enabled=false\n")));
        assert!(is_in_force(&format!("{on}[Other]\nHidden=true\n")));
        assert!(!is_in_force("[Desktop Entry]\nName=Streambell\n"));
        assert!(!is_in_force(""));
    }

    #[test]
    fn the_demo_does_not_start_at_login() {
        let folder = tempfile::tempdir().unwrap();
        let demo = Autostart { demo: true, ..at(folder.path()) };
        assert!(demo.set(true).is_err());
        assert!(!demo.is_on().unwrap());
    }

    #[test]
    fn arguments_are_quoted_as_the_specification_says() {
        let exec = |program: &str, profile: Option<&str>| {
            let text = entry(Path::new(program), profile.map(Path::new)).unwrap();
            text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap().to_owned()
        };
        assert_eq!(exec("/usr/bin/streambell", None), "/usr/bin/streambell --hidden");
        assert_eq!(
            exec("/opt/my apps/100%/streambell", Some("/home/a/$x\"y\\z")),
            r#""/opt/my apps/100%%/streambell" --profile "/home/a/\\$x\\"y\\\\z" --hidden"#
        );
        assert!(entry(Path::new("/a\nExec=evil"), None).is_err());
    }
}
