//! The language of what people read: the tray, notifications, and the program's own alerts. What scripts and logs read
//! is English, always.

mod system;
mod text;

pub use text::Text;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Locale {
    /// That of the system, by the variables of POSIX and gettext; English where it is none of ours.
    pub fn of_system() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// The first of these variables that says something decides; `LANGUAGE` is asked only where a language is set.
    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let said = |name| variable(name).filter(|value| !value.is_empty());
        let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(said) else { return Self::English };
        if ["C", "POSIX"].contains(&locale.split('.').next().unwrap_or_default()) {
            return Self::English;
        }
        let preferred = said("LANGUAGE").unwrap_or(locale);
        let first = preferred.split(':').next().unwrap_or_default();
        if first.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_says_the_language_as_other_programs_hear_it() {
        for (variables, wanted) in [
            (&[][..], Locale::English),
            (&[("LANG", "zh_CN.UTF-8")], Locale::Chinese),
            (&[("LANG", "de_DE.UTF-8")], Locale::English),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C.UTF-8")], Locale::English),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")], Locale::Chinese),
            (&[("LANG", "en_US.UTF-8"), ("LANGUAGE", "zh_CN:en")], Locale::Chinese),
            (&[("LANG", "C"), ("LANGUAGE", "zh_CN")], Locale::English),
            (&[("LANG", "zh_CN"), ("LC_MESSAGES", "en_GB")], Locale::English),
        ] {
            let said =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
            assert_eq!(Locale::of(said), wanted, "{variables:?}");
        }
    }
}
