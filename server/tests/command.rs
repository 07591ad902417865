//! The `server` command itself: what it says, how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper's failure is the test's failure"
)]

mod common;

use common::{Folder, PATIENCE, eventually, get};
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command
        .args(arguments)
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs a command that cannot start; returns its exit code and what it said.
async fn refusal(arguments: &[&str]) -> (Option<i32>, String) {
    let output = tokio::time::timeout(PATIENCE, command(arguments).output());
    let output = output.await.expect("it gives up").unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Reads the first line and the address in it.
async fn started(child: &mut Child) -> (String, SocketAddr) {
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.as_mut().unwrap());
    let read = tokio::time::timeout(PATIENCE, output.read_line(&mut line));
    read.await.expect("it says that it is ready").unwrap();
    let url = line
        .split_whitespace()
        .find_map(|word| word.strip_prefix("http://"));
    let addr = url.expect(&line).parse().unwrap();
    (line, addr)
}

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn mistakes_are_explained_in_french() {
    for (arguments, expected) in [
        (&["--addr", "huit"][..], "« huit » n’est pas une adresse"),
        (&["--kafka", "kafka"], "HÔTE:PORT"),
        (&["--topic", "commandes créées"], "nom de topic"),
        (&["--adr", "x"], "« --adr » n’existe pas"),
        (&["--addr"], "attend une valeur"),
        (
            &["--max-clients", "beaucoup"],
            "« beaucoup » ne convient pas",
        ),
    ] {
        let (code, text) = refusal(arguments).await;
        assert!(
            code == Some(1) || code == Some(2),
            "{arguments:?}: {code:?}"
        );
        assert!(
            text.starts_with("Erreur : ") && text.contains(expected),
            "{arguments:?}: {text}"
        );
        assert!(!text.contains("panicked"), "{text}");
    }
}

#[tokio::test]
async fn a_port_in_use_names_the_command_that_chooses_another() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let (code, text) = refusal(&["--addr", &addr]).await;
    assert_eq!(code, Some(1));
    assert!(
        text.contains("déjà utilisé") && text.contains("cargo xtask serve --addr 127.0.0.1:"),
        "{text}"
    );
}

#[tokio::test]
async fn it_says_where_it_is_and_ends_on_a_signal() {
    let folder = Folder::new();
    folder.write("index.html", b"");
    let dist = folder.path().to_str().unwrap();
    let mut child = command(&["--addr", "127.0.0.1:0", "--dist", dist])
        .spawn()
        .unwrap();
    let (line, addr) = started(&mut child).await;
    assert!(
        line.starts_with("Formation Kafka : http://127.0.0.1:"),
        "{line}"
    );
    assert!(line.contains("cluster embarqué (démonstration)"), "{line}");
    let ready = async || (get(addr, "/readyz", &[]).await.status == 200).then_some(());
    eventually(ready).await;
    terminate(&child);
    let status = tokio::time::timeout(PATIENCE, child.wait())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .await
        .unwrap();
    assert!(
        !said.contains("panicked") && said.contains("Arrêt"),
        "{said}"
    );
}

#[tokio::test]
async fn without_its_cluster_it_serves_and_says_why_the_live_part_waits() {
    let broker = nobody();
    let mut child = command(&["--addr", "127.0.0.1:0", "--kafka", &broker])
        .spawn()
        .unwrap();
    let (line, addr) = started(&mut child).await;
    assert!(line.contains(&broker), "{line}");
    let state = eventually(async || {
        let state = get(addr, "/api/v1/state", &[]).await.text();
        state.contains("connexion refusée").then_some(state)
    })
    .await;
    assert!(state.contains("\"cluster\":{\"bootstrap\":"), "{state}");
    assert_eq!(get(addr, "/healthz", &[]).await.status, 200);
    assert_eq!(get(addr, "/readyz", &[]).await.status, 503);
    terminate(&child);
    tokio::time::timeout(PATIENCE, child.wait())
        .await
        .unwrap()
        .unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_under_its_log_does_not_stop_it() {
    let full = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let addr: SocketAddr = nobody().parse().unwrap();
    let mut child = command(&["--addr", &addr.to_string(), "--kafka", &nobody()])
        .env("RUST_LOG", "debug")
        .stdout(full())
        .stderr(full())
        .spawn()
        .unwrap();
    eventually(async || tokio::net::TcpStream::connect(addr).await.ok()).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(get(addr, "/healthz", &[]).await.status, 200);
    terminate(&child);
    let status = tokio::time::timeout(PATIENCE, child.wait())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(status.code(), Some(0));
}

/// Asks the process to end, as a system does.
fn terminate(child: &Child) {
    let id = child.id().unwrap().to_string();
    let status = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(status.unwrap().success());
}
