//! What summaries say.

use super::held::Lane;
use crate::locale::Locale;

/// So many alerts in one notification; `more`: after others of the same kind.
pub(super) fn title(lane: &Lane, total: usize, more: bool, locale: Locale) -> String {
    match (locale, lane) {
        (Locale::English, Lane::Away | Lane::Kept { resumed: true }) => format!("{total} alerts while away"),
        (Locale::English, Lane::Kept { resumed: false }) => format!("{total} earlier alerts"),
        (Locale::English, Lane::Rule { rule, .. }) if more => format!("{total} more: {rule}"),
        (Locale::English, Lane::Rule { rule, .. }) => format!("{total} alerts: {rule}"),
        (Locale::English, Lane::All { critical: true }) => format!("{total} more critical alerts"),
        (Locale::English, Lane::All { critical: false }) => format!("{total} more alerts"),
        (Locale::Chinese, Lane::Away | Lane::Kept { resumed: true }) => format!("离开期间有 {total} 条提醒"),
        (Locale::Chinese, Lane::Kept { resumed: false }) => format!("{total} 条较早的提醒"),
        (Locale::Chinese, Lane::Rule { rule, .. }) if more => format!("另有 {total} 条：{rule}"),
        (Locale::Chinese, Lane::Rule { rule, .. }) => format!("{total} 条提醒：{rule}"),
        (Locale::Chinese, Lane::All { critical: true }) => format!("另有 {total} 条紧急提醒"),
        (Locale::Chinese, Lane::All { critical: false }) => format!("另有 {total} 条提醒"),
    }
}

/// So many that are not named.
pub(super) fn rest(count: usize, locale: Locale) -> String {
    match locale {
        Locale::English => format!("… and {count} more"),
        Locale::Chinese => format!("……还有 {count} 条"),
    }
}
