//! The program itself: exit codes, and what goes where.

use crate::case::{tests, theme};
use std::path::Path;
use std::process::{Command, Output};

fn site(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_site"))
        .args(arguments)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn check_fails_with_frames_and_a_count() {
    let content = tests().join("errors/course-syntax/content");
    let output = site(&["check", "--content", text(&content)]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.starts_with("erreur : TOML mal formé\n"), "{said}");
    assert!(said.contains("/course.toml:2:15"), "{said}");
    assert!(
        said.ends_with(" fichiers\n") || said.ends_with(" fichier\n"),
        "{said}"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn check_passes_without_writing_anything() {
    let content = tests().join("golden/navigation/content");
    let output = site(&["check", "--content", text(&content)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stderr(&output).starts_with("4 pages sans erreur"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn build_writes_the_site_and_its_compressed_copies() {
    let folder = tempfile::tempdir().unwrap();
    let (out, content) = (
        folder.path().join("dist"),
        tests().join("golden/navigation/content"),
    );
    let theme = theme();
    let arguments = [
        "build",
        "--content",
        text(&content),
        "--out",
        text(&out),
        "--theme",
        text(&theme),
        "--compress",
        "--base-path",
        "x",
    ];
    let output = site(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(out.join("jour-1/bloc-1-1/index.html.br").is_file());
    assert!(
        std::fs::read_to_string(out.join("404.html"))
            .unwrap()
            .contains("href=\"/x/\"")
    );
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let output = site(&["check", "--content", "nulle/part"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("erreur : impossible de lire « nulle/part »"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_command_that_makes_no_sense_is_refused() {
    assert_eq!(site(&["construire"]).status.code(), Some(2));
    assert_eq!(site(&["build", "--tout"]).status.code(), Some(2));
}

#[test]
fn simulate_writes_one_event_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.toml");
    let scenario = "type = \"partitionnement\"\ntitle = \"T\"\nseed = 1\n[config]\n\"num.partitions\" = 3\n[[action]]\nat = \"0ms\"\nproduce = { keys = [\"a\"], every = \"10ms\", count = 2 }\n";
    std::fs::write(&file, scenario).unwrap();
    let output = site(&["simulate", text(&file)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let events: Vec<engine::event::Event> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(events.len() > 2, "{events:?}");

    std::fs::write(&file, "type = 1\n").unwrap();
    let output = site(&["simulate", text(&file)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("s.toml:1:"), "{}", stderr(&output));
}
