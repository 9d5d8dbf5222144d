//! Why minijinja does not read or run a program, in Chinese; what it says seldom is quoted behind what kind of fault it
//! is.

use minijinja::ErrorKind;

use crate::locale::Text;

/// What its reader finds, or would have liked.
const PARTS: [(&str, &str); 10] = [
    ("end of input", "结尾"),
    ("identifier or integer", "名称或整数"),
    ("identifier", "名称"),
    ("integer", "整数"),
    ("string", "文本"),
    ("expression", "表达式"),
    ("keyword", "关键字"),
    ("end of variable block", "“}}”"),
    ("end of block", "“%}”"),
    ("statement", "语句"),
];

/// What a program names that there is not.
const NAMED: [(ErrorKind, &str); 3] =
    [(ErrorKind::UnknownFilter, "过滤器"), (ErrorKind::UnknownTest, "测试"), (ErrorKind::UnknownFunction, "函数")];

/// What kind of fault it is; of any other it is only said that there is no value.
const KINDS: [(ErrorKind, &str); 14] = [
    (ErrorKind::SyntaxError, "语法错误"),
    (ErrorKind::TooManyArguments, "参数太多"),
    (ErrorKind::MissingArgument, "缺少参数"),
    (ErrorKind::UnknownFilter, "没有这个过滤器"),
    (ErrorKind::UnknownTest, "没有这个测试"),
    (ErrorKind::UnknownFunction, "没有这个函数"),
    (ErrorKind::UnknownMethod, "没有这个方法"),
    (ErrorKind::BadEscape, "转义符无效"),
    (ErrorKind::InvalidOperation, "不能这样运算"),
    (ErrorKind::NonPrimitive, "值的类型不对"),
    (ErrorKind::NonKey, "值的类型不对"),
    (ErrorKind::CannotUnpack, "值不能这样拆开"),
    (ErrorKind::TemplateNotFound, "不能引用别的模板"),
    (ErrorKind::BadInclude, "不能引用别的模板"),
];

/// A fault of this kind, by minijinja's words.
pub(super) fn reason(kind: ErrorKind, detail: &str) -> Text {
    let english = if detail.is_empty() { kind.to_string() } else { detail.to_owned() };
    let general = look_up(&KINDS, &kind).unwrap_or("无法求值");
    let chinese = named(kind, detail).or_else(|| expected(detail)).unwrap_or_else(|| match detail {
        "" => general.to_owned(),
        _ => format!("{general}：{detail}"),
    });
    Text { english, chinese }
}

/// `filter x is unknown`.
fn named(kind: ErrorKind, detail: &str) -> Option<String> {
    let name = detail.strip_suffix(" is unknown")?.rsplit(' ').next()?;
    look_up(&NAMED, &kind).map(|what| format!("没有{what} {name}"))
}

/// `unexpected x, expected y`.
fn expected(detail: &str) -> Option<String> {
    let (found, wanted) = detail.strip_prefix("unexpected ")?.split_once(", expected ")?;
    let part = |english| look_up(&PARTS, &english).unwrap_or(english);
    Some(format!("这里不应是{}，而应是{}", part(found), part(wanted)))
}

fn look_up<T: PartialEq>(table: &[(T, &'static str)], key: &T) -> Option<&'static str> {
    table.iter().find(|(known, _)| known == key).map(|(_, chinese)| *chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_often_is_said_in_chinese_and_what_is_rare_is_quoted() {
        for (kind, detail, wanted) in [
            (ErrorKind::UnknownFilter, "filter fixd is unknown", "没有过滤器 fixd"),
            (ErrorKind::UnknownFunction, "nowhere is unknown", "没有函数 nowhere"),
            (
                ErrorKind::SyntaxError,
                "unexpected end of input, expected identifier or integer",
                "这里不应是结尾，而应是名称或整数",
            ),
            (ErrorKind::SyntaxError, "unexpected `)`", "语法错误：unexpected `)`"),
            (ErrorKind::InvalidOperation, "", "不能这样运算"),
        ] {
            let said = reason(kind, detail);
            assert_eq!(said.chinese, wanted);
            assert!(detail.is_empty() || said.english == detail, "{said}");
        }
        assert_eq!(reason(ErrorKind::InvalidOperation, "").english, "invalid operation");
    }
}
