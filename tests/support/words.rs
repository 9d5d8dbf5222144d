//! The words of the page: a test knows them by their key in the catalogue, whatever language the page speaks.

use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::webdriver::Window;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/tests/words.mjs");

/// A script that sets `words` to every language's catalogue, as the page's own build makes it.
static WORDS: LazyLock<String> = LazyLock::new(|| {
    let output = Command::new("node").arg(SCRIPT).output().expect("node makes a script of the catalogues");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    format!("{}; window.words = words", String::from_utf8_lossy(&output.stdout))
});

/// One word or phrase in the language of the page.
const READ: &str = "
    const [key, given] = arguments;
    const word = key.split('.').reduce((inner, part) => inner?.[part], words[document.documentElement.lang.slice(0, 2)]);
    return typeof word === 'function' ? word(...given) : word ?? null;";

impl Window {
    /// A word of the catalogue by its key, such as `notice.undo`.
    pub async fn word(&self, key: &str) -> String {
        self.phrase(key, json!([])).await
    }

    /// A phrase of the catalogue by its key, made of what it is about: a list of its arguments.
    ///
    /// # Panics
    /// Where there is no such key.
    pub async fn phrase(&self, key: &str, about: Value) -> String {
        if self.evaluate("return typeof window.words === 'undefined'", &[]).await == Value::Bool(true) {
            self.evaluate(&WORDS, &[]).await;
        }
        let word = self.evaluate(READ, &[json!(key), about]).await;
        word.as_str().unwrap_or_else(|| panic!("the catalogue has {key}: {word}")).to_owned()
    }
}
