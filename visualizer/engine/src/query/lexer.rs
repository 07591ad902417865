//! Cuts an expression into tokens.

use super::error::{QueryError, QueryErrorKind};

/// A piece of the expression, in characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) column: usize,
    pub(super) length: usize,
}

impl Span {
    /// A fault here.
    pub(super) fn fault(self, kind: QueryErrorKind) -> QueryError {
        QueryError {
            column: self.column,
            length: self.length.max(1),
            kind,
        }
    }

    /// From the start of this one to the end of a later one.
    pub(super) fn to(self, last: Self) -> Self {
        Self {
            column: self.column,
            length: (last.column + last.length).saturating_sub(self.column),
        }
    }
}

/// The kinds of token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Integer(i64),
    /// A decimal number: its digits without the point, and how many come after it.
    Decimal(i64, u32),
    Text(String),
    Name(String),
    /// One of `( ) [ ] , + - * / %`.
    Sign(char),
}

/// Reads tokens one after the other.
pub(super) struct Lexer<'e> {
    characters: std::iter::Peekable<std::str::Chars<'e>>,
    /// Column of the next character.
    column: usize,
}

impl<'e> Lexer<'e> {
    pub(super) fn new(expression: &'e str) -> Self {
        Self {
            characters: expression.chars().peekable(),
            column: 1,
        }
    }

    /// The next token and its place, or the place of the end.
    pub(super) fn next(&mut self) -> Result<(Option<Token>, Span), QueryError> {
        self.take_while(char::is_whitespace);
        let column = self.column;
        let here = Span { column, length: 1 };
        let Some(&first) = self.characters.peek() else {
            return Ok((None, here));
        };
        let token = match first {
            '"' => self.text(here)?,
            '0'..='9' => self.number(column)?,
            '(' | ')' | '[' | ']' | ',' | '+' | '-' | '*' | '/' | '%' => {
                self.bump();
                Token::Sign(first)
            }
            letter if letter.is_ascii_alphabetic() => {
                Token::Name(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_'))
            }
            other => return Err(here.fault(QueryErrorKind::UnexpectedCharacter(other))),
        };
        Ok((
            Some(token),
            Span {
                column,
                length: self.column - column,
            },
        ))
    }

    fn text(&mut self, here: Span) -> Result<Token, QueryError> {
        self.bump();
        let text = self.take_while(|c| c != '"');
        if self.bump().is_none() {
            let length = self.column - here.column;
            return Err(Span { length, ..here }.fault(QueryErrorKind::UnclosedText));
        }
        Ok(Token::Text(text))
    }

    fn number(&mut self, column: usize) -> Result<Token, QueryError> {
        let mut digits = self.take_while(|c| c.is_ascii_digit());
        let decimals = if self.characters.next_if_eq(&'.').is_some() {
            self.column += 1;
            let decimals = self.take_while(|c| c.is_ascii_digit());
            digits.push_str(&decimals);
            Some(decimals.len())
        } else {
            None
        };
        let here = Span {
            column,
            length: self.column - column,
        };
        let number = digits
            .parse()
            .map_err(|_| here.fault(QueryErrorKind::NumberTooLarge))?;
        match decimals.map(u32::try_from) {
            None => Ok(Token::Integer(number)),
            Some(Ok(decimals)) if decimals > 0 => Ok(Token::Decimal(number, decimals)),
            Some(_) => Err(here.fault(QueryErrorKind::Expected(
                "un chiffre après le point décimal",
            ))),
        }
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(character) = self.characters.next_if(|&c| keep(c)) {
            self.column += 1;
            taken.push(character);
        }
        taken
    }

    fn bump(&mut self) -> Option<char> {
        let character = self.characters.next()?;
        self.column += 1;
        Some(character)
    }
}
