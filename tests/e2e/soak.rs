//! `make soak`, short.

use std::time::Duration;

use streambell_tests::soak::Soak;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_and_kills_for_a_while_lose_no_number_and_double_none() {
    let soak = Soak {
        duration: Duration::from_secs(15),
        streams: 30,
        every: Duration::from_millis(100),
        kills: Duration::from_secs(4),
        seed: 7,
    };
    let outcome = soak.run(|_| {}).await;
    assert!(outcome.is_good(), "{outcome:#?}");
    assert!(outcome.kills > 0 && outcome.connections > 60, "{outcome:#?}");
}
