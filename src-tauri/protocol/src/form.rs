//! A stream as a person edits it.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::preset::PresetChoice;
use crate::rule::Fault;
use crate::settings::OutageForm;
use crate::text::Text;

/// A secret on its way from the form to the keyring; `Debug` never shows it.
#[derive(Debug, Clone, Deserialize, TS)]
#[ts(type = "string")]
pub struct SecretText(SecretString);

impl SecretText {
    /// Takes a secret.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// Gives it up to who stores or uses it.
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

impl Serialize for SecretText {
    /// Writes the secret in the clear: the only place this happens is the control socket, which is private to the user.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

/// One stream of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamForm {
    /// Its name, unique.
    pub name: String,
    /// Its http or https address.
    pub url: String,
    /// Whether it is to be connected.
    pub enabled: bool,
    /// How it signs in.
    pub auth: AuthForm,
    /// What [`AuthKind::Oauth2`] needs besides; empty for the others.
    pub oauth2: OAuth2Form,
    /// Where a new token comes from; empty without one.
    pub refresh_url: String,
    /// The JSON pointer to the new token in the refresh answer.
    pub refresh_token_pointer: String,
    /// Plain headers, in order.
    pub headers: Vec<(String, String)>,
    /// Headers whose value is a secret, and where it comes from.
    pub secret_headers: Vec<(String, SecretPlace)>,
    /// Seconds without a byte after which the connection counts as dead; 0 turns that off.
    pub idle_timeout_s: u32,
    /// How it resumes.
    pub resume: ResumeForm,
    /// What is stored.
    pub store: StoreForm,
    /// How it gets to its server.
    pub connection: ConnectionForm,
    /// How it is asked for and read, where that is not the usual way.
    pub request: RequestForm,
    /// The preset that a new stream is made from: what the form does not show is as there. Of a configured stream
    /// never set.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub preset: Option<PresetChoice>,
    /// The text that a person wrote before this form was made of it: what the form does not show is as there. Of a
    /// configured stream never set.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub written: Option<String>,
}

/// A stream that is being written: field by field, or as the TOML of one `[[stream]]` with its comments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum StreamDraft {
    /// The text.
    Text(String),
    /// The fields.
    Form(Box<StreamForm>),
}

impl From<StreamForm> for StreamDraft {
    fn from(form: StreamForm) -> Self {
        Self::Form(Box::new(form))
    }
}

/// A stream that is being written, as text and as form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamTextView {
    /// The TOML of one `[[stream]]`. The places of the faults are in it.
    pub text: String,
    /// The same field by field; `null` where the text is at fault.
    pub form: Option<Box<StreamForm>>,
    /// What is wrong with it, in order of lines; none where it can be saved.
    pub faults: Vec<Fault>,
    /// How the stream is written in the file now; `null` for a new one.
    pub base: Option<String>,
}

/// Secrets that were typed for a stream, beside the one it signs in with. Each goes into the keyring.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct MoreSecrets {
    /// Those of headers, by name.
    pub headers: Vec<(String, SecretText)>,
    /// That of the OAuth 2 client, beside a refresh token.
    pub client_secret: Option<SecretText>,
    /// The password of the client certificate.
    pub client_cert: Option<SecretText>,
}

/// How a stream is asked for and read, where that is not the usual way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestForm {
    /// The request's method.
    pub method: String,
    /// The request's body, sent again at each reconnect; empty without one.
    pub body: String,
    /// Milliseconds before it connects anew, until the server names a time; an hour at the most.
    pub retry_ms: u32,
    /// Names or globs of events that never move the position it resumes from.
    pub ignore: Vec<String>,
    /// Whether redirects to another origin are followed.
    pub redirects: bool,
    /// Hosts (globs) to which redirects are followed with all that the stream's own server gets; none without any.
    pub trust: Vec<String>,
    /// An event larger than this, in bytes, is skipped: 1 KiB to 256 MiB.
    pub max_event: u32,
    /// Whether any status but 200 ends it, as the HTML Standard says.
    pub strict: bool,
    /// Whether it keeps to HTTP/1.1.
    pub http1: bool,
    /// Whether credentials may go over plain http to another machine.
    pub insecure: bool,
    /// Whether rules look at its events.
    pub notify: bool,
    /// A file of certificates to trust besides the system's; empty without one.
    pub ca_cert: String,
    /// The address of a proxy; empty for the system's.
    pub proxy: String,
    /// When a person is told that it has no connection; as for all streams without it.
    pub outage: Option<OutageForm>,
}

/// What a stream gets its tokens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "OAuth2Form")]
pub struct OAuth2Form {
    /// On what ground tokens are given.
    pub grant: GrantForm,
    /// Where tokens are asked for.
    pub token_url: String,
    /// Where a code is asked for with [`GrantForm::Device`], else empty.
    pub device_url: String,
    /// This program's name at the authorization server.
    pub client_id: String,
    /// What is asked for, parted by spaces; may be empty.
    pub scope: String,
    /// Whom the token is for; may be empty.
    pub audience: String,
    /// Whether the client says who it is in the request's body, not in its header.
    pub in_body: bool,
    /// Where the client's own secret comes from, where there is one beside a refresh token.
    pub client_secret: Option<SecretPlace>,
}

/// On what ground an authorization server gives tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum GrantForm {
    /// A person agrees on a page.
    Device,
    /// A refresh token.
    RefreshToken,
    /// The client's own secret.
    ClientCredentials,
}

/// How a stream gets to its server, beyond its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionForm {
    /// SHA-256 fingerprints of the certificates that alone are accepted.
    pub pin_sha256: Vec<String>,
    /// The file of a client certificate; empty without one.
    pub client_cert: String,
    /// Where that file's password comes from; the empty password without it.
    pub client_cert_password: Option<SecretPlace>,
    /// A Unix-domain socket; empty without one.
    pub unix_socket: String,
    /// Whether the server may compress.
    pub compression: bool,
}

/// How a stream signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuthForm {
    /// The kind.
    pub kind: AuthKind,
    /// The user of `basic`, the name of `header`, `query` or `cookie`; empty for the others.
    pub name: String,
    /// Where the secret comes from.
    pub source: SecretSource,
    /// The name of the variable, the path of the file, or the program and its arguments, a line each; empty for the
    /// keyring.
    #[serde(default)]
    pub place: String,
    /// The value of the `query` parameter, with `{secret}` for the secret; empty for the secret alone.
    #[serde(default)]
    pub template: String,
}

/// Where a secret comes from, and the variable, file or program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SecretPlace {
    /// What it comes from.
    pub source: SecretSource,
    /// The name of the variable, the path of the file, or the program and its arguments, a line each; empty for the
    /// keyring.
    pub place: String,
}

/// The kinds of signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AuthKind {
    /// None.
    None,
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A header of any name.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
    /// `Authorization: Bearer …` with tokens that an authorization server gives (OAuth 2).
    Oauth2,
}

/// Where a secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SecretSource {
    /// The keyring.
    Keyring,
    /// An environment variable.
    Env,
    /// A private file.
    File,
    /// A program's output.
    Command,
}

/// How a stream resumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResumeForm {
    /// Where the cursor comes from.
    pub from: ResumeFrom,
    /// The JSON pointer for [`ResumeFrom::Pointer`], else empty.
    pub pointer: String,
    /// How it is sent.
    pub send: ResumeSend,
    /// The parameter's name for [`ResumeSend::Query`], else empty.
    pub parameter: String,
}

/// Where the cursor comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ResumeFrom {
    /// The event's id.
    Id,
    /// A JSON pointer into its data.
    Pointer,
    /// There is none.
    None,
}

/// How the cursor is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ResumeSend {
    /// As `Last-Event-ID`.
    Header,
    /// As a query parameter.
    Query,
    /// Not at all.
    None,
}

/// What of a stream is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum StoreForm {
    /// All events.
    All,
    /// Only events that a rule fired for.
    Alerts,
    /// No event.
    None,
}

/// How a trial connection went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestReport {
    /// Whether the server answered with an event stream.
    pub ok: bool,
    /// In plain words, with what to do where it did not.
    pub message: Text,
    /// The status the server answered with.
    pub status: Option<u16>,
    /// Milliseconds to the answer's header.
    pub header_ms: Option<u32>,
    /// Events that came within the trial.
    pub events: u32,
}
