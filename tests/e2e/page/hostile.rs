//! What a hostile server, or a script that came into the page, can do in the window: nothing.

use serde_json::{Value, json};
use streambell_tests::eventually;

use super::feed::narrow;
use super::{Look, Scene};

/// Markup that would run, a file name written backwards, control characters, and links to what is no web page.
const MARKUP: &str =
    "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=2</script><b>bold</b>\u{202e}exe.fdp\u{7}";

/// Tries to run, to load and to leave; what came through is returned.
const INTRUDE: &str = "
    const done = arguments[arguments.length - 1];
    (async () => {
        const through = [];
        const script = document.createElement('script');
        script.textContent = 'window.pwned = 3';
        document.body.append(script);
        script.remove();
        document.body.insertAdjacentHTML('beforeend', '<a id=trap onclick=\"window.pwned = 4\">x</a>');
        document.getElementById('trap').click();
        document.getElementById('trap').remove();
        if (window.pwned) through.push(`script ${window.pwned}`);
        await fetch('http://127.0.0.1:9/').then(() => through.push('fetch'), () => {});
        const image = new Image();
        await new Promise((end) => { image.onload = () => (through.push('image'), end()); image.onerror = end; image.src = arguments[0]; });
        const frame = document.createElement('iframe');
        frame.src = arguments[0];
        document.body.append(frame);
        if (window.open(arguments[0])) through.push('window');
        location.href = arguments[0];
        location.href = 'file:///etc/passwd';
        const invoke = window.__TAURI_INTERNALS__.invoke;
        const calls = [
            ['plugin:opener|open_path', { path: '/etc/passwd' }], ['plugin:opener|reveal_item_in_dir', { paths: ['/etc'] }],
            ['plugin:opener|open_url', { url: 'file:///etc/passwd' }], ['plugin:opener|open_url', { url: 'javascript:alert(1)' }],
            ['plugin:opener|open_url', { url: 'https://evil.example/', with: 'sh' }],
            ['plugin:event|emit', { event: 'push', payload: 1 }], ['plugin:window|close', {}], ['plugin:webview|create_webview_window', {}],
            ['plugin:path|resolve_directory', { directory: 1 }], ['plugin:app|version', {}], ['plugin:shell|open', { path: 'x' }],
            ['plugin:window-state|save_window_state', { flags: 1 }], ['ask', { call: { call: 'subscribe', topics: {} } }],
            ['ask', { call: { call: 'quit' } }], ['ask', { call: { call: 'open-dashboard', alert: null } }],
        ];
        for (const [name, given] of calls) await invoke(name, given).then(() => through.push(`${name} ${JSON.stringify(given)}`), () => {});
        frame.remove();
        done(through);
    })();";

#[tokio::test]
async fn nothing_that_a_server_sends_is_run_loaded_or_opened() {
    let scene = Scene::open(Look::EnglishLight, "").await;
    let window = &scene.window;
    let data = json!({ "symbol": MARKUP, "message": MARKUP, MARKUP: MARKUP, "url": "javascript:window.pwned=5", "file": "file:///etc/passwd" });
    scene.server.event("market-alert", "1", &data.to_string());
    scene.server.event("<img src=x onerror=window.pwned=6>", "<script>", "<svg onload=window.pwned=7>");
    scene.server.event("price-update", "2", &json!({ "symbol": MARKUP, "price": 1.5 }).to_string());
    window.find("tile").await;
    window.click("alert-row").await;
    window.see("alert-detail", "<img src=x onerror").await;
    assert_eq!(window.count("alert-link").await, 0, "a link that is none is not offered");
    for pointer in ["/url", "/file"] {
        window.press_css(&format!("[data-testid=\"json-line\"][data-pointer=\"{pointer}\"]")).await;
        assert_eq!(window.count("data-link").await, 0, "{pointer} is not to be opened");
    }
    scene.look("an alert of a hostile server").await;
    scene.desktop.screenshot("page-hostile").await;
    scene.show("feed").await;
    window.press("j").await;
    window.find("event-detail").await;
    window.press("j").await;
    window.see("event-detail", "<svg onload").await;
    let markup = "return document.querySelectorAll('main img, main script, main svg[onload], main b[onclick]').length";
    assert_eq!(window.evaluate(markup, &[]).await, 0);
    assert_eq!(window.evaluate("return window.pwned ?? null", &[]).await, Value::Null);
    assert!(!scene.opened.exists(), "{:?}", std::fs::read_to_string(&scene.opened));
    scene.done().await;
}

#[tokio::test]
async fn an_event_of_many_megabytes_is_looked_at_without_the_window_standing_still() {
    let scene = Scene::open(Look::EnglishLight, "").await;
    let window = &scene.window;
    // One long text, one long list, one deep tree, each near what a stream takes.
    let long = "x".repeat(12_000_000);
    let list: Vec<u32> = (0..1_400_000).collect();
    let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    scene.server.event("long", "1", &json!({ "text": long }).to_string());
    scene.server.event("list", "2", &json!({ "list": list }).to_string());
    scene.server.event("deep", "3", &deep);
    scene.server.event("plain", "4", &long);
    scene.show("feed").await;
    window.see_count("feed-row", 4).await;
    for name in ["long", "list", "deep", "plain"] {
        narrow(window, name).await;
        window.see_count("feed-row", 1).await;
        let begun = std::time::Instant::now();
        window.press("j").await;
        window.see("event-detail", name).await;
        window.find("event-data").await;
        let drawn = window.evaluate("return document.querySelectorAll('*').length", &[]).await;
        assert!(begun.elapsed().as_secs() < 20, "{name} took {:?}", begun.elapsed());
        assert!(drawn.as_u64().unwrap() < 5_000, "{name}: {drawn} elements");
        assert_eq!(window.sideways().await, "", "{name}");
    }
    scene.done().await;
}

#[tokio::test]
async fn a_script_in_the_page_comes_no_further_than_the_page() {
    let scene = Scene::open(Look::EnglishLight, "").await;
    let window = &scene.window;
    let remote = streambell_tests::Server::start().await;
    let through = window.client.execute_async(INTRUDE, vec![json!(remote.url("/pixel.png"))]).await.unwrap();
    assert_eq!(through, json!([]));
    assert!(remote.request_within(std::time::Duration::from_millis(300)).await.is_none(), "something was loaded");
    let refused = window.complaints().await;
    let directives: Vec<_> = refused.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for directive in ["script-src", "connect-src", "img-src"] {
        assert!(directives.iter().any(|one| one.starts_with(directive)), "{directive} was refused: {refused}");
    }
    // The window is where it was, and goes on.
    assert!(window.client.current_url().await.unwrap().as_str().starts_with("tauri://localhost"));
    scene.alert(1, "ACME", "goes on");
    window.find("alert-row").await;
    assert!(!scene.opened.exists(), "{:?}", std::fs::read_to_string(&scene.opened));
    eventually("a stream that is open", async || (scene.status().await["streams"][0]["state"] == "open").then_some(()))
        .await;
}
