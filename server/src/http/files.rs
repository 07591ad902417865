//! The built site: `ServeDir`, confined to its folder.
//!
//! `ServeDir` brings the media types, precompressed `.br` and `.gz` files, `ETag`, `Last-Modified`, ranges, `HEAD` and the
//! redirect of `/folder` to `/folder/`. Added here: symbolic links may not lead out of the folder, caching by kind of file,
//! the site's own 404 page, and an answer that helps when the site was not built.
//!
//! The folder may be swapped for a new one at any moment: every request looks at what is there then.

use super::{App, answer};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use tower_http::services::ServeDir;
use tower_http::services::fs::{Backend, DefaultServeDirFallback, TokioBackend, TokioFile};

/// Never asked for again: the name changes when the content does.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Kept, but asked about each time.
const REVALIDATE: &str = "no-cache";
/// Shortest run of hexadecimal digits that counts as a content hash in a file's name.
const HASH_DIGITS: usize = 8;

/// The folder of the built site.
#[derive(Clone)]
pub struct Files {
    root: Arc<Path>,
    service: ServeDir<DefaultServeDirFallback, Confined>,
    cache_forever: bool,
}

impl Files {
    /// Serves `root`. With `cache_forever`, files whose names carry a hash are never asked for again.
    pub fn new(root: &Path, cache_forever: bool) -> Self {
        let root: Arc<Path> = root.into();
        let confined = Confined {
            root: Arc::clone(&root),
        };
        Self {
            service: ServeDir::with_backend(&root, confined)
                .precompressed_br()
                .precompressed_gzip(),
            root,
            cache_forever,
        }
    }

    /// Why there is no site to serve, if there is none.
    pub async fn missing(&self) -> Option<String> {
        let page = confine(&self.root, &self.root.join("index.html")).await;
        match page {
            Ok(_) => None,
            Err(_) => Some(format!(
                "le site n’est pas construit : {} n’a pas d’index.html ; lancez « cargo xtask build »",
                self.root.display()
            )),
        }
    }

    async fn serve(&self, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        // `//host/` would become a redirect to another host.
        if path.starts_with("//") {
            return self.not_found().await;
        }
        match self.service.clone().try_call(request).await {
            Ok(response) if is_not_found(response.status()) => self.not_found().await,
            Ok(response) => self.finish(&path, response.map(Body::new)),
            Err(error) if is_absent(&error) => self.not_found().await,
            Err(error) => {
                tracing::error!(%error, path, "fichier illisible");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    fn finish(&self, path: &str, mut response: Response) -> Response {
        let cache = if self.cache_forever && has_hashed_name(path) {
            IMMUTABLE
        } else {
            REVALIDATE
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        if let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(with_charset) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        response
    }

    /// The site's own page for what does not exist, or why there is no site at all.
    async fn not_found(&self) -> Response {
        if let Some(reason) = self.missing().await {
            let page = format!(
                "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>Site absent</title><h1>Site absent</h1><p>{}</p></html>",
                escape(&reason)
            );
            return page_response(StatusCode::SERVICE_UNAVAILABLE, page.into_bytes());
        }
        let page = match confine(&self.root, &self.root.join("404.html")).await {
            Ok(path) => tokio::fs::read(path).await.unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        page_response(StatusCode::NOT_FOUND, page)
    }
}

/// Anything that no other route answers.
pub(super) async fn files(State(app): State<Arc<App>>, request: Request) -> Response {
    app.files.serve(request).await
}

fn page_response(status: StatusCode, page: Vec<u8>) -> Response {
    answer(status, "text/html; charset=utf-8", REVALIDATE, page)
}

fn is_not_found(status: StatusCode) -> bool {
    // `ServeDir` answers 400 to a name that no file can have, such as one with a NUL.
    status == StatusCode::NOT_FOUND || status == StatusCode::BAD_REQUEST
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidFilename
    )
}

/// Text is UTF-8 here; `ServeDir` does not say so.
fn with_charset(kind: &HeaderValue) -> Option<HeaderValue> {
    let kind = kind.to_str().ok()?;
    if !kind.starts_with("text/") || kind.contains("charset") {
        return None;
    }
    HeaderValue::from_str(&format!("{kind}; charset=utf-8")).ok()
}

/// Whether the path's content can never change: the site's assets and pagefind's fragments are named after their content.
fn has_hashed_name(path: &str) -> bool {
    const HASHED: [&str; 4] = [
        "/pagefind/fragment/",
        "/pagefind/index/",
        "/pagefind/filter/",
        "/assets/",
    ];
    HASHED.iter().any(|folder| {
        path.find(folder).is_some_and(|at| {
            path[at + folder.len()..]
                .split(['/', '-', '_', '.'])
                .any(|part| {
                    part.len() >= HASH_DIGITS && part.bytes().all(|b| b.is_ascii_hexdigit())
                })
        })
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The file system, seen from inside one folder.
#[derive(Clone, Debug)]
struct Confined {
    root: Arc<Path>,
}

type Pending<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl Backend for Confined {
    type File = TokioFile;
    type Metadata = std::fs::Metadata;
    type OpenFuture = Pending<TokioFile>;
    type MetadataFuture = Pending<std::fs::Metadata>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        let root = Arc::clone(&self.root);
        Box::pin(async move {
            let path = confine(&root, &path).await?;
            if !tokio::fs::metadata(&path).await?.is_file() {
                return Err(io::ErrorKind::NotFound.into());
            }
            TokioBackend.open(path).await
        })
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        let root = Arc::clone(&self.root);
        Box::pin(async move {
            let path = confine(&root, &path).await?;
            tokio::fs::metadata(path).await
        })
    }
}

/// Where `path` really is, if that is inside `root`.
async fn confine(root: &Path, path: &Path) -> io::Result<PathBuf> {
    let root = tokio::fs::canonicalize(root).await?;
    let path = tokio::fs::canonicalize(path).await?;
    if path.starts_with(&root) {
        Ok(path)
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_forever() {
        for forever in [
            "/assets/site-1f3a9c0b.css",
            "/assets/site.1f3a9c0b2d4e.css",
            "/assets/visualizer-0a1b2c3d4e5f6071/visualizer.js",
            "/pagefind/fragment/fr_1a2b3c4d5e.pf_fragment",
        ] {
            assert!(has_hashed_name(forever), "{forever}");
        }
        for asked_again in [
            "/",
            "/jour-1/index.html",
            "/assets/dev-reload.js",
            "/assets/logo.svg",
            "/pagefind/pagefind.js",
            "/1f3a9c0b1f3a9c0b.html",
        ] {
            assert!(!has_hashed_name(asked_again), "{asked_again}");
        }
    }
}
