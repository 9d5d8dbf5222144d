//! What is given away and taken.

use super::*;

#[tokio::test]
async fn an_import_is_told_first_and_reaches_into_the_machine_only_where_that_is_allowed() {
    let served = Served::written(TEXT, Vec::new());
    let (client, _pushes) = served.client().await;
    let import = async |text: &str, apply, allow_reaching| {
        let call = Call::Import { text: text.to_owned(), apply, allow_reaching };
        client.call(call).await.map(|answer| {
            let Answer::Imported(report) = answer else { panic!("another answer") };
            report
        })
    };
    let Answer::Exported { text } =
        client.call(Call::Export { kinds: vec![], names: vec!["High".to_owned()] }).await.unwrap()
    else {
        panic!()
    };
    assert!(text.contains("# loud\n[[rule]]\nname = \"High\"   # its name\n") && !text.contains("All"), "{text}");
    let other = text.replace("\"High\"", "\"Higher\"") + "\n[[rule]]\nname = \"All\"\n";
    let dry = import(&other, false, false).await.unwrap();
    let fates: Vec<_> = dry.items.iter().map(|item| (item.name.en.as_str(), item.fate)).collect();
    assert_eq!(fates, [("Higher", ImportFate::Added), ("All", ImportFate::Clash)]);
    assert_eq!((dry.undo, served.file().as_str()), (None, TEXT));
    let undo = import(&other, true, false).await.unwrap().undo.unwrap();
    assert!(served.file().contains("name = \"Higher\""));
    edited(&client, Call::Undo { edit: undo }).await;
    assert_eq!(served.file(), TEXT);
    let reaching = "[[stream]]\nname = \"b\"\nurl = \"https://h/\"\nunix_socket = \"/run/x\"\n";
    let held = import(reaching, true, false).await.unwrap();
    assert_eq!(
        (held.reaching.as_slice(), held.undo, held.items[0].url.as_str()),
        (&["b".to_owned()][..], None, "https://h/")
    );
    assert_eq!(served.file(), TEXT);
    assert!(import(reaching, true, true).await.unwrap().undo.is_some());
    let running = import("allow_commands = true\n[[rule]]\nname = \"r\"\nrun = [\"x\"]\n", true, true).await;
    assert!(running.unwrap_err().to_string().contains("allow_commands = true"));
    let telling =
        reaching.replace("unix_socket = \"/run/x\"", "auth = { kind = \"bearer\", secret = { command = [\"x\"] } }");
    let refused = import(&telling.replace("\"b\"", "\"c\""), true, true).await;
    assert!(refused.unwrap_err().to_string().contains("allow_commands = true"));
    let faulty = import("[[rule]]\nname = 3\n", true, true).await.unwrap();
    assert_eq!((faulty.faults[0].line, faulty.faults[0].column, faulty.undo), (2, 8, None));
    served.stop().await;
}
