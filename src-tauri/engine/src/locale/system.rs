//! What the operating system says, in every language: its own words are English to us, whatever it speaks.

use std::io::{Error, ErrorKind};

use super::Text;

/// What people meet.
const CHINESE: [(ErrorKind, &str); 21] = [
    (ErrorKind::NotFound, "没有这个文件或目录"),
    (ErrorKind::PermissionDenied, "没有权限"),
    (ErrorKind::AlreadyExists, "已经存在"),
    (ErrorKind::IsADirectory, "它是一个目录"),
    (ErrorKind::NotADirectory, "路径中有一段不是目录"),
    (ErrorKind::ReadOnlyFilesystem, "文件系统是只读的"),
    (ErrorKind::StorageFull, "磁盘已满"),
    (ErrorKind::QuotaExceeded, "超出了磁盘配额"),
    (ErrorKind::FileTooLarge, "文件太大"),
    (ErrorKind::InvalidFilename, "文件名无效"),
    (ErrorKind::InvalidData, "数据无效"),
    (ErrorKind::ResourceBusy, "正在使用中"),
    (ErrorKind::ExecutableFileBusy, "正在使用中"),
    (ErrorKind::OutOfMemory, "内存不足"),
    (ErrorKind::TimedOut, "超时"),
    (ErrorKind::ConnectionRefused, "连接被拒绝"),
    (ErrorKind::ConnectionReset, "连接被中断"),
    (ErrorKind::ConnectionAborted, "连接被中断"),
    (ErrorKind::BrokenPipe, "连接被关闭"),
    (ErrorKind::NotConnected, "连接被关闭"),
    (ErrorKind::UnexpectedEof, "连接被关闭"),
];

impl Text {
    /// Why the system did not do something with a file, a program or a socket. What is rare stays as the system has it.
    pub fn of_system(error: &Error) -> Self {
        let english = error.to_string();
        let known = CHINESE.iter().find(|(kind, _)| *kind == error.kind());
        let chinese = known.map_or_else(|| english.clone(), |(_, chinese)| (*chinese).to_owned());
        Self { english, chinese }
    }

    /// The same where no more than the kind is known.
    pub fn of_kind(kind: ErrorKind) -> Self {
        Self::of_system(&kind.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_often_is_said_in_each_language_and_what_is_rare_is_not_lost() {
        let denied = Text::of_system(&Error::from_raw_os_error(13));
        assert!(denied.english.contains("os error 13"), "{denied}");
        assert_eq!(denied.chinese, "没有权限");
        assert_eq!(Text::of_system(&Error::other("a\u{fffd}")), Text::plain("a\u{fffd}"));
    }
}
