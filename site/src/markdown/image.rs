//! Images: there, described, and with their size, so that the page does not jump while they load.

use super::link::{closest_path, join, relative};
use super::problem::LinkProblem;
use super::writer::Writer;
use crate::body;
use crate::content::{File, has_extension};
use crate::text::escape;
use crate::text::french::typeset;
use comrak::nodes::{Node, NodeValue};
use std::fmt::Write as _;

/// What an image's file may end in.
const EXTENSIONS: [&str; 7] = ["svg", "png", "jpg", "jpeg", "webp", "gif", "avif"];

impl<'e> Writer<'_, 'e, '_> {
    /// Writes the paragraph `node` as a figure if an image is all it holds.
    pub fn lone_image(&mut self, node: Node<'_>) -> bool {
        let Some(only) = node
            .first_child()
            .filter(|child| child.next_sibling().is_none())
        else {
            return false;
        };
        let NodeValue::Image(image) = &only.data().value else {
            return false;
        };
        self.out.push_str("<figure class=\"image\">");
        self.image(only, &image.url, "");
        if !image.title.is_empty() {
            self.out.push_str("<figcaption>");
            escape::push(&mut self.out, &typeset(&image.title));
            self.out.push_str("</figcaption>");
        }
        self.out.push_str("</figure>\n");
        true
    }

    /// Writes the image `node`.
    pub fn image(&mut self, node: Node<'_>, url: &str, title: &str) {
        let alt = self.plain(node);
        if alt.is_empty() {
            let span = self.span(node);
            self.report(span, LinkProblem::NoAlt);
        }
        let file = match self.image_file(url) {
            Ok(file) => file,
            Err(problem) => {
                let at = self.address_span(node, url);
                self.report(at, problem);
                return;
            }
        };
        let site_path = site_path(file);
        self.out.push_str("<img src=\"");
        body::push_file(&mut self.out, &site_path);
        self.out.push_str("\" alt=\"");
        escape::push(&mut self.out, &alt);
        self.out.push('"');
        if let Some((width, height)) = size(file) {
            let _ = write!(self.out, " width=\"{width}\" height=\"{height}\"");
        }
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            escape::push(&mut self.out, &typeset(title));
            self.out.push('"');
        }
        self.out.push_str(" loading=\"lazy\" decoding=\"async\">");
        let path = std::sync::Arc::clone(&file.path);
        self.state
            .page
            .depends_on
            .insert(std::sync::Arc::clone(&path));
        self.state.page.files.insert(site_path, path);
    }

    fn image_file(&self, url: &str) -> Result<&'e File, LinkProblem> {
        if url.contains("://") || url.starts_with("//") {
            return Err(LinkProblem::RemoteImage);
        }
        if url.starts_with('/') {
            return Err(LinkProblem::Absolute);
        }
        let content = self.state.env.content;
        let path = join(&self.state.path, url).ok_or(LinkProblem::Outside)?;
        content
            .get(&path)
            .filter(|file| is_image(&file.path))
            .ok_or_else(|| {
                let images = content
                    .files()
                    .map(|file| &*file.path)
                    .filter(|path| is_image(path));
                let closest =
                    closest_path(&path, images).map(|found| relative(&self.state.path, found));
                LinkProblem::NoSuchImage { path, closest }
            })
    }
}

fn is_image(path: &str) -> bool {
    EXTENSIONS
        .iter()
        .any(|extension| has_extension(path, extension))
}

/// Where the image is on the site: its name with a hash of its bytes.
fn site_path(file: &File) -> String {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("images/{stem}-{:08x}.{extension}", file.hash & 0xFFFF_FFFF)
}

/// Width and height in pixels of a PNG, or of an SVG that says them.
fn size(file: &File) -> Option<(u32, u32)> {
    if has_extension(&file.path, "png") {
        let number = |at: usize| {
            file.bytes
                .get(at..at + 4)
                .and_then(|bytes| bytes.try_into().ok())
                .map(u32::from_be_bytes)
        };
        return Some((number(16)?, number(20)?));
    }
    if !has_extension(&file.path, "svg") {
        return None;
    }
    let text = file.text().ok()?;
    let root = text.split_once("<svg")?.1.split_once('>')?.0;
    let attribute = |name: &str| {
        root.split_once(name)?
            .1
            .split_once('"')
            .map(|(value, _)| value)
    };
    let pixels = |text: &str| {
        text.trim_end_matches("px")
            .parse::<f32>()
            .ok()
            .filter(|value| (1.0..10_000.0).contains(value))
    };
    let said = (
        attribute(" width=\"").and_then(pixels),
        attribute(" height=\"").and_then(pixels),
    );
    let (width, height) = if let (Some(width), Some(height)) = said {
        (width, height)
    } else {
        let mut numbers = attribute("viewBox=\"")?
            .split([' ', ','])
            .filter_map(coordinate)
            .skip(2);
        (numbers.next()?, numbers.next()?)
    };
    // Both are positive and below 10,000.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some((width.round() as u32, height.round() as u32))
}

fn coordinate(text: &str) -> Option<f32> {
    text.parse::<f32>()
        .ok()
        .filter(|value| (-10_000.0..10_000.0).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, bytes: &[u8]) -> File {
        File::new(path, bytes.to_vec())
    }

    #[test]
    fn sizes_are_read_from_the_file() {
        assert_eq!(
            size(&file(
                "a.svg",
                b"<svg xmlns=\"x\" viewBox=\"0 0 320 200.4\">"
            )),
            Some((320, 200))
        );
        assert_eq!(
            size(&file("a.svg", b"<svg width=\"12px\" height=\"8\">")),
            Some((12, 8))
        );
        let png = [
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            &[0, 0, 1, 0],
            &[0, 0, 0, 64],
        ]
        .concat();
        assert_eq!(size(&file("a.png", &png)), Some((256, 64)));
        assert_eq!(size(&file("a.jpg", b"")), None);
    }

    #[test]
    fn the_name_on_the_site_changes_with_the_bytes() {
        let (a, b) = (
            site_path(&file("x/i.svg", b"a")),
            site_path(&file("x/i.svg", b"b")),
        );
        assert_ne!(a, b);
        assert!(a.starts_with("images/i-") && has_extension(&a, "svg"));
    }
}
