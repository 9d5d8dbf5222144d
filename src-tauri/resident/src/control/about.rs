//! The program itself: its start at login, the demo beside it, and what a report of a fault needs.

use streambell_engine::secrets::Part;
use streambell_engine::text;
use streambell_protocol::{Answer, SecretPart, StartAtLogin, StoredSecret};

use super::calls::Office;
use super::refusal::Refusal;
use super::view;
use crate::demo;
use crate::diagnosis::{self, Facts, Running, System};
use crate::sounds;

impl Office {
    pub(super) fn start_at_login(&self) -> Result<Answer, Refusal> {
        let autostart = &self.shared.autostart;
        let enabled = autostart.is_on().map_err(|why| Refusal::failed(&why))?;
        let trouble = view::text(&autostart.trouble().unwrap_or_default());
        Ok(Answer::StartAtLogin(StartAtLogin { enabled, trouble }))
    }

    /// The sounds that a rule can name here.
    pub(super) async fn sounds(&self) -> Result<Answer, Refusal> {
        let names = tokio::task::spawn_blocking(|| sounds::names(&sounds::folders()));
        Ok(Answer::Sounds(names.await.unwrap_or_default()))
    }

    pub(super) fn set_start_at_login(&self, enabled: bool) -> Result<Answer, Refusal> {
        self.shared.autostart.set(enabled).map_err(|why| Refusal::failed(&why))?;
        Ok(Answer::Done)
    }

    /// Whose secrets are stored.
    pub(super) async fn stored_secrets(&self) -> Result<Answer, Refusal> {
        let accounts = self.shared.engine.stored_secrets().await?;
        let config = self.shared.engine.config().borrow().clone();
        let told = accounts.into_iter().map(|account| {
            let (stream, part) = Part::of(&account);
            let part = match part {
                Part::Main => SecretPart::Main,
                Part::Header(name) => SecretPart::Header { name: name.to_owned() },
                Part::ClientSecret => SecretPart::ClientSecret,
                Part::AccessToken => SecretPart::AccessToken,
                Part::ClientCert => SecretPart::ClientCert,
            };
            let known = config.streams.iter().any(|one| one.name.as_str() == stream);
            StoredSecret { stream: stream.to_owned(), known, part, account }
        });
        Ok(Answer::StoredSecrets(told.collect()))
    }

    pub(super) fn start_demo(&self) -> Result<Answer, Refusal> {
        if self.shared.engine.snapshots().borrow().demo {
            return Err(Refusal::failed(&text!("this is the demo", "这就是演示")));
        }
        demo::start().map_err(|why| Refusal::failed(&why))?;
        Ok(Answer::Done)
    }

    pub(super) async fn diagnosis(&self) -> Result<Answer, Refusal> {
        let shared = &self.shared;
        let snapshot = shared.engine.snapshots().borrow().clone();
        let config = shared.engine.config().borrow().clone();
        let uptimes = shared.engine.uptimes().await;
        let system = System::look().await;
        let (profile, autostart) = (shared.profile.clone(), shared.autostart.clone());
        let looking = tokio::task::spawn_blocking(move || {
            (diagnosis::files(&profile, &autostart), diagnosis::stored(&profile.ledger), autostart.is_on())
        });
        let (files, stored, at_login) = looking.await.map_err(|error| {
            let failed = text!("the files cannot be looked at: {error}", "无法查看这些文件：{error}");
            Refusal::failed(&failed)
        })?;
        let running = Some(Running { snapshot: &snapshot, config: &config, uptimes: &uptimes });
        let facts = Facts { system, running, files, stored, at_login: at_login.unwrap_or(false) };
        Ok(Answer::Diagnosis(facts.told()))
    }
}
