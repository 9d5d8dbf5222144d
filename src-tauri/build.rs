//! Checks that the page is there to be embedded, and lets Tauri read its configuration.

use std::path::Path;

/// The built page; the same folder as `frontendDist` in `tauri.conf.json`.
const PAGE: &str = "../ui/dist";

fn main() {
    println!("cargo::rerun-if-changed={PAGE}");
    println!("cargo::rerun-if-changed=../icons");
    if Path::new(PAGE).join("index.html").is_file() {
        tauri_build::build();
    } else {
        println!("cargo::error=the page that the window shows is not built yet (ui/dist); build the UI first: make ui");
    }
}
