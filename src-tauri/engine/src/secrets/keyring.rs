//! The OS keyring. Its calls block, with a locked keyring until somebody answers its prompt.
//!
//! So each runs on a thread of its own that nobody waits for longer than a limit, not even the end of the process. A
//! thread that is stuck holds the only permit until the prompt is answered: a locked keyring costs one thread and
//! shows one prompt, however often it is asked. Once somebody closed a prompt, what reads by itself shows no other for
//! a while.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::{Entry, Error};
use secrecy::ExposeSecret;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};
use tokio::time::Instant;

use super::{Secret, SecretError, Turns};
use crate::locale::Text;
use crate::text;

const SERVICE: &str = "streambell";

/// How long a stream waits for its secret.
const READ_LIMIT: Duration = Duration::from_secs(5);

/// How long a person is given to answer the prompt for something they asked for.
const WRITE_LIMIT: Duration = Duration::from_secs(60);

/// For so long after a prompt was closed no read shows another, unless a person asks: longer than a stream waits until
/// it looks again.
const CLOSED_FOR: Duration = Duration::from_mins(2);

static DOOR: Door = Door::new();

static TURNS: LazyLock<Turns> = LazyLock::new(Turns::default);

/// The one way to the keyring: one caller at a time.
struct Door {
    permit: Semaphore,
    /// How many callers were answered.
    answered: AtomicU64,
    /// When a prompt was closed by hand, until the keyring opens or a person asks.
    closed: Mutex<Option<Instant>>,
}

impl Door {
    const fn new() -> Self {
        Self { permit: Semaphore::const_new(1), answered: AtomicU64::new(0), closed: Mutex::new(None) }
    }

    /// Waits for the turn, as long as others are answered: many streams that start together only take their time.
    async fn enter(&'static self, limit: Duration) -> Result<SemaphorePermit<'static>, SecretError> {
        let acquire = self.permit.acquire();
        tokio::pin!(acquire);
        loop {
            let answered = self.answered.load(Ordering::Relaxed);
            match tokio::time::timeout(limit, &mut acquire).await {
                Ok(permit) => return permit.map_err(|_| client_failed()),
                Err(_) if self.answered.load(Ordering::Relaxed) == answered => return Err(SecretError::TimedOut),
                Err(_) => {}
            }
        }
    }

    /// Takes note of an answer, also of one that nobody waits for any more.
    fn note<T>(&self, result: &Result<T, SecretError>) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        match result {
            Ok(_) => self.set_closed(None),
            Err(SecretError::Locked) => self.set_closed(Some(Instant::now())),
            Err(_) => {}
        }
    }

    fn set_closed(&self, at: Option<Instant>) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    fn was_closed(&self) -> bool {
        let at = *self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| at.elapsed() < CLOSED_FOR)
    }
}

/// A person asks: a prompt may be shown again.
pub(super) fn ask_anew() {
    DOOR.set_closed(None);
}

/// Whose turn it is with what it holds.
pub(super) fn turns() -> Turns {
    TURNS.clone()
}

pub(super) async fn get(account: String) -> Result<Option<Secret>, SecretError> {
    ask(READ_LIMIT, move || found(Entry::new(SERVICE, &account)?.get_password().map(Secret::from))).await
}

pub(super) async fn set(account: String, secret: Secret) -> Result<(), SecretError> {
    ask(WRITE_LIMIT, move || Entry::new(SERVICE, &account)?.set_password(secret.expose_secret())).await
}

pub(super) async fn delete(account: String) -> Result<bool, SecretError> {
    let deleted = ask(WRITE_LIMIT, move || found(Entry::new(SERVICE, &account)?.delete_credential())).await?;
    Ok(deleted.is_some())
}

pub(super) async fn list() -> Result<Vec<String>, SecretError> {
    ask(WRITE_LIMIT, || {
        let entries = Entry::search(&HashMap::from([("service", SERVICE)]))?;
        Ok(entries.iter().filter_map(Entry::get_specifiers).map(|(_, account)| account).collect())
    })
    .await
}

async fn ask<T, F>(limit: Duration, operation: F) -> Result<T, SecretError>
where
    T: Send + 'static,
    F: Fn() -> Result<T, Error> + Send + 'static,
{
    on_thread(&DOOR, limit, move || attempt(operation)).await
}

/// Does the work on a thread of its own that holds the permit, and waits no longer than the limit once it has it.
async fn on_thread<T, F>(door: &'static Door, limit: Duration, work: F) -> Result<T, SecretError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, SecretError> + Send + 'static,
{
    let permit = door.enter(limit).await?;
    // A write is asked for by a person.
    if limit == READ_LIMIT && door.was_closed() {
        return Err(SecretError::Locked);
    }
    let answer = async {
        let (sender, receiver) = oneshot::channel();
        let work = move || {
            let result = work();
            door.note(&result);
            drop(permit);
            let _: Result<(), _> = sender.send(result);
        };
        std::thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(work)
            .map_err(|error| SecretError::Refused(Text::of_system(&error)))?;
        receiver.await.unwrap_or_else(|_| Err(client_failed()))
    };
    tokio::time::timeout(limit, answer).await.unwrap_or(Err(SecretError::TimedOut))
}

/// Tries once more over a new connection where the one to the keyring service broke: the service was restarted, or
/// was not there yet at the first call.
fn attempt<T>(operation: impl Fn() -> Result<T, Error>) -> Result<T, SecretError> {
    if keyring::Entry::store_status().is_err() && keyring_core::get_default_store().is_none() {
        connect()?;
    }
    match operation() {
        Err(Error::PlatformFailure(_)) => {
            connect()?;
            operation().map_err(explain)
        }
        result => result.map_err(explain),
    }
}

/// The crate `keyring` connects once and remembers a failure for ever; so this connects by hand.
#[cfg(all(unix, not(target_os = "macos")))]
fn connect() -> Result<(), SecretError> {
    let store = zbus_secret_service_keyring_store::Store::new().map_err(|error| {
        tracing::debug!(%error, "cannot connect to the keyring");
        SecretError::NoKeyring
    })?;
    keyring_core::set_default_store(store);
    Ok(())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn connect() -> Result<(), SecretError> {
    Err(SecretError::NoKeyring)
}

fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Says it in our words. What the keyring's error may hold of the secret is not looked at.
fn explain(error: Error) -> SecretError {
    SecretError::Refused(match error {
        Error::NoDefaultStore => return SecretError::NoKeyring,
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => return explain_cause(&cause.to_string()),
        Error::Ambiguous(_) => text!(
            "it has several entries of that name for the service streambell; delete them",
            "服务 streambell 在其中有几个同名的条目；请删除它们"
        ),
        Error::BadEncoding(_) => text!("the entry is no text", "其中的条目不是文本"),
        Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            text!("the entry cannot be read", "无法读取其中的条目")
        }
        Error::TooLong(..) => text!("the name or the secret is too long for it", "名称或密钥对它来说太长"),
        Error::Invalid(..) => text!("the name or the secret is not valid for it", "名称或密钥对它来说无效"),
        Error::NotSupportedByStore(_) => text!("it cannot do that on this platform", "它在这个平台上做不到"),
        other @ (Error::NoEntry | _) => Text::plain(other.to_string()),
    })
}

fn client_failed() -> SecretError {
    SecretError::Refused(text!("its client failed", "它的客户端出错"))
}

/// The Secret Service client tells its errors apart only by their text.
fn explain_cause(cause: &str) -> SecretError {
    if cause.contains("no secret service provider") {
        SecretError::NoKeyring
    } else if cause.contains("locked") || cause.contains("prompt") {
        SecretError::Locked
    } else if cause.contains("result not returned") {
        SecretError::Refused(text!(
            "it has no default collection; create one in your keyring's settings",
            "它没有默认密钥环；请在密钥环的设置里创建一个"
        ))
    } else {
        SecretError::Refused(Text::plain(cause.replace(['\n', '\r'], " ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_keyring_never_shows_what_it_holds() {
        for error in [
            Error::BadEncoding(b"hunter2".to_vec()),
            Error::BadDataFormat(b"hunter2".to_vec(), "bad".into()),
            Error::Invalid("password".into(), "hunter2".into()),
        ] {
            let told = explain(error);
            assert!(!format!("{told} {told:?}").contains("hunter2"), "{told}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_keyring_that_never_answers_costs_one_thread_and_times_out() {
        static DOOR: Door = Door::new();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let stuck = move || {
            let _: Result<(), _> = held.recv();
            Ok(())
        };
        assert_eq!(on_thread(&DOOR, READ_LIMIT, stuck).await, Err(SecretError::TimedOut));
        for _ in 0..3 {
            assert_eq!(on_thread(&DOOR, READ_LIMIT, || Ok(())).await, Err(SecretError::TimedOut));
        }

        drop(release);
        drop(DOOR.permit.acquire().await);
        tokio::time::resume();
        assert_eq!(on_thread(&DOOR, READ_LIMIT, || Ok(7)).await, Ok(7));
    }
    #[tokio::test(start_paused = true)]
    async fn many_that_ask_together_are_all_answered_in_their_turn() {
        static DOOR: Door = Door::new();
        let mut waiting = tokio::task::JoinSet::new();
        // A clock that is paused waits for no thread, so the turns are taken by hand: 60 of 2 s each.
        for _ in 0..60 {
            waiting.spawn(async {
                let permit = DOOR.enter(READ_LIMIT).await?;
                tokio::time::sleep(Duration::from_secs(2)).await;
                DOOR.note(&Ok(()));
                drop(permit);
                Ok::<_, SecretError>(())
            });
        }
        while let Some(answered) = waiting.join_next().await {
            assert!(matches!(answered, Ok(Ok(()))), "{answered:?}");
        }
    }

    #[tokio::test]
    async fn a_prompt_that_was_closed_is_not_shown_again_until_a_person_asks() {
        static DOOR: Door = Door::new();
        let locked = || Err::<(), _>(SecretError::Locked);
        assert_eq!(on_thread(&DOOR, READ_LIMIT, locked).await, Err(SecretError::Locked));
        assert_eq!(on_thread(&DOOR, READ_LIMIT, || Ok(())).await, Err(SecretError::Locked));
        DOOR.set_closed(None);
        assert_eq!(on_thread(&DOOR, READ_LIMIT, || Ok(())).await, Ok(()));
        assert_eq!(on_thread(&DOOR, READ_LIMIT, locked).await, Err(SecretError::Locked));
        assert_eq!(on_thread(&DOOR, WRITE_LIMIT, || Ok(())).await, Ok(()));
    }
}
