//! HTML that does not know yet where it will stand.
//!
//! A page's content appears several times: on its own page; in the printable documents of its day and of its bloc, where ids
//! must not clash, links within the document become jumps, and headings go one level down; and, cut into screens, in the
//! presentation of its bloc. Instead of rendering each time, the renderer writes marks (control characters, which no text can
//! contain: see [`crate::text::escape`]) and [`Body::bind`] replaces them:
//!
//! | mark | stands for |
//! |---|---|
//! | `ID` | what comes before every id of the page |
//! | `LINK path SPLIT fragment END` | address of another page (empty path: the same page), with its fragment |
//! | `FILE path END` | address of a file of the site, given relative to its root |
//! | `ON_PAGE … OFF_PAGE` | kept on the page, left out in print |
//! | `IN_PRINT … OFF_PRINT` | kept in print, left out on the page |
//! | `OFF_SCREEN … ON_SCREEN` | left out on the screens of a presentation |
//! | `LEVEL digit` | level of a heading |

use crate::text::escape;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

const ID: char = '\u{1}';
/// The mark that stands for what comes before every id of the page, for whoever writes ids by itself.
pub const ID_PREFIX: &str = "\u{1}";
const LINK: char = '\u{2}';
const SPLIT: char = '\u{3}';
const END: char = '\u{4}';
const FILE: char = '\u{5}';
const ON_PAGE: char = '\u{6}';
const OFF_PAGE: char = '\u{7}';
const IN_PRINT: char = '\u{E}';
const OFF_PRINT: char = '\u{F}';
const LEVEL: char = '\u{10}';
const OFF_SCREEN: char = '\u{14}';
const ON_SCREEN: char = '\u{15}';

/// Level of every heading inside a screen or a note: its title is the only one above it.
const GATHERED_LEVEL: u8 = 3;

/// Content of a page, with marks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Body(String);

/// Where pages are on the site.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// By file of the content folder.
    pub pages: HashMap<Arc<str>, Address>,
}

/// Where one page is.
#[derive(Clone, Debug)]
pub struct Address {
    /// Relative to the site's root.
    pub url: String,
    /// Where it stands in the printable documents of its day and bloc; `None` if it belongs to no bloc.
    pub section: Option<Section>,
}

/// A page's place in the printable documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Index of the day.
    pub day: usize,
    /// Index of the bloc in its day.
    pub bloc: usize,
    /// Id of the section that the page fills.
    pub id: String,
}

/// Where a body is about to be written.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Way back from the document to the site's root, for example `../../`.
    pub root: &'a str,
    /// Where the pages are.
    pub addresses: &'a Addresses,
    /// What kind of document it is.
    pub place: Place<'a>,
}

/// What a body, or a part of it, is written into.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// Its own page.
    Page,
    /// A printable document.
    Print {
        /// Index of the day.
        day: usize,
        /// Index of the bloc, if the document is a single bloc's.
        bloc: Option<usize>,
        /// Id of the section that the body fills.
        section: &'a str,
    },
    /// A document that gathers parts of many pages: a presentation's screens, the instructor's notes.
    Gathered {
        /// What comes before the part's ids.
        prefix: &'a str,
        /// Address of the page that the part comes from.
        page: &'a str,
    },
}

/// Appends an id that is unique on the page: the value of `id` and of `aria-labelledby`.
pub fn push_id(out: &mut String, id: &str) {
    out.push(ID);
    escape::push(out, id);
}

/// Appends the address of the page made from the file `path` (empty: the same page), with `fragment` if it is not empty.
pub fn push_link(out: &mut String, path: &str, fragment: &str) {
    out.push(LINK);
    escape::push(out, path);
    out.push(SPLIT);
    escape::push(out, fragment);
    out.push(END);
}

/// Appends the address of a file of the site.
pub fn push_file(out: &mut String, path: &str) {
    out.push(FILE);
    escape::push_url(out, path);
    out.push(END);
}

/// Appends what `write` writes, for the page only.
pub fn push_on_page(out: &mut String, write: impl FnOnce(&mut String)) {
    out.push(ON_PAGE);
    write(out);
    out.push(OFF_PAGE);
}

/// Appends `html` for print only.
pub fn push_in_print(out: &mut String, html: &str) {
    out.push(IN_PRINT);
    out.push_str(html);
    out.push(OFF_PRINT);
}

/// Appends what `write` writes, except on the screens of a presentation.
pub fn push_off_screen(out: &mut String, write: impl FnOnce(&mut String)) {
    out.push(OFF_SCREEN);
    write(out);
    out.push(ON_SCREEN);
}

/// Appends the level of a heading (1 to 6).
pub fn push_level(out: &mut String, level: u8) {
    out.push(LEVEL);
    out.push(char::from(b'0' + level.clamp(1, 6)));
}

impl From<String> for Body {
    fn from(html: String) -> Self {
        Self(html)
    }
}

impl Body {
    /// Number of bytes held.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the body as it reads at `target` to `out`.
    pub fn bind(&self, target: &Target<'_>, out: &mut String) {
        self.bind_part(0..self.len(), target, out);
    }

    /// Appends the bytes `part` of the body, which cut no mark, as they read at `target` to `out`.
    pub fn bind_part(&self, part: Range<usize>, target: &Target<'_>, out: &mut String) {
        let whole = self.0.get(part).unwrap_or_default();
        let mut rest = whole;
        out.reserve(rest.len());
        while let Some(at) = rest.bytes().position(|byte| is_mark(char::from(byte))) {
            out.push_str(&rest[..at]);
            let mark = char::from(rest.as_bytes()[at]);
            rest = target.replace(mark, &rest[at + 1..], whole, out);
        }
        out.push_str(rest);
    }
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        ID | LINK
            | FILE
            | ON_PAGE
            | OFF_PAGE
            | IN_PRINT
            | OFF_PRINT
            | LEVEL
            | OFF_SCREEN
            | ON_SCREEN
    )
}

impl Target<'_> {
    /// Puts out what `mark` stands for in the part `whole`; says what follows it in `rest`.
    fn replace<'r>(&self, mark: char, rest: &'r str, whole: &str, out: &mut String) -> &'r str {
        let in_print = matches!(self.place, Place::Print { .. });
        match mark {
            ID => {
                self.push_prefix(out);
                rest
            }
            LINK => {
                let (link, after) = cut(rest, END);
                let (path, fragment) = cut(link, SPLIT);
                self.push_address(path, fragment, whole, out);
                after
            }
            FILE => {
                let (path, after) = cut(rest, END);
                out.push_str(self.root);
                out.push_str(path);
                after
            }
            ON_PAGE if in_print => cut(rest, OFF_PAGE).1,
            IN_PRINT if !in_print => cut(rest, OFF_PRINT).1,
            OFF_SCREEN if matches!(self.place, Place::Gathered { .. }) => cut(rest, ON_SCREEN).1,
            LEVEL => {
                let level = rest.as_bytes().first().map_or(2, |digit| digit - b'0');
                let here = match self.place {
                    Place::Page => level,
                    Place::Print { .. } => level + 1,
                    Place::Gathered { .. } => GATHERED_LEVEL,
                };
                out.push(char::from(b'0' + here.min(6)));
                rest.get(1..).unwrap_or_default()
            }
            _ => rest,
        }
    }

    fn push_prefix(&self, out: &mut String) {
        match self.place {
            Place::Page => {}
            Place::Print {
                section: prefix, ..
            }
            | Place::Gathered { prefix, .. } => {
                out.push_str(prefix);
                out.push_str("--");
            }
        }
    }

    fn push_address(&self, path: &str, fragment: &str, whole: &str, out: &mut String) {
        if path.is_empty() {
            self.push_same_page(fragment, whole, out);
            return;
        }
        let Some(address) = self.addresses.pages.get(path) else {
            return;
        };
        match &address.section {
            Some(section) if self.holds(section) => {
                out.push('#');
                out.push_str(&section.id);
                if !fragment.is_empty() {
                    out.push_str("--");
                    out.push_str(fragment);
                }
            }
            _ => self.push_url(&address.url, fragment, out),
        }
    }

    /// A jump within the page; from a part of it, to what the part does not hold, a way back to the page.
    fn push_same_page(&self, fragment: &str, whole: &str, out: &mut String) {
        match self.place {
            Place::Gathered { page, .. } if !whole.contains(&format!("{ID}{fragment}\"")) => {
                self.push_url(page, fragment, out);
            }
            _ => {
                out.push('#');
                self.push_prefix(out);
                out.push_str(fragment);
            }
        }
    }

    /// True if the document holds `section` too.
    fn holds(&self, section: &Section) -> bool {
        match self.place {
            Place::Print { day, bloc, .. } => {
                section.day == day && bloc.is_none_or(|bloc| section.bloc == bloc)
            }
            Place::Page | Place::Gathered { .. } => false,
        }
    }

    fn push_url(&self, url: &str, fragment: &str, out: &mut String) {
        out.push_str(self.root);
        out.push_str(url);
        if !fragment.is_empty() {
            out.push('#');
            out.push_str(fragment);
        }
    }
}

/// What stands before and after the first `mark`.
fn cut(text: &str, mark: char) -> (&str, &str) {
    text.split_once(mark).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        let address = |url: &str, section: Option<(usize, &str)>| Address {
            url: url.to_owned(),
            section: section.map(|(bloc, id)| Section {
                day: 0,
                bloc,
                id: id.to_owned(),
            }),
        };
        Addresses {
            pages: HashMap::from([
                (Arc::from("a.md"), address("jour-1/a/", Some((0, "bloc-a")))),
                (Arc::from("x.md"), address("annexes/x/", None)),
            ]),
        }
    }

    fn sample() -> Body {
        let mut html = String::new();
        html.push_str("<h");
        push_level(&mut html, 2);
        html.push_str(" id=\"");
        push_id(&mut html, "x");
        html.push_str("\">");
        push_link(&mut html, "a.md", "y");
        html.push(' ');
        push_link(&mut html, "x.md", "");
        html.push(' ');
        push_link(&mut html, "", "z");
        push_on_page(&mut html, |out| {
            out.push_str(" page ");
            push_file(out, "images/i.svg");
        });
        push_in_print(&mut html, " print");
        push_off_screen(&mut html, |out| out.push_str(" note"));
        Body::from(html)
    }

    fn bound(place: Place<'_>) -> String {
        let mut out = String::new();
        let addresses = addresses();
        let target = Target {
            root: "../../",
            addresses: &addresses,
            place,
        };
        sample().bind(&target, &mut out);
        out
    }

    #[test]
    fn on_its_page() {
        assert_eq!(
            bound(Place::Page),
            "<h2 id=\"x\">../../jour-1/a/#y ../../annexes/x/ #z page ../../images/i.svg note"
        );
    }

    #[test]
    fn in_the_printable_document_of_its_day() {
        let place = Place::Print {
            day: 0,
            bloc: None,
            section: "bloc-b",
        };
        assert_eq!(
            bound(place),
            "<h3 id=\"bloc-b--x\">#bloc-a--y ../../annexes/x/ #bloc-b--z print note"
        );
    }

    #[test]
    fn in_the_printable_document_of_another_bloc_links_lead_to_pages() {
        let place = Place::Print {
            day: 0,
            bloc: Some(1),
            section: "bloc-b",
        };
        assert_eq!(
            bound(place),
            "<h3 id=\"bloc-b--x\">../../jour-1/a/#y ../../annexes/x/ #bloc-b--z print note"
        );
    }

    #[test]
    fn on_a_screen_what_is_not_there_is_on_the_page() {
        let place = Place::Gathered {
            prefix: "b-2",
            page: "jour-1/b/",
        };
        assert_eq!(
            bound(place),
            "<h3 id=\"b-2--x\">../../jour-1/a/#y ../../annexes/x/ ../../jour-1/b/#z page ../../images/i.svg"
        );
        let body = Body::from("<p>a</p><p>b</p>".to_owned());
        let mut out = String::new();
        let addresses = addresses();
        let target = Target {
            root: "./",
            addresses: &addresses,
            place,
        };
        body.bind_part(8..16, &target, &mut out);
        assert_eq!(out, "<p>b</p>");
    }
}
