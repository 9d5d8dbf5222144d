//! Where secrets live. The only room that sees one in the clear.

mod keyring;
mod sources;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use thiserror::Error;

use crate::config::SecretSource;
use crate::locale::Text;
use crate::text;
use turns::Turns;

pub use turns::{Changing, Turn};

/// A secret. Its `Debug` shows nothing; its memory is wiped when it is dropped.
pub type Secret = SecretString;

/// Where secrets live. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Vault {
    /// The OS keyring, service `streambell`.
    Keyring,
    /// This process's memory, for the demo, `tail` and tests.
    Memory(Arc<Memory>),
    /// One that nobody unlocks.
    #[cfg(test)]
    Locked,
}

/// Secrets in this process's memory.
#[derive(Debug, Default)]
pub struct Memory {
    secrets: Mutex<HashMap<String, Secret>>,
    turns: Turns,
}

/// Why a secret cannot be had, in one line with what to do. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// There is no keyring service.
    #[error("no keyring answers: start a Secret Service such as gnome-keyring, or use env, file or command")]
    NoKeyring,
    /// It is locked, and the person closed the prompt.
    #[error("the keyring is locked: unlock it and try again")]
    Locked,
    /// It did not answer in time: most likely it waits for its prompt to be answered.
    #[error("the keyring does not answer: unlock it where it asks for its password, and try again")]
    TimedOut,
    /// Those that use secrets did not come to an end, such as where the server of a token is slow.
    #[error("a sign-in or a new token of a stream is still under way: try again in a moment")]
    InUse,
    /// It refused for another reason.
    #[error("the keyring refuses: {0}")]
    Refused(Text),
    /// The environment variable is not set, empty, or no text.
    #[error("the environment variable {0} holds no secret: set it before Streambell starts")]
    Env(String),
    /// The file cannot be used.
    #[error("the secret file {} {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        reason: Text,
    },
    /// The program cannot be used.
    #[error("the secret command {program} {reason}")]
    Command {
        /// The program, without its arguments.
        program: String,
        /// What went wrong.
        reason: Text,
    },
}

impl SecretError {
    /// The same in every language.
    pub fn text(&self) -> Text {
        match self {
            Self::NoKeyring => {
                text!("{self}", "没有密钥环应答：请启动 gnome-keyring 等 Secret Service，或改用 env、file 或 command")
            }
            Self::Locked => text!("{self}", "密钥环已锁定：请解锁后重试"),
            Self::TimedOut => text!("{self}", "密钥环没有应答：请在它询问密码处解锁，然后重试"),
            Self::InUse => text!("{self}", "有流还在登录或获取新令牌：请稍后重试"),
            Self::Refused(why) => text!("the keyring refuses: {why}", "密钥环拒绝了：{why}", why),
            Self::Env(name) => text!("{self}", "环境变量 {name} 里没有密钥：请在 Streambell 启动前设置"),
            Self::File { path, reason } => {
                let path = path.display();
                text!("the secret file {path} {reason}", "密钥文件 {path} {reason}", reason)
            }
            Self::Command { program, reason } => {
                text!("the secret command {program} {reason}", "提供密钥的命令 {program} {reason}", reason)
            }
        }
    }
}

impl Vault {
    /// An empty vault in memory.
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// Reads a secret; `None` where there is none of that name. Answers within 5 s from its turn, and gives up where
    /// nobody gets an answer for so long.
    ///
    /// # Errors
    /// Where the keyring is missing, locked, refuses or does not answer in time.
    pub async fn get(&self, account: &str) -> Result<Option<Secret>, SecretError> {
        match self {
            Self::Keyring => keyring::get(account.to_owned()).await,
            Self::Memory(memory) => Ok(memory.lock().get(account).cloned()),
            #[cfg(test)]
            Self::Locked => Err(SecretError::Locked),
        }
    }

    /// A person asks: the keyring may show its prompt again, also where one was closed just now.
    pub fn ask_anew(&self) {
        match self {
            Self::Keyring => keyring::ask_anew(),
            Self::Memory(_) => {}
            #[cfg(test)]
            Self::Locked => {}
        }
    }

    /// Writes a secret. Answers within a minute, since somebody is there to answer the keyring's prompt; where it
    /// timed out, an answer that comes later still writes.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub async fn set(&self, account: &str, secret: &Secret) -> Result<(), SecretError> {
        match self {
            Self::Keyring => keyring::set(account.to_owned(), secret.clone()).await,
            Self::Memory(memory) => {
                memory.lock().insert(account.to_owned(), secret.clone());
                Ok(())
            }
            #[cfg(test)]
            Self::Locked => Err(SecretError::Locked),
        }
    }

    /// Deletes a secret; fine where there is none. Tells whether there was one. Answers within a minute.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub async fn delete(&self, account: &str) -> Result<bool, SecretError> {
        match self {
            Self::Keyring => keyring::delete(account.to_owned()).await,
            Self::Memory(memory) => Ok(memory.lock().remove(account).is_some()),
            #[cfg(test)]
            Self::Locked => Err(SecretError::Locked),
        }
    }

    /// The names of all secrets, sorted; never a value. Answers within a minute.
    ///
    /// # Errors
    /// As [`Vault::get`], and where the platform's keyring cannot be searched.
    pub async fn list(&self) -> Result<Vec<String>, SecretError> {
        let mut accounts = match self {
            Self::Keyring => keyring::list().await?,
            Self::Memory(memory) => memory.lock().keys().cloned().collect(),
            #[cfg(test)]
            Self::Locked => return Err(SecretError::Locked),
        };
        accounts.sort();
        Ok(accounts)
    }

    /// The turn of one that sends secrets somewhere: kept while it reads them, and where it fetches a new one, until that
    /// is stored. Waits while an edit changes them: whether they are still for where it sends them must be asked after.
    pub async fn turn(&self) -> Turn {
        self.turns().turn().await
    }

    /// The turn of one that changes secrets together with where they are sent: kept until whoever used the old ones has
    /// learnt of it. Waits for those that have theirs, and all that come later wait for it.
    ///
    /// # Errors
    /// [`SecretError::InUse`] where one of them does not come to an end.
    pub async fn change(&self) -> Result<Changing, SecretError> {
        self.turns().change().await
    }

    fn turns(&self) -> Turns {
        match self {
            Self::Keyring => keyring::turns(),
            Self::Memory(memory) => memory.turns.clone(),
            #[cfg(test)]
            Self::Locked => Turns::default(),
        }
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which of a stream's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// The one it signs in with.
    Main,
    /// That of a header.
    Header(&'a str),
    /// That of the OAuth 2 client, beside a refresh token.
    ClientSecret,
    /// An access token that a sign-in brought without a refresh token.
    AccessToken,
    /// The password of the client certificate's file.
    ClientCert,
}

impl<'a> Part<'a> {
    /// Whose secret has this name in the vault, and which one.
    pub fn of(account: &'a str) -> (&'a str, Self) {
        let named = |(rest, last): (&'a str, &'a str)| match (rest.rsplit_once('/')?, last) {
            ((stream, "header"), header) => Some((stream, Self::Header(header))),
            ((stream, "secret"), "client-secret") => Some((stream, Self::ClientSecret)),
            ((stream, "secret"), "access-token") => Some((stream, Self::AccessToken)),
            ((stream, "secret"), "client-cert") => Some((stream, Self::ClientCert)),
            _ => None,
        };
        account.rsplit_once('/').and_then(named).unwrap_or((account, Self::Main))
    }

    /// Its name in the vault.
    pub fn account(self, stream: &str) -> String {
        match self {
            Self::Main => stream.to_owned(),
            Self::Header(header) => format!("{stream}/header/{header}"),
            Self::ClientSecret => format!("{stream}/secret/client-secret"),
            Self::AccessToken => format!("{stream}/secret/access-token"),
            Self::ClientCert => format!("{stream}/secret/client-cert"),
        }
    }
}

/// Reads the secret that a source names; `account` is its name in the vault. `None` where the vault has none; a
/// variable, file or program that has none is an error.
///
/// # Errors
/// As [`Vault::get`], and where the variable, file or program fails.
pub async fn resolve(source: &SecretSource, account: &str, vault: &Vault) -> Result<Option<Secret>, SecretError> {
    match source {
        SecretSource::Keyring => vault.get(account).await,
        SecretSource::Env(name) => sources::from_env(name).map(Some),
        SecretSource::File(path) => sources::from_file(path).await.map(Some),
        SecretSource::Command(argv) => sources::from_command(argv).await.map(Some),
    }
}
