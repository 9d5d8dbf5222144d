//! What must hold of every input, besides that nothing panics.

use sse_core::{SseDecoder, SseEvent};
use streambell_engine::sse::{Decoder, MIN_RETRY, Options, Parsed};

use crate::input::Input;

/// All of it.
pub(crate) fn all(input: &Input) -> Result<(), String> {
    let options = Options { max_event: input.max_event, strict: input.strict, comments: input.comments };
    let whole = decoded(input, options, [&input.bytes[..]]);
    chunks_change_nothing(input, options, &whole)?;
    bounds_hold(input, &whole.0)?;
    if input.max_event > input.bytes.len() && input.cursor.is_empty() && !has_a_long_number(&input.bytes) {
        another_reader_agrees(input)?;
    }
    Ok(())
}

fn chunks_change_nothing(input: &Input, options: Options, whole: &(Vec<Parsed>, String)) -> Result<(), String> {
    let starts = std::iter::once(0).chain(input.cuts.iter().copied());
    let ends = input.cuts.iter().copied().chain(std::iter::once(input.bytes.len()));
    let cut = decoded(input, options, starts.zip(ends).map(|(start, end)| &input.bytes[start..end]));
    let single = decoded(input, options, input.bytes.chunks(1));
    if cut != *whole {
        return Err(format!("whole {whole:?}\ncut   {cut:?}"));
    }
    if single != *whole {
        return Err(format!("whole          {whole:?}\nbyte by byte   {single:?}"));
    }
    Ok(())
}

fn bounds_hold(input: &Input, items: &[Parsed]) -> Result<(), String> {
    for item in items {
        let fine = match item {
            // One malformed byte becomes the three of U+FFFD.
            Parsed::Event { name, data, id, .. } => {
                data.len() <= 3 * input.max_event
                    && name.len() <= (3 * input.max_event).max("message".len())
                    && !id.contains('\0')
            }
            Parsed::Id(id) => !id.contains('\0'),
            Parsed::Retry(delay) => input.strict || *delay >= MIN_RETRY,
            Parsed::Comment(text) => input.comments && !text.contains('\n'),
            Parsed::Skipped { bytes } => *bytes > input.max_event as u64,
        };
        if !fine {
            return Err(format!("out of bounds: {item:?}"));
        }
    }
    Ok(())
}

/// Events as name, data and last event id, and the cursor in the end, as `sse-core` reads them.
fn another_reader_agrees(input: &Input) -> Result<(), String> {
    let mut other = SseDecoder::new();
    let mut rest = &input.bytes[..];
    let mut theirs = Vec::new();
    while let Some(found) = other.next(&mut rest) {
        match found {
            Ok(SseEvent::Message(event)) => theirs.push((
                event.event.into_owned(),
                event.data,
                event.last_event_id.map(|id| id.to_string()).unwrap_or_default(),
            )),
            Ok(SseEvent::Retry(_)) => {}
            Err(error) => return Err(format!("sse-core fails: {error:?}")),
        }
    }
    let options = Options { max_event: input.max_event, strict: true, comments: false };
    let (items, _) = decoded(input, options, [&input.bytes[..]]);
    let ours: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            Parsed::Event { name, data, id, .. } => Some((name, data, id)),
            Parsed::Id(_) | Parsed::Retry(_) | Parsed::Comment(_) | Parsed::Skipped { .. } => None,
        })
        .collect();
    if ours == theirs { Ok(()) } else { Err(format!("ours   {ours:?}\ntheirs {theirs:?}")) }
}

/// sse-core ignores a reconnection time of 2^32 or more, where the standard sets no bound; it then leaves the line be.
fn has_a_long_number(bytes: &[u8]) -> bool {
    bytes.windows(9).any(|window| window.iter().all(u8::is_ascii_digit))
}

fn decoded<'a>(input: &Input, options: Options, chunks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Parsed>, String) {
    let mut decoder = Decoder::new(&input.cursor, options);
    let mut items = Vec::new();
    for chunk in chunks {
        decoder.feed(chunk, &mut items);
    }
    (items, decoder.cursor().to_owned())
}
