//! Where a piece of text stands in its file, so that a problem deep inside (a key in a fence, a link in a quiz's prompt) is
//! shown at its place in the file.

use crate::diagnostic::{Place, Span};
use std::sync::Arc;

/// A text and its place in a file.
#[derive(Clone, Debug)]
pub struct Origin {
    path: Arc<str>,
    map: Map,
}

#[derive(Clone, Debug)]
enum Map {
    /// The text is the file.
    Whole,
    /// Pairs (start of a line in the text, start of it in the file), ascending.
    Lines(Vec<(usize, usize)>),
    /// Nothing finer is known than that the text is made from these bytes.
    Fixed(Span),
}

impl Origin {
    /// The text is the whole file `path`.
    pub fn whole(path: &Arc<str>) -> Self {
        Self {
            path: Arc::clone(path),
            map: Map::Whole,
        }
    }

    /// The file.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The place of the text's bytes `span`.
    pub fn place(&self, span: Span) -> Place {
        Place::new(&self.path, self.at(span.start)..self.at_end(span.end))
    }

    /// The origin of `inner`, a text cut out of this one line by line: its line number `i` begins at `starts[i]` here.
    #[must_use]
    pub fn of_lines(&self, inner: &str, starts: &[usize]) -> Self {
        let mut at = 0;
        let mut lines = Vec::with_capacity(starts.len());
        for (line, start) in inner.split_inclusive('\n').zip(starts) {
            lines.push((at, self.at(*start)));
            at += line.len();
        }
        if lines.is_empty() {
            let start = starts.first().map_or(0, |start| self.at(*start));
            return Self {
                path: Arc::clone(&self.path),
                map: Map::Fixed(start..start),
            };
        }
        Self {
            path: Arc::clone(&self.path),
            map: Map::Lines(lines),
        }
    }

    /// The origin of `inner`, a value decoded from `outer[span]` (a TOML string with its quotes): exact if nothing in it
    /// was escaped, else the whole value.
    #[must_use]
    pub fn of_value(&self, outer: &str, span: Span, inner: &str) -> Self {
        let raw = &outer[span.clone()];
        let Some(offset) = raw.find(inner).filter(|_| !inner.is_empty()) else {
            return Self {
                path: Arc::clone(&self.path),
                map: Map::Fixed(self.at(span.start)..self.at_end(span.end)),
            };
        };
        let mut starts = Vec::new();
        let mut at = span.start + offset;
        for line in inner.split_inclusive('\n') {
            starts.push(at);
            at += line.len();
        }
        self.of_lines(inner, &starts)
    }

    fn at(&self, offset: usize) -> usize {
        match &self.map {
            Map::Whole => offset,
            Map::Fixed(span) => span.start,
            Map::Lines(lines) => {
                let index = lines
                    .partition_point(|(start, _)| *start <= offset)
                    .saturating_sub(1);
                let (start, file) = lines[index];
                file + (offset - start)
            }
        }
    }

    fn at_end(&self, offset: usize) -> usize {
        match &self.map {
            Map::Fixed(span) => span.end,
            // The last byte's line decides: the end of a line is not the start of the next one.
            _ if offset > 0 => self.at(offset - 1) + 1,
            _ => self.at(0),
        }
    }
}

/// Byte offsets at which the lines of `text` begin.
pub fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_inside_a_list_keeps_its_columns() {
        let path: Arc<str> = Arc::from("a.md");
        let file = "- x\n  ```toml\n  a = 1\n  b = 2\n  ```\n";
        let body = "a = 1\nb = 2\n";
        let origin = Origin::whole(&path).of_lines(body, &[16, 24]);
        let place = origin.place(6..7);
        assert_eq!(&file[place.start..place.end], "b");
    }

    #[test]
    fn a_value_without_escapes_is_exact_and_one_with_escapes_is_whole() {
        let path: Arc<str> = Arc::from("a.toml");
        let file = r#"x = "un mot" # fin"#;
        let exact = Origin::whole(&path)
            .of_value(file, 4..12, "un mot")
            .place(3..6);
        assert_eq!(&file[exact.start..exact.end], "mot");
        let escaped = r#"x = "un \"mot\"""#;
        let whole = Origin::whole(&path)
            .of_value(escaped, 4..16, "un \"mot\"")
            .place(3..8);
        assert_eq!(&escaped[whole.start..whole.end], r#""un \"mot\"""#);
    }
}
