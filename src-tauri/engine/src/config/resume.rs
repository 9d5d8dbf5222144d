//! How a stream resumes: `resume`.

use super::check;
use super::field::Field;

/// How a stream resumes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resume {
    /// Where the cursor comes from.
    pub from: ResumeFrom,
    /// How it is sent.
    pub send: ResumeSend,
    /// Globs of event names that never move the cursor.
    pub ignore: Vec<String>,
}

/// Where the cursor comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ResumeFrom {
    /// The stream's last event id.
    #[default]
    Id,
    /// A JSON pointer into the event's data.
    Pointer(String),
    /// There is none.
    None,
}

/// How the cursor is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ResumeSend {
    /// As `Last-Event-ID`.
    #[default]
    Header,
    /// As this query parameter.
    Query(String),
    /// Not at all.
    None,
}

/// `resume = { … }`.
pub(super) fn resume(field: Field<'_>) -> Option<Resume> {
    let mut fields = field.table("resume", "{ from = \"id\", send = \"header\" }")?;
    let from = fields.get("from").and_then(resume_from);
    let send = fields.get("send").and_then(resume_send);
    let ignore = fields.get("ignore").and_then(|ignore| ignore.texts(check::glob));
    fields.finish();
    Some(Resume { from: from.unwrap_or_default(), send: send.unwrap_or_default(), ignore: ignore.unwrap_or_default() })
}

fn resume_from(field: Field<'_>) -> Option<ResumeFrom> {
    if field.is_text() {
        return match field.text()? {
            pointer if pointer.starts_with('/') => field.read(check::pointer).map(ResumeFrom::Pointer),
            _ => field.choice(&[("id", ResumeFrom::Id), ("none", ResumeFrom::None)]),
        };
    }
    let mut fields = field.table("the cursor's origin", "{ pointer = \"/seq\" }")?;
    let pointer = fields.need("pointer").and_then(|pointer| pointer.read(check::pointer));
    fields.finish();
    pointer.map(ResumeFrom::Pointer)
}

fn resume_send(field: Field<'_>) -> Option<ResumeSend> {
    if field.is_text() {
        return field.choice(&[("header", ResumeSend::Header), ("none", ResumeSend::None)]);
    }
    let mut fields = field.table("how the cursor is sent", "{ query = \"since\" }")?;
    let query = fields.need("query").and_then(|query| query.word());
    fields.finish();
    query.map(ResumeSend::Query)
}
