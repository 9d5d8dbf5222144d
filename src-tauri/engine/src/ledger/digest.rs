//! A 64-bit digest that is the same in every version and on every machine, since it is stored. Not for secrets.

/// Digests parts in order: `["a", "bc"]` and `["ab", "c"]` differ.
pub(crate) fn digest(parts: &[&str]) -> i64 {
    parts.iter().fold(0, |seed, part| murmur64a(part.as_bytes(), seed)).cast_signed()
}

/// MurmurHash64A by Austin Appleby, in the public domain: eight bytes at a time, little-endian everywhere.
fn murmur64a(bytes: &[u8], seed: u64) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    const R: u32 = 47;
    let mut hash = seed ^ (bytes.len() as u64).wrapping_mul(M);
    let (words, tail) = bytes.as_chunks::<8>();
    for word in words {
        let mut k = u64::from_le_bytes(*word).wrapping_mul(M);
        k = (k ^ (k >> R)).wrapping_mul(M);
        hash = (hash ^ k).wrapping_mul(M);
    }
    if !tail.is_empty() {
        let mut last = [0; 8];
        last[..tail.len()].copy_from_slice(tail);
        hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(M);
    }
    hash = (hash ^ (hash >> R)).wrapping_mul(M);
    hash ^ (hash >> R)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_stays_what_it_was_in_stored_files() {
        assert_eq!(murmur64a(b"", 0), 0);
        // Both from a second implementation of the reference.
        assert_eq!(murmur64a(b"hello world", 0), 0xd3ba2368a832afce);
        assert_eq!(digest(&["42", "market-alert", "{\"price\":1}"]), -8829165818493629726);
    }

    #[test]
    fn parts_are_not_run_together() {
        assert_ne!(digest(&["a", "bc"]), digest(&["ab", "c"]));
        assert_ne!(digest(&["a", ""]), digest(&["", "a"]));
        assert_ne!(digest(&["a"]), digest(&["a\0"]));
    }
}
