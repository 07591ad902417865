//! YAML with the place of every value: a small tree made from the events of `saphyr-parser`.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use std::collections::HashMap;
use std::ops::Range;

/// A value and its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The value.
    pub(crate) value: Value,
    /// Its bytes in the text.
    pub(crate) span: Range<usize>,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A scalar as written.
    Scalar {
        /// Its text, unquoted.
        text: String,
        /// True without quotes: then it may be a number, a boolean or nothing.
        plain: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in order.
    Mapping(Vec<(Node, Node)>),
}

/// What is wrong, and its byte in the text.
pub(crate) type Error = (usize, String);

/// The documents of `text`.
///
/// # Errors
/// The first place that is not YAML, or a key said twice in one mapping.
pub(crate) fn documents(text: &str) -> Result<Vec<Node>, Error> {
    let mut builder = Builder {
        text,
        bytes: text.char_indices().map(|(at, _)| at).collect(),
        anchors: HashMap::new(),
    };
    let mut parser = Parser::new_from_str(text);
    let mut documents = Vec::new();
    while let Some((event, span)) = builder.next(&mut parser)? {
        if !matches!(
            event,
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd
        ) {
            documents.push(builder.node(event, span, &mut parser)?);
        }
    }
    Ok(documents)
}

type Events<'t> = Parser<'t, saphyr_parser::StrInput<'t>>;

struct Builder<'t> {
    text: &'t str,
    /// Byte of each character: the parser counts characters.
    bytes: Vec<usize>,
    anchors: HashMap<usize, Node>,
}

impl<'t> Builder<'t> {
    fn next(&self, parser: &mut Events<'t>) -> Result<Option<(Event<'t>, Range<usize>)>, Error> {
        match parser.next() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let start = self.byte(span.start.index());
                Ok(Some((event, start..self.byte(span.end.index()).max(start))))
            }
            Some(Err(error)) => Err(self.scan_error(&error)),
        }
    }

    fn scan_error(&self, error: &ScanError) -> Error {
        (self.byte(error.marker().index()), error.to_string())
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes
            .get(character)
            .copied()
            .unwrap_or(self.text.len())
    }

    fn node(
        &mut self,
        event: Event<'t>,
        span: Range<usize>,
        parser: &mut Events<'t>,
    ) -> Result<Node, Error> {
        let (value, anchor) = match event {
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).cloned();
                return target.ok_or((span.start, "alias sans ancre".to_owned()));
            }
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let text = text.into_owned();
                (Value::Scalar { text, plain }, anchor)
            }
            Event::SequenceStart(anchor, _) => (Value::Sequence(self.sequence(parser)?), anchor),
            Event::MappingStart(anchor, _) => (Value::Mapping(self.mapping(parser)?), anchor),
            other => return Err((span.start, format!("événement inattendu : {other:?}"))),
        };
        let node = Node { value, span };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn sequence(&mut self, parser: &mut Events<'t>) -> Result<Vec<Node>, Error> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next(parser)? {
            if event == Event::SequenceEnd {
                break;
            }
            items.push(self.node(event, span, parser)?);
        }
        Ok(items)
    }

    fn mapping(&mut self, parser: &mut Events<'t>) -> Result<Vec<(Node, Node)>, Error> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        while let Some((event, span)) = self.next(parser)? {
            if event == Event::MappingEnd {
                break;
            }
            let key = self.node(event, span, parser)?;
            if let Some(name) = key.text()
                && entries.iter().any(|(other, _)| other.text() == Some(name))
            {
                return Err((key.span.start, format!("clé « {name} » écrite deux fois")));
            }
            let Some((event, span)) = self.next(parser)? else {
                return Err((key.span.end, "clé sans valeur".to_owned()));
            };
            let value = self.node(event, span, parser)?;
            entries.push((key, value));
        }
        Ok(entries)
    }
}

impl Node {
    /// The scalar's text.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value under `key`, in a mapping that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Mapping(entries) => {
                let found = entries.iter().find(|(name, _)| name.text() == Some(key));
                found.map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// True for what says nothing: `a:`, `null`, `~`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bytes_of_the_text() {
        let text = "été: 1\nb:\n  - \"x\"\n---\nc: d\n";
        let documents = documents(text).unwrap();
        assert_eq!(documents.len(), 2);
        let Value::Sequence(items) = &documents[0].get("b").unwrap().value else {
            panic!("a list")
        };
        assert_eq!(&text[items[0].span.clone()], "\"x\"");
        assert_eq!(documents[1].get("c").and_then(Node::text), Some("d"));
    }

    #[test]
    fn what_is_not_yaml_is_refused() {
        assert!(documents("a: [1, 2\nb: 3\n").is_err());
        assert!(documents("a:\n\t- x\n").is_err());
        let (at, said) = documents("a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!((at, said.as_str()), (10, "clé « a » écrite deux fois"));
    }
}
