//! What the dashboard looks up, over the socket.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use streambell_engine::config::{StreamConfig, TileConfig};
use streambell_engine::ledger::{Batch, Entry, Indexer};
use streambell_engine::model::{Alert, Event};
use streambell_engine::uptime::{Cause, Record};
use streambell_protocol::{
    AlertAnswer, AlertQuery, AlertsShown, HistoryQuery, OutageSpan, SecretPart, StartAtLogin, TileHistoryQuery, Topics,
};

use super::*;

/// So many events, one a second up to now; every tenth has an alert.
fn filled(count: i64) -> impl FnOnce(&mut Ledger) {
    move |ledger| {
        let now = Timestamp::now();
        let entry = |n: i64| Entry {
            event: Event {
                stream: "market".into(),
                name: "price-update".to_owned(),
                data: format!(r#"{{"symbol":"BTC","price":{n}}}"#),
                id_is_own: false,
                id: String::new(),
                at: now.checked_sub(Duration::from_secs((count - n).unsigned_abs())).unwrap(),
            },
            alerts: (n % 10 == 0)
                .then(|| Alert { rule: "Rule".into(), title: format!("Alert {n}"), ..Alert::default() })
                .into_iter()
                .collect(),
            resolutions: Vec::new(),
            store: true,
        };
        let entries = (1..=count).map(entry).collect();
        let batch = Batch { stream: "market".into(), entries, cursor: None, memories: Vec::new(), was: None };
        ledger.commit(vec![batch]).unwrap();
    }
}

async fn search(client: &Client, text: &str, before: Option<i64>) -> (Vec<i64>, Option<i64>) {
    let query = HistoryQuery { search: Some(text.to_owned()), before, limit: 3, ..HistoryQuery::default() };
    let Answer::Found(found) = client.call(Call::Search { query }).await.unwrap() else { panic!("nothing found") };
    (found.events.iter().map(|event| event.seq).collect(), found.next)
}

#[tokio::test]
async fn a_search_tells_the_newest_first_and_goes_on_where_it_stopped() {
    let served = Served::start_with(Config::default(), filled(200));
    let (client, _pushes) = served.client().await;
    assert_eq!(search(&client, "PRICE\":19", None).await, (vec![199, 198, 197], Some(197)));
    assert_eq!(search(&client, "PRICE\":19", Some(191)).await, (vec![190, 19], None));
    served.stop().await;
}

#[tokio::test]
async fn the_text_index_is_filled_once_somebody_searched() {
    let served = Served::start_with(Config::default(), filled(5_000));
    let ledger = served.folder.path().join("history.db");
    let index = TextIndex::default();
    let filling = tokio::spawn(index.clone().run(ledger.clone()));
    assert!(!Indexer::exists(&ledger), "nobody has searched");
    index.want();
    let filled = async {
        while !Indexer::exists(&ledger) || Indexer::open(&ledger).unwrap().step().unwrap() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), filled).await.unwrap();
    filling.abort();
    let (client, _pushes) = served.client().await;
    assert_eq!(search(&client, "price\":4999}", None).await, (vec![4_999], None));
    served.stop().await;
}

#[tokio::test]
async fn alerts_are_filtered_and_read_together() {
    let served = Served::start_with(Config::default(), filled(100));
    let (client, _pushes) = served.client().await;
    let ask = async |query: AlertQuery| {
        let Answer::Alerts(alerts) = client.call(Call::Alerts { query }).await.unwrap() else { panic!("no alerts") };
        alerts.iter().map(|alert| alert.title.clone()).collect::<Vec<_>>()
    };
    let some = AlertQuery { search: Some("alert 1".to_owned()), ..AlertQuery::default() };
    assert_eq!(ask(some.clone()).await, ["Alert 100", "Alert 10"]);
    let read = client.call(Call::MarkReadWhere { query: AlertQuery { limit: 1, ..some.clone() } }).await.unwrap();
    assert!(matches!(read, Answer::Marked { count: 2 }), "{read:?}");
    let unread = || AlertQuery { show: AlertsShown::Unread, ..AlertQuery::default() };
    let done = async {
        while ask(unread()).await.len() != 8 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), done).await.unwrap();
    let again = client.call(Call::MarkReadWhere { query: some }).await.unwrap();
    assert!(matches!(again, Answer::Marked { count: 0 }), "and the others stay unread: {again:?}");
    assert_eq!(ask(unread()).await.len(), 8);
    served.stop().await;
}

#[tokio::test]
async fn what_becomes_of_alerts_is_pushed_and_what_was_said_of_them_can_be_taken_back() {
    let served = Served::start_with(Config::default(), filled(10));
    let (client, mut pushes) = served.client().await;
    let topics = Topics { events: true, ..Topics::default() };
    client.call(Call::Subscribe { topics }).await.unwrap();
    let mut told = async |call: Call, wanted: (bool, AlertAnswer)| {
        client.call(call).await.unwrap();
        let comes = async {
            // That it was shown may be told of it first.
            while !matches!(pushes.recv().await.unwrap(), Push::Alerts(alerts)
                if alerts.iter().any(|alert| alert.id == 1 && (alert.read, alert.answer) == wanted))
            {}
        };
        tokio::time::timeout(Duration::from_secs(10), comes).await.unwrap();
    };
    told(Call::Acknowledge { alerts: vec![1] }, (true, AlertAnswer::Acknowledged)).await;
    told(Call::Unacknowledge { alerts: vec![1] }, (true, AlertAnswer::None)).await;
    told(Call::MarkUnread { alerts: vec![1] }, (false, AlertAnswer::None)).await;
    told(Call::MarkRead { alerts: vec![] }, (true, AlertAnswer::None)).await;
    told(Call::Acknowledge { alerts: vec![1] }, (true, AlertAnswer::Acknowledged)).await;
    told(Call::MarkUnread { alerts: vec![1] }, (false, AlertAnswer::None)).await;
    served.stop().await;
}

#[tokio::test]
async fn the_past_of_a_tile_is_told_in_points() {
    let config = Config { tiles: vec![TileConfig::default()], ..Config::default() };
    let served = Served::start_with(config, filled(600));
    let (client, _pushes) = served.client().await;
    let from_ms = Timestamp::now().as_millisecond() - 300_000;
    let query = TileHistoryQuery {
        stream: "market".to_owned(),
        key: "BTC".to_owned(),
        from_ms,
        points: 10,
        ..TileHistoryQuery::default()
    };
    let told = client.call(Call::TileHistory { query: query.clone() }).await.unwrap();
    let Answer::TileHistory(told) = told else { panic!("{told:?}") };
    assert!((10..=11).contains(&told.points.len()) && !told.sampled, "{told:?}");
    assert_eq!(told.points.last().map(|point| point.last), Some(600.0));
    assert_eq!(told.outages, []);
    let gone = client.call(Call::TileHistory { query: TileHistoryQuery { feed: 7, ..query } }).await.unwrap_err();
    assert!(matches!(gone, ClientError::Refused { code: ErrorCode::NotFound, .. }));
    served.stop().await;
}

#[tokio::test]
async fn a_tile_is_remembered_over_a_restart_and_its_past_tells_when_there_was_no_connection() {
    let stream = StreamConfig { enabled: false, ..StreamConfig::new("market", "http://127.0.0.1:9/") };
    let config = Config { streams: vec![stream.into()], tiles: vec![TileConfig::default()], ..Config::default() };
    let ago = |seconds: u64| Timestamp::now().checked_sub(Duration::from_secs(seconds)).unwrap();
    let [begun, dropped, back] = [ago(500), ago(200), ago(100)];
    let served = Served::start_with(config, |ledger| {
        filled(10)(ledger);
        let records = [(begun, dropped), (back, back)].map(|(start, end)| Record {
            end,
            cause: if start == back { Cause::Open } else { Cause::EndOfStream },
            status: Some(200),
            http: "1.1".to_owned(),
            header_after: Some(Duration::ZERO),
            open_for: Some(Duration::ZERO),
            ..Record::begun(start)
        });
        ledger.keep(&records.map(|record| ("market".into(), record))).unwrap();
    });
    let (client, _pushes) = served.client().await;
    let Answer::LastTiles(told) = client.call(Call::LastTiles).await.unwrap() else { panic!("no tiles") };
    // Where no midnight came in between.
    if ago(60).to_zoned(TimeZone::system()).date() == Zoned::now().date() {
        assert_eq!(told[0].change_pct, Some(900.0), "from 1 to 10");
    }
    let told: Vec<_> = told.iter().map(|tile| (&*tile.stream, &*tile.key, &*tile.text, tile.spark.len())).collect();
    assert_eq!(told, [("market", "BTC", "10", 10)]);
    let query = TileHistoryQuery {
        stream: "market".to_owned(),
        key: "BTC".to_owned(),
        from_ms: ago(600).as_millisecond(),
        ..TileHistoryQuery::default()
    };
    let Answer::TileHistory(told) = client.call(Call::TileHistory { query }).await.unwrap() else { panic!("no past") };
    let outage = OutageSpan { from_ms: dropped.as_millisecond(), to_ms: back.as_millisecond() };
    assert_eq!(told.outages, [outage]);
    served.stop().await;
}

#[tokio::test]
async fn whose_secrets_are_stored_is_told_without_them_and_one_is_forgotten() {
    let served =
        Served::written("version = 1\n[[stream]]\nname = \"market\"\nurl = \"http://127.0.0.1:1/\"\n", Vec::new());
    let secret = streambell_engine::secrets::Secret::from("hunter2");
    for account in ["market", "market/header/X-Key", "old/secret/client-cert"] {
        served.vault.set(account, &secret).await.unwrap();
    }
    let (client, _pushes) = served.client().await;
    let told = async || {
        let Answer::StoredSecrets(told) = client.call(Call::StoredSecrets).await.unwrap() else { panic!("no secrets") };
        assert!(!format!("{told:?}").contains("hunter2"));
        told.into_iter().map(|one| (one.stream, one.known, one.part)).collect::<Vec<_>>()
    };
    let header = SecretPart::Header { name: "X-Key".to_owned() };
    let old = ("old".to_owned(), false, SecretPart::ClientCert);
    let market = |part| ("market".to_owned(), true, part);
    assert_eq!(told().await, [market(SecretPart::Main), market(header.clone()), old.clone()]);
    let done = client.call(Call::ForgetSecret { account: "market".to_owned() }).await.unwrap();
    assert!(matches!(done, Answer::Done), "{done:?}");
    assert_eq!(told().await, [market(header), old]);
    served.stop().await;
}

#[tokio::test]
async fn the_program_tells_of_itself() {
    let served = Served::start();
    let (client, _pushes) = served.client().await;
    let Answer::Diagnosis(told) = client.call(Call::Diagnosis).await.unwrap() else { panic!("no diagnosis") };
    assert!(told.text.contains("Running: yes\n") && told.text.contains("Configured: 0 streams"), "{}", told.text);
    assert!(told.files.iter().any(|file| file.path.ends_with("history.db") && file.bytes > Some(0)));
    let asked = client.call(Call::StartAtLogin).await.unwrap();
    assert!(matches!(asked, Answer::StartAtLogin(StartAtLogin { .. })), "{asked:?}");
    served.stop().await;
}
