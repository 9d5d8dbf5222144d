//! Tiles, quiet hours and settings.

use std::time::Duration;

use super::*;
use crate::config::{Outage, QuietHours, TileConfig, TilePlace, Timeout};
use crate::locale::Locale;

const TEXT: &str = r#"# head
version = 1

# the first
[[tile]]
value = "/last"   # newest
event = "tick"

[[tile]] # second

[quiet_hours] # at night
from = "22:00" # late
to = "7:00"
"#;

fn tile(event: &str, value: &str) -> TileConfig {
    TileConfig { event: event.to_owned(), value: value.to_owned(), ..TileConfig::default() }
}

fn hours(from: &str, to: &str, days: &[u8]) -> QuietHours {
    QuietHours::of_words(from, to, days, None).unwrap()
}

#[test]
fn tiles_are_found_by_what_they_say() {
    let first = tile("tick", "/last");
    let added = save_tile(TEXT, None, &tile("a", "/b")).unwrap();
    assert!(added.contains("[[tile]] # second\n\n[[tile]]\nevent = \"a\"\nvalue = \"/b\"\n\n[quiet_hours]"), "{added}");
    let changed = save_tile(TEXT, Some(&first), &TileConfig { change: Some("/pct".to_owned()), ..tile("tick", "/b") });
    assert_eq!(
        changed.unwrap(),
        TEXT.replace("\"/last\"", "\"/b\"").replace("\"tick\"\n", "\"tick\"\nchange = \"/pct\"\n")
    );
    let shown = TileConfig { unit: Some("°C".to_owned()), label: Some("Room".to_owned()), ..first.clone() };
    let named = save_tile(TEXT, Some(&first), &shown).unwrap();
    assert_eq!(named, TEXT.replace("\"tick\"\n", "\"tick\"\nunit = \"°C\"\nlabel = \"Room\"\n"));
    assert_eq!(save_tile(&named, Some(&shown), &first).unwrap(), TEXT);
    let moved = move_tile(TEXT, &first, 1).unwrap();
    assert!(moved.contains("[[tile]] # second\n\n# the first\n[[tile]]\nvalue"), "{moved}");
    let removed = remove_tile(TEXT, &first).unwrap();
    assert_eq!(removed, TEXT.replace("# the first\n[[tile]]\nvalue = \"/last\"   # newest\nevent = \"tick\"\n\n", ""));
    let gone = remove_tile(TEXT, &tile("x", "/y")).unwrap_err();
    assert!(matches!(gone, EditError::Conflict(_)), "{gone}");
    assert!(gone.text().is_in_chinese(), "{gone}");
    let wrong = save_tile(TEXT, None, &tile("a", "b")).unwrap_err();
    assert!(wrong.to_string().contains("is no JSON pointer"), "{wrong}");
}

#[test]
fn quiet_hours_change_come_and_go() {
    let night = hours("22:00", "7:00", &[0, 1, 2, 3, 4, 5, 6]);
    let noon = hours("12:00", "13:00", &[5, 6]);
    let one = std::slice::from_ref(&night);
    let later = save_quiet_hours(TEXT, one, &[hours("23:00", "07:00", &[0, 1])]).unwrap();
    assert_eq!(
        later,
        TEXT.replace("\"22:00\"", "\"23:00\"").replace("\"7:00\"\n", "\"7:00\"\ndays = [\"mon\", \"tue\"]\n")
    );
    let two = save_quiet_hours(TEXT, one, &[night.clone(), noon.clone()]).unwrap();
    let added = "\n[[quiet_hours]]\nfrom = \"12:00\"\nto = \"13:00\"\ndays = [\"sat\", \"sun\"]\n";
    assert_eq!(two, format!("{}{added}", TEXT.replace("[quiet_hours] #", "[[quiet_hours]] #")));
    let both = [night.clone(), noon.clone()];
    assert_eq!(
        parse(&save_quiet_hours(&two, &both, std::slice::from_ref(&noon)).unwrap()).unwrap().quiet_hours,
        [noon]
    );
    let none = save_quiet_hours(TEXT, one, &[]).unwrap();
    assert_eq!(parse(&none).unwrap().quiet_hours, []);
    assert!(none.starts_with(&TEXT[..TEXT.find("\n[quiet_hours]").unwrap()]), "{none}");
    assert_eq!(
        save_quiet_hours("", &[], one).unwrap(),
        "version = 1\n\n[[quiet_hours]]\nfrom = \"22:00\"\nto = \"07:00\"\n"
    );
    let conflict = save_quiet_hours(TEXT, &[], one).unwrap_err();
    assert!(matches!(conflict, EditError::Conflict(_)), "{conflict}");
    for inline in [
        "quiet_hours = { from = \"22:00\", to = \"7:00\" } # night\n",
        "quiet_hours = [ # all\n  { from = \"22:00\", to = \"7:00\" }, # night\n]\n",
        "quiet_hours.from = \"22:00\" # night\nquiet_hours.to = \"7:00\"\n",
    ] {
        let saved = save_quiet_hours(inline, one, &[hours("21:00", "7:00", &[0, 1, 2, 3, 4, 5, 6])]).unwrap();
        assert_eq!(saved, inline.replace("22:00", "21:00"));
        let Ok(saved) = save_quiet_hours(inline, one, &both) else { continue };
        assert_eq!(parse(&saved).unwrap().quiet_hours, both, "{saved}");
        assert!(saved.contains("# night"), "{saved}");
    }
}

#[test]
fn settings_are_changed_where_they_stand_or_added() {
    let all = Settings {
        language: Some(Some(Locale::Chinese)),
        timeout_normal: Some(Timeout::After(Duration::from_secs(10))),
        timeout_critical: Some(Timeout::Desktop),
        sound_gap: Some(Duration::ZERO),
        max_age: Some(Duration::from_secs(86_400)),
        max_events: Some(5),
        outage: Some(Outage::Off),
        ..Settings::default()
    };
    let added = save_settings("# mine\n", &all).unwrap();
    assert_eq!(
        added,
        "# mine\nversion = 1\nlanguage = \"zh\"\n\n[notifications]\ntimeout = { normal = \"10s\", critical = \"default\" }\n\
         sound_gap = \"0s\"\n\n[history]\nmax_age = \"1d\"\nmax_events = 5\n\n[outage]\nafter = \"off\"\n"
    );
    assert_eq!(save_settings(&added, &all).unwrap(), added, "what is so already stays");
    let text = "history.max_age = \"7d\" # a week\n[notifications] # how\nsound_gap = \"5s\" # gap\n[notifications.timeout]\nlow = \"1s\"\n";
    let changed = save_settings(text, &Settings { timeout_low: Some(Timeout::Never), ..all }).unwrap();
    for kept in
        ["history.max_age = \"1d\" # a week", "[notifications] # how", "sound_gap = \"0s\" # gap", "low = \"never\""]
    {
        assert!(changed.contains(kept), "{kept} in\n{changed}");
    }
    let wrong = save_settings("", &Settings { max_events: Some(0), ..Settings::default() }).unwrap_err();
    assert!(wrong.to_string().contains("max_events: must be 1 to"), "{wrong}");
}

#[test]
fn programs_are_forbidden_only_where_nothing_starts_one() {
    let forbid = Settings { allow_commands: Some(false), ..Settings::default() };
    let allow = Settings { allow_commands: Some(true), ..Settings::default() };
    let allowed = save_settings("# mine\nversion = 1 # one\n", &allow).unwrap();
    assert_eq!(allowed, "# mine\nversion = 1 # one\nallow_commands = true\n");
    assert_eq!(save_settings(&allowed, &forbid).unwrap(), allowed.replace("true", "false"));
    let rule = "[[rule]]\nname = \"Team\"\nrun = [\"x\"]\n";
    let refused = save_settings(&format!("{allowed}{rule}"), &forbid).unwrap_err();
    assert_eq!(refused.to_string(), "programs are started by the rule \"Team\": take them out there first");
    assert!(refused.text().chinese.contains("规则 \"Team\" 会启动程序"), "{refused:?}");
    let stream = "[[stream]]\nname = \"m\"\nurl = \"https://a/\"\n\
                  auth = { kind = \"bearer\", secret = { command = [\"pass\"] } }\n";
    let forbidden = save_settings(&format!("{allowed}{stream}"), &forbid).unwrap();
    assert!(forbidden.contains("allow_commands = false"), "a stream that is there goes on without it: {forbidden}");
}

#[test]
fn programs_are_allowed_in_a_file_that_has_no_other_fault() {
    let allow = Settings { allow_commands: Some(true), ..Settings::default() };
    let rule = "# mine\n\n# team\n[[rule]]\nname = \"Team\"\nrun = [\"x\"]\n";
    let allowed = save_settings(rule, &allow).unwrap();
    assert_eq!(allowed, format!("allow_commands = true\n{rule}"));
    let forbidding = format!("version = 1\nallow_commands = false # never\n{rule}");
    assert_eq!(save_settings(&forbidding, &allow).unwrap(), forbidding.replace("false", "true"));
    let before = valid_but_for_programs(rule).unwrap();
    assert_eq!((before.allow_commands, before.rules.len()), (false, 1));
    for (other, said) in [
        (format!("{rule}urgency = \"loud\"\n"), "7:11: urgency: "),
        (format!("{rule}x"), "7:2: "),
        (format!("allow_commands = 1\n{rule}"), "1:18: "),
    ] {
        let refused = save_settings(&other, &allow).unwrap_err();
        assert!(refused.to_string().starts_with(said), "the fault that is left, where it is: {refused}");
    }
    let language = Settings { language: Some(Some(Locale::Chinese)), ..Settings::default() };
    assert!(save_settings(rule, &language).unwrap_err().to_string().starts_with("6:7: run: "), "another change");
}

#[test]
fn comments_among_the_places_of_tiles_stand_above_them_once_a_tile_is_moved() {
    let place = |key: &str| TilePlace { stream: "m".to_owned(), key: key.to_owned(), feed: 0 };
    let moved = Settings { tile_places: Some(vec![place("B"), place("A")]), ..Settings::default() };
    let list = "[ # by hand\n  [\"m\", \"A\"], # first\n  # then\n  [\"m\", \"B\"],\n]";
    let new = "[[\"m\", \"B\"], [\"m\", \"A\"]]";
    let lines = "# by hand\n# first\n# then\n";
    for (text, wanted) in [
        (
            format!("[dashboard] # how\ntheme = \"dark\"\n# where\ntile_places = {list} # end\n"),
            format!("[dashboard] # how\ntheme = \"dark\"\n# where\n{lines}tile_places = {new} # end\n"),
        ),
        (format!("dashboard.tile_places = {list}\n"), format!("{lines}dashboard.tile_places = {new}\n")),
        (
            format!("# look\ndashboard = {{ tile_places = {list} }}\n"),
            format!("# look\n{lines}dashboard = {{ tile_places = {new} }}\n"),
        ),
    ] {
        assert_eq!(save_settings(&text, &moved).unwrap(), wanted);
    }
}

#[test]
fn every_setting_has_a_name_by_which_it_is_read_and_changed() {
    let text = "# mine\nversion = 1\n";
    let mut changed = text.to_owned();
    for (name, value) in [
        ("language", "zh"),
        ("allow_commands", "true"),
        ("notifications.timeout.low", "never"),
        ("notifications.timeout.normal", "10s"),
        ("notifications.timeout.critical", "\"default\""),
        ("notifications.sounds", "false"),
        ("notifications.sound_gap", "0s"),
        ("history.max_age", "7d"),
        ("history.max_events", "5"),
        ("outage.after", "off"),
        ("dashboard.theme", "dark"),
        ("dashboard.rise", "red"),
        ("dashboard.tile_order", "name"),
        ("dashboard.tile_places", "[[\"m\", \"A\"], [\"m\", \"B\", 1]]"),
        ("dashboard.group_alerts", "false"),
    ] {
        let change = setting(name, value).unwrap();
        changed = save_settings(&changed, &change).unwrap();
        let config = parse(&changed).unwrap();
        let (_, now) = settings(&config).find(|(known, _)| known == name).unwrap();
        let plain = now.to_string().replace('"', "");
        assert_eq!(plain, value.replace('"', ""), "{name}");
    }
    assert!(changed.starts_with("# mine\nversion = 1\nlanguage = \"zh\""), "{changed}");
    let defaults = settings(&parse(text).unwrap()).map(|(name, value)| (name, value.to_string())).collect::<Vec<_>>();
    let now = settings(&parse(&changed).unwrap()).map(|(name, value)| (name, value.to_string())).collect::<Vec<_>>();
    assert_eq!(now.len(), 15);
    assert!(now.iter().zip(&defaults).all(|(now, default)| now != default), "each was changed: {now:?}");
    for (name, value, said) in [
        ("histori.max_age", "1d", "there is no setting"),
        ("history.max_age", "soon", "max_age: \"soon\" is no duration: write 250ms"),
        ("language", "fr", "must be one of"),
        ("allow_commands", "yes", "must be true or false"),
        ("dashboard.theme", "dark\"\nallow_commands = true #", "must be one of"),
        ("dashboard.tile_places", "[[\"m\"]]", "must be a stream and what a tile of it shows"),
    ] {
        let refused = setting(name, value).unwrap_err().to_string();
        assert!(refused.contains(said), "{name} = {value}: {refused}");
    }
}
