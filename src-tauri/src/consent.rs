//! What the page must not decide alone: a person is asked in a dialog that is not the page's.
//!
//! The resident says what needs consent, this process asks, and repeats the call with what was agreed to. The page can
//! neither see the dialog nor answer it, and what it sends has no place for an answer.

mod rest;

use std::time::{Duration, Instant};

use streambell_protocol::{Answer, Call, ClientError, ErrorCode, LanguageForm, Text};
use tauri::AppHandle;
use tokio::sync::{Mutex, oneshot};

use crate::dialog::{self, Words};
use crate::resident::Resident;
use rest::Rest;

/// How often a call may turn out to need something else: a file or a keyring can change while a dialog is open.
const ROUNDS: usize = 3;

/// What a person has agreed to since the window was opened; what is the same word for word is not asked again.
#[derive(Debug, Default)]
pub(crate) struct Consents {
    /// Held while a dialog is open: there is one at a time.
    given: Mutex<Given>,
}

/// What a person answered so far.
#[derive(Debug, Default)]
struct Given {
    agreed: Vec<Text>,
    rest: Rest,
}

impl Consents {
    /// Asks the resident, and where that needs consent, a person.
    pub(crate) async fn ask(&self, app: &AppHandle, resident: &Resident, call: Call) -> Result<Answer, ClientError> {
        let mut result = resident.ask(call.clone()).await;
        for _ in 0..ROUNDS {
            let Err(ClientError::Refused { code: ErrorCode::Consent, message }) = result else { return result };
            self.agree(app, resident, &message, lasts(&call)).await?;
            result = resident.ask_agreed(call.clone(), message).await;
        }
        match result {
            Err(ClientError::Refused { code: ErrorCode::Consent, .. }) => Err(changed()),
            settled => settled,
        }
    }

    /// Asks a person; where what they agree to lasts, they are not asked the same again.
    async fn agree(
        &self,
        app: &AppHandle,
        resident: &Resident,
        question: &Text,
        lasts: bool,
    ) -> Result<(), ClientError> {
        let Ok(mut given) = self.given.try_lock() else {
            let message =
                Text::new("another question is still open: answer that first", "还有一个问题没有回答：请先回答它");
            return Err(ClientError::Refused { code: ErrorCode::Consent, message });
        };
        if lasts && given.has_agreed(question) {
            return Ok(());
        }
        if let Some(left) = given.rest.left(Instant::now()) {
            return Err(resting(left));
        }
        let words = words(question, resident.language().await);
        let (answer, answered) = oneshot::channel();
        let handle = app.clone();
        // Who asked may be gone.
        let answer = move |allowed: bool| answer.send(allowed).unwrap_or_default();
        let shown = app.run_on_main_thread(move || dialog::show(&handle, &words, answer));
        // Without an answer, such as from a window that was closed, there is none.
        let allowed = shown.is_ok() && answered.await.unwrap_or(false);
        given.answered(question, allowed, lasts, Instant::now());
        if allowed { Ok(()) } else { Err(declined()) }
    }
}

impl Given {
    /// Whether a person agreed to just this, and that lasts.
    fn has_agreed(&self, question: &Text) -> bool {
        self.agreed.contains(question)
    }

    fn answered(&mut self, question: &Text, allowed: bool, lasts: bool, now: Instant) {
        self.rest.answered(allowed, now);
        if allowed && lasts {
            self.agreed.push(question.clone());
        }
    }
}

/// Whether what a person agrees to lasts as long as the window. What they switched off or removed since is asked anew.
fn lasts(call: &Call) -> bool {
    !matches!(
        call,
        Call::SaveSettings { .. }
            | Call::SaveRule { .. }
            | Call::EnableRule { .. }
            | Call::Import { .. }
            | Call::Undo { .. }
    )
}

fn declined() -> ClientError {
    let message = Text::new("you did not allow it, so nothing was done", "你没有允许，所以什么都没有做");
    ClientError::Refused { code: ErrorCode::Consent, message }
}

fn changed() -> ClientError {
    let message = Text::new(
        "what it needs has changed while you were asked, so nothing was done: try again",
        "询问期间它所需要的内容又变了，所以什么都没有做：请再试一次",
    );
    ClientError::Refused { code: ErrorCode::Consent, message }
}

fn resting(left: Duration) -> ClientError {
    let seconds = left.as_secs() + 1;
    let message = Text::new(
        format!("you did not allow it a moment ago, so you are not asked yet: try again in {seconds} s"),
        format!("你没有允许刚才的询问，所以暂时不会再问你：请在 {seconds} 秒后重试"),
    );
    ClientError::Refused { code: ErrorCode::Consent, message }
}

fn words(question: &Text, language: LanguageForm) -> Words {
    let hint =
        Text::new("Allow it only if you have just asked for this yourself.", "只有这是你自己刚才要求的，才请允许。");
    let all = [
        Text::new("Allow this?", "允许这样做吗？"),
        Text::new(format!("{question}\n\n{hint}"), format!("{}\n\n{}", question.zh, hint.zh)),
        Text::new("Allow", "允许"),
        Text::new("Cancel", "取消"),
    ];
    Words::read(all, language)
}

#[cfg(test)]
mod tests {
    use streambell_protocol::{MoreSecrets, RuleDraft, SettingsChange, StreamDraft};

    use super::*;

    #[test]
    fn what_starts_programs_is_asked_anew_each_time_and_another_question_always() {
        let [question, other] =
            ["The rule \"R\" starts the program \"x\".", "The rule \"R\" starts the program \"y\"."].map(Text::plain);
        let name = "R".to_owned();
        let draft = RuleDraft::Text("[[rule]]\nname = \"R\"\nrun = [\"x\"]\n".to_owned());
        let stream = StreamDraft::Text(String::new());
        let secrets = MoreSecrets::default();
        for (call, is_asked) in [
            (Call::SaveRule { original: None, base: None, draft }, true),
            (Call::EnableRule { name, enabled: true }, true),
            (Call::Import { text: String::new(), apply: true }, true),
            (Call::SaveSettings { change: SettingsChange::default() }, true),
            (Call::Undo { edit: 1 }, true),
            (Call::SaveStream { original: None, stream, secret: None, secrets, base: None }, false),
        ] {
            let mut given = Given::default();
            given.answered(&question, true, lasts(&call), Instant::now());
            assert_eq!(!(lasts(&call) && given.has_agreed(&question)), is_asked, "{}", call.name());
            assert!(!given.has_agreed(&other), "{}", call.name());
            given.answered(&other, false, lasts(&call), Instant::now());
            assert!(!given.has_agreed(&other), "a no is no yes: {}", call.name());
        }
    }

    #[test]
    fn somebody_who_allowed_it_is_told_that_it_changed_and_not_that_they_refused() {
        let said = changed().to_string();
        assert!(said.contains("try again") && !said.contains("did not allow"), "{said}");
    }

    #[test]
    fn a_question_is_put_in_the_chosen_language() {
        let question = Text::new("A file is read.", "读取一个文件。");
        let (en, zh) = (words(&question, LanguageForm::En), words(&question, LanguageForm::Zh));
        assert!(en.text.starts_with("A file is read.\n\nAllow it only") && en.cancel == "Cancel", "{en:?}");
        assert!(zh.text.starts_with("读取一个文件。\n\n只有") && zh.cancel == "取消", "{zh:?}");
    }
}
