//! axe-core in the window: what somebody with other eyes or other hands would stumble over.

use serde_json::Value;

use crate::eventually::eventually;
use crate::webdriver::Window;

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js");

/// Whether nothing moves; what does is brought to where it goes, because values that come all the time flash all the time.
/// One of no length holds what is about to move in the place that it leaves.
const STILL: &str = "
    const endOf = (one) => one.effect.getComputedTiming().endTime;
    const moving = document.getAnimations().filter((one) => one.playState === 'running' || endOf(one) === 0);
    for (const one of moving) if (endOf(one) < Infinity) one.finish();
    return moving.length === 0";

/// What axe finds, and whether something began to move while it looked: half faded text is not what is shown.
const LOOK: &str = "
    const done = arguments[arguments.length - 1];
    const moves = ['animationstart', 'transitionrun'];
    let moved = false;
    const note = () => (moved = true);
    for (const move of moves) addEventListener(move, note, true);
    const say = (found) => {
        for (const move of moves) removeEventListener(move, note, true);
        done({ moved, found });
    };
    axe.run(document, { resultTypes: ['violations'] }).then(
        ({ violations }) => say(violations.flatMap(({ id, help, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id}: ${help} (${target.join(' ')}) ${failureSummary}`))),
        (error) => say([`axe itself: ${error}`]));";

/// How often axe looks again where it finds something wrong with what moved.
const LOOKS: u32 = 5;

impl Window {
    /// Waits until nothing moves.
    pub(crate) async fn rest(&self) {
        eventually("nothing to move", async || {
            self.client.execute(STILL, Vec::new()).await.is_ok_and(|still| still == Value::Bool(true)).then_some(())
        })
        .await;
    }

    /// What axe finds wrong with what is shown, a line each.
    ///
    /// # Panics
    /// Where axe is not installed or cannot run.
    pub async fn violations(&self) -> Vec<String> {
        let known = self.client.execute("return typeof axe !== 'undefined'", Vec::new()).await;
        if known.is_ok_and(|known| known == Value::Bool(false)) {
            let source = std::fs::read_to_string(AXE).expect("axe-core is installed: npm --prefix ui ci");
            self.client.execute(&source, Vec::new()).await.expect("axe can be put into the page");
        }
        let mut found = Vec::new();
        for _ in 0..LOOKS {
            let moved;
            (found, moved) = self.look().await;
            if found.is_empty() || !moved {
                break;
            }
        }
        found
    }

    /// What axe finds now, and whether something moved meanwhile.
    async fn look(&self) -> (Vec<String>, bool) {
        self.rest().await;
        let seen = self
            .client
            .execute_async(LOOK, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("axe looks at the page: {error}"));
        let found = seen["found"].as_array().map(Vec::as_slice).unwrap_or_default();
        (found.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect(), seen["moved"] == true)
    }
}
