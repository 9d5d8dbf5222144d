//! One contract for every vault, and the other sources of secrets.

#![expect(clippy::unwrap_used, reason = "tests")]

use secrecy::ExposeSecret;

use super::*;

async fn value(vault: &Vault, account: &str) -> Option<String> {
    vault.get(account).await.unwrap().map(|secret| secret.expose_secret().to_owned())
}

/// What every vault does.
async fn keeps_the_contract(vault: Vault) {
    let [one, two] = ["contract test/one", "contract test/two \u{1F514}"];
    for account in [one, two] {
        vault.delete(account).await.unwrap();
    }
    assert_eq!(value(&vault, one).await, None);
    assert!(!vault.delete(one).await.unwrap());

    vault.set(one, &Secret::from("first")).await.unwrap();
    vault.set(two, &Secret::from("other \u{e9}\n")).await.unwrap();
    vault.set(one, &Secret::from("second")).await.unwrap();
    assert_eq!(value(&vault, one).await.as_deref(), Some("second"));
    assert_eq!(value(&vault, two).await.as_deref(), Some("other \u{e9}\n"));
    let mut listed = vault.list().await.unwrap();
    listed.retain(|account| account.starts_with("contract test/"));
    assert_eq!(listed, [one, two]);
    assert_eq!(value(&vault.clone(), one).await.as_deref(), Some("second"));

    assert!(vault.delete(one).await.unwrap());
    assert_eq!(value(&vault, one).await, None);
    assert!(vault.delete(two).await.unwrap());
    assert!(!vault.list().await.unwrap().iter().any(|account| account.starts_with("contract test/")));
}

#[test]
fn the_name_in_the_vault_tells_whose_secret_it_is_and_which() {
    let parts = [Part::Main, Part::Header("X-Key"), Part::ClientSecret, Part::AccessToken, Part::ClientCert];
    for stream in ["market", "a/b", "a / secret"] {
        for part in parts {
            assert_eq!(Part::of(&part.account(stream)), (stream, part));
        }
    }
    assert_eq!(Part::of("market/secret/other"), ("market/secret/other", Part::Main));
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    keeps_the_contract(Vault::memory()).await;
}

/// Needs a session with an unlocked keyring that may be written to: set `STREAMBELL_TEST_KEYRING`.
#[tokio::test]
async fn the_keyring_keeps_the_contract() {
    if std::env::var_os("STREAMBELL_TEST_KEYRING").is_some() {
        keeps_the_contract(Vault::Keyring).await;
    }
}

#[tokio::test]
async fn a_source_that_is_the_vault_reads_the_account() {
    let vault = Vault::memory();
    vault.set("market", &Secret::from("t")).await.unwrap();
    assert!(resolve(&SecretSource::Keyring, "market", &vault).await.unwrap().is_some());
    assert!(resolve(&SecretSource::Keyring, "other", &vault).await.unwrap().is_none());
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let vault = Vault::memory();
    let secret = Secret::from("hunter2");
    vault.set("market", &secret).await.unwrap();
    assert!(!format!("{secret:?} {vault:?}").contains("hunter2"));
}
