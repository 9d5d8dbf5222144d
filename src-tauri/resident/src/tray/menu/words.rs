//! What the menu says, in each language.

use streambell_engine::connection::State;
use streambell_engine::locale::Locale;
use streambell_engine::snapshot::StreamStatus;

/// A text that is the same whatever the state of things.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word {
    NoStream,
    OpenDashboard,
    PauseNotifications,
    Pause15Minutes,
    Pause1Hour,
    PauseUntilTomorrow,
    PauseUntilResumed,
    Resume,
    Reconnect,
    MuteRule,
    Quit,
    Notifications,
    History,
    Configuration,
}

impl Word {
    pub(super) fn text(self, locale: Locale) -> &'static str {
        let (english, chinese) = match self {
            Self::NoStream => ("No stream is configured yet", "还没有配置流"),
            Self::OpenDashboard => ("Open dashboard", "打开仪表盘"),
            Self::PauseNotifications => ("Pause notifications", "暂停通知"),
            Self::Pause15Minutes => ("Pause 15 minutes", "暂停 15 分钟"),
            Self::Pause1Hour => ("Pause 1 hour", "暂停 1 小时"),
            Self::PauseUntilTomorrow => ("Pause until tomorrow", "暂停到明天"),
            Self::PauseUntilResumed => ("Pause until resumed", "暂停到手动恢复"),
            Self::Resume => ("Resume notifications", "恢复通知"),
            Self::Reconnect => ("Reconnect now", "立即重新连接"),
            Self::MuteRule => ("Silence a rule for 1 hour", "将一条规则静默 1 小时"),
            Self::Quit => ("Quit", "退出"),
            Self::Notifications => ("Notifications", "通知"),
            Self::History => ("History", "历史记录"),
            Self::Configuration => ("Configuration", "配置"),
        };
        match locale {
            Locale::English => english,
            Locale::Chinese => chinese,
        }
    }
}

/// A stream and how it is: a symbol, its name, and words.
pub(super) fn stream(stream: &StreamStatus, locale: Locale) -> String {
    format!("{} {}", state(stream).0, said(stream, locale))
}

/// The same without the symbol.
pub(super) fn said(stream: &StreamStatus, locale: Locale) -> String {
    let (_, english, chinese) = state(stream);
    match locale {
        Locale::English => format!("{}: {english}", stream.name),
        Locale::Chinese => format!("{}：{chinese}", stream.name),
    }
}

/// A symbol, and words in each language.
fn state(stream: &StreamStatus) -> (&'static str, &'static str, &'static str) {
    match &stream.state {
        State::Open if stream.quiet_since.is_some() => ("◌", "connected, but unusually quiet", "已连接，但异常安静"),
        State::Open => ("●", "connected", "已连接"),
        State::Connecting => ("◐", "connecting", "正在连接"),
        State::Refreshing => ("◐", "renewing its token", "正在更新令牌"),
        State::Waiting(wait) if wait.attempt == 0 => ("◐", "reconnecting", "正在重新连接"),
        State::Waiting(_) => ("▲", "trying again", "正在重试"),
        State::Offline { .. } => ("▲", "no network", "没有网络"),
        State::NeedsSignIn { .. } => ("■", "needs you to sign in", "需要登录"),
        State::Ended { .. } => ("■", "ended", "已结束"),
        State::Idle => ("○", "not started", "未启动"),
        State::Paused => ("○", "switched off", "已关闭"),
    }
}

/// What is wrong with a part of the program.
pub(super) fn trouble(part: Word, trouble: &str, locale: Locale) -> String {
    match locale {
        Locale::English => format!("{}: {trouble}", part.text(locale)),
        Locale::Chinese => format!("{}：{trouble}", part.text(locale)),
    }
}

/// So many streams have no line of their own.
pub(super) fn more_streams(count: usize, locale: Locale) -> String {
    match locale {
        Locale::English => format!("… and {count} more"),
        Locale::Chinese => format!("……还有 {count} 个"),
    }
}

/// How many alerts are unread.
pub(super) fn unread_alerts(count: u32, locale: Locale) -> String {
    match (locale, count) {
        (Locale::English, 1) => "1 unread alert".to_owned(),
        (Locale::English, _) => format!("{count} unread alerts"),
        (Locale::Chinese, _) => format!("{count} 条未读提醒"),
    }
}

/// Notifications are paused until this time, or until resumed.
pub(super) fn paused(until: Option<&str>, locale: Locale) -> String {
    match (locale, until) {
        (Locale::English, Some(time)) => format!("Notifications are paused until {time}"),
        (Locale::English, None) => "Notifications are paused until resumed".to_owned(),
        (Locale::Chinese, Some(time)) => format!("通知已暂停到 {time}"),
        (Locale::Chinese, None) => "通知已暂停，直到手动恢复".to_owned(),
    }
}

/// A silence and when it ends.
pub(super) fn silence(about: &str, until: &str, locale: Locale) -> String {
    match locale {
        Locale::English => format!("{about} until {until}"),
        Locale::Chinese => format!("{about}，到 {until}"),
    }
}

/// How many silences can be ended.
pub(super) fn end_a_silence(count: usize, locale: Locale) -> String {
    match locale {
        Locale::English => format!("End a silence ({count})"),
        Locale::Chinese => format!("结束静默（{count}）"),
    }
}

/// How many of the streams are connected, as the dashboard says it.
pub(super) fn live(open: usize, streams: usize, locale: Locale) -> String {
    match locale {
        Locale::English if streams == 1 && open == 1 => "The stream is live".to_owned(),
        Locale::English if open == streams => format!("All {streams} streams live"),
        Locale::English => format!("{open} of {streams} streams live"),
        Locale::Chinese if open == streams => format!("{streams} 个流已连接"),
        Locale::Chinese => format!("{streams} 个流中 {open} 个已连接"),
    }
}

/// The state of things in one line: streams, unread alerts, and what else there is to say.
pub(super) fn summary(streams: String, unread: u32, rest: Vec<String>, locale: Locale) -> String {
    let count = (unread > 0).then(|| match locale {
        Locale::English => format!("{unread} unread"),
        Locale::Chinese => format!("{unread} 条未读"),
    });
    let parts: Vec<String> = std::iter::once(streams).chain(count).chain(rest).collect();
    match locale {
        Locale::English => parts.join(", "),
        Locale::Chinese => parts.join("，"),
    }
}

/// For the summary: paused until this time, or until resumed.
pub(super) fn paused_short(until: Option<&str>, locale: Locale) -> String {
    match (locale, until) {
        (Locale::English, Some(time)) => format!("paused until {time}"),
        (Locale::English, None) => "paused until resumed".to_owned(),
        (Locale::Chinese, Some(time)) => format!("暂停到 {time}"),
        (Locale::Chinese, None) => "已暂停".to_owned(),
    }
}

/// A time that is past: as much of the day as is not today's.
pub(super) fn moment(at: &jiff::Zoned, now: &jiff::Zoned, locale: Locale) -> String {
    match (now.date().since(at.date()).map_or(i32::MAX, |past| past.get_days()), locale) {
        (0, _) => at.strftime("%H:%M").to_string(),
        (1..=6, _) => day_and_time(at, locale),
        (_, Locale::English) => at.strftime("%b %-d, %H:%M").to_string(),
        (_, Locale::Chinese) => at.strftime("%-m月%-d日 %H:%M").to_string(),
    }
}

/// A day and a time that is near.
pub(super) fn day_and_time(at: &jiff::Zoned, locale: Locale) -> String {
    match locale {
        Locale::English => at.strftime("%a %H:%M").to_string(),
        Locale::Chinese => {
            let days = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
            let day = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or_default();
            format!("{} {}", days[day % days.len()], at.strftime("%H:%M"))
        }
    }
}
