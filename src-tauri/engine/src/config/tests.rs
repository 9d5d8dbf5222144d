//! Configurations read as a whole: what is right, and every way to be wrong with its place.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;

use super::*;

const SECRET: &str = "hunter2";

/// What is wrong with a text, a line each; each is safe to show.
fn faults(text: &str) -> Vec<String> {
    let Err(errors) = parse(text) else { panic!("this is right: {text}") };
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(!lines.iter().any(|line| line.contains(SECRET) || line.contains('\n')), "{lines:?}");
    lines
}

fn config(text: &str) -> Config {
    parse(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

/// A stream with further lines.
fn stream(lines: &str) -> String {
    format!("[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n{lines}\n")
}

/// A rule with further lines, the first of which is line 3.
fn rule(lines: &str) -> String {
    format!("[[rule]]\nname = \"r\"\n{lines}\n")
}

#[test]
fn nothing_configured_is_every_default() {
    for text in ["", "\n", "# only a comment", "version = 1\n", "\u{feff}version = 1\r\n"] {
        assert_eq!(config(text), Config::default(), "{text:?}");
    }
}

#[test]
fn the_plan_in_the_design_is_read() {
    let config = config(include_str!("fixtures/design.toml"));
    let mut market = StreamConfig::new("market", "https://api.example.com/api/stream");
    market.auth = Auth::Bearer { secret: SecretSource::Keyring };
    market.refresh =
        Some(Refresh { url: "https://api.example.com/api/refresh-token".to_owned(), token: "/token".to_owned() });
    market.learn_idle = false;
    market.headers = vec![Header { name: "X-Desk".to_owned(), value: HeaderValue::Plain("7".to_owned()) }];
    assert_eq!(config.streams, [Arc::new(market)]);

    let mut alert = RuleConfig::new("Market alert", &["market-alert"]);
    alert.streams = vec!["market".to_owned()];
    alert.when = Some("data.change_pct|abs >= 3".to_owned());
    alert.title = "{{ data.symbol }} {{ data.price }}".to_owned();
    alert.body = "{{ data.message }}".to_owned();
    alert.urgency = Urgency::Critical;
    alert.group = Some("{{ data.symbol }}".to_owned());
    alert.throttle = Some(Throttle { count: 5, window: Duration::from_secs(60) });
    alert.link = Some("{{ data.url }}".to_owned());
    alert.pass_quiet_hours = true;
    assert_eq!(config.rules, [alert]);

    assert_eq!(config.tiles, [TileConfig { stream: Some("market".into()), ..TileConfig::default() }]);
    assert_eq!(config.quiet_hours, [QuietHours::daily(time(22, 0, 0, 0), time(7, 0, 0, 0))]);
    assert_eq!(config.history, History::default());
}

#[test]
fn the_example_shows_the_defaults() {
    let example = config(EXAMPLE);
    let mut market = StreamConfig::clone(&example.streams[0]);
    let mut wanted = StreamConfig::new(market.name.as_str(), &market.url);
    assert!(market.refresh.take().is_some() && market.headers.len() == 2);
    market.headers.clear();
    wanted.auth = Auth::Bearer { secret: SecretSource::Keyring };
    assert_eq!(market, wanted);
    let rule = &example.rules[0];
    let default = RuleConfig::new("", &[]);
    assert_eq!((rule.enabled, rule.urgency, rule.throttle), (default.enabled, default.urgency, default.throttle));
    assert_eq!(rule.pass_quiet_hours, default.pass_quiet_hours);
    assert_eq!(example.tiles, [TileConfig { stream: Some("market".into()), ..TileConfig::default() }]);
    assert_eq!(example.history, History::default());
}

#[test]
fn every_option_that_the_example_mentions_in_a_comment_is_read() {
    let shown = EXAMPLE
        .replace("# ca_cert", "ca_cert")
        .replace("# client_cert", "client_cert")
        .replace("# compression", "compression")
        .replace("# proxy", "proxy")
        .replace("# change", "change");
    assert!(config(&shown).streams[0].proxy.is_some() && config(&shown).tiles[0].change.is_some());
    let keys = ["preset", "match", "text", "crosses", "change = {", "expect", "cooldown", "resolved"];
    for key in keys {
        let lines = EXAMPLE.lines().filter_map(|line| line.strip_prefix('#').map(str::trim_start));
        let found: Vec<_> = lines.filter(|line| line.starts_with(key) && line.contains(" = ")).collect();
        found.iter().for_each(|line| drop(config(&rule(line))));
        assert!(!found.is_empty(), "{key}");
    }
    for line in EXAMPLE.lines().filter_map(|line| line.strip_prefix("#   auth")) {
        let end = line.rfind('}').map_or(0, |end| end + 1);
        config(&stream(&format!("auth{}", &line[..end])));
    }
}

#[test]
fn a_socket_and_a_pin_are_read_and_do_not_go_with_everything() {
    let pin = "AB:".repeat(31) + "AB";
    let one = config(&stream(&format!("pin_sha256 = \"{pin}\"\nunix_socket = \"/run/x.sock\"")));
    assert_eq!(one.streams[0].pin_sha256, [Fingerprint([0xab; 32])]);
    assert_eq!(one.streams[0].unix_socket, Some(PathBuf::from("/run/x.sock")));
    let two = config(&stream(&format!("pin_sha256 = [\"{pin}\", \"{}\"]", "cd".repeat(32))));
    assert_eq!(two.streams[0].pin_sha256.len(), 2);

    assert_eq!(faults(&stream("pin_sha256 = \"AB\"")).len(), 1);
    let plain = format!("[[stream]]\nname = \"a\"\nurl = \"http://h/\"\npin_sha256 = \"{pin}\"");
    let wanted = "4:14: pin_sha256: goes with https: without TLS there is no certificate";
    assert_eq!(faults(&plain), [wanted]);
    let both = stream("unix_socket = \"/x\"\nproxy = \"http://p/\"");
    assert_eq!(faults(&both), ["4:15: unix_socket: does not go with a proxy"]);
    let alone = stream("client_cert_password = { env = \"X\" }");
    assert_eq!(faults(&alone), ["4:24: client_cert_password: goes with client_cert"]);
}

#[test]
fn oauth2_is_read_with_each_grant() {
    let auth = |fields: &str| {
        let both = "kind = \"oauth2\", token_url = \"https://id/token\", client_id = \"me\"";
        config(&stream(&format!("auth = {{ {both}, {fields} }}"))).streams[0].auth.clone()
    };
    let wanted = |grant| OAuth2 {
        grant,
        token_url: "https://id/token".to_owned(),
        client_id: "me".to_owned(),
        secret: SecretSource::Keyring,
        client_secret: None,
        client_auth: ClientAuth::Basic,
        scope: None,
        audience: None,
    };
    let more = "grant = \"client-credentials\", scope = \"a b\", audience = \"x\", secret = { env = \"S\" }";
    assert_eq!(
        auth(more),
        Auth::OAuth2(Box::new(OAuth2 {
            secret: SecretSource::Env("S".to_owned()),
            scope: Some("a b".to_owned()),
            audience: Some("x".to_owned()),
            ..wanted(Grant::ClientCredentials)
        }))
    );
    let more = "grant = \"refresh-token\", client_secret = { keyring = true }, client_auth = \"body\"";
    assert_eq!(
        auth(more),
        Auth::OAuth2(Box::new(OAuth2 {
            client_secret: Some(SecretSource::Keyring),
            client_auth: ClientAuth::Body,
            ..wanted(Grant::RefreshToken)
        }))
    );
    let device = Grant::Device { device_url: "https://id/device".to_owned() };
    let read = auth("grant = \"device\", device_url = \"https://id/device\"");
    assert_eq!(read, Auth::OAuth2(Box::new(wanted(device))));
}

#[test]
fn oauth2_that_cannot_work_is_told_with_what_would() {
    let fault = |fields: &str| {
        let both = "kind = \"oauth2\", token_url = \"https://id/token\", client_id = \"me\"";
        faults(&stream(&format!("auth = {{ {both}, {fields} }}"))).join("; ")
    };
    for (fields, word) in [
        ("scope = \"a\"", "needs grant"),
        ("grant = \"password\"", "must be one of"),
        ("grant = \"device\"", "needs device_url"),
        ("grant = \"refresh-token\", device_url = \"https://id/d\"", "only goes with grant = \"device\""),
        ("grant = \"client-credentials\", client_secret = { env = \"S\" }", "the secret is the client's"),
        ("grant = \"refresh-token\", client_secret = \"hunter2\"", "no secret is written into this file"),
        ("grant = \"refresh-token\", refresh_token = \"hunter2\"", "no secret is written into this file"),
        ("grant = \"device\", device_url = \"https://id/d\", secret = { env = \"S\" }", "kept in the keyring"),
    ] {
        assert!(fault(fields).contains(word), "{fields}: {}", fault(fields));
    }
    let both =
        "auth = { kind = \"oauth2\", grant = \"refresh-token\", token_url = \"https://h/t\", client_id = \"m\" }";
    let refreshed = faults(&stream(&format!("{both}\nrefresh = {{ url = \"https://h/r\" }}"))).join("");
    assert!(refreshed.contains("does not go with oauth2"), "{refreshed}");
}

#[test]
fn every_option_of_a_stream_is_read() {
    let read = config(&stream(
        r#"
        enabled = false
        method = "POST"
        body = "{}"
        auth = { kind = "header", name = "X-Api-Key", secret = { command = ["pass", "show", "x"] } }
        refresh = { url = "https://h/refresh", token = "/data/token" }
        headers = { X-B = "", "X-A" = { keyring = true }, X-C = { env = "C" }, X-D = { file = "~/d" } }
        idle_timeout = "2m"
        retry = "0"
        resume = { from = { pointer = "/seq" }, send = { query = "since" }, ignore = ["heartbeat", "ping*"] }
        store = "alerts"
        redirects = "same-origin"
        max_event = "64KiB"
        strict = true
        ca_cert = "~/ca.pem"
        pin_sha256 = "abababababababababababababababababababababababababababababababab"
        client_cert = "client.pem"
        client_cert_password = { env = "P" }
        compression = true
        proxy = "socks5://localhost:1080"
        http1 = true
        insecure = true
        notify = false
        outage = "off""#,
    ));
    let header = |name: &str, value| Header { name: name.to_owned(), value };
    let wanted = StreamConfig {
        name: "a".into(),
        url: "https://h/".to_owned(),
        enabled: false,
        method: "POST".to_owned(),
        body: Some("{}".to_owned()),
        auth: Auth::Header {
            name: "X-Api-Key".to_owned(),
            secret: SecretSource::Command(["pass", "show", "x"].map(str::to_owned).to_vec()),
        },
        refresh: Some(Refresh { url: "https://h/refresh".to_owned(), token: "/data/token".to_owned() }),
        headers: vec![
            header("X-B", HeaderValue::Plain(String::new())),
            header("X-A", HeaderValue::Secret(SecretSource::Keyring)),
            header("X-C", HeaderValue::Secret(SecretSource::Env("C".to_owned()))),
            header("X-D", HeaderValue::Secret(SecretSource::File(PathBuf::from("~/d")))),
        ],
        idle_timeout: Some(Duration::from_secs(120)),
        learn_idle: false,
        retry: Duration::ZERO,
        resume: Resume {
            from: ResumeFrom::Pointer("/seq".to_owned()),
            send: ResumeSend::Query("since".to_owned()),
            ignore: vec!["heartbeat".to_owned(), "ping*".to_owned()],
        },
        store: Store::Alerts,
        redirects: Redirects::SameOrigin,
        max_event: 65_536,
        strict: true,
        ca_cert: Some(PathBuf::from("~/ca.pem")),
        pin_sha256: vec![Fingerprint([0xab; 32])],
        client_cert: Some(PathBuf::from("client.pem")),
        client_cert_password: Some(SecretSource::Env("P".to_owned())),
        unix_socket: None,
        compression: true,
        proxy: Some("socks5://localhost:1080".to_owned()),
        http1: true,
        insecure: true,
        notify: false,
        outage: Some(Outage::Off),
    };
    assert_eq!(*read.streams[0], wanted);
}

#[test]
fn shorter_ways_of_writing_mean_the_same() {
    for (one, other) in [
        ("idle_timeout = \"0\"", "idle_timeout = \"off\""),
        ("idle_timeout = \"auto\"", ""),
        ("resume = { from = \"/seq\" }", "resume = { from = { pointer = \"/seq\" } }"),
        ("resume.ignore = \"ping\"", "resume = { ignore = [\"ping\"] }"),
        ("auth = { kind = \"bearer\" }", "[stream.auth]\nkind = \"bearer\"\nsecret.keyring = true"),
        ("headers = { X-A = \"1\" }", "[stream.headers]\nX-A = \"1\""),
        ("body = \"\"\"\na\r\nb\"\"\"", "body = \"a\\nb\""),
    ] {
        assert_eq!(config(&stream(one)), config(&stream(other)), "{one}");
    }
    assert_eq!(config("stream = [{ name = \"a\", url = \"https://h/\" }]"), config(&stream("")));
    assert_eq!(config(&rule("event = [\"a\"]")), config(&rule("event = \"a\"")));
    let hours = |from: &str| config(&format!("quiet_hours = {{ from = {from}, to = \"7:00\" }}")).quiet_hours;
    assert_eq!(hours("22:00:00"), hours("\"22:00\""));
    assert_eq!(config(&rule("throttle = \"off\"")).rules[0].throttle, None);
}

#[test]
fn every_condition_of_a_rule_is_read() {
    let crosses = Crosses { value: "/p".to_owned(), side: Side::Above, threshold: 7.0, rearm: 6.5 };
    let change =
        Change { value: "/p".to_owned(), way: Way::Down, by: 3.0, within: Duration::from_secs(3_600), rearm: 1.5 };
    let daily = Daily {
        by: time(9, 0, 0, 0),
        from: Some(time(6, 0, 0, 0)),
        days: Weekdays::of(&[jiff::civil::Weekday::Monday]),
        time_zone: Some(jiff::tz::TimeZone::UTC),
    };
    for (text, wanted) in [
        ("crosses = { value = \"/p\", above = 7, rearm = 6.5 }", Trigger::Crosses(crosses)),
        ("change = { value = \"/p\", by = \"-3%\", within = \"1h\" }", Trigger::Change(change)),
        ("expect = { within = \"26h\" }", Trigger::Expect(Expect::Within(Duration::from_secs(26 * 3_600)))),
        (
            "expect = { by = \"09:00\", from = \"06:00\", days = \"mon\", time_zone = \"UTC\" }",
            Trigger::Expect(Expect::By(daily)),
        ),
        ("", Trigger::Each),
    ] {
        assert_eq!(config(&rule(text)).rules[0].trigger, wanted, "{text}");
    }
    let read = config(&rule(
        r#"
        event = ["a", "b*"]
        match = { "/x" = ["a", 1, true, "> 3"] }
        text = ["one", "t*o"]
        cooldown = "10m"
        stop = true
        resolved_when = "data.ok"
        resolved = "well"
        resolves = ["r"]
        urgency = "{{ data.urgency }}""#,
    ));
    let read = &read.rules[0];
    let tests = vec![
        FieldTest::Text("a".to_owned()),
        FieldTest::Number(Comparison::Equal, 1.0),
        FieldTest::Flag(true),
        FieldTest::Number(Comparison::Above, 3.0),
    ];
    assert_eq!(read.fields, [FieldMatch { pointer: "/x".to_owned(), tests }]);
    assert_eq!((read.text.len(), read.cooldown, read.stop), (2, Some(Duration::from_secs(600)), true));
    assert_eq!((read.resolved_when.as_deref(), read.resolved.as_deref()), (Some("data.ok"), Some("well")));
    assert_eq!((&*read.resolves[0], read.title.as_str()), ("r", ""));
    assert_eq!(read.urgency_from.as_deref(), Some("{{ data.urgency }}"));
}

#[test]
fn each_fault_of_a_condition_is_explained_at_its_place() {
    for (text, word) in [
        ("crosses = { value = \"/p\" }", "3:11: crosses: needs either above or below"),
        ("crosses = { value = \"/p\", above = 1, below = 2 }", "3:11: crosses: needs either above or below"),
        ("crosses = { value = \"p\", above = 1 }", "is no JSON pointer"),
        ("crosses = { value = \"/p\", above = 1, rearm = 2 }", "rearm: must lie on the other side of the threshold"),
        ("crosses = { value = \"/p\", above = nan }", "above: must be a finite number"),
        ("crosses = { value = \"/p\", above = 1, over = 1 }", "crosses has no option \"over\""),
        ("change = { value = \"/p\", by = \"3\", within = \"1h\" }", "\"3\" is no change: write \"-3%\""),
        ("change = { value = \"/p\", by = \"3%\", within = \"90d\" }", "within: must be 1s to 31d"),
        ("change = { value = \"/p\", by = \"3%\", within = \"1h\", rearm = \"4%\" }", "rearm: must be less than by"),
        ("expect = { }", "3:10: expect: needs either by, a time of day, or within, a duration"),
        ("expect = { within = \"1h\", days = \"mon\" }", "days: goes with by, a time of day"),
        ("expect = { by = \"25:00\" }", "is no time of day"),
        ("expect = { by = \"01:00\", time_zone = \"Mars\" }", "is no time zone"),
        ("expect = { by = \"01:00\" }\ncrosses = { value = \"/p\", above = 1 }", "a rule has only one of crosses"),
        ("match = { symbol = \"BTC\" }", "\"symbol\" is no JSON pointer"),
        ("match = { \"/a\" = \"> much\" }", "compares with no number"),
        ("match = { \"/a\" = [] }", "must name a value"),
        ("match = { \"/a\" = 2026-01-01 }", "must be text, a number, true or false"),
        ("text = \"\"", "text: must not be empty"),
        ("stream = \"nowhere\"", "3:10: stream: there is no stream named \"nowhere\""),
        ("stream = [\"a*\", \"nowhere\"]", "3:17: stream: there is no stream named"),
        ("resolves = \"nobody\"", "3:12: rule: there is no rule named \"nobody\""),
        ("preset = \"ntfi\"", "preset: there is no preset \"ntfi\""),
        ("resolved_when = \"data.\"", "resolved_when: "),
        ("title = \"{{ value }}\"", "title: there is no \"value\""),
        ("expect = { within = \"1h\" }\ntitle = \"{{ data.x }}\"", "title: there is no \"data\""),
        ("cooldown = \"0\"", "cooldown: must be 1s to 31d"),
    ] {
        let found = faults(&rule(text));
        assert!(found.len() == 1 && found[0].contains(word), "{text}: {found:?}");
    }
}

#[test]
fn what_a_notification_is_like_is_read_from_rule_and_file() {
    let text = r#"
        allow_commands = true
        [notifications]
        sound_gap = "0s"
        timeout = { low = "5s", critical = "default" }
        [[quiet_hours]]
        from = "22:00"
        to = "07:00"
        days = ["mon", "fri"]
        time_zone = "Europe/Berlin"
        [[quiet_hours]]
        from = "12:00"
        to = "13:00"
        [[rule]]
        name = "r"
        urgency = "none"
        expires = "10m"
        sound = "~/bell.oga"
        icon = "{{ data.icon }}"
        timeout = "never"
        run = ["notify-team", "a b"]
        buttons = ["open-link", { kind = "mute-rule", for = "2h", label = "Not now" },
                   { kind = "copy-value", value = "{{ data.code }}" }]
    "#;
    let config = config(text);
    assert!(config.allow_commands);
    let timeouts =
        Timeouts { low: Timeout::After(Duration::from_secs(5)), normal: Timeout::Desktop, critical: Timeout::Desktop };
    assert_eq!(config.notifications, Notifications { timeouts, sound_gap: Duration::ZERO });
    let [nights, noon] = &config.quiet_hours[..] else { panic!("{:?}", config.quiet_hours) };
    assert_eq!(nights.days, Weekdays::of(&[Weekday::Monday, Weekday::Friday]));
    assert_eq!(nights.time_zone, TimeZone::get("Europe/Berlin").ok());
    assert_eq!(*noon, QuietHours::daily(time(12, 0, 0, 0), time(13, 0, 0, 0)));
    let rule = &config.rules[0];
    assert_eq!((rule.urgency, rule.expires), (Urgency::None, Some(Duration::from_secs(600))));
    assert_eq!(rule.sound, Some(Sound::File(PathBuf::from("~/bell.oga"))));
    assert_eq!((rule.icon_template(), rule.timeout), (Some("{{ data.icon }}"), Some(Timeout::Never)));
    assert_eq!((rule.run.len(), rule.copied_value()), (2, Some("{{ data.code }}")));
    let mute = Press::MuteRule { length: Duration::from_secs(7_200) };
    let wanted = Button { press: mute, label: Some("Not now".to_owned()) };
    assert!(rule.buttons.as_ref().is_some_and(|buttons| buttons[1] == wanted), "{:?}", rule.buttons);
}

#[test]
fn each_fault_of_a_stream_is_explained_at_its_place() {
    for (line, wanted) in [
        ("idel_timeout = \"1s\"", "4:1: stream has no option \"idel_timeout\"; did you mean \"idle_timeout\"?"),
        ("enabled = \"yes\"", "4:11: enabled: must be true or false, not text"),
        ("method = \"post\"", "4:10: method: \"post\" must be written in capitals: \"GET\", \"POST\""),
        ("body = 1", "4:8: body: must be text in quotes, not a number"),
        ("idle_timeout = 90", "4:16: idle_timeout: must be a duration in quotes, such as \"30s\", not a number"),
        ("idle_timeout = \"90\"", "4:16: idle_timeout: \"90\" is no duration: write 250ms, 30s, 5m, 2h or 7d"),
        ("idle_timeout = \"8d\"", "4:16: idle_timeout: must be 100ms to 7d"),
        ("retry = \"2h\"", "4:9: retry: must be 0s to 1h"),
        ("max_event = \"1\"", "4:13: max_event: must be 1KiB to 256MiB"),
        (
            "store = \"alert\"",
            "4:9: store: must be one of \"all\", \"alerts\", \"none\", not \"alert\"; did you mean \"alerts\"?",
        ),
        ("redirects = [\"follow\"]", "4:13: redirects: must be text in quotes, not a list"),
        ("ca_cert = \"\"", "4:11: ca_cert: must not be empty"),
        (
            "proxy = \"http://me:hunter2@p/\"",
            "4:9: proxy: must not contain a user or password: no secret belongs into this file",
        ),
        ("resume = \"id\"", "4:10: resume: must be a table such as { from = \"id\", send = \"header\" }, not text"),
        ("resume = { from = \"seq\" }", "4:19: from: must be one of \"id\", \"none\", not \"seq\""),
        (
            "resume = { from = { pointer = \"seq\" } }",
            "4:31: pointer: \"seq\" is no JSON pointer: it begins with /, as in \"/price\"",
        ),
        ("resume = { ignore = [\"ok\", \"[a\"] }", "4:28: ignore: \"[a\" is no pattern: a \"[\" has no \"]\""),
        ("resume = { send = {} }", "4:19: how the cursor is sent needs query"),
        (
            "refresh = { url = \"https://h/r\" }",
            "4:11: refresh: a token can only be refreshed where auth says how it is sent",
        ),
        ("auth = \"bearer\"", "4:8: auth: must be a table such as { kind = \"bearer\" }, not text"),
        ("auth = {}", "4:8: auth needs kind"),
        (
            "auth = { kind = \"baerer\" }",
            "4:17: kind: must be one of \"none\", \"bearer\", \"basic\", \"header\", \"query\", \"cookie\", \"oauth2\", not \"baerer\"; did you mean \"bearer\"?",
        ),
        ("auth = { kind = \"basic\" }", "4:8: auth of kind \"basic\" needs user"),
        ("auth = { kind = \"basic\", user = \"a:b\" }", "4:33: user: must not contain a colon or control characters"),
        ("auth = { kind = \"bearer\", name = \"x\" }", "4:27: auth of kind \"bearer\" has no option \"name\""),
        (
            "auth = { kind = \"header\", name = \"Host\" }",
            "4:34: name: the header Host cannot be set: it is the program's own",
        ),
        (
            "auth = { kind = \"cookie\", name = \"a b\" }",
            "4:34: name: \"a b\" must be letters, digits and - . _ and the like",
        ),
        (
            "auth = { kind = \"bearer\", secret = { env = \"\" } }",
            "4:44: env: must be the name of an environment variable",
        ),
        ("auth = { kind = \"bearer\", secret = { command = [] } }", "4:48: command: must begin with a program"),
        ("headers = { Accept = \"x\" }", "4:13: the header Accept cannot be set: it is the program's own"),
        (
            "headers = { \"X Y\" = \"x\" }",
            "4:13: \"X Y\" is no header name: only letters, digits and - . _ and the like",
        ),
        ("headers = { X-A = \"a\\nb\" }", "4:19: X-A: must not contain control characters"),
        ("headers = { X-A = \"1\", x-a = \"2\" }", "4:24: the header x-a is there already"),
    ] {
        assert_eq!(faults(&stream(line)), [wanted], "{line}");
    }
}

#[test]
fn a_secret_in_the_file_is_refused_with_what_to_do_and_never_repeated() {
    for (line, place, advice) in [
        ("auth = { kind = \"bearer\", token = \"hunter2\" }", "4:27: ", "streambell token set"),
        ("auth = { kind = \"bearer\", secret = \"hunter2\" }", "4:36: ", "{ keyring = true }"),
        ("headers = { Authorization = \"Bearer hunter2\" }", "4:29: ", "auth = { kind = \"bearer\" }"),
        ("headers = { Cookie = \"s=hunter2\" }", "4:22: ", "kind = \"cookie\""),
        ("headers = { x-api-key = \"hunter2\" }", "4:25: ", "x-api-key = { keyring = true }"),
        ("auth = { kind = \"bearer\" }\nheaders = { Authorization = { env = \"A\" } }", "5:13: ", "set by auth"),
    ] {
        let found = faults(&stream(line));
        assert!(found.len() == 1 && found[0].starts_with(place) && found[0].contains(advice), "{line}: {found:?}");
    }
    let url = "[[stream]]\nname = \"a\"\nurl = \"https://me:hunter2@h/\"\n";
    assert!(faults(url)[0].starts_with("3:7: url: must not contain a user or password"));
    assert_eq!(faults("[[stream]]\nname = \"a\"\nurl = \"https://h/\nauth = \"hunter2").len(), 2);
}

#[test]
fn each_fault_of_a_rule_is_explained_at_its_place() {
    for (line, wanted) in [
        ("stream = \"x\"", "3:10: stream: there is no stream named \"x\""),
        ("event = []", "3:9: event: must name an event; \"*\" is every event"),
        ("event = [\"a\", 2]", "3:15: event: must be text in quotes, not a number"),
        ("event = \"\"", "3:9: event: must not be empty; \"*\" is every event"),
        (
            "urgency = \"high\"",
            "3:11: urgency: must be one of \"none\", \"low\", \"normal\", \"critical\", not \"high\"",
        ),
        ("throttle = \"5 a minute\"", "3:12: throttle: \"5 a minute\" is no throttle: write \"5 per 1m\" or \"off\""),
        ("throttle = \"5 per m\"", "3:12: throttle: \"m\" is no duration: write 250ms, 30s, 5m, 2h or 7d"),
        ("quiet_hours = true", "3:15: quiet_hours: must be text in quotes, not true or false"),
        ("expires = \"8d\"", "3:11: expires: must be 1s to 7d"),
        ("timeout = \"forever\"", "3:11: timeout: \"forever\" is no duration: write 250ms, 30s, 5m, 2h or 7d"),
        ("sound = \"a b\"", "3:9: sound: \"a b\" is neither the name of a sound nor a file such as \"~/bell.oga\""),
        ("icon = \"x/y\"", "3:8: icon: \"x/y\" is neither the name of an icon nor a file such as \"~/coin.png\""),
        ("icon = \"{{ data.\"", "3:8: icon: unexpected end of input, expected identifier or integer at \"data.\""),
        (
            "buttons = [\"snooze\"]",
            "3:12: buttons: must be one of \"open-link\", \"open-dashboard\", \"copy-value\", \"mute-rule\", \"acknowledge\", not \"snooze\"",
        ),
        ("buttons = [{ kind = \"acknowledge\", for = \"1h\" }]", "3:36: a button has no option \"for\""),
        ("buttons = [\"copy-value\", \"copy-value\"]", "3:11: buttons: only one button can copy a value"),
        (
            "run = \"rm -rf /\"",
            "3:7: run: must be a list such as [\"notify-team\", \"--loud\"]: no shell takes a line apart",
        ),
        ("run = []", "3:7: run: must name a program"),
        (
            "run = [\"true\"]",
            "3:7: run: programs are started only where allow_commands = true stands at the top of the file",
        ),
        ("titel = \"x\"", "3:1: rule has no option \"titel\"; did you mean \"title\"?"),
    ] {
        assert_eq!(faults(&rule(line)), [wanted], "{line}");
    }
}

#[test]
fn a_template_that_cannot_be_read_is_explained_where_its_field_stands() {
    let text = rule("when = \"data.\"\ntitle = \"ok\"\nevent = \"[\"") + "[[rule]]\nlink = \"{{ data.url\"\n";
    let found = faults(&text);
    let starts = ["3:8: when: ", "5:9: event: ", "6:1: rule needs name", "7:8: link: "];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    assert!(found.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{found:#?}");
}

#[test]
fn each_fault_elsewhere_is_explained_at_its_place() {
    let two = "[[stream]]\nname = \"a\"\nurl = \"http://h\"\n[[stream]]\nname = \"a\"\nurl = \"http://h\"";
    for (text, wanted) in [
        (
            "version = 2",
            "1:11: version: this file is of version 2, written by a newer Streambell; this one reads up to 1: update it",
        ),
        ("version = 0", "1:11: version: must be 1 to 9223372036854775807"),
        ("version = \"1\"", "1:11: version: must be a whole number, not text"),
        ("streams = 1", "1:1: the configuration has no option \"streams\"; did you mean \"stream\"?"),
        ("[stream]\nname = \"a\"", "1:1: stream: there can be several, so write it in two brackets: [[stream]]"),
        ("stream = [1]", "1:11: stream: there can be several, so write it in two brackets: [[stream]]"),
        ("[[rule]]", "1:1: rule needs name"),
        ("[[rule]]\nname = \" a\"", "2:8: name: must not begin or end with a space"),
        ("[[rule]]\nname = \"a\"\n[[rule]]\nname = \"a\"", "4:8: name: the rule in line 2 is named \"a\" too"),
        (two, "5:8: name: the stream in line 2 is named \"a\" too"),
        ("[[tile]]\nstream = \"x\"", "2:10: stream: there is no stream named \"x\""),
        ("[[tile]]\nkey = \"symbol\"", "2:7: key: \"symbol\" is no JSON pointer: it begins with /, as in \"/price\""),
        ("[[quiet_hours]]\nfrom = \"22:00\"", "1:1: quiet_hours needs to"),
        (
            "[quiet_hours]\nfrom = \"1:00\"\nto = \"2:00\"\ndays = [\"monday\"]",
            "4:9: days: \"monday\" is no day: write \"mon\" to \"sun\"",
        ),
        (
            "[quiet_hours]\nfrom = \"1:00\"\nto = \"2:00\"\ntime_zone = \"Atlantis\"",
            "4:13: time_zone: \"Atlantis\" is no time zone of this system: write one such as \"Europe/Berlin\"",
        ),
        ("[notifications]\nsound_gap = \"2h\"", "2:13: sound_gap: must be 0s to 1h"),
        ("[notifications]\ntimeout = { high = \"1s\" }", "2:13: timeout has no option \"high\""),
        ("allow_commands = 1", "1:18: allow_commands: must be true or false, not a number"),
        ("[quiet_hours]\nfrom = \"22:00\"", "1:1: quiet_hours needs to"),
        ("[quiet_hours]\nfrom = \"25:00\"\nto = \"1:00\"", "2:8: from: \"25:00\" is no time of day: write \"22:00\""),
        ("[quiet_hours]\nfrom = \"1:00\"\nto = \"01:00\"", "1:1: quiet_hours: from and to must differ"),
        ("[history]\nmax_age = \"0\"", "2:11: max_age: must be 1s to 3650d"),
        ("[history]\nmax_events = 0", "2:14: max_events: must be 1 to 100000000"),
    ] {
        assert_eq!(faults(text), [wanted], "{text}");
    }
}

#[test]
fn all_faults_are_found_at_once_in_order_of_lines() {
    let text = "history = 5\n[[rule]]\nname = \"r\"\nstream = \"markt\"\nevent = \"[\"\n[[stream]]\nname = \"market\"\nurl = \"x\"\nulr = 1\n";
    let places: Vec<String> = faults(text).iter().map(|line| line.chars().take(4).collect()).collect();
    assert_eq!(places, ["1:11", "4:10", "5:9:", "8:7:", "9:1:"]);
    assert!(faults(text)[1].ends_with("did you mean \"market\"?"));
}

#[test]
fn columns_count_characters_behind_any_line_end_and_mark() {
    for text in ["\r\n# ä\r\n\"ä\" = 1", "\u{feff}\n\n\"ä\" = 1"] {
        assert!(faults(text)[0].starts_with("3:1: "), "{text:?}");
    }
    assert!(faults("quiet_hours = { from = \"ä\", to = 1 }")[1].starts_with("1:34: to: "));
}

#[test]
fn text_that_is_no_toml_is_explained_and_does_not_hide_other_faults() {
    for (text, places) in [
        ("version 1", vec!["1:9"]),
        ("[[stream]\nname = \"a\"", vec!["1:10"]),
        ("a = \"x", vec!["1:7"]),
        // The line that cannot be read may have been the url: only what is certain is said of the rest.
        (
            "[[stream]]\nname = \"a\"\nurl = https://h/\n[[rule]]\nstream = \"b\"\nurgency = \"loud\"",
            vec!["3:7", "6:11"],
        ),
        ("version = 1\nversion = 1\nevnt = 2", vec!["2:1", "3:1"]),
        // An open list swallows what follows; nothing sensible can be said behind it.
        ("[[rule]]\nname = \"r\"\nevent = [\"a\",\nurgency = \"loud\"\ntitle = \"x\"", vec!["4:9"]),
        ("body = \"\"\"\nnever closed", vec!["2:13"]),
    ] {
        let found = faults(text);
        let starts: Vec<_> =
            found.iter().map(|line| line.splitn(3, ':').take(2).collect::<Vec<_>>().join(":")).collect();
        assert_eq!(starts, places, "{text}\n{found:#?}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    assert!(faults(&"#".repeat((1 << 20) + 1))[0].contains("1 MiB"));
    let many = |count: usize| -> String {
        (0..count).map(|i| format!("[[stream]]\nname = \"{i}\"\nurl = \"http://h\"\n")).collect()
    };
    assert_eq!(config(&many(1_000)).streams.len(), 1_000);
    assert_eq!(faults(&many(1_001)), ["3001:1: there can be 1000 of [[stream]] at most"]);
    assert!(faults(&"[[tile]]\n".repeat(201))[0].starts_with("201:1: "));
    let deep = format!("a = {}", "[".repeat(100_000));
    assert!(!faults(&deep).is_empty());
}

#[test]
fn an_error_without_a_place_prints_none() {
    let error = ConfigError { line: 0, column: 0, message: "no".to_owned() };
    assert_eq!(error.to_string(), "no");
}

#[test]
fn an_outage_is_told_after_two_minutes_or_as_the_file_says() {
    let after = |seconds| Outage::After(Duration::from_secs(seconds));
    assert_eq!(config("version = 1").outage, after(120));
    assert_eq!(config("version = 1\n[outage]\nafter = \"10m\"").outage, after(600));
    assert_eq!(config("version = 1\n[outage]\nafter = \"off\"").outage, Outage::Off);
    assert_eq!(config(&stream("outage = \"30s\"")).streams[0].outage, Some(after(30)));
    assert_eq!(config(&stream("")).streams[0].outage, None);
    for wrong in ["after = \"10ms\"", "after = \"8d\"", "after = true", "before = \"2m\""] {
        let faults = faults(&format!("version = 1\n[outage]\n{wrong}"));
        assert!(faults[0].starts_with("3:"), "{wrong}: {faults:?}");
    }
}
