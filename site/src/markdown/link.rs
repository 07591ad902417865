//! Links: where an address of a page leads.

use super::PageSet;
use super::page::PageLink;
use super::problem::{LinkProblem, SITE_PAGES};
use super::writer::Writer;
use crate::archive;
use crate::body;
use crate::content::{Content, has_extension};
use crate::diagnostic::Span;
use crate::text::escape;
use crate::text::suggest::{closest, closest_within};
use comrak::nodes::Node;
use std::sync::Arc;

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A page of the course; the anchor is empty if there is none.
    Page(Arc<str>, String),
    /// A file of the content folder.
    File(Arc<str>),
    /// A folder of the content folder: a lab is downloaded, another is shown in the repository.
    Folder(String),
    /// A page that no file makes, relative to the site's root.
    SitePage(&'static str),
    /// Another site, or an e-mail address.
    Elsewhere,
}

/// Where `url`, written in the page `from`, leads.
///
/// # Errors
/// Why it leads nowhere.
pub fn resolve(
    url: &str,
    from: &str,
    content: &Content,
    pages: &PageSet,
) -> Result<Destination, LinkProblem> {
    if url.is_empty() {
        return Err(LinkProblem::Empty);
    }
    if let Some((scheme, rest)) = split_scheme(url) {
        return match scheme {
            "http" | "https" | "mailto" => Ok(Destination::Elsewhere),
            "site" => site_page(rest),
            _ => Err(LinkProblem::Scheme {
                scheme: scheme.to_owned(),
            }),
        };
    }
    if url.starts_with('/') {
        return Err(LinkProblem::Absolute);
    }
    let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
    if path.is_empty() {
        return Ok(Destination::Page(Arc::from(from), fragment.to_owned()));
    }
    let path = join(from, path).ok_or(LinkProblem::Outside)?;
    if let Some(page) = pages.get(path.as_str()) {
        return Ok(Destination::Page(Arc::clone(page), fragment.to_owned()));
    }
    no_page(path, from, content, pages)
}

/// What `path`, which is no page, is.
fn no_page(
    path: String,
    from: &str,
    content: &Content,
    pages: &PageSet,
) -> Result<Destination, LinkProblem> {
    let markdown = has_extension(&path, "md") && !path.starts_with("labs/");
    if let Some(file) = content.get(&path) {
        return if markdown {
            Err(LinkProblem::NotAPage { path })
        } else {
            Ok(Destination::File(Arc::clone(&file.path)))
        };
    }
    if content.has_folder(&path) {
        return Ok(Destination::Folder(path));
    }
    if markdown {
        let closest =
            closest_path(&path, pages.iter().map(|page| &**page)).map(|page| relative(from, page));
        return Err(LinkProblem::NoSuchPage { path, closest });
    }
    let closest = closest_path(&path, content.files().map(|file| &*file.path))
        .map(|file| relative(from, file));
    Err(LinkProblem::NoSuchFile { path, closest })
}

/// Of `candidates`, one with the file name of `path` in another folder, or one in its folder with a name like it, or one
/// whose whole path is nearly the same.
pub fn closest_path<'a>(
    path: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let (folder, wanted) = split_folder(path);
    let generic = wanted == "index.md" || wanted == "README.md";
    let same_name = candidates
        .clone()
        .find(|candidate| !generic && split_folder(candidate).1 == wanted);
    let beside = || {
        let names = candidates
            .clone()
            .map(split_folder)
            .filter(|(other, _)| *other == folder)
            .map(|(_, name)| name);
        let name = closest(wanted, names)?;
        candidates
            .clone()
            .find(|candidate| split_folder(candidate) == (folder, name))
    };
    let found = same_name.or_else(beside);
    found.or_else(|| closest_within(path, candidates, 2))
}

/// The folder of `path`, empty at the root, and its file name.
fn split_folder(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn site_page(name: &str) -> Result<Destination, LinkProblem> {
    SITE_PAGES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, url)| Destination::SitePage(url))
        .ok_or_else(|| LinkProblem::NoSuchSitePage {
            name: name.to_owned(),
        })
}

/// The scheme of `url`, in its own case, and what follows the colon.
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    valid.then_some((scheme, rest))
}

/// `path`, written in the file `from`, from the root of the content folder; `None` if it leaves the folder.
pub fn join(from: &str, path: &str) -> Option<String> {
    let decoded = path.replace("%20", " ");
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The way from the file `from` to the file `to`.
pub fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let common = from[..folders]
        .iter()
        .zip(&to[..to.len() - 1])
        .take_while(|(a, b)| a == b)
        .count();
    let mut parts = vec![".."; folders - common];
    parts.extend(&to[common..]);
    parts.join("/")
}

impl Writer<'_, '_, '_> {
    /// Writes the opening tag of the link `node` to `url`; false, after reporting or without fault, if there is nothing to
    /// link to.
    pub fn open_link(&mut self, node: Node<'_>, url: &str, title: &str) -> bool {
        let env = self.state.env;
        let path = Arc::clone(&self.state.path);
        match resolve(url, &path, env.content, env.pages) {
            Ok(destination) => self.open_tag(node, destination, url, title),
            Err(problem) => {
                let at = self.address_span(node, url);
                self.report(at, problem);
                false
            }
        }
    }

    fn open_tag(
        &mut self,
        node: Node<'_>,
        destination: Destination,
        url: &str,
        title: &str,
    ) -> bool {
        let mut href = String::new();
        match destination {
            Destination::Page(page, fragment) => {
                let place = self.text.origin.place(self.address_span(node, url));
                let own = *page == *self.state.path;
                body::push_link(
                    &mut href,
                    if own && !fragment.is_empty() {
                        ""
                    } else {
                        &page
                    },
                    &fragment,
                );
                self.state.page.links.push(PageLink {
                    page,
                    fragment,
                    place,
                });
            }
            Destination::File(file) => {
                body::push_file(&mut href, &file);
                self.state.page.files.insert(file.to_string(), file);
            }
            Destination::Folder(folder) => {
                let repository = &self.state.env.course.repository;
                if let Some(lab) = archive::lab_in(&folder) {
                    body::push_file(&mut href, &archive::path(lab));
                } else if repository.is_empty() {
                    return false;
                } else {
                    let address = format!("{repository}/tree/main/content/{folder}");
                    escape::push_url(&mut href, &address);
                }
            }
            Destination::SitePage(url) => body::push_file(&mut href, url),
            Destination::Elsewhere => escape::push_url(&mut href, url),
        }
        self.out.push_str("<a href=\"");
        self.out.push_str(&href);
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            escape::push(&mut self.out, &crate::text::french::typeset(title));
        }
        self.out.push_str("\">");
        true
    }

    /// Bytes of the address in the link or image `node`.
    pub fn address_span(&self, node: Node<'_>, url: &str) -> Span {
        let span = self.span(node);
        // The address follows the text, which may contain the same words.
        let text_end = node
            .last_child()
            .map_or(span.start, |child| self.span(child).end.min(span.end));
        let after = self.text.find(text_end..span.end, url);
        if after == (text_end..span.end) {
            self.text.find(span, url)
        } else {
            after
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> (Content, PageSet) {
        let files = [
            "jour-1/a.md",
            "jour-1/b.md",
            "annexes/x.md",
            "annexes/oubliee.md",
            "labs/1.1/README.md",
            "labs/1.1/k.yaml",
        ];
        let content = Content::from_files(files.map(|path| (path, &b""[..])));
        (
            content,
            files[..3].iter().map(|path| Arc::from(*path)).collect(),
        )
    }

    fn resolve_in_a(url: &str) -> Result<Destination, LinkProblem> {
        let (content, pages) = content();
        resolve(url, "jour-1/a.md", &content, &pages)
    }

    #[test]
    fn pages_files_and_folders_are_found() {
        assert_eq!(
            resolve_in_a("b.md#x"),
            Ok(Destination::Page("jour-1/b.md".into(), "x".into()))
        );
        assert_eq!(
            resolve_in_a("#y"),
            Ok(Destination::Page("jour-1/a.md".into(), "y".into()))
        );
        assert_eq!(
            resolve_in_a("../annexes/x.md"),
            Ok(Destination::Page("annexes/x.md".into(), String::new()))
        );
        assert_eq!(
            resolve_in_a("../labs/1.1/k.yaml"),
            Ok(Destination::File("labs/1.1/k.yaml".into()))
        );
        assert_eq!(
            resolve_in_a("../labs/1.1/"),
            Ok(Destination::Folder("labs/1.1".into()))
        );
        assert_eq!(
            resolve_in_a("site:direct"),
            Ok(Destination::SitePage("direct/"))
        );
        assert_eq!(
            resolve_in_a("https://kafka.apache.org/"),
            Ok(Destination::Elsewhere)
        );
    }

    #[test]
    fn what_leads_nowhere_says_why() {
        let closest = Some("b.md".to_owned());
        assert_eq!(
            resolve_in_a("bb.md"),
            Err(LinkProblem::NoSuchPage {
                path: "jour-1/bb.md".into(),
                closest
            })
        );
        let closest = Some("../annexes/x.md".to_owned());
        assert_eq!(
            resolve_in_a("x.md"),
            Err(LinkProblem::NoSuchPage {
                path: "jour-1/x.md".into(),
                closest
            })
        );
        assert_eq!(
            resolve_in_a("../annexes/oubliee.md"),
            Err(LinkProblem::NotAPage {
                path: "annexes/oubliee.md".into()
            })
        );
        assert_eq!(resolve_in_a("/jour-1/b.md"), Err(LinkProblem::Absolute));
        assert_eq!(resolve_in_a("../../x.md"), Err(LinkProblem::Outside));
        assert_eq!(
            resolve_in_a("javascript:x()"),
            Err(LinkProblem::Scheme {
                scheme: "javascript".into()
            })
        );
        assert_eq!(
            resolve_in_a("site:drect"),
            Err(LinkProblem::NoSuchSitePage {
                name: "drect".into()
            })
        );
    }

    #[test]
    fn ways_between_files() {
        assert_eq!(
            relative("jour-1/bloc-1/a.md", "jour-1/bloc-2/b.md"),
            "../bloc-2/b.md"
        );
        assert_eq!(relative("a.md", "b/c.md"), "b/c.md");
    }
}
