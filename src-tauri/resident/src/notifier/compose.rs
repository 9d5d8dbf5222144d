//! One notification as the desktop is to have it. Pure.

use std::sync::LazyLock;

use notify_rust::{Hint, Timeout, Urgency};
use streambell_engine::config::{self, Button, Icon, Press};
use streambell_engine::host::{Noise, Notification};
use streambell_engine::model;
use streambell_engine::profile::at_home;

use super::buttons;

/// The application's name and icon, and its desktop entry.
const APP: &str = "Streambell";
const ICON: &str = "streambell";

/// The longest title and body that are sent, in characters. What is longer no desktop shows.
const TITLE_LONGEST: usize = 200;
const BODY_LONGEST: usize = 2_000;

/// Pressed on the notification itself.
pub(super) const DEFAULT: &str = "default";

/// What the notification service can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Abilities {
    /// It shows buttons, and takes a click.
    pub(super) actions: bool,
    /// It reads the body as markup.
    pub(super) markup: bool,
}

impl Abilities {
    /// From the names the service gives them.
    pub(super) fn of(names: &[String]) -> Self {
        let has = |name: &str| names.iter().any(|one| one == name);
        Self { actions: has("actions"), markup: has("body-markup") }
    }
}

/// The notification to send.
pub(super) fn compose(from: &Notification, abilities: Abilities) -> notify_rust::Notification {
    // Made once: it looks up the program's name.
    static BLANK: LazyLock<notify_rust::Notification> = LazyLock::new(|| {
        let mut blank = notify_rust::Notification::new();
        blank.appname(APP).icon(ICON).hint(Hint::DesktopEntry(ICON.to_owned()));
        blank
    });
    let mut to = BLANK.clone();
    let body = cut(&from.body, BODY_LONGEST);
    to.summary(&cut(&from.title, TITLE_LONGEST).replace('\n', " "));
    to.body(&if abilities.markup { escape(&body) } else { body });
    to.hint(Hint::Category("x-streambell.alert".to_owned()));
    if let Some(icon) = &from.look.icon {
        to.icon(&icon_text(icon));
    }
    match &from.look.noise {
        Noise::Desktop => {}
        Noise::Silent => drop(to.hint(Hint::SuppressSound(true))),
        Noise::Named(name) => drop(to.hint(Hint::SoundName(name.clone()))),
        Noise::File(file) => drop(to.hint(Hint::SoundFile(at_home(file).display().to_string()))),
    }
    to.urgency(match from.urgency {
        model::Urgency::None | model::Urgency::Low => Urgency::Low,
        model::Urgency::Normal => Urgency::Normal,
        model::Urgency::Critical => Urgency::Critical,
    });
    to.timeout(match from.look.timeout {
        config::Timeout::Desktop => Timeout::Default,
        config::Timeout::Never => Timeout::Never,
        config::Timeout::After(time) => Timeout::Milliseconds(u32::try_from(time.as_millis()).unwrap_or(u32::MAX)),
    });
    if abilities.actions {
        let open = Button { press: Press::OpenDashboard, label: None };
        to.action(DEFAULT, &buttons::label(&open, from));
        for button in buttons::of(from) {
            to.action(&buttons::key(&button.press), &buttons::label(&button, from));
        }
    }
    to
}

/// An icon as the desktop has it: a name of its theme, or the address of a file.
fn icon_text(icon: &Icon) -> String {
    match icon {
        Icon::Named(name) => name.clone(),
        Icon::File(file) => {
            let mut address = "file://".to_owned();
            for byte in at_home(file).as_os_str().as_encoded_bytes() {
                match byte {
                    b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                        address.push(char::from(*byte));
                    }
                    other => address += &format!("%{other:02X}"),
                }
            }
            address
        }
    }
}

/// Whether an address may be opened in the browser.
pub(crate) fn is_web(link: &str) -> bool {
    let starts = |scheme: &str| link.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let harmless = !link.chars().any(|one| one.is_control() || one.is_whitespace());
    harmless && (starts("http://") || starts("https://"))
}

/// Text that stays what it is where markup is read.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The beginning of a text without control characters, which D-Bus (NUL) or the desktop would stumble over.
fn cut(text: &str, longest: usize) -> String {
    let keep = |one: &char| *one == '\n' || *one == '\t' || !one.is_control();
    let mut characters = text.chars().filter(keep);
    let mut out = characters.by_ref().take(longest).collect::<String>();
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use streambell_engine::host::Look;

    use super::*;

    const ALL: Abilities = Abilities { actions: true, markup: true };

    pub(crate) fn notification(slot: &str, alerts: &[i64]) -> Notification {
        Notification {
            slot: slot.to_owned(),
            replaces: false,
            alerts: alerts.to_vec(),
            title: "BTC 70000".to_owned(),
            body: String::new(),
            urgency: model::Urgency::Normal,
            link: String::new(),
            stream: "market".into(),
            rule: "Market alert".to_owned(),
            seq: 17,
            at: jiff::Timestamp::UNIX_EPOCH,
            look: Box::default(),
            notice: None,
        }
    }

    #[test]
    fn markup_of_a_server_is_shown_and_not_obeyed() {
        let from = Notification {
            title: "<b>a</b>".to_owned(),
            body: "<a href=\"x\">& b</a>".to_owned(),
            ..notification("s", &[1])
        };
        let to = compose(&from, ALL);
        assert_eq!(to.body, "&lt;a href=&quot;x&quot;&gt;&amp; b&lt;/a&gt;");
        assert_eq!(to.summary, "<b>a</b>", "a summary is plain text everywhere");
        assert_eq!(compose(&from, Abilities::default()).body, from.body);
    }

    #[test]
    fn a_link_is_offered_for_http_and_https_only() {
        let actions =
            |link: &str| compose(&Notification { link: link.to_owned(), ..notification("s", &[1]) }, ALL).actions;
        let open = ["default", "Open", "open", "Open"];
        assert_eq!(actions("https://a/b?c=d")[..], [&open[..], &["link", "Open link (a)"]].concat());
        assert_eq!(actions("HTTP://a/").len(), 6);
        for refused in ["", "file:///etc/passwd", "javascript:alert(1)", "http:a", "https://a/\nb", "-https://a"] {
            assert_eq!(actions(refused)[..], open, "{refused}");
        }
    }

    #[test]
    fn a_service_without_actions_is_sent_none() {
        let from = Notification { link: "https://a/".to_owned(), ..notification("s", &[1]) };
        assert!(compose(&from, Abilities { actions: false, markup: true }).actions.is_empty());
    }

    #[test]
    fn urgency_goes_as_a_hint() {
        for (from, hint) in [
            (model::Urgency::Low, Urgency::Low),
            (model::Urgency::Normal, Urgency::Normal),
            (model::Urgency::Critical, Urgency::Critical),
        ] {
            let to = compose(&Notification { urgency: from, ..notification("s", &[1]) }, ALL);
            assert!(to.hints.contains(&Hint::Urgency(hint)), "{:?}", to.hints);
        }
    }

    #[test]
    fn icon_sound_and_time_are_those_of_the_look() {
        let with = |look| compose(&Notification { look: Box::new(look), ..notification("s", &[1]) }, ALL);
        let plain = with(Look::default());
        assert_eq!((plain.icon.as_str(), plain.timeout), (ICON, Timeout::Default));
        let file = with(Look {
            icon: Some(Icon::File("/tmp/a b%.png".into())),
            noise: Noise::File("/tmp/bell.oga".into()),
            timeout: config::Timeout::After(std::time::Duration::from_secs(5)),
            ..Look::default()
        });
        assert_eq!((file.icon.as_str(), file.timeout), ("file:///tmp/a%20b%25.png", Timeout::Milliseconds(5_000)));
        assert!(file.hints.contains(&Hint::SoundFile("/tmp/bell.oga".to_owned())), "{:?}", file.hints);
        let named = with(Look {
            icon: Some(Icon::Named("face-sad".to_owned())),
            noise: Noise::Named("bell".to_owned()),
            timeout: config::Timeout::Never,
            ..Look::default()
        });
        assert_eq!((named.icon.as_str(), named.timeout), ("face-sad", Timeout::Never));
        assert!(named.hints.contains(&Hint::SoundName("bell".to_owned())), "{:?}", named.hints);
        let silent = with(Look { noise: Noise::Silent, ..Look::default() });
        assert!(silent.hints.contains(&Hint::SuppressSound(true)), "{:?}", silent.hints);
    }

    #[test]
    fn text_is_bounded_and_without_control_characters() {
        let from = Notification {
            title: "a\nb\u{0}c".to_owned(),
            body: format!("{}\u{1b}[1m", "x".repeat(3_000)),
            ..notification("s", &[1])
        };
        let to = compose(&from, Abilities::default());
        assert_eq!(to.summary, "a bc");
        assert_eq!(to.body.chars().count(), BODY_LONGEST + 1);
    }
}
