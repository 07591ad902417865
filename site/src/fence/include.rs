//! Code taken out of a lab's file, whole or between two anchors.
//!
//! An anchor is a comment in the style of Microsoft's documentation: `// <producer>` … `// </producer>`, with the comment
//! signs of the file's language. Anchor lines never appear in what is taken, and the common indentation is removed.

use super::problem::FenceProblem;
use crate::text::suggest::closest;

/// Comment signs that may stand before an anchor, with the sign that closes the comment.
const COMMENTS: [(&str, &str); 4] = [("//", ""), ("#", ""), ("--", ""), ("<!--", "-->")];

/// An anchor on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor<'a> {
    Opens(&'a str),
    Closes(&'a str),
}

/// The code of `text` between the anchors named `anchor`, or all of it.
///
/// # Errors
/// If the anchor is absent, or opened and never closed.
pub fn extract(text: &str, anchor: Option<&str>) -> Result<String, FenceProblem> {
    let lines: Vec<&str> = match anchor {
        None => text
            .lines()
            .filter(|line| parse_anchor(line).is_none())
            .collect(),
        Some(name) => between(text, name)?,
    };
    Ok(dedent(&lines))
}

fn between<'t>(text: &'t str, name: &str) -> Result<Vec<&'t str>, FenceProblem> {
    let mut lines = text
        .lines()
        .skip_while(|line| parse_anchor(line) != Some(Anchor::Opens(name)));
    if lines.next().is_none() {
        let names: Vec<&str> = text
            .lines()
            .filter_map(parse_anchor)
            .map(Anchor::name)
            .collect();
        let closest = closest(name, names.iter().copied()).map(str::to_owned);
        let mut known: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        known.sort();
        known.dedup();
        return Err(FenceProblem::NoSuchAnchor {
            anchor: name.to_owned(),
            closest,
            known,
        });
    }
    let mut inside = Vec::new();
    for line in lines {
        match parse_anchor(line) {
            Some(Anchor::Closes(closed)) if closed == name => return Ok(inside),
            Some(_) => {}
            None => inside.push(line),
        }
    }
    Err(FenceProblem::AnchorNotClosed {
        anchor: name.to_owned(),
    })
}

impl<'a> Anchor<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::Opens(name) | Self::Closes(name) => name,
        }
    }
}

/// The anchor that `line` is, if it is one.
fn parse_anchor(line: &str) -> Option<Anchor<'_>> {
    let line = line.trim();
    let inside = COMMENTS
        .iter()
        .find_map(|(open, close)| line.strip_prefix(open)?.strip_suffix(close))?
        .trim();
    let tag = inside.strip_prefix('<')?.strip_suffix('>')?;
    let (name, anchor): (&str, fn(&str) -> Anchor<'_>) = match tag.strip_prefix('/') {
        Some(name) => (name, |name| Anchor::Closes(name)),
        None => (tag, |name| Anchor::Opens(name)),
    };
    let valid = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    valid.then(|| anchor(name))
}

/// `lines` without their common indentation and without blank lines at both ends.
fn dedent(lines: &[&str]) -> String {
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let mut code = String::new();
    for line in lines {
        code.push_str(line.get(indent..).unwrap_or_default().trim_end());
        code.push('\n');
    }
    let body = code.trim_end();
    let start = body.len() - body.trim_start_matches('\n').len();
    format!("{}\n", &body[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "using X;\n// <main>\nclass P {\n    // <send>\n    Send();\n\n    Wait();\n    // </send>\n}\n// </main>\n";

    #[test]
    fn anchors_nest_and_are_left_out() {
        assert_eq!(extract(FILE, Some("send")).unwrap(), "Send();\n\nWait();\n");
        assert_eq!(
            extract(FILE, Some("main")).unwrap(),
            "class P {\n    Send();\n\n    Wait();\n}\n"
        );
        assert_eq!(
            extract(FILE, None).unwrap(),
            "using X;\nclass P {\n    Send();\n\n    Wait();\n}\n"
        );
    }

    #[test]
    fn comments_of_other_languages() {
        assert_eq!(
            extract("# <a>\nx: 1\n# </a>\n", Some("a")).unwrap(),
            "x: 1\n"
        );
        assert_eq!(
            extract("  <!-- <a> -->\n  <b/>\n  <!-- </a> -->\n", Some("a")).unwrap(),
            "<b/>\n"
        );
        assert_eq!(
            parse_anchor("/// <summary>"),
            None,
            "documentation comments are no anchors"
        );
    }

    #[test]
    fn absent_and_unclosed_anchors_are_refused() {
        let known = vec!["main".to_owned(), "send".to_owned()];
        assert_eq!(
            extract(FILE, Some("sned")),
            Err(FenceProblem::NoSuchAnchor {
                anchor: "sned".into(),
                closest: Some("send".into()),
                known
            })
        );
        assert_eq!(
            extract("// <a>\nx\n", Some("a")),
            Err(FenceProblem::AnchorNotClosed { anchor: "a".into() })
        );
    }
}
