//! C# by the grammar of tree-sitter.
//!
//! A file is a compilation unit. A fragment on a page may be one too (types, or statements at the top level), or members of
//! a class, or arguments and initialisers cut out of a statement: it is right if one of these readings has no error, and
//! otherwise shown by the reading that has the fewest.

use std::ops::Range;
use tree_sitter::{Node, Parser};

/// What stands before and after a fragment in each reading.
const READINGS: [(&str, &str); 3] = [
    ("", ""),
    ("class Fragment {\n", "\n}"),
    ("class Fragment { async void Run() {\n", "\n} }"),
];

/// The errors of the file `text`: bytes, and what is expected there.
pub(crate) fn file(text: &str) -> Vec<(Range<usize>, String)> {
    errors(text, READINGS[0])
}

/// The errors of the fragment `text` in its best reading.
pub(crate) fn fragment(text: &str) -> Vec<(Range<usize>, String)> {
    let readings = READINGS.map(|reading| errors(text, reading));
    readings
        .into_iter()
        .min_by_key(Vec::len)
        .unwrap_or_default()
}

fn errors(text: &str, (before, after): (&str, &str)) -> Vec<(Range<usize>, String)> {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_c_sharp::LANGUAGE.into())
        .expect("the grammar fits the library");
    let whole = format!("{before}{text}{after}");
    let tree = parser
        .parse(&whole, None)
        .expect("a tree, without a time limit");
    let mut found = Vec::new();
    collect(tree.root_node(), &mut found);
    let moved = |at: usize| at.saturating_sub(before.len()).min(text.len());
    found
        .into_iter()
        .map(|(span, said)| (moved(span.start)..moved(span.end), said))
        .collect()
}

/// The outermost errors under `node`.
fn collect(node: Node<'_>, found: &mut Vec<(Range<usize>, String)>) {
    if !node.has_error() {
        return;
    }
    if node.is_missing() {
        found.push((node.byte_range(), format!("il manque « {} »", node.kind())));
        return;
    }
    if node.is_error() {
        found.push((node.byte_range(), "ce n'est pas du C#".to_owned()));
        return;
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        collect(child, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_statements_members_or_files() {
        for good in [
            "var a = 1;\nawait Task.Delay(a);",
            "private readonly int _a = 1;\n\npublic void M() => Console.WriteLine(_a);",
            "namespace A;\n\npublic sealed record B(string C);",
        ] {
            assert_eq!(fragment(good), [], "{good}");
        }
    }

    #[test]
    fn an_error_has_its_place() {
        let text = "var a = 1;\nvar b = (2;\n";
        let found = fragment(text);
        assert!(!found.is_empty());
        assert!(found[0].0.start >= 11, "{found:?}");
        assert_ne!(file("class A { void M() { }"), []);
    }
}
