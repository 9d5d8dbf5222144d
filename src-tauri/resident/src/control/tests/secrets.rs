//! No secret of a stream comes back by any door of the socket or stands in a file, byte for byte, though its server
//! repeats all that it is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use streambell_protocol::{
    AuthKind, MoreSecrets, PresetChoice, RuleDraft, RuleForm, SecretText, StreamDraft, StreamForm,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// Those that the machine has, and those that a person types.
const STORED: [&str; 3] = ["s3cret-of-the-keyring", "s3cret-of-a-header", "s3cret-of-a-file"];
const TYPED: [&str; 3] = ["s3cret-that-is-typed", "s3cret-typed-for-a-header", "s3cret-typed-for-nothing"];

/// A server that refuses whoever comes, and repeats what they said. Gives its address.
async fn parrot() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut said = vec![0; 8 << 10];
                let length = stream.read(&mut said).await.unwrap_or(0);
                let said = String::from_utf8_lossy(&said[..length]).replace("\r\n", " ");
                let head = format!("HTTP/1.1 403 {}\r\nContent-Type: text/plain\r\n", "No");
                let answer = format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n{said}", said.len());
                drop(stream.write_all(answer.as_bytes()).await);
            });
        }
    });
    format!("http://{address}/events?key=1")
}

/// What all doors let through, each as it goes over the socket.
struct Through(Vec<(String, String)>);

impl Through {
    /// An answer, or a refusal.
    async fn call(&mut self, client: &Client, call: Call) {
        let (name, said) = (call.name().to_owned(), client.call(call).await);
        let text = match &said {
            Ok(answer) => serde_json::to_string(answer).unwrap(),
            Err(refusal) => format!("{refusal} {refusal:?} {:?}", refusal.text()),
        };
        self.0.push((name, text));
    }
}

#[tokio::test]
async fn no_secret_comes_back_by_any_door() {
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("private");
    std::fs::write(&file, STORED[2]).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let url = parrot().await;
    let text = format!(
        "version = 1\n[[stream]]\nname = \"market\"\nurl = \"{url}\"\nenabled = false\nauth = {{ kind = \"basic\", user = \"ann\" }}\n\
         headers = {{ X-Key = {{ keyring = true }}, X-File = {{ file = {file:?} }} }}\n[[rule]]\nname = \"R\"\n"
    );
    let served = Served::written(&text, Vec::new());
    for (account, secret) in ["market", "market/header/X-Key"].into_iter().zip(STORED) {
        served.vault.set(account, &secret.to_owned().into()).await.unwrap();
    }
    let (client, mut pushes) = served.client().await;
    let topics = Topics { snapshots: true, events: true, dashboard: true };
    client.call(Call::Subscribe { topics }).await.unwrap();
    let pushed = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(push) = pushes.recv().await {
            all.push(("push".to_owned(), serde_json::to_string(&push).unwrap()));
        }
        all
    });
    let mut through = Through(Vec::new());
    let switched =
        std::fs::read_to_string(served.folder.path().join("config.toml")).unwrap().replace("enabled = false\n", "");
    std::fs::write(served.folder.path().join("config.toml"), &switched).unwrap();
    served.engine.reload().await;
    let refused = |snapshot: &Arc<streambell_engine::snapshot::Snapshot>| {
        snapshot.streams.first().is_some_and(|stream| stream.state.as_str() == "needs-sign-in")
    };
    served.engine.snapshots().wait_for(refused).await.unwrap();

    let Answer::Configuration(configuration) = client.call(Call::Configuration).await.unwrap() else { panic!() };
    let form: StreamForm = configuration.streams[0].clone();
    let (original, secret) = (|| Some("market".to_owned()), |at: usize| Some(SecretText::new(TYPED[at].to_owned())));
    let secrets = || MoreSecrets {
        headers: vec![("X-Key".to_owned(), SecretText::new(TYPED[1].to_owned()))],
        ..MoreSecrets::default()
    };
    let unused = || MoreSecrets { client_cert: secret(2), ..MoreSecrets::default() };
    let stream = |form: &StreamForm| StreamDraft::from(form.clone());
    let mut without = form.clone();
    without.auth.kind = AuthKind::None;
    let nowhere = StreamForm { url: "ftp://nowhere".to_owned(), ..form.clone() };
    let wrong = StreamDraft::Text(format!("[[stream]]\nname = \"x\"\nurl = \"{url}\"\nauth = \"{}\"\n", "none"));
    for call in [
        Call::Configuration,
        Call::Snapshot,
        Call::Uptime,
        Call::Connections { stream: "market".to_owned(), limit: 50 },
        Call::History { query: Default::default() },
        Call::Alerts { query: Default::default() },
        Call::Diagnosis,
        Call::Export { kinds: Vec::new(), names: Vec::new(), items: None },
        Call::Import { text: switched.clone(), apply: false },
        Call::StreamText { original: original(), stream: stream(&form) },
        Call::StreamText { original: original(), stream: wrong.clone() },
        Call::TestStream { original: original(), stream: stream(&form), secret: None, secrets: MoreSecrets::default() },
        Call::TestStream { original: original(), stream: stream(&form), secret: secret(0), secrets: secrets() },
        Call::TestStream { original: original(), stream: stream(&nowhere), secret: secret(0), secrets: secrets() },
        Call::TestStream { original: None, stream: stream(&without), secret: secret(0), secrets: unused() },
        Call::Diagnose {
            original: original(),
            stream: stream(&form),
            secret: None,
            secrets: MoreSecrets::default(),
            seconds: Some(5),
        },
        Call::Diagnose {
            original: original(),
            stream: stream(&form),
            secret: secret(0),
            secrets: secrets(),
            seconds: Some(5),
        },
        Call::WatchStream {
            watch: 1,
            original: original(),
            stream: stream(&form),
            secret: secret(0),
            secrets: secrets(),
        },
        Call::SaveStream {
            original: original(),
            stream: stream(&nowhere),
            secret: secret(0),
            secrets: secrets(),
            base: None,
        },
        Call::SaveStream {
            original: original(),
            stream: stream(&without),
            secret: secret(0),
            secrets: unused(),
            base: None,
        },
        Call::SaveStream { original: original(), stream: wrong, secret: secret(0), secrets: secrets(), base: None },
        Call::FillPreset { choice: PresetChoice { key: "ntfy".to_owned(), values: Default::default() } },
        Call::PreviewRule { original: None, draft: RuleDraft::Form(Box::new(RuleForm::new("N"))) },
        Call::SaveStream {
            original: original(),
            stream: stream(&form),
            secret: secret(0),
            secrets: secrets(),
            base: None,
        },
        Call::Reconnect { stream: original() },
        Call::RemoveStream { name: "market".to_owned() },
        Call::Undo { edit: 2 },
    ] {
        through.call(&client, call).await;
    }
    // What the stream reads from a file goes to its server again.
    let asked = client.call(Call::Undo { edit: 2 }).await.unwrap_err();
    let ClientError::Refused { code: ErrorCode::Consent, message } = asked else { panic!("{asked:?}") };
    client.call_agreed(Call::Undo { edit: 2 }, message).await.unwrap();
    served.engine.snapshots().wait_for(refused).await.unwrap();
    through.call(&client, Call::Snapshot).await;
    through.call(&client, Call::Connections { stream: "market".to_owned(), limit: 50 }).await;
    let folder = served.folder.path().to_owned();
    served.shutdown.cancel();
    drop(served.task.await.unwrap());
    served.engine.stop().await;
    drop(client);
    through.0.extend(pushed.await.unwrap());
    for entry in std::fs::read_dir(&folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = std::fs::read(entry.path()).unwrap();
        through.0.push((entry.path().display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    // The door was open: what is not a secret came through.
    assert!(through.0.iter().any(|(name, text)| name == "test-stream" && text.contains("403")), "{:?}", through.0);
    let basic = |secret: &str| STANDARD.encode(format!("ann:{secret}"));
    for secret in STORED.into_iter().chain(TYPED).flat_map(|secret| [secret.to_owned(), basic(secret)]) {
        for (name, text) in &through.0 {
            assert!(!text.contains(&secret), "{secret} comes back by {name}: {text}");
        }
    }
}
