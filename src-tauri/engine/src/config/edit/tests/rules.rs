//! Rules come, change, move and go; each text is looked at byte by byte.

use super::*;

/// Three rules in several hands.
pub(super) const RULES: &str = r#"# head
version = 1

[[stream]]
name = "market"
url = "https://h/"

# not of the first

# the first
[[rule]] # loud
name = "One"   # its name
stream = "market"
event = ["a",
    "b"] # two

[[rule]]
name = "Two"
resolves = ["One"]
[rule.match]
# which
"/symbol" = "BTC" # it

# of the third
[[rule]]
name = "Three"
resolves = "One"

[history]   # kept
max_age = "7d"
# end
"#;

const LIST: &str = "# head\nrule = [ # rules\n  { name = \"One\" }, # one\n  { name = \"Two\", event = \"x\" },\n]\n";

fn changed(from: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(from.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    })
}

#[test]
fn a_new_rule_stands_behind_the_others() {
    let draft = "# why\n[[rule]]\nname = \"Four\"   # new\nevent = \"c\"";
    let saved = save_rule(RULES, None, None, draft).unwrap();
    assert_eq!(saved, changed(RULES, &[("\n[history]", &format!("\n{draft}\n\n[history]"))]));
    assert_eq!(save_rule("", None, None, "[[rule]]\nname = \"r\"").unwrap(), "version = 1\n\n[[rule]]\nname = \"r\"\n");
    let listed = save_rule(LIST, None, None, "[[rule]]\nname = \"Three\"\n[rule.match]\n\"/a\" = 1").unwrap();
    assert!(listed.contains("  { name = \"Two\", event = \"x\" },\n  { name = \"Three\", match = {"), "{listed}");
}

#[test]
fn a_rule_is_replaced_with_its_own_comment_and_the_rest_stays() {
    let base = &rule_texts(RULES).unwrap()[0];
    assert!(base.starts_with("# the first\n[[rule]] # loud\n"), "{base}");
    let draft = "# other words\n[[rule]]\nname = \"One\"\nevent = \"z\"\n";
    let saved = save_rule(RULES, Some("One"), Some(base), draft).unwrap();
    assert_eq!(saved, changed(RULES, &[(base, draft)]));
    // One with a table of its own.
    let base = &rule_texts(RULES).unwrap()[1];
    assert!(base.ends_with("\"/symbol\" = \"BTC\" # it\n"), "{base}");
    let draft = "[[rule]]\nname = \"Two\"\n";
    assert_eq!(save_rule(RULES, Some("Two"), None, draft).unwrap(), changed(RULES, &[(base, draft)]));
    // In a list the fields are changed.
    let saved = save_rule(LIST, Some("Two"), None, "[[rule]]\nname = \"Two\"\nevent = \"y\"\n").unwrap();
    assert_eq!(saved, changed(LIST, &[("\"x\"", "\"y\"")]));
}

#[test]
fn what_was_changed_meanwhile_is_a_conflict_and_what_is_gone_is_not_there() {
    let draft = "[[rule]]\nname = \"One\"\n";
    let stale = save_rule(RULES, Some("One"), Some("[[rule]]\nname = \"One\"\n"), draft).unwrap_err();
    assert!(matches!(stale, EditError::Conflict(_)), "{stale}");
    assert_eq!(stale.to_string(), "the rule has been changed meanwhile: look at it again");
    assert_eq!(stale.text().chinese, "这条规则在此期间已被修改：请重新查看");
    for error in [
        save_rule(RULES, Some("Nix"), None, draft).unwrap_err(),
        remove_rule(RULES, "Nix").unwrap_err(),
        move_rule(RULES, "Nix", 0).unwrap_err(),
        enable_rule(RULES, "Nix", true).unwrap_err(),
    ] {
        assert!(matches!(error, EditError::NotThere(_)), "{error}");
        assert_eq!(error.to_string(), "there is no rule named \"Nix\"");
        assert_eq!(error.text().chinese, "没有名为 \"Nix\" 的规则");
    }
}

#[test]
fn a_new_name_is_followed_by_the_rules_that_resolve_it() {
    let base = &rule_texts(RULES).unwrap()[0];
    let saved = save_rule(RULES, Some("One"), None, &base.replace("One", "Uno")).unwrap();
    let wanted = changed(
        RULES,
        &[
            ("name = \"One\"", "name = \"Uno\""),
            ("[\"One\"]", "[\"Uno\"]"),
            ("resolves = \"One\"", "resolves = \"Uno\""),
        ],
    );
    assert_eq!(saved, wanted);
}

#[test]
fn a_rule_goes_with_its_comment_unless_another_one_needs_it() {
    let third = &rule_texts(RULES).unwrap()[2];
    assert_eq!(remove_rule(RULES, "Three").unwrap(), changed(RULES, &[(&format!("{third}\n"), "")]));
    let error = remove_rule(RULES, "One").unwrap_err();
    assert!(error.to_string().contains("\"Two\" resolves this one"), "{error}");
    assert_eq!(remove_rule(LIST, "Two").unwrap().matches("name").count(), 1);
}

#[test]
fn a_rule_moves_with_its_comment() {
    let names = |text: &str| parse(text).unwrap().rules.iter().map(|rule| rule.name.to_string()).collect::<Vec<_>>();
    for (name, to, wanted) in [
        ("One", 2, ["Two", "Three", "One"]),
        ("Three", 0, ["Three", "One", "Two"]),
        ("Two", 0, ["Two", "One", "Three"]),
        ("Two", 9, ["One", "Three", "Two"]),
        ("Two", 1, ["One", "Two", "Three"]),
    ] {
        let moved = move_rule(RULES, name, to).unwrap();
        assert_eq!(names(&moved), wanted, "{moved}");
        let block = |text: &str| {
            rule_texts(text).unwrap().into_iter().find(|text| text.contains(&format!("name = \"{name}\"")))
        };
        assert_eq!(block(&moved), block(RULES));
    }
    assert_eq!(names(&move_rule(LIST, "Two", 0).unwrap()), ["Two", "One"]);
    // There and back again is where it was.
    assert_eq!(move_rule(&move_rule(RULES, "Three", 0).unwrap(), "Three", 2).unwrap(), RULES);
}

#[test]
fn a_rule_is_switched_off_and_on_in_one_line() {
    let off = enable_rule(RULES, "Three", false).unwrap();
    assert_eq!(off, changed(RULES, &[("resolves = \"One\"\n", "resolves = \"One\"\nenabled = false\n")]));
    assert_eq!(enable_rule(&off, "Three", true).unwrap(), off.replace("enabled = false", "enabled = true"));
    assert_eq!(enable_rule(RULES, "Three", true).unwrap(), RULES);
}

#[test]
fn what_is_wrong_with_a_draft_is_told_at_its_place_and_with_its_key() {
    let config = parse(RULES).unwrap();
    for (draft, wanted, key) in [
        ("[[rule]]\nname = \"N\"\nwhen = \"a b\"", "3:8: when: ", Some("when")),
        ("[[rule]]\nname = \"N\"\n\ntitle = \"{{ x\"", "4:9: title: ", Some("title")),
        ("[[rule]]\nname = \"\"", "2:8: name: must have", Some("name")),
        ("[[rule]]\nevent = \"a\"", "1:1: rule needs name", Some("name")),
        ("[[rule]]\nname = \"N\"\nstream = \"nix\"", "3:10: stream: there is no stream", Some("stream")),
        ("[[rule]]\nname = \"N\"\ncrosses = { value = \"p\", above = 1 }", "3:21: value: ", Some("crosses")),
        ("[[rule]]\nname = \"N\"\n[rule.match]\n\"/a\" = \"> x\"", "4:8: /a: ", Some("match")),
        ("[[rule]]\nname = \"N\"\ntitel = \"x\"", "3:1: rule has no option \"titel\"", Some("titel")),
        ("[[rule]]\nname = \"Two\"", "2:8: name: another rule is named", Some("name")),
        ("[[rule]]\nname = \"N\"\nrun = [\"x\"]", "3:7: run: programs are started only where", Some("run")),
        ("[[rule]]\nname = \"N\"\n[[rule]]\nname = \"M\"", "3:1: only one [[rule]]", None),
        ("allow_commands = true\n[[rule]]\nname = \"N\"\nrun = [\"x\"]", "1:1: allow_commands: only one", None),
        ("name = \"N\"", "1:1: the configuration has no option", None),
        ("rule = [{ name = \"N\" }]", "1:1: there is no [[rule]]", None),
        ("", "1:1: there is no [[rule]]", None),
        ("[[rule]]\nname = \"N", "2:", None),
    ] {
        let errors = check_rule(&config, None, draft).unwrap_err();
        assert!(errors[0].to_string().starts_with(wanted), "{draft}: {errors:?}");
        assert_eq!(faulty_key(draft, &errors[0]).as_deref(), key, "{draft}: {errors:?}");
        assert!(matches!(save_rule(RULES, None, None, draft), Err(EditError::Invalid(_))), "{draft}");
    }
    let mut allowing = config;
    allowing.allow_commands = true;
    assert!(check_rule(&allowing, None, "[[rule]]\nname = \"N\"\nrun = [\"x\"]").is_ok());
    assert!(check_rule(&allowing, Some("Two"), "[[rule]]\nname = \"Two\"").is_ok());
}

#[test]
fn only_what_differs_between_two_texts_is_put_into_a_third() {
    let base = "# why\n[[rule]]\nname = \"N\" # it\nevent = [\n    \"a\", # one\n]\ntitle = 'x'\n[rule.match]\n\"/a\" = 1 # a\n";
    let form = |title: &str, match_: &str| format!("[[rule]]\nname = \"N\"\nevent = \"a\"\n{title}match = {match_}\n");
    let from = form("title = \"x\"\n", "{ \"/a\" = 1 }");
    assert_eq!(merge_rule(base, &from, &from).unwrap(), base);
    let to = form("title = \"y\"\n", "{ \"/a\" = 1, \"/b\" = true }");
    let merged = merge_rule(base, &from, &to).unwrap();
    assert_eq!(merged, changed(base, &[("'x'", "\"y\""), ("# a\n", "# a\n\"/b\" = true\n")]));
    let gone = merge_rule(base, &from, &form("", "{ \"/a\" = 1 }")).unwrap();
    assert_eq!(gone, base.replace("title = 'x'\n", ""));
    assert!(merge_rule("x", &from, &to).is_err());
}
