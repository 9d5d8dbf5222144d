//! What the reader of TOML says, in Chinese: its sentences are few, and each ends with what it would have liked.

use crate::locale::Text;
use crate::text;

/// What is wrong.
const FAULTS: [(&str, &str); 50] = [
    ("`_` may only go between digits", "“_”只能放在数字之间"),
    ("cannot recurse further; max recursion depth met", "嵌套太深"),
    ("carriage return must be followed by newline", "回车符后必须是换行符"),
    ("duplicate key", "键重复"),
    ("extra `=`", "多了一个“=”"),
    ("extra assignment between key-value pairs", "键和值之间多了一个“=”"),
    ("extra comma in array", "列表里多了一个逗号"),
    ("extra comma in inline table", "内联表里多了一个逗号"),
    ("floating-point number overflowed", "小数超出范围"),
    ("integer number overflowed", "整数超出范围"),
    ("integers with a radix cannot be signed", "带进制前缀的整数不能有正负号"),
    ("invalid basic string", "字符串无效"),
    ("invalid binary number", "二进制数无效"),
    ("invalid boolean", "布尔值无效"),
    ("invalid comment character", "注释里有无效字符"),
    ("invalid date", "日期无效"),
    ("invalid date-time", "日期时间无效"),
    ("invalid float", "小数无效"),
    ("invalid hexadecimal number", "十六进制数无效"),
    ("invalid inline table element", "内联表的元素无效"),
    ("invalid integer number", "整数无效"),
    ("invalid key-value pair", "键值对无效"),
    ("invalid literal string", "字面字符串无效"),
    ("invalid multi-line basic string", "多行字符串无效"),
    ("invalid multi-line literal string", "多行字面字符串无效"),
    ("invalid octal number", "八进制数无效"),
    ("invalid time", "时间无效"),
    ("invalid unquoted key", "未加引号的键无效"),
    ("invalid value", "值无效"),
    ("key with no value", "键没有值"),
    ("keys cannot be multi-line basic strings", "键不能是多行字符串"),
    ("keys cannot be multi-line literal strings", "键不能是多行字面字符串"),
    ("missing assignment between key-value pairs", "键和值之间缺少“=”"),
    ("missing comma between array elements", "列表元素之间缺少逗号"),
    ("missing comma between key-value pairs", "键值对之间缺少逗号"),
    ("missing escaped value", "转义符后缺少字符"),
    ("missing key for inline table element", "内联表的元素缺少键"),
    ("missing value", "缺少值"),
    ("missing value for key", "键缺少值"),
    ("radix must be lowercase", "进制前缀必须小写"),
    ("redundant numeric sign", "数字多了一个正负号"),
    ("string values must be quoted", "文本值必须加引号"),
    ("unclosed array", "列表没有结束"),
    ("unclosed array table", "表标题没有结束"),
    ("unclosed inline table", "内联表没有结束"),
    ("unclosed table", "表标题没有结束"),
    ("unexpected content", "有多余的内容"),
    ("unexpected key or value", "这里不应有键或值"),
    ("unexpected leading zero", "数字不能以 0 开头"),
    ("unquoted keys cannot be empty", "未加引号的键不能为空"),
];

/// What it would have liked.
const WANTED: [(&str, &str); 23] = [
    ("newline", "换行"),
    ("nothing", "此处为空"),
    ("key", "键"),
    ("value", "值"),
    ("letters", "字母"),
    ("month", "月份"),
    ("day", "日期"),
    ("hour", "小时"),
    ("minute", "分钟"),
    ("second", "秒"),
    ("numbers", "数字"),
    ("digits", "数字"),
    ("characters", "字符"),
    ("literal string", "单引号字符串"),
    ("basic string", "双引号字符串"),
    ("multi-line basic string", "多行字符串"),
    ("multi-line literal string", "多行字面字符串"),
    ("unquoted string", "不带引号的键"),
    ("printable characters", "可见字符"),
    ("unicode hexadecimal value", "Unicode 十六进制值"),
    ("non-single-quote characters", "单引号以外的字符"),
    ("non-single-quote visible characters", "单引号以外的可见字符"),
    ("non-double-quote visible characters", "双引号以外的可见字符"),
];

/// That a text is no TOML, by the words of its reader; what is new among them stays English.
pub(super) fn not_toml(said: &str) -> Text {
    let (fault, wanted) = said.split_once(", expected ").map_or((said, None), |(fault, wanted)| (fault, Some(wanted)));
    let fault = look_up(&FAULTS, fault).unwrap_or(fault);
    let wanted = wanted.map(|wanted| wanted.split(", ").map(liked).collect::<Vec<_>>().join("、"));
    let wanted = wanted.map(|wanted| format!("，应为{wanted}")).unwrap_or_default();
    text!("this is no TOML: {said}", "不是有效的 TOML：{fault}{wanted}")
}

/// One of the things that it would have liked; `month between 01 and 12` is one, too.
fn liked(one: &str) -> String {
    let known = |word| look_up(&WANTED, word).unwrap_or(word);
    match one.split_once(" between ").and_then(|(what, range)| Some((what, range.split_once(" and ")?))) {
        Some((what, (least, most))) => format!(" {least} 到 {most} 之间的{}", known(what)),
        None => known(one).to_owned(),
    }
}

fn look_up(table: &[(&'static str, &'static str)], english: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == english).map(|(_, chinese)| *chinese)
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml_edit::Document;

    #[test]
    fn what_people_mistype_is_told_without_a_word_of_english() {
        for bad in [
            "version 1",
            "= 1",
            "a =",
            "a = x",
            "a = https://h/",
            "a = 01",
            "a = 1__0",
            "a = \"x",
            "a = 'x",
            "a = \"\"\"x",
            "a = \"\\q\"",
            "a = [1 2]",
            "a = [1,",
            "a = [,]",
            "a = { b = 1",
            "a = { b = 1 c = 2 }",
            "a = { b }",
            "a = 1 b = 2",
            "a = == 1",
            "a = 1\na = 2",
            "[[stream]",
            "[stream",
            "[]",
            "a b = 1",
            "a = 2026-13-40",
            "a = 99999999999999999999",
        ] {
            let Err(error) = Document::parse(bad) else { panic!("this is TOML: {bad}") };
            let Text { english, chinese } = not_toml(error.message());
            assert_eq!(english, format!("this is no TOML: {}", error.message()));
            let own: String = chinese.replace("TOML", "").replace("Unicode", "").split('`').step_by(2).collect();
            assert!(!own.contains(|one: char| one.is_ascii_alphabetic()), "{bad}: {english}: {chinese}");
        }
    }

    #[test]
    fn what_the_reader_learns_to_say_is_quoted() {
        let Text { chinese, .. } = not_toml("new trouble, expected a miracle, `x`");
        assert_eq!(chinese, "不是有效的 TOML：new trouble，应为a miracle、`x`");
    }
}
