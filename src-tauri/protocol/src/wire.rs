//! One JSON object a line, bounded.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};

use crate::call::{Answer, Call, ErrorCode, Push};
use crate::text::Text;

/// The longest line either side reads, in bytes. A history answer of 10,000 short events fits; the resident cuts
/// longer answers.
pub const MAX_LINE: usize = 32 * 1024 * 1024;

/// A numbered [`Call`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the client; comes back with the answer.
    pub id: u64,
    /// The call.
    #[serde(flatten)]
    pub call: Call,
    /// What a person has read outside the page and agreed to: the message of a refusal with [`ErrorCode::Consent`]. It
    /// is no part of the call, so that a page cannot say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Text>,
}

/// One line from the resident.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Message {
    /// The answer to the request of that number.
    Answer {
        /// The request's number.
        id: u64,
        /// What it asked for.
        #[serde(flatten)]
        answer: Answer,
    },
    /// The request of that number was refused.
    Error {
        /// The request's number.
        id: u64,
        /// What kind of refusal.
        code: ErrorCode,
        /// Why, in one line for people.
        message: Text,
    },
    /// Unasked, to those who subscribed.
    Push(Push),
}

/// What can be wrong with a line.
#[derive(Debug, Error)]
pub enum LineError {
    /// The socket failed.
    #[error("the control connection broke: {0}")]
    Io(#[from] std::io::Error),
    /// The line is longer than [`MAX_LINE`].
    #[error("a line on the control socket is longer than {MAX_LINE} bytes")]
    TooLong,
    /// The line is not what the protocol says. The text of the line is left out: it may hold a secret.
    #[error("a line on the control socket is not of this protocol (line {line}, column {column})")]
    Malformed {
        /// serde_json's line.
        line: usize,
        /// serde_json's column.
        column: usize,
    },
}

impl LineError {
    /// The same in every language.
    pub fn text(&self) -> Text {
        let chinese = match self {
            Self::Io(error) => format!("控制连接中断：{error}"),
            Self::TooLong => format!("控制套接字上有一行超过 {MAX_LINE} 字节"),
            Self::Malformed { line, column } => {
                format!("控制套接字上有一行不符合这个协议（第 {line} 行第 {column} 列）")
            }
        };
        Text::new(self.to_string(), chinese)
    }
}

/// Reads one line; `None` at the end. Keeps partial input in `buffer`, so that it may be cancelled and called again.
///
/// # Errors
/// Where the socket fails or the line is too long or malformed.
pub async fn read_line<T: DeserializeOwned>(
    reader: &mut (impl AsyncBufRead + Unpin),
    buffer: &mut Vec<u8>,
) -> Result<Option<T>, LineError> {
    loop {
        let available = reader.fill_buf().await?;
        if available.is_empty() {
            return Ok(None);
        }
        let newline = available.iter().position(|byte| *byte == b'\n');
        let taken = newline.map_or(available.len(), |at| at + 1);
        if buffer.len() + taken > MAX_LINE {
            return Err(LineError::TooLong);
        }
        buffer.extend_from_slice(&available[..taken]);
        reader.consume(taken);
        if newline.is_some() {
            let parsed = serde_json::from_slice(buffer)
                .map_err(|error| LineError::Malformed { line: error.line(), column: error.column() });
            buffer.clear();
            return parsed.map(Some);
        }
    }
}

/// Writes one line and flushes it.
///
/// # Errors
/// Where the socket fails.
pub async fn write_line<T: Serialize + Sync>(
    writer: &mut (impl AsyncWrite + Unpin),
    value: &T,
) -> Result<(), LineError> {
    let mut line = serde_json::to_vec(value)
        .map_err(|error| LineError::Malformed { line: error.line(), column: error.column() })?;
    line.push(b'\n');
    writer.write_all(&line).await?;
    writer.flush().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::spot::Spot;

    #[test]
    fn every_message_survives_the_wire() {
        let push = Message::Push(Push::Present(Spot::Alert { alert: 7 }));
        let text = serde_json::to_string(&push).unwrap();
        assert_eq!(text, r#"{"type":"push","push":"present","value":{"spot":"alert","alert":7}}"#);
        assert!(matches!(serde_json::from_str(&text).unwrap(), Message::Push(Push::Present(Spot::Alert { alert: 7 }))));

        let answer = Message::Answer { id: 3, answer: Answer::Done };
        let text = serde_json::to_string(&answer).unwrap();
        assert_eq!(text, r#"{"type":"answer","id":3,"answer":"done"}"#);
        assert!(matches!(serde_json::from_str(&text).unwrap(), Message::Answer { id: 3, answer: Answer::Done }));

        let request: Request = serde_json::from_str(r#"{"id":1,"call":"pause","seconds":60}"#).unwrap();
        assert!(matches!(request.call, Call::Pause { seconds: Some(60), .. }));
    }

    #[test]
    fn what_a_person_agreed_to_is_no_part_of_a_call() {
        let line = r#"{"id":1,"call":"quit","agreed":{"en":"yes","zh":"是"}}"#;
        assert_eq!(serde_json::from_str::<Request>(line).unwrap().agreed, Some(Text::new("yes", "是")));
        // What a page says of it is lost on the way.
        let call: Call = serde_json::from_str(line).unwrap();
        let sent = serde_json::to_string(&Request { id: 1, call, agreed: None }).unwrap();
        assert_eq!(sent, r#"{"id":1,"call":"quit"}"#);
    }
}
