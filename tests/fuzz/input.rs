//! Inputs by chance.

use std::fmt;

use fastrand::Rng;

/// How many earlier inputs are kept for mutation.
const KEPT: usize = 256;
const LONGEST: usize = 16 * 1024;

/// What lines are made of.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\r\r",
    b"\r\n\r\n",
    b":",
    b": ",
    b" ",
    b"data",
    b"data:",
    b"data: ",
    b"event: ",
    b"event",
    b"id: ",
    b"id:",
    b"id",
    b"retry: ",
    b"retry:",
    b"retry:250\n",
    b"retry: +42\n",
    b"data: x\n\n",
    b"dat",
    b"0",
    b"99999999999999999999",
    b"x",
    b"{\"a\":1}",
    b"\0",
    b"\t",
    b"\x0b",
    b"\x0c",
    b"\x85",
    b"\xEF\xBB\xBF",
    b"\xEF\xBB",
    b"\xBF",
    b"\xFF",
    b"\xFE",
    b"\xC3",
    b"\xA9",
    b"\xE2\x82",
    b"\xAC",
    b"\xF0\x9F",
    b"\x98\x80",
    b"\xED\xA0\x80",
    b"\xC0\x80",
    b"\xF4\x90\x80\x80",
    b"\xE2\x80\xA8",
];

/// A body, how it is cut into chunks, and the decoder's settings.
#[derive(Clone)]
pub(crate) struct Input {
    pub(crate) bytes: Vec<u8>,
    /// Places in it, in order.
    pub(crate) cuts: Vec<usize>,
    pub(crate) max_event: usize,
    pub(crate) strict: bool,
    pub(crate) comments: bool,
    /// The last event id of an earlier connection.
    pub(crate) cursor: String,
}

impl fmt::Debug for Input {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, cuts, max_event, strict, comments, cursor } = self;
        write!(
            out,
            "cut at {cuts:?}, max_event {max_event}, strict {strict}, comments {comments}, cursor {cursor:?}: "
        )?;
        write!(out, "{}", bytes.escape_ascii())
    }
}

pub(crate) struct Inputs {
    random: Rng,
    kept: Vec<Vec<u8>>,
}

impl Inputs {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), kept: Vec::new() }
    }

    pub(crate) fn next(&mut self) -> Input {
        let mut bytes = if self.kept.is_empty() || self.random.u8(..4) == 0 { self.fresh() } else { self.mutated() };
        bytes.truncate(LONGEST);
        if self.kept.len() < KEPT {
            self.kept.push(bytes.clone());
        } else if self.random.u8(..8) == 0 {
            let place = self.random.usize(..KEPT);
            self.kept[place].clone_from(&bytes);
        }
        let random = &mut self.random;
        let mut cuts: Vec<_> = (0..random.usize(..16)).map(|_| random.usize(..=bytes.len())).collect();
        cuts.sort_unstable();
        Input {
            cuts,
            max_event: if random.bool() { 1 << 20 } else { random.usize(..64) },
            strict: random.bool(),
            comments: random.bool(),
            cursor: if random.bool() { String::new() } else { "7".to_owned() },
            bytes,
        }
    }

    fn fresh(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for _ in 0..self.random.usize(..100) {
            bytes.extend_from_slice(self.word());
        }
        bytes
    }

    fn mutated(&mut self) -> Vec<u8> {
        let one = self.random.usize(..self.kept.len());
        let mut bytes = self.kept[one].clone();
        for _ in 0..self.random.usize(1..6) {
            let at = self.random.usize(..=bytes.len());
            let end = self.random.usize(at..=bytes.len().min(at + 64));
            match self.random.u8(..6) {
                0 if at < bytes.len() => bytes[at] = self.random.u8(..),
                1 if at < bytes.len() => bytes[at] ^= 1 << self.random.u8(..8),
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let again = bytes[at..end].repeat(self.random.usize(1..8));
                    bytes.splice(at..at, again);
                }
                4 => {
                    let other = &self.kept[self.random.usize(..self.kept.len())];
                    let from = self.random.usize(..=other.len());
                    bytes.splice(at.., other[from..].iter().copied());
                }
                _ => {
                    let word = self.word();
                    bytes.splice(at..at, word.iter().copied());
                }
            }
        }
        bytes
    }

    fn word(&mut self) -> &'static [u8] {
        WORDS[self.random.usize(..WORDS.len())]
    }
}
