//! What a stream can say, and every way to be wrong there.

use std::path::PathBuf;

use super::*;

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
        dialect: Dialect::default(),
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
fn what_a_server_says_beyond_the_standard_is_read() {
    let read = config(&stream(
        r#"
        event_id = "/id"
        ignore = ["keep*", { data = "ping" }, { "/meta/domain" = "canary" }]
        end_on = { data = "[DONE]" }
        sign_in_on = "auth_revoked"
        subscribe = { on = "PB_CONNECT", url = "/api/realtime", body = "{}" }
        redirects = { trust = "*.example.com" }
        auth = { kind = "query", name = "q", template = "{secret}!" }"#,
    ));
    let read = &read.streams[0];
    let texts = |one: &str, two: &str, three: &str| Subscribe { on: one.into(), url: two.into(), body: three.into() };
    let canary = Sign::Field { pointer: "/meta/domain".to_owned(), glob: "canary".to_owned() };
    let wanted = Dialect {
        event_id: EventId::Pointer("/id".to_owned()),
        ignore: vec![Sign::Event("keep*".to_owned()), Sign::Data("ping".to_owned()), canary],
        end_on: vec![Sign::Data("[DONE]".to_owned())],
        sign_in_on: vec![Sign::Event("auth_revoked".to_owned())],
        subscribe: Some(texts("PB_CONNECT", "/api/realtime", "{}")),
    };
    assert_eq!(read.dialect, wanted);
    assert_eq!(read.redirects, Redirects::Trust(vec!["*.example.com".to_owned()]));
    let template = Some("{secret}!".to_owned());
    assert_eq!(read.auth, Auth::Query { name: "q".to_owned(), template, secret: SecretSource::Keyring });
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
        (
            "redirects = [\"follow\"]",
            "4:13: redirects: must be a table such as { trust = [\"*.example.com\"] }, not a list",
        ),
        (
            "redirects = { trust = \"*.com\" }",
            "4:23: trust: must name a domain after its *, such as \"*.example.com\": the credentials go there",
        ),
        ("event_id = \"ids\"", "4:12: event_id: must be one of \"id\", \"none\", not \"ids\"; did you mean \"id\"?"),
        ("ignore = [\"ping\", 1]", "4:19: ignore: must be a table such as { data = \"ping\" }, not a number"),
        (
            "end_on = { event = \"x\" }",
            "4:10: end_on: must be a name, { data = \"ping\" } or { \"/in/its/data\" = \"pattern\" }",
        ),
        (
            "subscribe = { on = \"A\", url = \"https://other/x\", body = \"x\" }",
            "4:31: url: must be of the same server as the stream's url",
        ),
        (
            "auth = { kind = \"query\", name = \"q\", template = \"x\" }",
            "4:49: template: must have {secret} in it, once",
        ),
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
