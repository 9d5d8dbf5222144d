//! Where a secret comes from; none stands in the file itself.

use std::path::PathBuf;

use super::check;
use super::fault::quoted;
use super::field::Field;
use crate::locale::Text;
use crate::text;

const SOURCES: &str =
    "{ keyring = true }, { env = \"NAME\" }, { file = \"PATH\" } or { command = [\"program\", \"argument\"] }";

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SecretSource {
    /// The vault: service `streambell`, account the stream's name (a secret header's: `STREAM/header/NAME`, others':
    /// `STREAM/secret/NAME`).
    #[default]
    Keyring,
    /// An environment variable.
    Env(String),
    /// The first line of a file that nobody else can read.
    File(PathBuf),
    /// The first line of a program's output, started without a shell, within 10 s.
    Command(Vec<String>),
}

/// All of them, as they are written.
fn sources() -> Text {
    Text { english: SOURCES.to_owned(), chinese: SOURCES.replace(" or ", " 或 ").replace(", {", "、{") }
}

/// Where a secret comes from.
pub(super) fn secret_source(field: Field<'_>) -> Option<SecretSource> {
    if field.is_text() {
        let all = sources();
        field.wrong(text!("no secret is written into this file: write {all}", "密钥不写进这个文件：请写 {all}", all));
        return None;
    }
    let mut fields = field.table("the place of a secret", SOURCES)?;
    let keyring = fields.get("keyring").map(|keyring| match keyring.flag() {
        Some(false) => {
            let all = sources();
            keyring.wrong(text!("can only be true; otherwise write {all}", "只能是 true；否则请写 {all}", all));
            None
        }
        Some(true) => Some(SecretSource::Keyring),
        None => None,
    });
    let env = fields.get("env").map(|env| env.read(check::variable).map(SecretSource::Env));
    let file = fields.get("file").map(|file| file.word().map(|path| SecretSource::File(PathBuf::from(path))));
    let command = fields.get("command").map(|command| self::command(command).map(SecretSource::Command));
    fields.finish();
    let mut given: Vec<_> = [keyring, env, file, command].into_iter().flatten().collect();
    if given.len() != 1 {
        let all = sources();
        field.wrong(text!("a secret comes from one place: {all}", "密钥只能有一个来源：{all}", all));
        return None;
    }
    given.pop().flatten()
}

fn command(field: Field<'_>) -> Option<Vec<String>> {
    if field.is_text() {
        field.wrong(text!(
            "must be a list, program first: no shell takes it apart",
            "必须是列表，程序在最前：这里没有 shell 来拆分"
        ));
        return None;
    }
    let words: Option<Vec<String>> = field.texts(|word| match word.contains('\0') {
        true => {
            let given = quoted(word);
            Err(text!("{given} must not contain a NUL character", "{given} 不能含有 NUL 字符"))
        }
        false => Ok(word.to_owned()),
    });
    let words = words?;
    if words.first().is_none_or(String::is_empty) {
        field.wrong(text!("must begin with a program", "必须以程序开头"));
        return None;
    }
    Some(words)
}
