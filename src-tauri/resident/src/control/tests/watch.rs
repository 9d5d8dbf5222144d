//! A stream that is watched before it is saved, and a dashboard under a flood, over the socket.

use std::sync::Arc;
use std::time::Instant;

use streambell_engine::config::{Store, StreamConfig};
use streambell_protocol::{EventBatch, MoreSecrets, Pushes, SecretText, StreamForm, WatchPhase, WatchView};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::*;
use crate::control::form;

const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

/// Answers each request with what `answer` writes, then holds the connection for as long as the client does.
async fn server<F: Future<Output = ()> + Send>(
    answer: impl Fn(TcpStream, String) -> F + Clone + Send + 'static,
) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/stream", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8_192];
            let read = socket.read(&mut request).await.unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..read]).to_ascii_lowercase();
            answer(socket, request).await;
        }
    });
    (url, serving)
}

async fn told(mut socket: TcpStream, text: &str) {
    socket.write_all(text.as_bytes()).await.ok();
    // Until the client goes.
    socket.read_to_end(&mut Vec::new()).await.ok();
}

fn form_of(url: &str) -> StreamForm {
    form::to_form(&StreamConfig::new("new", url))
}

fn watching(watch: u32, stream: StreamForm) -> Call {
    Call::WatchStream { watch, original: None, stream: stream.into(), secret: None, secrets: MoreSecrets::default() }
}

/// The next view of a watch for which this holds.
async fn seen(pushes: &mut Pushes, holds: impl Fn(&WatchView) -> bool) -> WatchView {
    let waiting = async {
        loop {
            match pushes.recv().await {
                Some(Push::Watched(view)) if holds(&view) => return *view,
                Some(_) => {}
                None => panic!("the resident went away"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap()
}

#[tokio::test]
async fn what_comes_is_pushed_to_who_asked_and_stored_nowhere() {
    let text = format!(
        "{STREAM}event: price\ndata: {{\"symbol\":\"BTC\",\"price\":7}}\n\nevent: price\ndata: x\n\ndata: hi\n\n"
    );
    let (url, serving) = server(move |socket, _| {
        let text = text.clone();
        async move { told(socket, &text).await }
    })
    .await;
    let served = Served::start();
    let (other, mut elsewhere) = served.client().await;
    let (client, mut pushes) = served.client().await;
    client.call(watching(7, form_of(&url))).await.unwrap();
    let view = seen(&mut pushes, |view| view.total == 3).await;
    assert_eq!((view.watch, view.phase, view.status, view.over), (7, WatchPhase::Open, Some(200), false));
    let names = view.names.iter().map(|known| (known.name.as_str(), known.count)).collect::<Vec<_>>();
    assert_eq!(names, [("price", 2), ("message", 1)]);
    assert_eq!(view.names[0].tiles[0].value, "/price");
    client.call(Call::UnwatchStream { watch: 7 }).await.unwrap();
    let Answer::History(stored) = other.call(Call::History { query: Default::default() }).await.unwrap() else {
        panic!("no history")
    };
    assert!(stored.is_empty());
    assert!(elsewhere.try_recv().is_err(), "nobody else hears of it");
    serving.abort();
    served.stop().await;
}

#[tokio::test]
async fn what_was_seen_is_kept_once_as_the_first_events_of_the_stream_that_became_of_it() {
    let (url, serving) = server(move |socket, _| async move {
        tokio::spawn(async move { told(socket, &format!("{STREAM}event: hourly\ndata: seven\n\n")).await });
    })
    .await;
    // Switched off, so that nothing comes by itself.
    let stream = |name: &str, url: &str, store: Store| {
        let mut stream = StreamConfig::new(name, url);
        (stream.enabled, stream.store) = (false, store);
        Arc::new(stream)
    };
    let streams = vec![
        stream("hours", &url, Store::All),
        stream("others", "http://127.0.0.1:9/", Store::All),
        stream("forgetful", &url, Store::Alerts),
    ];
    let served = Served::start_with(Config { streams, ..Config::default() }, |_| {});
    let (client, mut pushes) = served.client().await;
    let keep = |watch: u32, stream: &str| Call::KeepWatched { watch, stream: stream.to_owned() };
    // A stream that does not store its events keeps none of these either.
    client.call(watching(2, form_of(&url))).await.unwrap();
    seen(&mut pushes, |view| view.total == 1).await;
    client.call(keep(2, "forgetful")).await.unwrap();
    client.call(watching(4, form_of(&url))).await.unwrap();
    seen(&mut pushes, |view| (view.watch, view.total) == (4, 1)).await;
    let stored = async || {
        let query = streambell_protocol::HistoryQuery::default();
        let Answer::History(stored) = client.call(Call::History { query }).await.unwrap() else { panic!("no history") };
        stored
    };
    // Another number is another watch.
    client.call(keep(3, "hours")).await.unwrap();
    client.call(keep(4, "hours")).await.unwrap();
    client.call(keep(4, "hours")).await.unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while stored().await.is_empty() {
        assert!(Instant::now() < end, "nothing was kept");
    }
    let events = stored().await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!((&*events[0].stream, &*events[0].event, &*events[0].data), ("hours", "hourly", "seven"));
    // Nor does one stream's server write in the history of another.
    client.call(watching(5, form_of(&url))).await.unwrap();
    seen(&mut pushes, |view| (view.watch, view.total) == (5, 1)).await;
    assert!(client.call(keep(5, "others")).await.is_err());
    assert_eq!(stored().await.len(), 1);
    serving.abort();
    served.stop().await;
}

#[tokio::test]
async fn it_says_what_the_server_wants() {
    let (url, serving) = server(|socket, request: String| async move {
        let text = if request.starts_with("get /stream/page") {
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi".to_owned()
        } else if request.contains("bearer right") {
            format!("{STREAM}data: 1\n\n")
        } else {
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
        };
        let mut socket = socket;
        socket.write_all(text.as_bytes()).await.ok();
        tokio::spawn(async move { socket.read(&mut [0; 16]).await.ok() });
    })
    .await;
    let served = Served::start();
    let (client, mut pushes) = served.client().await;
    let mut stream = form_of(&url);
    stream.auth.kind = streambell_protocol::AuthKind::Bearer;
    client.call(watching(1, form_of(&url))).await.unwrap();
    let view = seen(&mut pushes, |view| view.over).await;
    assert_eq!((view.phase, view.status), (WatchPhase::NeedsSignIn, Some(401)));
    let secret = Some(SecretText::new("right".to_owned()));
    let secrets = MoreSecrets::default();
    let call = Call::WatchStream { watch: 2, original: None, stream: stream.into(), secret, secrets };
    client.call(call).await.unwrap();
    let view = seen(&mut pushes, |view| view.total == 1).await;
    assert_eq!((view.watch, view.phase), (2, WatchPhase::Open));
    client.call(watching(3, form_of(&format!("{url}/page")))).await.unwrap();
    let view = seen(&mut pushes, |view| view.over).await;
    assert_eq!((view.watch, view.phase), (3, WatchPhase::NotAStream));
    serving.abort();
    served.stop().await;
}

#[tokio::test]
async fn a_watch_ends_with_its_client() {
    let (gone, mut went) = mpsc::unbounded_channel();
    let (url, serving) = server(move |mut socket: TcpStream, _| {
        let gone = gone.clone();
        async move {
            socket.write_all(format!("{STREAM}data: 1\n\n").as_bytes()).await.unwrap();
            let left = matches!(socket.read(&mut [0; 16]).await, Ok(0) | Err(_));
            gone.send(left).unwrap();
        }
    })
    .await;
    let served = Served::start();
    let (client, mut pushes) = served.client().await;
    client.call(watching(1, form_of(&url))).await.unwrap();
    seen(&mut pushes, |view| view.total == 1).await;
    drop((client, pushes));
    let left = tokio::time::timeout(Duration::from_secs(10), went.recv()).await.unwrap();
    assert_eq!(left, Some(true));
    serving.abort();
    served.stop().await;
}

#[tokio::test]
async fn a_dashboard_under_a_thousand_events_a_second_gets_ten_batches_and_the_count_of_the_rest() {
    const EVENTS: u32 = 3_000;
    let listens = Arc::new(Notify::new());
    let begin = Arc::clone(&listens);
    let (url, serving) = server(move |mut socket: TcpStream, _| {
        let begin = Arc::clone(&begin);
        async move {
            socket.write_all(STREAM.as_bytes()).await.unwrap();
            begin.notified().await;
            for ten in 0..EVENTS / 10 {
                let some: String = (0..10).map(|n| format!("id: {ten}-{n}\ndata: {}\n\n", "x".repeat(200))).collect();
                socket.write_all(some.as_bytes()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            socket.read_to_end(&mut Vec::new()).await.ok();
        }
    })
    .await;
    let config = Config { streams: vec![StreamConfig::new("flood", &url).into()], ..Config::default() };
    let served = Served::start_with(config, |_| {});
    let (client, mut pushes) = served.client().await;
    client.call(Call::Subscribe { topics: Topics { events: true, ..Topics::default() } }).await.unwrap();
    listens.notify_one();
    let started = Instant::now();
    let (mut batches, mut told) = (0_u32, 0_u32);
    let counting = async {
        while told < EVENTS {
            let Some(push) = pushes.recv().await else { panic!("the resident went away") };
            if let Push::Events(EventBatch { events, omitted }) = push {
                assert!(events.len() <= 200, "{}", events.len());
                told += u32::try_from(events.len()).unwrap() + omitted;
                batches += 1;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), counting).await.unwrap();
    assert_eq!(told, EVENTS);
    let most = 10.0 * started.elapsed().as_secs_f64() + 2.0;
    assert!(f64::from(batches) <= most, "{batches} batches in {:?}", started.elapsed());
    serving.abort();
    served.stop().await;
}
