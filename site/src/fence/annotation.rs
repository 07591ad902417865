//! Numbered marks in code: `// (1)` at the end of a line, explained by the numbered list that follows the block.

use super::problem::FenceProblem;

/// Comment signs that may stand before a mark, with the sign that closes the comment.
const COMMENTS: [(&str, &str); 4] = [("//", ""), ("#", ""), ("--", ""), ("<!--", "-->")];

/// Code without its marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotated {
    /// The code.
    pub code: String,
    /// Pairs (line from 0, number from 1), in order of lines.
    pub marks: Vec<(usize, usize)>,
}

impl Annotated {
    /// Checks the numbers against the `items` of the list that follows (0 if there is none).
    ///
    /// # Errors
    /// If the marks are not numbered 1, 2, 3… in order, or if the list has another length.
    pub fn check(&self, items: usize) -> Result<(), FenceProblem> {
        let in_order = self
            .marks
            .iter()
            .enumerate()
            .all(|(index, (_, number))| *number == index + 1);
        if !in_order {
            return Err(FenceProblem::AnnotationOrder {
                numbers: self.marks.iter().map(|(_, number)| *number).collect(),
            });
        }
        if items != self.marks.len() {
            return Err(FenceProblem::AnnotationCount {
                marks: self.marks.len(),
                items,
            });
        }
        Ok(())
    }
}

/// Takes the marks out of `code`.
pub fn extract(code: &str) -> Annotated {
    let mut annotated = Annotated {
        code: String::with_capacity(code.len()),
        marks: Vec::new(),
    };
    for (line_number, line) in code.lines().enumerate() {
        match parse_mark(line) {
            Some((text, number)) => {
                annotated.code.push_str(text);
                annotated.marks.push((line_number, number));
            }
            None => annotated.code.push_str(line),
        }
        annotated.code.push('\n');
    }
    annotated
}

/// The text before the mark at the end of `line`, and its number.
fn parse_mark(line: &str) -> Option<(&str, usize)> {
    let trimmed = line.trim_end();
    COMMENTS.iter().find_map(|(open, close)| {
        let inside = trimmed.strip_suffix(close)?.trim_end();
        let (before, number) = inside.strip_suffix(')')?.rsplit_once('(')?;
        let text = before.trim_end().strip_suffix(open)?;
        let number = number
            .parse()
            .ok()
            .filter(|number| (1..100).contains(number))?;
        Some((text.trim_end(), number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out() {
        let annotated = extract("var a = 1; // (1)\n\nb(2);\n<x/> <!-- (2) -->\n");
        assert_eq!(annotated.code, "var a = 1;\n\nb(2);\n<x/>\n");
        assert_eq!(annotated.marks, [(0, 1), (3, 2)]);
        assert_eq!(annotated.check(2), Ok(()));
        assert_eq!(
            annotated.check(3),
            Err(FenceProblem::AnnotationCount { marks: 2, items: 3 })
        );
    }

    #[test]
    fn a_comment_is_not_a_mark() {
        assert_eq!(extract("x # voir (1) plus bas\nf(1)\n").marks, []);
    }

    #[test]
    fn marks_count_upwards() {
        let annotated = extract("a: 1 # (2)\nb: 2 # (1)\n");
        assert_eq!(
            annotated.check(2),
            Err(FenceProblem::AnnotationOrder {
                numbers: vec![2, 1]
            })
        );
    }
}
