//! How notifications look, sound, and what can be done with them: `[notifications]`, and the fields of a rule.
//!
//! Which file or program is used is only ever said by this file; an event may at most choose among icon names.

use std::path::PathBuf;
use std::time::Duration;

use super::RuleConfig;
use super::fault::quoted;
use super::field::{Field, Fields};
use crate::locale::Text;
use crate::model::Urgency;
use crate::text;

/// The shortest and longest time a notification is shown.
const TIMEOUT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(86_400));

/// The shortest and longest time after which an alert expires.
const EXPIRES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(7 * 86_400));

/// The shortest and longest time for which a button silences a rule.
const MUTE: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(30 * 86_400));

/// For how long it does so where it does not say.
pub const MUTE_DEFAULT: Duration = Duration::from_secs(3_600);

/// The longest time between two sounds.
const SOUND_GAP_MOST: Duration = Duration::from_secs(3_600);

/// How many buttons a notification has at most.
const MOST_BUTTONS: usize = 6;

/// How many words a program and its arguments have at most, and how long they are together, in bytes.
const MOST_WORDS: usize = 100;
const MOST_BYTES: usize = 16 * 1024;

/// What holds for all notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notifications {
    /// How long they stay on screen, by urgency.
    pub timeouts: Timeouts,
    /// Whether any of them may be heard. Default: true.
    pub sounds: bool,
    /// At most one sound in so long; 0 for no limit. At most 1 h; default: 3 s.
    pub sound_gap: Duration,
}

impl Default for Notifications {
    fn default() -> Self {
        Self { timeouts: Timeouts::default(), sounds: true, sound_gap: Duration::from_secs(3) }
    }
}

/// How long notifications stay on screen, by urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Default: as the desktop likes.
    pub low: Timeout,
    /// Default: as the desktop likes.
    pub normal: Timeout,
    /// Default: until the person closes it.
    pub critical: Timeout,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { low: Timeout::Desktop, normal: Timeout::Desktop, critical: Timeout::Never }
    }
}

impl Timeouts {
    /// That of an urgency.
    pub fn of(&self, urgency: Urgency) -> Timeout {
        match urgency {
            Urgency::None | Urgency::Low => self.low,
            Urgency::Normal => self.normal,
            Urgency::Critical => self.critical,
        }
    }
}

/// How long a notification stays on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Timeout {
    /// As the desktop likes.
    #[default]
    Desktop,
    /// Until the person closes it.
    Never,
    /// So long: 1 s to 24 h.
    After(Duration),
}

/// What is heard with a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sound {
    /// Nothing.
    None,
    /// A sound of the desktop's sound theme (freedesktop Sound Naming Specification), such as `bell`.
    Named(String),
    /// A file.
    File(PathBuf),
}

/// An icon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Icon {
    /// One of the desktop's icon theme (freedesktop Icon Naming Specification), such as `dialog-warning`.
    Named(String),
    /// A file.
    File(PathBuf),
}

/// Where a rule's icon comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IconSource {
    /// Always the same.
    Fixed(Icon),
    /// A minijinja template for the name of one. What is no name is no icon: an event never names a file.
    Template(String),
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it does.
    pub press: Press,
    /// What it says, at most 40 characters; `None` for what it says by itself.
    pub label: Option<String>,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Opens the alert's link; not there without one.
    OpenLink,
    /// Opens the dashboard at the alert.
    OpenDashboard,
    /// Copies a value.
    CopyValue {
        /// A minijinja template for it. Default: title and body.
        value: Option<String>,
    },
    /// Silences the alert's rule for so long: 1 min to 30 days, by default an hour.
    MuteRule {
        /// How long.
        length: Duration,
    },
    /// Takes note of the alert, which is then read.
    Acknowledge,
}

impl RuleConfig {
    /// The template of the value that a button copies.
    pub fn copied_value(&self) -> Option<&str> {
        self.buttons.iter().flatten().find_map(|button| match &button.press {
            Press::CopyValue { value } => value.as_deref(),
            Press::OpenLink | Press::OpenDashboard | Press::MuteRule { .. } | Press::Acknowledge => None,
        })
    }

    /// The template of the icon's name.
    pub fn icon_template(&self) -> Option<&str> {
        match &self.icon {
            Some(IconSource::Template(template)) => Some(template),
            Some(IconSource::Fixed(_)) | None => None,
        }
    }
}

/// Whether text may be the name of an icon or a sound.
pub fn is_theme_name(text: &str) -> bool {
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | '+');
    (1..=100).contains(&text.len()) && text.chars().all(plain) && !text.starts_with(['.', '-'])
}

/// `[notifications]`.
pub(super) fn notifications(field: Field<'_>) -> Notifications {
    let mut all = Notifications::default();
    let Some(mut fields) = field.table("notifications", "{ sound_gap = \"3s\" }") else { return all };
    if let Some(sounds) = fields.get("sounds").and_then(|field| field.flag()) {
        all.sounds = sounds;
    }
    if let Some(gap) = fields.get("sound_gap").and_then(|field| field.duration(Duration::ZERO..=SOUND_GAP_MOST)) {
        all.sound_gap = gap;
    }
    if let Some(mut each) = fields.get("timeout").and_then(|field| field.table("timeout", "{ normal = \"10s\" }")) {
        let timeouts = &mut all.timeouts;
        for (key, place) in
            [("low", &mut timeouts.low), ("normal", &mut timeouts.normal), ("critical", &mut timeouts.critical)]
        {
            if let Some(timeout) = each.get(key).and_then(timeout) {
                *place = timeout;
            }
        }
        each.finish();
    }
    fields.finish();
    all
}

/// A rule's fields. Where those are that can be wrong only when they are compiled or allowed is added to `places`.
pub(super) fn of_rule(fields: &mut Fields<'_>, rule: &mut RuleConfig, places: &mut Vec<(&'static str, usize)>) {
    if let Some(expires) = fields.get("expires").and_then(|field| field.duration(EXPIRES.0..=EXPIRES.1)) {
        rule.expires = Some(expires);
    }
    if let Some(sound) = fields.get("sound").and_then(sound) {
        rule.sound = Some(sound);
    }
    if let Some(timeout) = fields.get("timeout").and_then(timeout) {
        rule.timeout = Some(timeout);
    }
    if let Some(field) = fields.get("icon") {
        rule.icon = icon(field);
        places.push(("icon", field.at));
    }
    if let Some(field) = fields.get("buttons") {
        rule.buttons = buttons(field);
        places.push(("buttons", field.at));
    }
    if let Some(field) = fields.get("run") {
        rule.run = run(field).unwrap_or_default();
        places.push(("run", field.at));
    }
}

fn timeout(field: Field<'_>) -> Option<Timeout> {
    match field.text()? {
        "default" => Some(Timeout::Desktop),
        "never" => Some(Timeout::Never),
        _ => field.duration(TIMEOUT.0..=TIMEOUT.1).map(Timeout::After),
    }
}

fn sound(field: Field<'_>) -> Option<Sound> {
    field.read(|text| match text {
        "none" => Ok(Sound::None),
        _ => match file(text)? {
            Some(file) => Ok(Sound::File(file)),
            None if is_theme_name(text) => Ok(Sound::Named(text.to_owned())),
            None => {
                let given = quoted(text);
                Err(text!(
                    "{given} is neither the name of a sound nor a file such as \"~/bell.oga\"",
                    "{given} 既不是声音的名称，也不是 \"~/bell.oga\" 这样的文件"
                ))
            }
        },
    })
}

fn icon(field: Field<'_>) -> Option<IconSource> {
    field.read(|text| {
        if text.contains("{{") || text.contains("{%") {
            return Ok(IconSource::Template(text.to_owned()));
        }
        match file(text)? {
            Some(file) => Ok(IconSource::Fixed(Icon::File(file))),
            None if is_theme_name(text) => Ok(IconSource::Fixed(Icon::Named(text.to_owned()))),
            None => {
                let given = quoted(text);
                Err(text!(
                    "{given} is neither the name of an icon nor a file such as \"~/coin.png\"",
                    "{given} 既不是图标的名称，也不是 \"~/coin.png\" 这样的文件"
                ))
            }
        }
    })
}

/// A path that begins at the root, or with `~/` at home; `None` for what is none.
fn file(text: &str) -> Result<Option<PathBuf>, Text> {
    if text.contains('\0') || text.len() > 4_096 {
        return Err(text!("is no path", "不是路径"));
    }
    Ok((text.starts_with('/') || text.starts_with("~/")).then(|| PathBuf::from(text)))
}

fn buttons(field: Field<'_>) -> Option<Vec<Button>> {
    let elements = field.list()?;
    if elements.len() > MOST_BUTTONS {
        field.wrong(text!("there can be {MOST_BUTTONS} buttons at most", "最多 {MOST_BUTTONS} 个按钮"));
        return None;
    }
    let buttons = elements.into_iter().map(button).collect::<Option<Vec<_>>>()?;
    let copies = |button: &&Button| matches!(button.press, Press::CopyValue { .. });
    if buttons.iter().filter(copies).count() > 1 {
        field.wrong(text!("only one button can copy a value", "只能有一个按钮用来复制值"));
        return None;
    }
    Some(buttons)
}

fn button(field: Field<'_>) -> Option<Button> {
    let kinds = [
        ("open-link", Press::OpenLink),
        ("open-dashboard", Press::OpenDashboard),
        ("copy-value", Press::CopyValue { value: None }),
        ("mute-rule", Press::MuteRule { length: MUTE_DEFAULT }),
        ("acknowledge", Press::Acknowledge),
    ];
    if field.is_text() {
        return Some(Button { press: field.choice(&kinds)?, label: None });
    }
    let mut fields = field.table("a button", "{ kind = \"copy-value\", value = \"{{ data.code }}\" }")?;
    let mut press = fields.need("kind").and_then(|kind| kind.choice(&kinds));
    let label = fields.get("label").and_then(|field| field.read(label));
    match &mut press {
        Some(Press::CopyValue { value }) => *value = fields.get("value").and_then(|field| field.word()),
        Some(Press::MuteRule { length }) => {
            if let Some(given) = fields.get("for").and_then(|field| field.duration(MUTE.0..=MUTE.1)) {
                *length = given;
            }
        }
        Some(Press::OpenLink | Press::OpenDashboard | Press::Acknowledge) | None => {}
    }
    fields.finish();
    Some(Button { press: press?, label })
}

fn label(text: &str) -> Result<String, Text> {
    if !(1..=40).contains(&text.chars().count()) || text.chars().any(char::is_control) {
        return Err(text!(
            "must have 1 to 40 characters and no control characters",
            "必须有 1 到 40 个字符，且没有控制字符"
        ));
    }
    Ok(text.to_owned())
}

fn run(field: Field<'_>) -> Option<Vec<String>> {
    if field.is_text() {
        field.wrong(text!(
            "must be a list such as [\"notify-team\", \"--loud\"]: no shell takes a line apart",
            "必须是列表，例如 [\"notify-team\", \"--loud\"]：这里没有 shell 来拆分一行文字"
        ));
        return None;
    }
    let words: Vec<String> = field.list()?.into_iter().map(argument).collect::<Option<_>>()?;
    if words.first().is_none_or(String::is_empty) {
        field.wrong(text!("must name a program", "必须写明一个程序"));
        return None;
    }
    if words.len() > MOST_WORDS || words.iter().map(String::len).sum::<usize>() > MOST_BYTES {
        field.wrong(text!("can have {MOST_WORDS} words and 16 KiB at most", "最多 {MOST_WORDS} 个词、16 KiB"));
        return None;
    }
    Some(words)
}

fn argument(field: Field<'_>) -> Option<String> {
    field.read(|text| match text.contains('\0') {
        true => Err(text!("must not contain a NUL character", "不能含有 NUL 字符")),
        false => Ok(text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_name_is_no_path_no_address_and_no_option() {
        for good in ["bell", "dialog-warning", "x-office.calendar", "message-new-instant", "a+b_1"] {
            assert!(is_theme_name(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "file:///x", "..", ".hidden", "-x", "a b", "a\nb", "ä", &"x".repeat(101)] {
            assert!(!is_theme_name(bad), "{bad:?}");
        }
    }
}
