//! What stands inside a block: text, emphasis, code, links.

use super::footnote;
use super::problem::{LinkProblem, SubstitutionProblem};
use super::substitution::{Piece, Substitution, in_code, pieces, resolve};
use super::writer::Writer;
use crate::body;
use crate::diagnostic::Span;
use crate::text::escape;
use crate::text::french::{Typesetter, count_quotes};
use comrak::nodes::{Node, NodeValue};

impl Writer<'_, '_, '_> {
    /// Writes what stands inside the block `node`.
    pub fn inlines(&mut self, node: Node<'_>) {
        let mut typesetter = Typesetter::new(quotes_in(node));
        self.inline_children(node, &mut typesetter, false);
    }

    fn inline_children(&mut self, node: Node<'_>, typesetter: &mut Typesetter, in_link: bool) {
        for child in node.children() {
            self.inline(child, typesetter, in_link);
        }
    }

    fn inline(&mut self, node: Node<'_>, typesetter: &mut Typesetter, in_link: bool) {
        match &node.data().value {
            NodeValue::Text(text) => self.prose(node, text, typesetter, in_link),
            NodeValue::SoftBreak => {
                self.out.push('\n');
                typesetter.skip('\n');
            }
            NodeValue::LineBreak => {
                self.out.push_str("<br>\n");
                typesetter.skip('\n');
            }
            NodeValue::Code(code) => {
                self.code_span(node, &code.literal);
                typesetter.skip('`');
            }
            NodeValue::Emph => self.wrapped(node, "em", typesetter, in_link),
            NodeValue::Strong => self.wrapped(node, "strong", typesetter, in_link),
            NodeValue::Strikethrough => self.wrapped(node, "del", typesetter, in_link),
            NodeValue::Link(link) => self.link(node, &link.url, &link.title, typesetter),
            NodeValue::Image(image) => {
                self.image(node, &image.url, &image.title);
                typesetter.skip('`');
            }
            NodeValue::FootnoteReference(reference) => self.footnote_call(node, &reference.name),
            NodeValue::HtmlInline(html) => {
                let span = self.span(node);
                self.raw_html(html, &span, false);
            }
            _ => self.inline_children(node, typesetter, in_link),
        }
    }

    fn wrapped(
        &mut self,
        node: Node<'_>,
        element: &str,
        typesetter: &mut Typesetter,
        in_link: bool,
    ) {
        self.out.push('<');
        self.out.push_str(element);
        self.out.push('>');
        self.inline_children(node, typesetter, in_link);
        self.out.push_str("</");
        self.out.push_str(element);
        self.out.push('>');
    }

    /// Running text: typeset, with its substitutions.
    fn prose(&mut self, node: Node<'_>, text: &str, typesetter: &mut Typesetter, in_link: bool) {
        self.state.page.counts.words += text.split_whitespace().count();
        if memchr::memchr(b'[', text.as_bytes()).is_some() {
            self.check_brackets(node, text);
        }
        if memchr::memmem::find(text.as_bytes(), b"{{").is_none() {
            self.typeset(text, typesetter);
            return;
        }
        // Where the next piece is looked for: the same words may stand in the text several times.
        let mut rest = self.span(node);
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => self.typeset(text, typesetter),
                Piece::Open(open) => {
                    let at = self.text.find(rest.clone(), open);
                    self.report(at, SubstitutionProblem::NotClosed);
                }
                Piece::Braces(inner) => {
                    let at = self.text.find(rest.clone(), &format!("{{{{{inner}}}}}"));
                    self.substitute(inner, at.clone(), typesetter, in_link);
                    rest.start = at.end.min(rest.end);
                }
            }
        }
    }

    fn typeset(&mut self, text: &str, typesetter: &mut Typesetter) {
        let mut typeset = String::with_capacity(text.len() + 8);
        typesetter.push(text, &mut typeset);
        escape::push(&mut self.out, &typeset);
    }

    /// Writes what `inner` stands for; `whole` are its bytes with their braces.
    fn substitute(&mut self, inner: &str, whole: Span, typesetter: &mut Typesetter, in_link: bool) {
        let env = self.state.env;
        match resolve(inner, env.course) {
            Ok(Substitution::Value(value)) => {
                escape::push(&mut self.out, &value);
                typesetter.skip(value.chars().next_back().unwrap_or(' '));
            }
            Ok(Substitution::Term { id, text }) => {
                self.term(id, text, in_link);
                typesetter.skip('`');
            }
            Err((span, problem)) => {
                // An escaped character inside shifts the rest: then the whole is underlined.
                let exact = whole.len() == inner.len() + 4;
                let start = whole.start + 2;
                self.report(
                    if exact {
                        start + span.start..start + span.end
                    } else {
                        whole
                    },
                    problem,
                );
            }
        }
    }

    /// A term of the glossary, as a link to its definition; as plain text inside another link.
    fn term(&mut self, id: &str, text: Option<&str>, in_link: bool) {
        let env = self.state.env;
        let Some(term) = env.course.glossary.get(id) else {
            return;
        };
        self.state.use_term(id);
        let mut name = String::new();
        escape::push(
            &mut name,
            &text.map_or_else(|| term.term.clone(), crate::text::french::typeset),
        );
        if in_link {
            self.out.push_str(&name);
            return;
        }
        let definition = env.definitions.get(id).map_or("", String::as_str);
        self.out.push_str("<dfn class=\"term\" data-term=\"");
        escape::push(&mut self.out, id);
        self.out.push_str("\" data-definition=\"");
        escape::push(&mut self.out, definition);
        self.out.push_str("\"><a href=\"");
        body::push_file(&mut self.out, &format!("glossaire/#{id}"));
        self.out.push_str("\">");
        self.out.push_str(&name);
        self.out.push_str("</a></dfn>");
    }

    /// `[^x]` left in the text is a call without footnote; `[texte][x]` is a reference that nothing defines.
    fn check_brackets(&mut self, node: Node<'_>, text: &str) {
        let span = self.span(node);
        for (at, _) in text.match_indices("[^") {
            let Some((name, _)) = text[at + 2..].split_once(']') else {
                continue;
            };
            if !name.is_empty() && !name.contains(char::is_whitespace) {
                let problem = footnote::undefined(name, &self.state.footnotes);
                let at = self.text.find(span.clone(), &format!("[^{name}]"));
                self.report(at, problem);
            }
        }
        for (at, _) in text.match_indices("][") {
            let Some((name, _)) = text[at + 2..].split_once(']') else {
                continue;
            };
            if !name.is_empty() {
                let at = self.text.find(span.clone(), &format!("][{name}]"));
                self.report(
                    at.start + 1..at.end,
                    LinkProblem::Reference {
                        name: name.to_owned(),
                    },
                );
            }
        }
    }

    fn code_span(&mut self, node: Node<'_>, literal: &str) {
        self.state.page.counts.words += 1;
        self.out.push_str("<code>");
        match in_code(literal, self.state.env.course) {
            Ok(code) => escape::push(&mut self.out, &code),
            Err((span, problem)) => {
                let within = self.span(node);
                let at = self.text.find(within, &literal[span]);
                self.report(at, problem);
            }
        }
        self.out.push_str("</code>");
    }

    fn link(&mut self, node: Node<'_>, url: &str, title: &str, typesetter: &mut Typesetter) {
        let url = match in_code(url, self.state.env.course) {
            Ok(url) => url,
            Err((span, problem)) => {
                let within = self.span(node);
                let at = self.text.find(within, &url[span]);
                self.report(at, problem);
                return;
            }
        };
        if node.children().next().is_none() {
            let span = self.span(node);
            self.report(span, LinkProblem::NoText);
        }
        let linked = self.open_link(node, &url, title);
        if is_autolink(node, &url) {
            escape::push(&mut self.out, url.strip_prefix("mailto:").unwrap_or(&url));
            typesetter.skip('`');
        } else {
            self.inline_children(node, typesetter, true);
        }
        if linked {
            self.out.push_str("</a>");
        }
    }

    /// The text of `node` without markup, typeset.
    pub fn plain(&self, node: Node<'_>) -> String {
        let mut typesetter = Typesetter::new(quotes_in(node));
        let mut out = String::new();
        self.plain_into(node, &mut typesetter, &mut out);
        out.trim().to_owned()
    }

    fn plain_into(&self, node: Node<'_>, typesetter: &mut Typesetter, out: &mut String) {
        match &node.data().value {
            NodeValue::Text(text) => {
                for piece in pieces(text) {
                    match piece {
                        Piece::Text(text) | Piece::Open(text) => typesetter.push(text, out),
                        Piece::Braces(inner) => self.plain_substitution(inner, out),
                    }
                }
            }
            NodeValue::Code(code) => {
                let course = self.state.env.course;
                out.push_str(&in_code(&code.literal, course).unwrap_or_default());
                typesetter.skip('`');
            }
            NodeValue::SoftBreak | NodeValue::LineBreak => {
                out.push(' ');
                typesetter.skip(' ');
            }
            NodeValue::FootnoteReference(_) | NodeValue::HtmlInline(_) => {}
            _ => node
                .children()
                .for_each(|child| self.plain_into(child, typesetter, out)),
        }
    }

    fn plain_substitution(&self, inner: &str, out: &mut String) {
        let course = self.state.env.course;
        match resolve(inner, course) {
            Ok(Substitution::Value(value)) => out.push_str(&value),
            Ok(Substitution::Term { id, text }) => {
                out.push_str(
                    text.or_else(|| course.glossary.get(id).map(|term| term.term.as_str()))
                        .unwrap_or_default(),
                );
            }
            Err(_) => {}
        }
    }
}

/// True if the text of the link `node` is its own address.
fn is_autolink(node: Node<'_>, url: &str) -> bool {
    let Some(child) = node.first_child() else {
        return false;
    };
    match &child.data().value {
        NodeValue::Text(text) => {
            child.next_sibling().is_none()
                && (**text == *url
                    || url
                        .strip_prefix("mailto:")
                        .is_some_and(|mail| mail == &**text)
                    || url
                        .strip_prefix("http://")
                        .is_some_and(|rest| rest == &**text))
        }
        _ => false,
    }
}

/// Straight double quotes in the text inside `node`, outside of code.
fn quotes_in(node: Node<'_>) -> usize {
    node.children()
        .map(|child| match &child.data().value {
            NodeValue::Text(text) => pieces(text)
                .map(|piece| {
                    if let Piece::Text(text) = piece {
                        count_quotes(text)
                    } else {
                        0
                    }
                })
                .sum(),
            _ => quotes_in(child),
        })
        .sum()
}
