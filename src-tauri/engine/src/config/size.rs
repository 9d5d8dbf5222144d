//! Sizes as people write them: `16MiB`, `64KiB`, `1MB`, `512`.

use super::fault::quoted;
use crate::locale::Text;
use crate::text;

/// The units in bytes. Those that are written come first, largest first.
const UNITS: [(&str, usize); 8] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("", 1),
    ("B", 1),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

/// Reads a whole number of bytes with an optional unit (`B`, `KB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`, in any case).
///
/// # Errors
/// What is wrong and what would be right, in one line.
pub fn parse_size(text: &str) -> Result<usize, Text> {
    let given = quoted(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| !number.is_empty() && name.eq_ignore_ascii_case(unit)) else {
        return Err(text!(
            "{given} is no size: write 64KiB, 16MiB, 1MB or a number of bytes",
            "{given} 不是大小：请写成 64KiB、16MiB、1MB 或字节数"
        ));
    };
    let bytes = number.parse::<usize>().ok().and_then(|number| number.checked_mul(*factor));
    bytes.ok_or_else(|| text!("{given} is too large", "{given} 太大"))
}

/// Writes a size so that [`parse_size`] reads it again, in the largest unit that is exact.
pub fn format_size(bytes: usize) -> String {
    let exact = UNITS.iter().find(|(_, factor)| bytes > 0 && bytes.is_multiple_of(*factor));
    exact.map_or_else(|| "0".to_owned(), |(unit, factor)| format!("{}{unit}", bytes / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bytes_with_an_optional_unit() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("512B", 512),
            ("64KiB", 65_536),
            ("64kib", 65_536),
            ("1MB", 1_000_000),
            ("16MiB", 16_777_216),
            ("1GiB", 1_073_741_824),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MiB", "-1", "1.5MiB", "1 MiB", "1TiB", "99999999999999999999", "18446744073709551615KiB"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_written_size_is_read_as_the_same() {
        for (bytes, text) in
            [(0, "0"), (1, "1"), (1_500, "1500"), (65_536, "64KiB"), (16_777_216, "16MiB"), (3 << 30, "3GiB")]
        {
            assert_eq!(format_size(bytes), text);
            assert_eq!(parse_size(text), Ok(bytes));
        }
    }
}
