//! A secret from standard input.

use std::io::{BufRead, IsTerminal as _};

use anyhow::{Context as _, Result, bail};
use streambell_engine::secrets::Secret;

use crate::output;

/// The longest secret, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Reads the first line of standard input.
///
/// # Errors
/// Where it is empty, too long or not text.
pub(crate) fn secret() -> Result<Secret> {
    if std::io::stdin().is_terminal() {
        output::complain("type the secret (it is shown) and press Enter, or pipe it in");
    }
    first_line(std::io::stdin().lock())
}

fn first_line(reader: impl BufRead) -> Result<Secret> {
    let mut line = String::new();
    reader.take(LONGEST).read_line(&mut line).context("standard input cannot be read as text")?;
    if !line.ends_with('\n') && line.len() as u64 >= LONGEST {
        bail!("the first line of standard input is longer than {LONGEST} bytes");
    }
    let secret = line.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        bail!("the first line of standard input is empty: pipe the secret in");
    }
    Ok(secret.to_owned().into())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn only_the_first_line_without_its_end_is_the_secret() {
        for text in ["s3cret", "s3cret\n", "s3cret\r\n", "s3cret\nmore\n"] {
            assert_eq!(first_line(text.as_bytes()).unwrap().expose_secret(), "s3cret");
        }
    }

    #[test]
    fn an_empty_or_endless_line_is_refused() {
        for text in [String::new(), "\n".to_owned(), "x".repeat(70_000)] {
            assert!(first_line(text.as_bytes()).is_err());
        }
    }
}
