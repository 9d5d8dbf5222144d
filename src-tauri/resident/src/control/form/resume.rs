//! How a stream resumes, between configuration and form.

use streambell_engine::config;
use streambell_protocol::{ResumeForm, ResumeFrom, ResumeSend};

/// What a stream says of it.
pub(super) fn to_form(from: &config::Resume) -> ResumeForm {
    let (source, pointer) = match &from.from {
        config::ResumeFrom::Id => (ResumeFrom::Id, ""),
        config::ResumeFrom::Pointer(pointer) => (ResumeFrom::Pointer, pointer.as_str()),
        config::ResumeFrom::None => (ResumeFrom::None, ""),
    };
    let (send, parameter) = match &from.send {
        config::ResumeSend::Header => (ResumeSend::Header, ""),
        config::ResumeSend::Query(parameter) => (ResumeSend::Query, parameter.as_str()),
        config::ResumeSend::None => (ResumeSend::None, ""),
    };
    ResumeForm { from: source, pointer: pointer.to_owned(), send, parameter: parameter.to_owned() }
}

/// As edited; what the form does not show stays.
pub(super) fn onto(form: &ResumeForm, base: &config::Resume) -> config::Resume {
    config::Resume {
        from: match form.from {
            ResumeFrom::Id => config::ResumeFrom::Id,
            ResumeFrom::Pointer => config::ResumeFrom::Pointer(form.pointer.clone()),
            ResumeFrom::None => config::ResumeFrom::None,
        },
        send: match form.send {
            ResumeSend::Header => config::ResumeSend::Header,
            ResumeSend::Query => config::ResumeSend::Query(form.parameter.clone()),
            ResumeSend::None => config::ResumeSend::None,
        },
        ignore: base.ignore.clone(),
    }
}
