//! How much the live part carries, and what it costs: prints figures, decides nothing.
//!
//! ```text
//! cargo run --release -p server --example load -- [CLIENTS] [SECONDS] [PAUSE_MICROSECONDS] [WINDOW_MILLISECONDS]
//! ```
//!
//! Starts the server with the embedded cluster, produces one order every `PAUSE_MICROSECONDS` (0: as fast as it goes), lets
//! `CLIENTS` browsers read all frames over loopback, and prints a line every ten seconds. `-- 100 30 0 1` measures the
//! fan-out with a frame every millisecond; `-- 1 600 1000` makes the mock's retention turn over many times, to see that memory stays flat.

#![allow(clippy::unwrap_used, reason = "an example may give up")]

use server::embedded::demo::DemoSettings;
use server::live::Tuning;
use server::metrics::resident_bytes;
use server::server::{Running, start};
use server::settings::{KafkaChoice, Settings};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What all clients received.
#[derive(Default)]
struct Received {
    frames: AtomicU64,
    bytes: AtomicU64,
}

#[tokio::main]
async fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|text| text.parse::<u64>().unwrap());
    let clients = numbers.next().unwrap_or(100);
    let seconds = numbers.next().unwrap_or(30);
    let pause = Duration::from_micros(numbers.next().unwrap_or(0));
    let window = numbers.next().map(Duration::from_millis);
    let server = serve(pause, window).await;
    let received = Arc::new(Received::default());
    for _ in 0..clients {
        tokio::spawn(read(server.addr(), Arc::clone(&received)));
    }
    println!("{clients} clients, {pause:?} between orders");
    let begin = Instant::now();
    let mut before = (0, 0);
    while begin.elapsed().as_secs() < seconds {
        tokio::time::sleep(Duration::from_secs(10)).await;
        before = report(&server, &received, begin.elapsed(), before);
    }
    println!("clean stop: {}", server.stop().await);
}

async fn serve(pause: Duration, window: Option<Duration>) -> Running {
    let settings = Settings {
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        dist: PathBuf::from("dist"),
        kafka: KafkaChoice::Embedded,
        topic: None,
        max_clients: 100_000,
        reload: false,
    };
    let demo = DemoSettings {
        pause: (pause, pause),
        burst: 0,
        work: (Duration::ZERO, Duration::ZERO),
        ..DemoSettings::default()
    };
    let usual = Tuning::default();
    let tuning = Tuning {
        window: window.unwrap_or(usual.window),
        ..usual
    };
    start(&settings, tuning, demo).await.unwrap()
}

async fn read(addr: SocketAddr, received: Arc<Received>) {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let request = b"GET /api/v1/events HTTP/1.0\r\nHost: localhost\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut buffer = vec![0; 65_536];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        // A frame's last bytes are an empty line, which its JSON cannot contain.
        let frames = buffer[..read]
            .windows(2)
            .filter(|pair| pair == b"\n\n")
            .count();
        received.frames.fetch_add(frames as u64, Ordering::Relaxed);
        received.bytes.fetch_add(read as u64, Ordering::Relaxed);
    }
}

fn report(
    server: &Running,
    received: &Received,
    elapsed: Duration,
    before: (u64, u64),
) -> (u64, u64) {
    let frames = received.frames.load(Ordering::Relaxed);
    let bytes = received.bytes.load(Ordering::Relaxed);
    let state: engine::live::Snapshot =
        serde_json::from_slice(&server.feeds().usual().snapshot().unwrap()).unwrap();
    let partitions = state
        .topic
        .map(|topic| topic.partitions)
        .unwrap_or_default();
    let low: i64 = partitions.iter().map(|partition| partition.low.0).sum();
    let high: i64 = partitions.iter().map(|partition| partition.high.0).sum();
    let offsets = state.groups.iter().flat_map(|group| &group.offsets);
    let committed: i64 = offsets
        .filter_map(|offset| offset.committed)
        .map(|offset| offset.0)
        .sum();
    println!(
        "{:4} s: {:7.0} frames/s, {:6.1} MB/s to clients; log {low}..{high}, lag {}; memory {} MiB",
        elapsed.as_secs(),
        (frames - before.0) as f64 / 10.0,
        (bytes - before.1) as f64 / 1e7,
        high - committed,
        resident_bytes().unwrap_or(0) >> 20,
    );
    (frames, bytes)
}
