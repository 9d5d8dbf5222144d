//! The fingerprint of a server's certificate.

use crate::locale::Text;
use crate::text;
use std::fmt;

/// The SHA-256 of a certificate in DER, as `openssl x509 -fingerprint -sha256` shows it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// Reads 64 hexadecimal digits, in pairs that may be parted by colons or spaces.
///
/// # Errors
/// What it would have to be.
pub fn parse_fingerprint(text: &str) -> Result<Fingerprint, Text> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !b": ".contains(byte)).collect();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let byte = |pair: &[u8]| Some(value(*pair.first()?)? * 16 + value(*pair.get(1)?)?);
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes.map(Fingerprint).ok_or_else(|| {
        text!(
            "must be the SHA-256 of a certificate, 64 hexadecimal digits: openssl x509 -fingerprint -sha256 -noout -in \
             server.pem shows it",
            "必须是证书的 SHA-256，即 64 位十六进制数：用 openssl x509 -fingerprint -sha256 -noout -in server.pem 可以看到"
        )
    })
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02X}", if at == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_in_every_usual_form_and_shown_in_one() {
        let plain = "ab".repeat(32);
        let shown = ["AB"; 32].join(":");
        for text in [plain.clone(), plain.to_uppercase(), shown.clone(), ["aB"; 32].join(" ")] {
            assert_eq!(parse_fingerprint(&text).map(|pin| pin.to_string()), Ok(shown.clone()), "{text}");
        }
    }

    #[test]
    fn what_is_no_sha_256_is_refused() {
        for text in ["", "ab", &"ab".repeat(20), &"ab".repeat(33), &"xy".repeat(32), &format!("{}a", "ab".repeat(31))] {
            assert!(parse_fingerprint(text).is_err(), "{text}");
        }
    }
}
