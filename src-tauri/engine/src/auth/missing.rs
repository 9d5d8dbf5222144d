//! What is said where a secret is missing: what is not there, and the command that brings it. A window has buttons for
//! that, and takes the same apart again, also as it is stored of a connection long ago. Pure.

use super::quoted;
use crate::locale::Text;
use crate::secrets::Part;

/// What stands between what is missing and the command.
const RUN: (&str, &str) = (": run streambell token ", "：请运行 streambell token ");

/// What a person does about it where there is a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Signs in, or types the stream's main secret.
    SignIn,
    /// Types the secret into the stream's form.
    Edit,
}

/// A secret is missing that `streambell token set` stores.
pub(super) fn secret(cause: &Text, stream: &str, part: Part<'_>) -> Text {
    let (stream, option) = (quoted(stream), option(part));
    said(cause, &Text::plain(format!("set {stream}{option}")))
}

/// Nobody has signed in.
pub(super) fn sign_in(cause: &Text, stream: &str) -> Text {
    let stream = quoted(stream);
    let command = Text {
        english: format!("login {stream}, or sign in on the dashboard"),
        chinese: format!("login {stream}，或在仪表盘上登录"),
    };
    said(cause, &command)
}

/// What is missing without the command, and what brings it; `None` where a text tells of nothing missing.
pub fn missing(text: &Text) -> Option<(Text, Remedy)> {
    let (english, command) = text.english.split_once(RUN.0)?;
    // What was stored before there was Chinese has none.
    let chinese = text.chinese.split_once(RUN.1).map_or(english, |(chinese, _)| chinese);
    let is_in_form = [Part::Header(""), Part::ClientSecret, Part::ClientCert]
        .into_iter()
        .any(|part| command.starts_with("set ") && command.contains(option(part).trim_end()));
    let remedy = if is_in_form { Remedy::Edit } else { Remedy::SignIn };
    Some((Text { english: english.to_owned(), chinese: chinese.to_owned() }, remedy))
}

fn said(cause: &Text, command: &Text) -> Text {
    Text {
        english: format!("{}{}{}", cause.english, RUN.0, command.english),
        chinese: format!("{}{}{}", cause.chinese, RUN.1, command.chinese),
    }
}

/// How the command is told which of a stream's secrets it is.
fn option(part: Part<'_>) -> String {
    match part {
        Part::Main | Part::AccessToken => String::new(),
        Part::Header(header) => format!(" --header {}", if header.is_empty() { String::new() } else { quoted(header) }),
        Part::ClientSecret => " --client-secret".to_owned(),
        Part::ClientCert => " --client-cert".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn what_is_missing_is_told_apart_from_the_command_that_brings_it() {
        let cause = text!("no secret is stored", "没有保存密钥");
        for (part, remedy) in [
            (Part::Main, Remedy::SignIn),
            (Part::Header("X-Key"), Remedy::Edit),
            (Part::Header("X Key"), Remedy::Edit),
            (Part::ClientSecret, Remedy::Edit),
            (Part::ClientCert, Remedy::Edit),
        ] {
            assert_eq!(missing(&secret(&cause, "my stream", part)), Some((cause.clone(), remedy)), "{part:?}");
        }
        assert_eq!(missing(&sign_in(&cause, "a")), Some((cause.clone(), Remedy::SignIn)));
        assert_eq!(missing(&text!("the server answers 503: run", "服务器回应 503")), None);
    }

    #[test]
    fn what_was_stored_without_chinese_is_told_in_english() {
        let stored = Text { english: "gone: run streambell token set a".to_owned(), chinese: String::new() };
        assert_eq!(missing(&stored), Some((Text::plain("gone"), Remedy::SignIn)));
    }
}
