//! What is given away and taken.

use super::*;

#[tokio::test]
async fn an_import_is_told_first_and_reaches_into_the_machine_only_where_a_person_agrees() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let call = |text: &str, apply| Call::Import { text: text.to_owned(), apply };
    let import = async |text: &str, apply| {
        client.call(call(text, apply)).await.map(|answer| {
            let Answer::Imported(report) = answer else { panic!("another answer") };
            report
        })
    };
    let Answer::Exported { text } =
        client.call(Call::Export { kinds: vec![], names: vec!["High".to_owned()], items: None }).await.unwrap()
    else {
        panic!()
    };
    assert!(text.contains("# loud\n[[rule]]\nname = \"High\"   # its name\n") && !text.contains("All"), "{text}");
    let item = ItemForm::Rule { name: "High".to_owned() };
    let one = client.call(Call::Export { kinds: vec![], names: vec![], items: Some(vec![item]) }).await.unwrap();
    assert!(matches!(one, Answer::Exported { text: same } if same == text), "by itself as by its name");
    let other = text.replace("\"High\"", "\"Higher\"") + "\n[[rule]]\nname = \"All\"\n";
    let dry = import(&other, false).await.unwrap();
    let fates: Vec<_> = dry.items.iter().map(|item| (item.name.en.as_str(), item.fate)).collect();
    assert_eq!(fates, [("Higher", ImportFate::Added), ("All", ImportFate::Clash)]);
    assert_eq!((dry.undo, served.file().as_str()), (None, TEXT));
    let undo = import(&other, true).await.unwrap().undo.unwrap();
    assert!(served.file().contains("name = \"Higher\""));
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!(served.file(), TEXT);
    let reaching = "[[stream]]\nname = \"b\"\nurl = \"https://h/\"\nunix_socket = \"/run/x\"\n";
    let told = import(reaching, false).await.unwrap();
    assert_eq!((told.reaching.as_slice(), told.items[0].url.as_str()), (&["b".to_owned()][..], "https://h/"));
    assert_eq!(refused(&client, call(reaching, true)).await.0, ErrorCode::Consent);
    assert_eq!(served.file(), TEXT);
    let (question, _) = agreed(&client, call(reaching, true)).await;
    assert_eq!(question, "A stream talks to the socket \"/run/x\" of this computer: https://h/ (GET).");
    served.vault.set("gone", &"left".to_owned().into()).await.unwrap();
    let claiming = "[[stream]]\nname = \"gone\"\nurl = \"https://h/\"\nauth = { kind = \"bearer\" }\n";
    let (question, _) = agreed(&client, call(claiming, true)).await;
    assert!(question.contains("left in the keyring as \"gone\" is used, and sent to https://h"), "{question}");
    let running = import("allow_commands = true\n[[rule]]\nname = \"r\"\nrun = [\"x\"]\n", true).await;
    assert!(running.unwrap_err().to_string().contains("allow_commands = true"));
    let telling =
        reaching.replace("unix_socket = \"/run/x\"", "auth = { kind = \"bearer\", secret = { command = [\"x\"] } }");
    let refused = import(&telling.replace("\"b\"", "\"c\""), true).await;
    assert!(refused.unwrap_err().to_string().contains("allow_commands = true"));
    let faulty = import("[[rule]]\nname = 3\n", true).await.unwrap();
    assert_eq!((faulty.faults[0].line, faulty.faults[0].column, faulty.undo), (2, 8, None));
    served.stop().await;
}
