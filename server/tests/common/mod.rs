//! A server to test, and a client that sends exactly what it is told: no library that tidies paths up first.

#![allow(dead_code, reason = "each test uses its own part of this")]

use engine::live::{Frame, Snapshot};
use server::embedded::demo::DemoSettings;
use server::live::Tuning;
use server::server::{Running, start};
use server::settings::{KafkaChoice, Settings};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};

/// Long enough for a machine that does ten other things.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A folder that goes away with its owner.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("formation-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, folders included.
    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Settings for a server on any free port.
pub(crate) fn settings(dist: &Path) -> Settings {
    Settings {
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        dist: dist.to_owned(),
        kafka: KafkaChoice::Embedded,
        topic: None,
        max_clients: 1_000,
        reload: false,
    }
}

/// A demonstration fifty times as fast.
pub(crate) fn lively() -> DemoSettings {
    DemoSettings {
        pause: (Duration::from_millis(3), Duration::from_millis(8)),
        calm: 100,
        burst: 10,
        burst_pause: Duration::from_millis(1),
        work: (Duration::ZERO, Duration::from_millis(5)),
    }
}

/// A server with the embedded cluster and no site.
pub(crate) async fn embedded(tuning: Tuning, demo: DemoSettings) -> Running {
    start(&settings(Path::new("absent")), tuning, demo)
        .await
        .unwrap()
}

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// `GET`, with the target and the headers as they are.
pub(crate) async fn get(addr: SocketAddr, target: &str, headers: &[(&str, &str)]) -> Reply {
    send(addr, "GET", target.as_bytes(), headers).await
}

/// Any method, any target.
pub(crate) async fn send(
    addr: SocketAddr,
    method: &str,
    target: &[u8],
    headers: &[(&str, &str)],
) -> Reply {
    let mut stream = BufReader::new(open(addr, method, target, headers).await);
    let (status, headers) = read_head(&mut stream).await;
    let mut body = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut body))
        .await
        .expect("the body ends")
        .unwrap();
    Reply {
        status,
        headers,
        body,
    }
}

/// The state, read and decoded.
pub(crate) async fn state(addr: SocketAddr) -> Snapshot {
    let reply = get(addr, "/api/v1/state", &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    serde_json::from_slice(&reply.body).unwrap()
}

/// Asks until the answer is as wished.
pub(crate) async fn eventually<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .expect("it happens in time")
}

/// A browser that listens.
pub(crate) struct Listener {
    stream: BufReader<TcpStream>,
}

impl Listener {
    pub(crate) async fn open(addr: SocketAddr, target: &str, headers: &[(&str, &str)]) -> Self {
        let mut stream = BufReader::new(open(addr, "GET", target.as_bytes(), headers).await);
        let (status, headers) = read_head(&mut stream).await;
        assert_eq!(status, 200);
        assert_eq!(headers["content-type"], "text/event-stream");
        Self { stream }
    }

    /// The next message: its lines.
    pub(crate) async fn message(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            let read = tokio::time::timeout(PATIENCE, self.stream.read_line(&mut line));
            let read = read.await.expect("a message comes in time").unwrap();
            assert!(read > 0, "the stream goes on");
            match line.trim_end() {
                "" => return lines,
                line => lines.push(line.to_owned()),
            }
        }
    }

    /// The next frame; comments are passed over.
    pub(crate) async fn frame(&mut self) -> Frame {
        loop {
            let message = self.message().await;
            if let [id, event, data] = &message[..] {
                let frame: Frame =
                    serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
                assert_eq!(*id, format!("id: {}", frame.seq));
                assert_eq!(event, "event: frame");
                return frame;
            }
        }
    }

    /// Whether the server ends the stream, whatever comes before.
    pub(crate) async fn ends(&mut self) -> bool {
        let mut rest = Vec::new();
        let end = tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut rest));
        end.await.is_ok()
    }
}

/// Sends a request over a connection with small buffers, so that a test can be a slow reader.
async fn open(
    addr: SocketAddr,
    method: &str,
    target: &[u8],
    headers: &[(&str, &str)],
) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16_384).unwrap();
    let mut stream = socket.connect(addr).await.unwrap();
    // HTTP/1.0: the answer ends with the connection, and is not cut into chunks.
    let mut request = format!("{method} ").into_bytes();
    request.extend_from_slice(target);
    request.extend_from_slice(b" HTTP/1.0\r\nHost: localhost\r\n");
    for (name, value) in headers {
        request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.unwrap();
    stream
}

async fn read_head(stream: &mut BufReader<TcpStream>) -> (u16, HashMap<String, String>) {
    let mut status = String::new();
    stream.read_line(&mut status).await.unwrap();
    let code = status.split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None => return (code.expect(&status), headers),
        };
    }
}
