//! Where secrets live. The only room that sees one in the clear.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use thiserror::Error;

use crate::config::SecretSource;

/// A secret. Its `Debug` shows nothing.
pub type Secret = SecretString;

/// Where secrets live. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Vault {
    /// The OS keyring, service `streambell`.
    Keyring,
    /// This process's memory, for the demo, `tail` and tests.
    Memory(Arc<Mutex<HashMap<String, Secret>>>),
}

/// Why a secret cannot be had, in one line with what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// There is no keyring service.
    #[error("no keyring answers: start a Secret Service such as gnome-keyring, or use env, file or command")]
    NoKeyring,
}

impl Vault {
    /// An empty vault in memory.
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// Reads a secret; `None` where there is none of that name.
    ///
    /// # Errors
    /// Where the keyring is missing, locked, refuses or does not answer in time.
    #[expect(clippy::unused_async, reason = "to be written")]
    pub async fn get(&self, account: &str) -> Result<Option<Secret>, SecretError> {
        let _ = account;
        Ok(None)
    }

    /// Writes a secret.
    ///
    /// # Errors
    /// As [`Vault::get`].
    #[expect(clippy::unused_async, reason = "to be written")]
    pub async fn set(&self, account: &str, secret: &Secret) -> Result<(), SecretError> {
        let _ = (account, secret);
        Ok(())
    }

    /// Deletes a secret; fine where there is none. Tells whether there was one.
    ///
    /// # Errors
    /// As [`Vault::get`].
    #[expect(clippy::unused_async, reason = "to be written")]
    pub async fn delete(&self, account: &str) -> Result<bool, SecretError> {
        let _ = account;
        Ok(false)
    }
}

/// Reads the secret that a source names; `account` is its name in the vault.
///
/// # Errors
/// As [`Vault::get`], and where the variable, file or program fails.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn resolve(source: &SecretSource, account: &str, vault: &Vault) -> Result<Option<Secret>, SecretError> {
    let _ = (source, account, vault);
    Ok(None)
}
