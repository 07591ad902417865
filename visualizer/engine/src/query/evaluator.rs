//! Reads an expression and gives its value.
//!
//! ```text
//! sum     = product { ("+" | "-") product }
//! product = signed { ("*" | "/" | "%") signed }
//! signed  = [ "-" ] item
//! item    = number | text | "(" sum ")" | "[" [ sum { "," sum } ] "]" | name "(" [ sum { "," sum } ] ")"
//! ```

use super::Subject;
use super::arguments::{Argument, Arguments};
use super::arithmetic;
use super::error::{QueryError, QueryErrorKind};
use super::functions;
use super::lexer::{Lexer, Span, Token};
use super::value::Value;

/// How deep parentheses, brackets and calls may go.
const MAX_DEPTH: u32 = 32;

pub(super) fn evaluate(
    expression: &str,
    subject: Option<&dyn Subject>,
) -> Result<Value, QueryError> {
    let mut lexer = Lexer::new(expression);
    let next = lexer.next()?;
    let mut evaluator = Evaluator {
        lexer,
        next,
        last: Span {
            column: 1,
            length: 1,
        },
        depth: 0,
        subject,
    };
    if evaluator.next.0.is_none() {
        return Err(evaluator.next.1.fault(QueryErrorKind::Empty));
    }
    let value = evaluator.sum()?;
    match &evaluator.next {
        (None, _) => Ok(value),
        (Some(_), here) => Err(here.fault(QueryErrorKind::Expected(
            "un opérateur ou la fin de l'expression",
        ))),
    }
}

struct Evaluator<'e> {
    lexer: Lexer<'e>,
    /// The next token and its place.
    next: (Option<Token>, Span),
    /// The place of the last token taken.
    last: Span,
    depth: u32,
    subject: Option<&'e dyn Subject>,
}

impl Evaluator<'_> {
    fn sum(&mut self) -> Result<Value, QueryError> {
        self.operation(&['+', '-'], Self::product)
    }

    fn product(&mut self) -> Result<Value, QueryError> {
        self.operation(&['*', '/', '%'], Self::signed)
    }

    /// Operands with any of these operators between them, from left to right.
    fn operation(
        &mut self,
        operators: &[char],
        operand: fn(&mut Self) -> Result<Value, QueryError>,
    ) -> Result<Value, QueryError> {
        let start = self.next.1;
        let mut value = operand(self)?;
        while let Some(operator) = self.sign(operators)? {
            let right = operand(self)?;
            value = arithmetic::apply(operator, &value, &right)
                .map_err(|kind| start.to(self.last).fault(kind))?;
        }
        Ok(value)
    }

    fn signed(&mut self) -> Result<Value, QueryError> {
        let start = self.next.1;
        if self.sign(&['-'])?.is_none() {
            return self.item();
        }
        let value = self.item()?;
        arithmetic::apply('-', &Value::Integer(0), &value)
            .map_err(|kind| start.to(self.last).fault(kind))
    }

    fn item(&mut self) -> Result<Value, QueryError> {
        let (token, here) = self.take()?;
        match token {
            Some(Token::Integer(number)) => Ok(Value::Integer(number)),
            Some(Token::Decimal(digits, decimals)) => Ok(decimal(digits, decimals)),
            Some(Token::Text(text)) => Ok(Value::Text(text)),
            Some(Token::Name(name)) => self.call(&name, here),
            Some(Token::Sign('(')) => self.nested(|this| {
                let value = this.sum()?;
                this.expect(')', "« ) »")?;
                Ok(value)
            }),
            Some(Token::Sign('[')) => {
                let items = self.items(']', "« , » ou « ] »")?;
                Ok(Value::List(
                    items.into_iter().map(|item| item.value).collect(),
                ))
            }
            _ => Err(here.fault(QueryErrorKind::Expected(
                "un nombre, un texte ou une fonction",
            ))),
        }
    }

    fn call(&mut self, name: &str, here: Span) -> Result<Value, QueryError> {
        let function = functions::find(name, self.subject).map_err(|kind| here.fault(kind))?;
        self.expect('(', "« ( »")?;
        let items = self.items(')', "« , » ou « ) »")?;
        let call = here.to(self.last);
        let arguments = Arguments {
            function,
            items,
            call,
            subject: self.subject,
        };
        functions::call(&arguments)
    }

    /// Items separated by commas, up to and including the closing sign.
    fn items(&mut self, close: char, expected: &'static str) -> Result<Vec<Argument>, QueryError> {
        let mut items = Vec::new();
        if self.sign(&[close])?.is_some() {
            return Ok(items);
        }
        loop {
            let start = self.next.1;
            let value = self.nested(Self::sum)?;
            items.push(Argument {
                value,
                place: start.to(self.last),
            });
            if self.sign(&[','])?.is_none() {
                self.expect(close, expected)?;
                return Ok(items);
            }
        }
    }

    fn nested<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth == MAX_DEPTH {
            return Err(self.next.1.fault(QueryErrorKind::TooDeep));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn take(&mut self) -> Result<(Option<Token>, Span), QueryError> {
        let following = self.lexer.next()?;
        let taken = std::mem::replace(&mut self.next, following);
        self.last = taken.1;
        Ok(taken)
    }

    /// Takes the next token if it is one of these signs.
    fn sign(&mut self, signs: &[char]) -> Result<Option<char>, QueryError> {
        match self.next.0 {
            Some(Token::Sign(sign)) if signs.contains(&sign) => {
                self.take()?;
                Ok(Some(sign))
            }
            _ => Ok(None),
        }
    }

    fn expect(&mut self, sign: char, shown: &'static str) -> Result<(), QueryError> {
        match self.sign(&[sign])? {
            Some(_) => Ok(()),
            None => Err(self.next.1.fault(QueryErrorKind::Expected(shown))),
        }
    }
}

fn decimal(digits: i64, decimals: u32) -> Value {
    let scale = (0..decimals).fold(1.0, |scale, _| scale * 10.0);
    Value::Real(digits as f64 / scale)
}
