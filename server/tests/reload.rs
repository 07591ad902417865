//! Development: pages learn that the site was rebuilt.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper's failure is the test's failure"
)]

mod common;

use common::{Folder, Listener, get, lively, settings};
use server::live::Tuning;
use server::server::start;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_swapped_folder_or_a_new_home_page_makes_pages_reload() {
    let folder = Folder::new();
    folder.write("dist/index.html", b"avant");
    folder.write("dist.new/index.html", b"avant");
    let dist = folder.path().join("dist");
    let mut settings = settings(&dist);
    settings.reload = true;
    let server = start(&settings, Tuning::default(), lively()).await.unwrap();
    let mut page = Listener::open(server.addr(), "/_reload", &[]).await;
    std::fs::rename(&dist, folder.path().join("dist.old")).unwrap();
    std::fs::rename(folder.path().join("dist.new"), &dist).unwrap();
    assert_eq!(page.message().await[0], "event: reload");
    folder.write("dist/other.html", b"not the home page");
    folder.write("home.html", b"avant");
    std::fs::rename(folder.path().join("home.html"), dist.join("index.html")).unwrap();
    assert_eq!(page.message().await[0], "event: reload");
    let mut reloaded = Listener::open(server.addr(), "/_reload", &[]).await;
    let again = tokio::time::timeout(Duration::from_millis(500), reloaded.message()).await;
    assert!(again.is_err(), "a page reloads once: {again:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_option_there_is_no_reloading() {
    let folder = Folder::new();
    folder.write("index.html", b"");
    let server = start(&settings(folder.path()), Tuning::default(), lively())
        .await
        .unwrap();
    assert_eq!(get(server.addr(), "/_reload", &[]).await.status, 404);
    server.stop().await;
}
