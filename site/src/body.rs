//! HTML that does not know yet where it will stand.
//!
//! A page's content appears twice: on its own page, and in the printable document of its day, where ids must not clash,
//! links within the day become jumps, and headings go one level down. Instead of rendering twice, the renderer writes marks
//! (control characters, which no text can contain: see [`crate::text::escape`]) and [`Body::bind`] replaces them:
//!
//! | mark | stands for |
//! |---|---|
//! | `ID` | what comes before every id of the page |
//! | `LINK path SPLIT fragment END` | address of another page (empty path: the same page), with its fragment |
//! | `FILE path END` | address of a file of the site, given relative to its root |
//! | `ON_PAGE … OFF_PAGE` | kept on the page, left out in print |
//! | `IN_PRINT … OFF_PRINT` | kept in print, left out on the page |
//! | `LEVEL digit` | level of a heading |

use crate::text::escape;
use std::collections::HashMap;
use std::sync::Arc;

const ID: char = '\u{1}';
const LINK: char = '\u{2}';
const SPLIT: char = '\u{3}';
const END: char = '\u{4}';
const FILE: char = '\u{5}';
const ON_PAGE: char = '\u{6}';
const OFF_PAGE: char = '\u{7}';
const IN_PRINT: char = '\u{E}';
const OFF_PRINT: char = '\u{F}';
const LEVEL: char = '\u{10}';

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
    /// The day in whose printable document it stands, with its section's id there.
    pub section: Option<(usize, String)>,
}

/// Where a body is about to be written.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Way back from the document to the site's root, for example `../../`.
    pub root: &'a str,
    /// Where the pages are.
    pub addresses: &'a Addresses,
    /// For a printable document: index of the day, and id of the section that the body fills.
    pub print: Option<(usize, &'a str)>,
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
        let mut rest = self.0.as_str();
        out.reserve(rest.len());
        while let Some(at) = rest.bytes().position(|byte| is_mark(char::from(byte))) {
            out.push_str(&rest[..at]);
            let mark = char::from(rest.as_bytes()[at]);
            rest = target.replace(mark, &rest[at + 1..], out);
        }
        out.push_str(rest);
    }
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        ID | LINK | FILE | ON_PAGE | OFF_PAGE | IN_PRINT | OFF_PRINT | LEVEL
    )
}

impl Target<'_> {
    /// Puts out what `mark` stands for; says what follows it in `rest`.
    fn replace<'r>(&self, mark: char, rest: &'r str, out: &mut String) -> &'r str {
        match mark {
            ID => {
                self.push_prefix(out);
                rest
            }
            LINK => {
                let (link, after) = cut(rest, END);
                let (path, fragment) = cut(link, SPLIT);
                self.push_address(path, fragment, out);
                after
            }
            FILE => {
                let (path, after) = cut(rest, END);
                out.push_str(self.root);
                out.push_str(path);
                after
            }
            ON_PAGE if self.print.is_some() => cut(rest, OFF_PAGE).1,
            IN_PRINT if self.print.is_none() => cut(rest, OFF_PRINT).1,
            LEVEL => {
                let level = rest.as_bytes().first().map_or(2, |digit| digit - b'0');
                let shifted = level + u8::from(self.print.is_some());
                out.push(char::from(b'0' + shifted.min(6)));
                rest.get(1..).unwrap_or_default()
            }
            _ => rest,
        }
    }

    fn push_prefix(&self, out: &mut String) {
        if let Some((_, section)) = self.print {
            out.push_str(section);
            out.push_str("--");
        }
    }

    fn push_address(&self, path: &str, fragment: &str, out: &mut String) {
        if path.is_empty() {
            out.push('#');
            self.push_prefix(out);
            out.push_str(fragment);
            return;
        }
        let Some(address) = self.addresses.pages.get(path) else {
            return;
        };
        match (&address.section, self.print) {
            (Some((day, section)), Some((here, _))) if *day == here => {
                out.push('#');
                out.push_str(section);
                if !fragment.is_empty() {
                    out.push_str("--");
                    out.push_str(fragment);
                }
            }
            _ => {
                out.push_str(self.root);
                out.push_str(&address.url);
                if !fragment.is_empty() {
                    out.push('#');
                    out.push_str(fragment);
                }
            }
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
            section: section.map(|(day, id)| (day, id.to_owned())),
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
        Body::from(html)
    }

    #[test]
    fn on_its_page() {
        let mut out = String::new();
        sample().bind(
            &Target {
                root: "../../",
                addresses: &addresses(),
                print: None,
            },
            &mut out,
        );
        assert_eq!(
            out,
            "<h2 id=\"x\">../../jour-1/a/#y ../../annexes/x/ #z page ../../images/i.svg"
        );
    }

    #[test]
    fn in_the_printable_document_of_its_day() {
        let mut out = String::new();
        sample().bind(
            &Target {
                root: "../../",
                addresses: &addresses(),
                print: Some((0, "bloc-b")),
            },
            &mut out,
        );
        assert_eq!(
            out,
            "<h3 id=\"bloc-b--x\">#bloc-a--y ../../annexes/x/ #bloc-b--z print"
        );
    }
}
