//! Takes an expression apart for people: its clauses, and what each compares. Not for evaluating: that is minijinja's.

/// What separates clauses.
const JOINTS: [&str; 2] = [" and ", " or "];

/// What separates what is compared, longer before shorter.
const COMPARISONS: [&str; 10] = [" not in ", " is not ", " in ", " is ", "==", "!=", ">=", "<=", ">", "<"];

/// The clauses between the outermost `and` and `or`.
pub(super) fn clauses(source: &str) -> Vec<&str> {
    split(source.trim(), &JOINTS)
}

/// What a clause compares; itself where it compares nothing.
pub(super) fn operands(clause: &str) -> Vec<&str> {
    let clause = clause.trim();
    let bare = clause.strip_prefix("not ").unwrap_or(clause);
    let parts = split(bare, &COMPARISONS);
    // `x is defined`: the right side is a test, no value.
    let is_test = [" is ", " is not "].iter().any(|word| bare.contains(word));
    parts.into_iter().take(if is_test { 1 } else { usize::MAX }).collect()
}

/// Whether it says its value itself.
pub(super) fn is_literal(operand: &str) -> bool {
    operand.parse::<f64>().is_ok()
        || ["true", "false", "none", "True", "False", "None"].contains(&operand)
        || (operand.starts_with(['\'', '"', '[']) && operand.ends_with(['\'', '"', ']']) && !operand.contains('|'))
}

/// Splits where one of the words stands outside of quotes and brackets.
fn split<'a>(source: &'a str, words: &[&str]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote, mut skip) = (0, 0_usize, None, 0);
    for (at, character) in source.char_indices() {
        if at < skip {
            continue;
        }
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 => {
                if let Some(word) = words.iter().find(|word| source[at..].starts_with(**word)) {
                    parts.push(source[start..at].trim());
                    start = at + word.len();
                    skip = start;
                }
            }
            (None, _) => {}
        }
    }
    parts.push(source[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_taken_apart_outside_of_quotes_and_brackets() {
        let source = "data.x|abs >= 3 and (a or b) or ' and ' in text and not previous";
        assert_eq!(clauses(source), ["data.x|abs >= 3", "(a or b)", "' and ' in text", "not previous"]);
        for (clause, wanted) in [
            ("data.x|abs >= 3", vec!["data.x|abs", "3"]),
            ("data.x<data.y", vec!["data.x", "data.y"]),
            ("'a>b' not in data.tags", vec!["'a>b'", "data.tags"]),
            ("data.x is defined", vec!["data.x"]),
            ("not data.open", vec!["data.open"]),
            ("f(a > b)", vec!["f(a > b)"]),
            ("", vec![""]),
        ] {
            assert_eq!(operands(clause), wanted, "{clause}");
        }
        assert!(is_literal("-3.5") && is_literal("'a b'") && is_literal("['a', 'b']"));
        assert!(!is_literal("data.x") && !is_literal("'a'|upper"));
    }
}
