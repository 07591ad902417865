//! Many browsers, slow browsers, browsers that vanish.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper's failure is the test's failure"
)]

mod common;

use common::{Listener, embedded, eventually, get, lively, settings, state};
use server::embedded::demo::DemoSettings;
use server::live::Tuning;
use server::server::start;
use std::path::Path;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_visits_leave_nothing_behind() {
    let mut settings = settings(Path::new("absent"));
    settings.max_clients = 100;
    let server = start(&settings, Tuning::default(), lively()).await.unwrap();
    let addr = server.addr();
    for _ in 0..20 {
        let mut visitors = Vec::new();
        for _ in 0..50 {
            visitors.push(Listener::open(addr, "/api/v1/events", &[]).await);
        }
        for visitor in &mut visitors {
            visitor.message().await;
        }
        drop(visitors);
        eventually(async || (server.metrics().clients() == 0).then_some(())).await;
    }
    let metrics = get(addr, "/metrics", &[]).await.text();
    assert!(
        metrics.contains("\nformation_live_clients 0\n"),
        "{metrics}"
    );
    assert!(
        metrics.contains("formation_live_connections_total{outcome=\"new\"} 1000\n"),
        "{metrics}"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_browser_too_many_is_refused_until_another_leaves() {
    let mut settings = settings(Path::new("absent"));
    settings.max_clients = 2;
    let server = start(&settings, Tuning::default(), lively()).await.unwrap();
    let addr = server.addr();
    let first = Listener::open(addr, "/api/v1/events", &[]).await;
    let _second = Listener::open(addr, "/api/v1/events", &[]).await;
    let refused = get(addr, "/api/v1/events", &[]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "10"));
    assert!(refused.text().contains("trop de navigateurs"));
    let open_to_all = get(addr, "/api/v1/state", &[]).await;
    assert_eq!(open_to_all.status, 200);
    drop(first);
    eventually(async || (server.metrics().clients() == 1).then_some(())).await;
    Listener::open(addr, "/api/v1/events", &[]).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_does_not_read_is_told_what_it_missed_and_slows_nobody() {
    let tuning = Tuning {
        window: Duration::from_millis(10),
        queue_frames: 400,
        ..Tuning::default()
    };
    let torrent = DemoSettings {
        pause: (Duration::ZERO, Duration::ZERO),
        ..lively()
    };
    let server = embedded(tuning, torrent).await;
    let addr = server.addr();
    eventually(async || state(addr).await.topic.map(|_| ())).await;
    let mut slow = Listener::open(addr, "/api/v1/events", &[]).await;
    let mut quick = Listener::open(addr, "/api/v1/events", &[]).await;

    let text = "formation_live_events_skipped_total{cause=\"slow_client\"}";
    let mut last = quick.frame().await.seq;
    while !get(addr, "/metrics", &[]).await.text().contains(text) {
        // While the slow one's connection fills up, the quick one misses nothing.
        for _ in 0..20 {
            let frame = quick.frame().await;
            assert_eq!(frame.seq, last + 1);
            last = frame.seq;
        }
        // The notice for the slow one is made when its connection has room again: it reads one message of many.
        slow.message().await;
    }
    let mut notice = slow.frame().await;
    while notice.skipped == 0 || !notice.reset {
        notice = slow.frame().await;
    }
    let next = slow.frame().await;
    assert!(next.seq > notice.seq);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_end_with_the_server() {
    let server = embedded(Tuning::default(), lively()).await;
    let mut browser = Listener::open(server.addr(), "/api/v1/events", &[]).await;
    browser.message().await;
    assert!(server.stop().await, "within two seconds");
    assert!(browser.ends().await);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_takes_nothing_any_more_frees_its_place() {
    let tuning = Tuning {
        window: Duration::from_millis(10),
        dead_connection: Duration::from_secs(1),
        ..Tuning::default()
    };
    let torrent = DemoSettings {
        pause: (Duration::ZERO, Duration::ZERO),
        ..lively()
    };
    let server = embedded(tuning, torrent).await;
    // Open, and never read: what a computer put to sleep looks like from here.
    let _asleep = Listener::open(server.addr(), "/api/v1/events", &[]).await;
    assert_eq!(server.metrics().clients(), 1);
    eventually(async || (server.metrics().clients() == 0).then_some(())).await;
    server.stop().await;
}
