//! The built site: what is served, with which headers, and what never is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper's failure is the test's failure"
)]

mod common;

use common::{Folder, get, lively, send, settings};
use server::http::headers::CONTENT_SECURITY_POLICY;
use server::live::Tuning;
use server::server::{Running, start};
use std::net::SocketAddr;

const WASM: &str = "assets/visualizer-0a1b2c3d4e5f6071/visualizer_bg.wasm";
const CSS: &str = "assets/site-1f3a9c0b2d4e5f60.css";

/// A site like the generator's, next to a file that is nobody's business.
fn site() -> (Folder, std::path::PathBuf) {
    let folder = Folder::new();
    folder.write("secret.txt", b"secret");
    folder.write("dist/index.html", b"<!doctype html>accueil");
    folder.write("dist/404.html", b"<!doctype html>page absente");
    folder.write("dist/jour-1/index.html", b"<!doctype html>jour 1");
    folder.write("dist/jour-1/index.html.br", b"brotli");
    folder.write("dist/jour-1/index.html.gz", b"gzip");
    folder.write(&format!("dist/{WASM}"), b"\0asm");
    folder.write(&format!("dist/{CSS}"), b"body{}");
    folder.write("dist/assets/dev-reload.js", b"");
    folder.write("dist/pagefind/pagefind.js", b"");
    folder.write("dist/pagefind/fragment/fr_1a2b3c4d5e.pf_fragment", b"");
    let dist = folder.path().join("dist");
    (folder, dist)
}

async fn serving(dist: &std::path::Path) -> Running {
    start(&settings(dist), Tuning::default(), lively())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_with_every_header() {
    let (_folder, dist) = site();
    let server = serving(&dist).await;
    let addr = server.addr();
    let page = get(addr, "/", &[]).await;
    assert_eq!(
        (page.status, page.text()),
        (200, "<!doctype html>accueil".to_owned())
    );
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    for path in [
        "/",
        "/jour-1/",
        "/absent",
        "/api/v1/absent",
        "/healthz",
        "/jour-1",
    ] {
        let reply = get(addr, path, &[]).await;
        let policy = reply.header("content-security-policy");
        assert_eq!(policy, CONTENT_SECURITY_POLICY, "{path}");
        assert!(policy.starts_with(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
        ));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(
            reply.header("referrer-policy"),
            "strict-origin-when-cross-origin"
        );
        assert!(
            !reply
                .headers
                .keys()
                .any(|name| name.starts_with("access-control"))
        );
    }
    let foreign = get(addr, "/api/v1/state", &[("Origin", "https://example.org")]).await;
    assert!(
        !foreign
            .headers
            .keys()
            .any(|name| name.starts_with("access-control"))
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_a_hash_are_kept_forever_and_others_asked_about() {
    let (_folder, dist) = site();
    let server = serving(&dist).await;
    let addr = server.addr();
    for (path, kind, cache) in [
        (
            format!("/{WASM}"),
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        (
            format!("/{CSS}"),
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/assets/dev-reload.js".to_owned(),
            "text/javascript; charset=utf-8",
            "no-cache",
        ),
        (
            "/pagefind/pagefind.js".to_owned(),
            "text/javascript; charset=utf-8",
            "no-cache",
        ),
        (
            "/pagefind/fragment/fr_1a2b3c4d5e.pf_fragment".to_owned(),
            "application/octet-stream",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let reply = get(addr, &path, &[]).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("content-type"), kind, "{path}");
        assert_eq!(reply.header("cache-control"), cache, "{path}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_did_not_change_is_not_sent_again() {
    let (folder, dist) = site();
    let server = serving(&dist).await;
    let addr = server.addr();
    let first = get(addr, "/", &[]).await;
    let etag = first.header("etag").to_owned();
    assert!(!etag.is_empty() && !first.header("last-modified").is_empty());
    let again = get(addr, "/", &[("If-None-Match", &etag)]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("cache-control"), "no-cache");
    folder.write("dist/index.html", b"<!doctype html>accueil, revu");
    let changed = get(addr, "/", &[("If-None-Match", &etag)]).await;
    assert_eq!(
        (changed.status, changed.text().as_str()),
        (200, "<!doctype html>accueil, revu")
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn precompressed_files_go_to_those_who_take_them() {
    let (_folder, dist) = site();
    let server = serving(&dist).await;
    let addr = server.addr();
    for (accepted, body, encoding) in [
        ("br, gzip", "brotli", "br"),
        ("gzip", "gzip", "gzip"),
        ("identity", "<!doctype html>jour 1", ""),
    ] {
        let reply = get(addr, "/jour-1/", &[("Accept-Encoding", accepted)]).await;
        assert_eq!((reply.status, reply.text().as_str()), (200, body));
        assert_eq!(reply.header("content-encoding"), encoding);
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("vary"), "accept-encoding");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn head_says_what_get_would_and_other_methods_are_refused() {
    let (_folder, dist) = site();
    let server = serving(&dist).await;
    let addr = server.addr();
    let head = send(addr, "HEAD", b"/jour-1/", &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), "21");
    for (method, target) in [
        ("POST", "/"),
        ("PUT", "/jour-1/"),
        ("DELETE", "/api/v1/state"),
        ("POST", "/healthz"),
    ] {
        assert_eq!(
            send(addr, method, target.as_bytes(), &[]).await.status,
            405,
            "{method} {target}"
        );
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_without_its_slash_is_redirected_within_the_site() {
    let (_folder, dist) = site();
    let server = serving(&dist).await;
    let addr = server.addr();
    let moved = get(addr, "/jour-1?q=a", &[]).await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (307, "/jour-1/?q=a")
    );
    let elsewhere = get(addr, "//jour-1", &[]).await;
    assert_eq!((elsewhere.status, elsewhere.header("location")), (404, ""));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_gets_the_sites_own_page() {
    let (_folder, dist) = site();
    let server = serving(&dist).await;
    let addr = server.addr();
    for path in [
        "/absent",
        "/jour-1/absent/",
        "/index.html/x",
        "/assets/",
        "/jour-2",
    ] {
        let reply = get(addr, path, &[]).await;
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (404, "<!doctype html>page absente"),
            "{path}"
        );
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_outside_the_folder_is_ever_served() {
    let (folder, dist) = site();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("secret.txt"), dist.join("lien.txt"))
            .unwrap();
        std::os::unix::fs::symlink(folder.path(), dist.join("dossier")).unwrap();
        std::os::unix::fs::symlink("index.html", dist.join("interne.html")).unwrap();
    }
    let server = serving(&dist).await;
    let addr = server.addr();
    let absolute = format!("//{}", folder.path().join("secret.txt").display());
    let targets: [&[u8]; 16] = [
        b"/../secret.txt",
        b"/jour-1/../../secret.txt",
        b"/%2e%2e/secret.txt",
        b"/%2E%2E%2Fsecret.txt",
        b"/..%2fsecret.txt",
        b"/%252e%252e/secret.txt",
        b"/..\\secret.txt",
        b"/..%5csecret.txt",
        b"/.%00./secret.txt",
        b"/index.html%00.txt",
        b"/%2fetc/passwd",
        b"//etc/passwd",
        b"/lien.txt",
        b"/dossier/secret.txt",
        b"/dossier/",
        absolute.as_bytes(),
    ];
    for target in targets {
        let reply = send(addr, "GET", target, &[]).await;
        let shown = String::from_utf8_lossy(target);
        assert!(
            reply.status == 404 || reply.status == 400,
            "{shown}: {}",
            reply.status
        );
        let body = String::from_utf8_lossy(&reply.body);
        assert!(
            !body.contains("secret") && !body.contains("root:"),
            "{shown}"
        );
    }
    #[cfg(unix)]
    assert_eq!(
        get(addr, "/interne.html", &[]).await.status,
        200,
        "a link inside is a file"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_was_not_built_says_how_to_build_it() {
    let folder = Folder::new();
    let dist = folder.path().join("dist");
    let server = serving(&dist).await;
    let addr = server.addr();
    let page = get(addr, "/", &[]).await;
    assert_eq!(page.status, 503);
    assert!(page.text().contains("cargo xtask build"), "{}", page.text());
    assert!(ready(addr, "\"site\":{\"ready\":false").await);

    folder.write("dist/index.html", b"construit");
    assert_eq!(get(addr, "/", &[]).await.text(), "construit");
    assert!(ready(addr, "\"site\":{\"ready\":true}").await);
    server.stop().await;
}

async fn ready(addr: SocketAddr, part: &str) -> bool {
    get(addr, "/readyz", &[]).await.text().contains(part)
}
