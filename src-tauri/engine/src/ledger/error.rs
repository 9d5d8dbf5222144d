//! Why the ledger refuses, in words for people.

use std::path::{Path, PathBuf};

use rusqlite::ffi;
use thiserror::Error;

use crate::glob::GlobError;
use crate::locale::Text;

/// Why the ledger cannot do what it was asked, in one line with what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// There is no file to read.
    #[error("there is no history yet: {path} does not exist")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// There is a file to read, and nothing was ever stored in it.
    #[error("there is no history yet: {path} is empty")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened.
    #[error("the history file {path} cannot be opened ({cause}): see that it is a file you may read and write")]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// The file holds something else.
    #[error("{path} is not a history of Streambell: move it away, and a new one is made")]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("the history file {path} is damaged ({cause}): move it away to start a new one; it was left as it is")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        cause: String,
    },
    /// A newer program wrote the file.
    #[error("the history file {path} has format {found}, this Streambell knows formats up to {known}: update it")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// An older program wrote the file, and it is only read here.
    #[error("the history file {path} has the older format {found}: start Streambell once to bring it up to date")]
    Older {
        /// The file.
        path: PathBuf,
        /// The file's format.
        found: i64,
    },
    /// There is no room for more.
    #[error("the disk is full: the history file {path} cannot grow; free some space")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder is read-only.
    #[error("the history file {path} is read-only: see that you may write it and its folder")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another program holds the file for too long.
    #[error("the history file {path} is locked by another program: close that program")]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The name filter of a query is no glob.
    #[error("\"{glob}\" is not a pattern for event names: {cause}")]
    Glob {
        /// The filter.
        glob: String,
        /// What is wrong with it.
        cause: GlobError,
    },
    /// SQLite refused for another reason.
    #[error("the history file {path} cannot be used: {cause}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        cause: String,
    },
}

impl LedgerError {
    /// The same in every language.
    pub fn text(&self) -> Text {
        let chinese = match self {
            Self::Missing { path } => format!("还没有历史记录：{} 不存在", path.display()),
            Self::Empty { path } => format!("还没有历史记录：{} 是空的", path.display()),
            Self::CannotOpen { path, cause } => {
                format!("历史记录文件 {} 无法打开（{cause}）：请确认它是可读写的文件", path.display())
            }
            Self::NotALedger { path } => {
                format!("{} 不是 Streambell 的历史记录：请把它移走，之后会新建一个", path.display())
            }
            Self::Corrupt { path, cause } => {
                format!("历史记录文件 {} 已损坏（{cause}）：移走它即可新建一个；它保持原样", path.display())
            }
            Self::Newer { path, found, known } => {
                let path = path.display();
                format!("历史记录文件 {path} 的格式是 {found}，这个 Streambell 最高只认识 {known}：请更新")
            }
            Self::Older { path, found } => {
                format!("历史记录文件 {} 是较旧的格式 {found}：启动一次 Streambell 即可更新它", path.display())
            }
            Self::Full { path } => format!("磁盘已满：历史记录文件 {} 无法增大；请腾出空间", path.display()),
            Self::ReadOnly { path } => {
                format!("历史记录文件 {} 是只读的：请确认你可以写入它和它所在的文件夹", path.display())
            }
            Self::Busy { path } => format!("历史记录文件 {} 被另一个程序锁定：请关闭那个程序", path.display()),
            Self::Glob { glob, cause } => format!("“{glob}”不是事件名的模式：{}", cause.text().chinese),
            Self::Sqlite { path, cause } => format!("历史记录文件 {} 无法使用：{cause}", path.display()),
        };
        Text { english: self.to_string(), chinese }
    }

    /// SQLite's refusal in our words.
    pub(super) fn new(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let cause = error.to_string();
        let Some(code) = error.sqlite_error().map(|error| error.extended_code) else {
            return Self::Sqlite { path, cause };
        };
        match code & 0xff {
            // The memory shared by readers and writer is a file too, and cannot grow on a full disk either.
            ffi::SQLITE_IOERR if code == ffi::SQLITE_IOERR_SHMSIZE => Self::Full { path },
            ffi::SQLITE_FULL => Self::Full { path },
            ffi::SQLITE_NOTADB => Self::NotALedger { path },
            ffi::SQLITE_CORRUPT => Self::Corrupt { path, cause },
            ffi::SQLITE_READONLY => Self::ReadOnly { path },
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Self::Busy { path },
            ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM => Self::CannotOpen { path, cause },
            _ => Self::Sqlite { path, cause },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i32) -> LedgerError {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        LedgerError::new(Path::new("/p/history.db"), &error)
    }

    fn is_han(c: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&c)
    }

    #[test]
    fn each_cause_says_in_one_line_what_to_do() {
        let told = [
            (ffi::SQLITE_FULL, "the disk is full"),
            (ffi::SQLITE_IOERR_SHMSIZE, "the disk is full"),
            (ffi::SQLITE_READONLY, "is read-only"),
            (ffi::SQLITE_BUSY, "locked by another program"),
            (ffi::SQLITE_NOTADB, "is not a history of Streambell"),
            (ffi::SQLITE_CORRUPT, "is damaged"),
            (ffi::SQLITE_CANTOPEN, "cannot be opened"),
            (ffi::SQLITE_IOERR, "cannot be used"),
        ];
        for (code, words) in told {
            let line = of(code).to_string();
            assert_eq!(of(code).text().english, line);
            assert!(of(code).text().chinese.contains(is_han), "{line}");
            assert!(line.contains(words) && line.contains("/p/history.db") && !line.contains('\n'), "{line}");
        }
    }
}
