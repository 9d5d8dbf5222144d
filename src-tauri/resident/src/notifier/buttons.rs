//! A notification's buttons: what each says, and what it does. Pure.

use std::time::Duration;

use streambell_engine::config::{Button, Press, format_duration};
use streambell_engine::host::Notification;
use streambell_engine::locale::Locale;
use streambell_engine::transport;

use super::compose::is_web;

/// The buttons that a notification has.
pub(super) fn of(notification: &Notification) -> Vec<Button> {
    let plain = |press| Button { press, label: None };
    let buttons = match &notification.look.buttons {
        Some(buttons) => buttons.to_vec(),
        None => vec![plain(Press::OpenDashboard), plain(Press::OpenLink)],
    };
    let has_link = is_web(&notification.link);
    buttons.into_iter().filter(|button| has_link || button.press != Press::OpenLink).collect()
}

/// What a press of this key means, if the notification has it.
pub(super) fn pressed(notification: &Notification, key: &str) -> Option<Press> {
    of(notification).into_iter().map(|button| button.press).find(|press| self::key(press) == key)
}

/// The key under which the desktop tells of a press.
pub(super) fn key(press: &Press) -> String {
    match press {
        Press::OpenDashboard => "open".to_owned(),
        Press::OpenLink => "link".to_owned(),
        Press::CopyValue { .. } => "copy".to_owned(),
        Press::MuteRule { length } => format!("mute-{}", length.as_secs()),
        Press::Acknowledge => "acknowledge".to_owned(),
    }
}

/// The longest host that a button names, in characters; of a longer one the end is shown, which says whose it is.
const HOST_LONGEST: usize = 40;

/// What a button says: its own label, or what it does. One that opens a link names where it leads, whatever its label.
pub(super) fn label(button: &Button, notification: &Notification) -> String {
    let locale = notification.look.locale;
    let words = button.label.clone().unwrap_or_else(|| usual_label(button, locale));
    match (&button.press, transport::host(&notification.link), locale) {
        (Press::OpenLink, Some(host), Locale::English) => format!("{words} ({})", short(&host)),
        (Press::OpenLink, Some(host), Locale::Chinese) => format!("{words}（{}）", short(&host)),
        _ => words,
    }
}

fn short(host: &str) -> String {
    let length = host.chars().count();
    if length <= HOST_LONGEST {
        return host.to_owned();
    }
    format!("…{}", host.chars().skip(length - HOST_LONGEST).collect::<String>())
}

fn usual_label(button: &Button, locale: Locale) -> String {
    let (english, chinese) = match &button.press {
        Press::OpenDashboard => ("Open", "打开"),
        Press::OpenLink => ("Open link", "打开链接"),
        Press::CopyValue { .. } => ("Copy", "复制"),
        Press::Acknowledge => ("Acknowledge", "确认"),
        Press::MuteRule { length } => {
            return match locale {
                Locale::English => format!("Silence for {}", words(*length)),
                Locale::Chinese => format!("静默 {}", words(*length)),
            };
        }
    };
    match locale {
        Locale::English => english.to_owned(),
        Locale::Chinese => chinese.to_owned(),
    }
}

/// What a button that copies a value copies.
pub(super) fn value(notification: &Notification) -> String {
    match (notification.look.value.as_str(), notification.body.as_str()) {
        ("", "") => notification.title.clone(),
        ("", body) => format!("{}\n{body}", notification.title),
        (value, _) => value.to_owned(),
    }
}

fn words(length: Duration) -> String {
    let text = format_duration(length);
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    format!("{} {}", &text[..digits], &text[digits..])
}

#[cfg(test)]
mod tests {
    use streambell_engine::host::Look;

    use super::super::compose::tests::notification;
    use super::*;

    fn labels(notification: &Notification) -> Vec<String> {
        of(notification).iter().map(|button| label(button, notification)).collect()
    }

    #[test]
    fn without_buttons_of_its_own_a_notification_opens_dashboard_and_link() {
        let mut plain = notification("s", &[1]);
        assert_eq!(labels(&plain), ["Open"]);
        plain.link = "https://a/".to_owned();
        assert_eq!(labels(&plain), ["Open", "Open link (a)"]);
    }

    #[test]
    fn a_rule_chooses_buttons_their_order_and_words() {
        let length = Duration::from_secs(5_400);
        let own = |press, label: Option<&str>| Button { press, label: label.map(str::to_owned) };
        let buttons = [
            own(Press::OpenLink, None),
            own(Press::MuteRule { length: Duration::from_secs(3_600) }, None),
            own(Press::MuteRule { length }, Some("Not now")),
            own(Press::CopyValue { value: None }, None),
            own(Press::Acknowledge, None),
        ];
        let look = Look { buttons: Some(buttons.into()), ..Look::default() };
        let notification = Notification { look: Box::new(look), ..notification("s", &[1]) };
        assert_eq!(labels(&notification), ["Silence for 1 h", "Not now", "Copy", "Acknowledge"], "there is no link");
        assert_eq!(pressed(&notification, "mute-5400"), Some(Press::MuteRule { length }));
        assert_eq!((pressed(&notification, "link"), pressed(&notification, "mute-1")), (None, None));
    }

    #[test]
    fn buttons_speak_chinese_where_the_person_does() {
        let mut notification = notification("s", &[1]);
        notification.link = "https://a/".to_owned();
        notification.look.locale = Locale::Chinese;
        assert_eq!(labels(&notification), ["打开", "打开链接（a）"]);
    }

    #[test]
    fn a_button_names_the_host_that_it_opens_also_with_a_label_of_its_rule() {
        let mut notification = notification("s", &[1]);
        let own = Button { press: Press::OpenLink, label: Some("Read it".to_owned()) };
        notification.look.buttons = Some([own].into());
        for (link, host) in [
            ("https://news.example/a?b=c", "news.example"),
            ("HTTPS://me:secret@News.Example:8443/", "news.example:8443"),
            ("http://news.example:80/", "news.example"),
            ("https://[::1]:8000/", "[::1]:8000"),
            // A Cyrillic letter in the place of a Latin one.
            ("https://n\u{435}ws.example/", "xn--nws-rdd.example"),
            (
                "https://bank.example.a-very-long-name-that-fills-all-the-room.evil.example/",
                "…ame-that-fills-all-the-room.evil.example",
            ),
        ] {
            notification.link = link.to_owned();
            assert_eq!(labels(&notification), [format!("Read it ({host})")], "{link}");
        }
        notification.link = "https://".to_owned();
        assert_eq!(labels(&notification), ["Read it"], "it leads nowhere");
    }

    #[test]
    fn without_a_value_title_and_body_are_copied() {
        let mut from = notification("s", &[1]);
        assert_eq!(value(&from), "BTC 70000");
        from.body = "up".to_owned();
        assert_eq!(value(&from), "BTC 70000\nup");
        from.look.value = "70000".to_owned();
        assert_eq!(value(&from), "70000");
    }
}
