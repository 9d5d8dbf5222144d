//! What a person is asked, in words.

use std::path::Path;

use super::{Place, Reach};
use crate::config::SecretSource;
use crate::locale::Text;
use crate::text;

/// The longest name or path in a question, and the most lines of one: what is more cannot be read at a glance.
const LONGEST: usize = 300;
const LINES: usize = 8;

/// The question for all of this, a line each.
///
/// # Errors
/// What to do instead, where it is more than a person can be asked.
pub fn question(reaches: &[Reach]) -> Result<Text, Text> {
    let lines: Vec<Text> = reaches.iter().map(line).collect();
    let is_long = |text: &String| text.lines().any(|line| line.chars().count() > LONGEST);
    if lines.len() > LINES || lines.iter().any(|line| is_long(&line.english)) {
        return Err(text!(
            "this is more than you could be asked about here: write it into the configuration file, or use `streambell import`",
            "内容太多，无法在这里逐一询问：请写进配置文件，或使用 `streambell import`"
        ));
    }
    Ok(Text::joined(lines.into_iter(), ("\n", "\n")))
}

fn line(reach: &Reach) -> Text {
    match reach {
        Reach::Secret { source, to } => {
            let (what, to) = (told(source), places(to));
            text!("{what} and sent to {to}.", "{what}，并发送到 {to}。", what, to)
        }
        Reach::Key { certificate, to } => {
            let (file, to) = (path(certificate), places(to));
            text!("The key in the file {file} signs in to {to}.", "用文件 {file} 里的私钥登录 {to}。", to)
        }
        Reach::Password { source, certificate } => {
            let (what, file) = (told(source), path(certificate));
            text!("{what}, to open the certificate {file}.", "{what}，用来打开证书 {file}。", what)
        }
        Reach::Socket { path: socket, request } => {
            let (socket, request) = (path(socket), request.text());
            text!(
                "A stream talks to the socket {socket} of this computer: {request}.",
                "一个流会连接本机的套接字 {socket}：{request}。",
                request
            )
        }
        Reach::Led { from, to } => {
            text!(
                "Redirects of {from} may take the secrets of its stream along to {to:?}.",
                "{from} 的重定向可以把它的流的密钥带到 {to:?}。"
            )
        }
        Reach::Programs => text!(
            "Rules and streams may start programs of this computer from now on. You are asked for each program then.",
            "从现在起，规则和流可以启动本机的程序。到时会就每个程序询问你。"
        ),
        Reach::Program { rule, words } => {
            let program = program(words);
            text!("The rule {rule:?} starts the program {program}.", "规则 {rule:?} 会启动程序 {program}。")
        }
        Reach::Kept { stream, to } => {
            let to = places(to);
            text!(
                "The secret that the keyring holds for {stream:?} is sent to {to}.",
                "把密钥环里 {stream:?} 的密钥发送到 {to}。",
                to
            )
        }
        Reach::Leftover { stream, to } => {
            let to = places(to);
            text!(
                "The secret that a stream which is gone left in the keyring as {stream:?} is used, and sent to {to}.",
                "使用已移除的流在密钥环里以 {stream:?} 留下的密钥，并发送到 {to}。",
                to
            )
        }
    }
}

/// What is read, without an end.
fn told(source: &SecretSource) -> Text {
    match source {
        SecretSource::Keyring => text!("A secret of the keyring is read", "读取密钥环里的一个密钥"),
        SecretSource::Env(name) => text!("The environment variable {name:?} is read", "读取环境变量 {name:?}"),
        SecretSource::File(file) => {
            let file = path(file);
            text!("The first line of the file {file} is read", "读取文件 {file} 的第一行")
        }
        SecretSource::Command(words) => {
            let program = program(words);
            text!("The program {program} is started, what it tells is read", "启动程序 {program}，读取它的输出")
        }
    }
}

fn places(places: &[Place]) -> Text {
    Text::joined(places.iter().map(place), (", ", "、"))
}

fn place(place: &Place) -> Text {
    match place {
        Place::Request(request) => request.text(),
        Place::Server(origin) => Text::plain(origin),
        Place::Socket(socket) => {
            let socket = path(socket);
            text!("whoever listens on {socket}", "监听套接字 {socket} 的程序")
        }
        Place::Proxy(address) => text!("the proxy {address:?}", "代理 {address:?}"),
        Place::Led(glob) => text!("{glob:?} where it redirects there", "重定向所到的 {glob:?}"),
    }
}

/// With whatever could hide something escaped.
fn path(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}

/// Each word for itself: with other words it is another program.
fn program(words: &[String]) -> String {
    words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" ")
}
