//! Calls about a stream that a person describes: by a form, or by the TOML of one `[[stream]]`.

use std::sync::Arc;
use std::time::Duration;

use streambell_engine::auth::{self, Typed};
use streambell_engine::config::edit;
use streambell_engine::config::{self, Config, StreamConfig};
use streambell_engine::consent;
use streambell_engine::doctor::WATCH;
use streambell_engine::engine::{EngineError, StreamEdit, StreamText};
use streambell_engine::text;
use streambell_engine::uptime::Record;
use streambell_protocol::{Answer, Fault, StreamDraft, StreamForm, StreamTextView};

use super::calls::Office;
use super::edits::{faults, invalid};
use super::refusal::Refusal;
use super::watch::Watch;
use super::{doctor, form, presets};

/// For how long a stream is watched at the most, in seconds, and how many of its connections of before are looked at.
const WATCH_MOST: u64 = 300;
const WATCH_HISTORY: u32 = 50;

/// What a person described.
struct Described {
    stream: StreamConfig,
    /// How it is to be written, where a person wrote it.
    text: Option<String>,
}

impl Office {
    pub(super) async fn save_stream(
        &self,
        original: Option<String>,
        stream: &StreamDraft,
        typed: Typed,
        base: Option<String>,
        agreed: Option<String>,
    ) -> Result<Answer, Refusal> {
        let Described { stream, text } = self.described(original.as_deref(), stream)?;
        let written = text.map(|text| StreamText { text, base });
        let edit = StreamEdit { written, typed, agreed, ..StreamEdit::new(original, stream) };
        Ok(self.shared.engine.edit_stream(edit).await.map(|undo| Answer::Edited { undo })?)
    }

    pub(super) async fn stream_text(&self, original: Option<&str>, draft: &StreamDraft) -> Result<Answer, Refusal> {
        let file = self.shared.engine.config_text().await;
        let config = self.config();
        let base = original.and_then(|original| written(&file, original));
        let text = match draft {
            StreamDraft::Text(text) => text.clone(),
            StreamDraft::Form(_) => {
                let Described { stream, text } = match self.described(original, draft) {
                    Ok(described) => described,
                    Err(Refusal { key: Some(key), message, .. }) => {
                        let fault = Fault { line: 1, column: 1, field: Some(key.to_owned()), message };
                        let view = StreamTextView { text: String::new(), form: None, faults: vec![fault], base: None };
                        return Ok(Answer::StreamText(Box::new(view)));
                    }
                    Err(refusal) => return Err(refusal),
                };
                let before = base.as_ref().map(|(text, stream)| (text.as_str(), &**stream));
                text.map_or_else(|| edit::stream_text(before, &stream), Ok).map_err(|error| invalid(&error))?
            }
        };
        let (form, faults) = match edit::check_stream(&config, original, &text) {
            Ok(stream) => {
                let form = StreamForm { written: Some(text.clone()), ..form::to_form(&stream) };
                (Some(Box::new(form)), Vec::new())
            }
            Err(errors) => (None, faults(&text, &errors)),
        };
        let base = base.map(|(text, _)| text);
        Ok(Answer::StreamText(Box::new(StreamTextView { text, form, faults, base })))
    }

    pub(super) async fn test_stream(
        &self,
        original: Option<String>,
        stream: &StreamDraft,
        typed: Typed,
        agreed: Option<String>,
    ) -> Result<Answer, Refusal> {
        let config = self.tried(original.as_deref(), stream, &typed, agreed.as_deref())?;
        Ok(Answer::Tested(form::report(self.shared.engine.try_stream(original, config, typed).await)))
    }

    pub(super) async fn diagnose(
        &self,
        original: Option<String>,
        stream: &StreamDraft,
        typed: Typed,
        seconds: Option<u32>,
        agreed: Option<String>,
    ) -> Result<Answer, Refusal> {
        let config = self.tried(original.as_deref(), stream, &typed, agreed.as_deref())?;
        let history = match &original {
            Some(original) => self.past(original.clone()).await?,
            None => Vec::new(),
        };
        let watch = Duration::from_secs(seconds.map_or(WATCH.as_secs(), u64::from).clamp(5, WATCH_MOST));
        let report = self.shared.engine.diagnose(original, config, typed, watch, history).await;
        let report = report.map_err(|message| Refusal::failed(&message))?;
        Ok(Answer::Diagnosed(Box::new(doctor::report(report))))
    }

    /// Begins to watch the stream that a person describes.
    pub(super) async fn watch(
        &self,
        number: u32,
        original: Option<String>,
        stream: &StreamDraft,
        typed: Typed,
        agreed: Option<String>,
    ) -> Result<Watch, Refusal> {
        let config = self.tried(original.as_deref(), stream, &typed, agreed.as_deref())?;
        let url = config.url.clone();
        Ok(Watch::new(number, url, self.shared.engine.watch_stream(original, config, typed).await))
    }

    /// Keeps what a watch saw as the first events of the stream that became of it.
    pub(super) async fn keep_watched(&self, stream: String, watch: Watch) -> Result<Answer, Refusal> {
        let (url, events) = watch.into_seen();
        // Nothing that another server sent becomes a stream's history.
        if existing(&self.config(), &stream)?.url != url {
            let message = text!("“{stream}” has another address than was watched", "“{stream}”的地址与所观察的不同");
            return Err(Refusal::invalid(&message));
        }
        Ok(self.shared.engine.keep_seen(stream, events).await.map(|()| Answer::Done)?)
    }

    /// The stream that a person describes, where it could be saved and its secrets may be used there.
    fn tried(
        &self,
        original: Option<&str>,
        stream: &StreamDraft,
        typed: &Typed,
        agreed: Option<&str>,
    ) -> Result<StreamConfig, Refusal> {
        let Described { stream: config, .. } = self.described(original, stream)?;
        // Names are for saving: it may be tried before it has one, or has one of its own.
        let named = match config.name.as_str() {
            "" => StreamConfig { name: "trial".into(), ..config.clone() },
            _ => config.clone(),
        };
        edit::check_new_stream(&Config::default(), None, &named).map_err(|error| invalid(&error))?;
        let mut kept = None;
        if let Some(original) = original {
            let old = existing(&self.config(), original)?;
            auth::check_origin(&old, &config, typed).map_err(|message| Refusal::invalid(&message))?;
            kept = consent::kept(&old, &config, |part| !typed.has(part));
        }
        let tried = Config { streams: vec![Arc::new(named)], ..Config::default() };
        let mut reaches = consent::reaches(&self.config(), &tried);
        reaches.extend(kept);
        consent::check(&reaches, agreed).map_err(EngineError::from)?;
        Ok(config)
    }

    /// The stream that a person describes: a form on top of the text or the preset it was made from, or of the stream
    /// that it changes.
    fn described(&self, original: Option<&str>, draft: &StreamDraft) -> Result<Described, Refusal> {
        let config = self.config();
        let check = |text: &str| {
            edit::check_stream(&config, original, text).map_err(|mut errors| invalid(&errors.swap_remove(0)))
        };
        let form = match draft {
            StreamDraft::Text(text) => return Ok(Described { stream: check(text)?, text: Some(text.clone()) }),
            StreamDraft::Form(form) => form,
        };
        let base = match (&form.written, original, &form.preset) {
            (Some(text), _, _) => Some(Arc::new(check(text)?)),
            (None, Some(name), _) => Some(existing(&config, name)?),
            (None, None, Some(choice)) => {
                Some(Arc::new(presets::stream(choice).map_err(|why| Refusal::invalid(&why))?))
            }
            (None, None, None) => None,
        };
        let stream = form::to_config(form, base.as_deref())
            .map_err(|wrong| Refusal { key: Some(wrong.key), ..Refusal::invalid(&wrong.why) })?;
        edit::check_programs(&config, original, &stream)
            .map_err(|why| Refusal { key: Some(program_key(&config, original, &stream)), ..Refusal::invalid(&why) })?;
        let before = form.written.as_deref().zip(base.as_deref());
        let text = before
            .map(|before| edit::stream_text(Some(before), &stream))
            .transpose()
            .map_err(|error| invalid(&error))?;
        Ok(Described { stream, text })
    }

    fn config(&self) -> Arc<Config> {
        self.shared.engine.config().borrow().clone()
    }

    /// A stream's connections of before, for a diagnosis.
    async fn past(&self, stream: String) -> Result<Vec<Record>, Refusal> {
        self.read(move |reader| reader.connections(&stream, WATCH_HISTORY)).await
    }
}

/// A stream as it is written in a configuration.
fn written(text: &str, name: &str) -> Option<(String, Arc<StreamConfig>)> {
    let streams = config::parse(text).ok()?.streams;
    let at = streams.iter().position(|stream| stream.name.as_str() == name)?;
    let texts = edit::stream_texts(text).ok()?;
    Some((texts.into_iter().nth(at)?, streams.into_iter().nth(at)?))
}

fn existing(config: &Config, name: &str) -> Result<Arc<StreamConfig>, Refusal> {
    let found = config.streams.iter().find(|stream| stream.name.as_str() == name);
    found.cloned().ok_or_else(|| EngineError::NoStream(name.to_owned()).into())
}

/// The key in which a stream names a program that it may not.
fn program_key(config: &Config, original: Option<&str>, stream: &StreamConfig) -> &'static str {
    let refused = |stream: &StreamConfig| edit::check_programs(config, original, stream).is_err();
    if refused(&StreamConfig { headers: Vec::new(), client_cert_password: None, ..stream.clone() }) {
        "auth"
    } else if refused(&StreamConfig { client_cert_password: None, ..stream.clone() }) {
        "headers"
    } else {
        "client_cert_password"
    }
}
