//! Events that are a server's own business: what they mean is done here.

use super::{Task, Unheard};
use crate::auth::Credentials;
use crate::connection::{Input, Refusal};
use crate::transport;

impl Task {
    /// Does what an event of the server's dialect asks for. Tells whether it is for no person.
    pub(super) fn heard(&mut self, name: &str, data: &str) -> bool {
        let Some(dialect) = &self.dialect else { return false };
        let meaning = dialect.hear(name, data);
        if let Some((url, body)) = meaning.subscribe {
            self.subscribe(url, body);
        }
        self.farewell = self.farewell.take().or(meaning.farewell);
        meaning.ignored
    }

    /// Tells the server what to send on the connection that is open.
    fn subscribe(&mut self, url: String, body: String) {
        let (config, vault, gate) = (self.config.clone(), self.vault.clone(), self.gate.clone());
        let (used, turn) = (self.used.clone(), self.turn());
        self.subscribing = Some(Box::pin(async move {
            let turn = turn.await?;
            let credentials = Credentials::read(&config, &vault, used.as_ref()).await?;
            drop(turn);
            transport::post(&config, &credentials, &gate, &url, body).await
        }));
    }

    /// Where the server did not take it, the connection will send nothing: it is made anew.
    pub(super) async fn subscribed(&mut self, result: Result<(), Refusal>) -> Result<(), Unheard> {
        self.subscribing = None;
        match result {
            Ok(()) => Ok(()),
            Err(refusal) => {
                self.close();
                self.tell(Input::Failed(refusal)).await
            }
        }
    }
}
