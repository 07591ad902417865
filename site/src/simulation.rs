//! The block `simulation`: a scenario in TOML, checked by the engine, drawn as a storyboard, handed to the page as a link is written.
//!
//! 1. The engine reads the scenario and says what is malformed, with line and column in the block.
//! 2. It runs the scenario and says which expectations fail.
//! 3. The pictures of the chosen instants make the storyboard that readers without JavaScript, and paper, see.

use crate::body;
use crate::calculator;
use crate::diagnostic::{Explain, Span};
use crate::markdown::fenced::Fence;
use crate::markdown::heading::push_anchor;
use crate::markdown::substitution::char_span;
use crate::markdown::writer::Writer;
use crate::text::escape;
use crate::text::french::typeset;
use crate::text::origin::line_starts;
use crate::text::slug::slug;
use engine::expect::{ExpectationErrorKind, answer, check};
use engine::query::Value;
use engine::scenario::{Kind, Scenario};
use picture::storyboard::storyboard;

/// A scenario is malformed, or its expectations fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioProblem {
    /// The engine cannot read it; in the engine's words.
    Malformed(String),
    /// An expectation does not hold.
    Expectation {
        /// The expression.
        that: String,
        /// What the scenario says.
        expected: String,
        /// What the engine says.
        actual: String,
    },
    /// An expression cannot be evaluated; in the engine's words.
    Query(String),
}

impl Explain for ScenarioProblem {
    fn title(&self) -> String {
        match self {
            Self::Malformed(_) => "scénario incorrect".into(),
            Self::Expectation { that, .. } => {
                format!("attente démentie par la simulation : {that}")
            }
            Self::Query(_) => "calcul impossible".into(),
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Malformed(reason) | Self::Query(reason) => reason.clone(),
            Self::Expectation {
                expected, actual, ..
            } => format!("attendu : {expected} ; obtenu : {actual}"),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Malformed(_) => {
                "corrigez la partie soulignée, puis relancez la vérification".into()
            }
            Self::Expectation { actual, .. } => {
                format!(
                    "si le scénario est juste, écrivez {actual} ici et dans la prose ; sinon, corrigez le scénario"
                )
            }
            Self::Query(_) => "corrigez l'expression".into(),
        }
    }
}

/// Writes the figure of the scenario in `fence`.
pub fn write(writer: &mut Writer<'_, '_, '_>, fence: &Fence<'_>) {
    if calculator::is_one(fence) {
        calculator::write(writer, fence);
        return;
    }
    let scenario = match Scenario::from_toml(fence.body) {
        Ok(scenario) => scenario,
        Err(errors) => {
            for error in errors {
                let span = byte_span(fence.body, error.line, error.column, error.length);
                report(
                    writer,
                    fence,
                    span,
                    ScenarioProblem::Malformed(error.to_string()),
                );
            }
            return;
        }
    };
    for error in check(&scenario) {
        let span = byte_span(fence.body, error.line, error.column, error.length);
        let problem = match error.kind {
            ExpectationErrorKind::Different {
                that,
                expected,
                actual,
            } => ScenarioProblem::Expectation {
                that,
                expected: expected.to_string(),
                actual: actual.to_string(),
            },
            ExpectationErrorKind::Query(error) => ScenarioProblem::Query(error.to_string()),
        };
        report(writer, fence, span, problem);
    }
    let id = format!("sim-{}", slug(&scenario.title));
    writer
        .state
        .add_new_id(&id, fence.origin.place(0..first_line(fence.body)));
    writer.state.page.counts.simulations += 1;
    writer.state.page.sheets.extend(sheets(scenario.kind));
    figure(&mut writer.out, &scenario, &id);
}

/// The style sheets of a simulation's drawings, beside that of every page.
const fn sheets(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Partitioning => &[],
        Kind::Rebalancing | Kind::Commits | Kind::Architecture => &["css/drawings.css"],
        Kind::Replication => &["css/drawings.css", "css/replication.css"],
    }
}

fn report(
    writer: &mut Writer<'_, '_, '_>,
    fence: &Fence<'_>,
    span: Span,
    problem: ScenarioProblem,
) {
    writer
        .state
        .problems
        .push(fence.origin.place(span), problem);
}

fn figure(out: &mut String, scenario: &Scenario, id: &str) {
    out.push_str("<figure class=\"simulation\" id=\"");
    body::push_id(out, id);
    out.push('"');
    body::push_on_page(out, |out| {
        out.push_str(" data-simulation=\"");
        out.push_str(scenario.kind.name());
        push_data(out, "\" data-scenario=\"", &engine::share::encode(scenario));
        push_question(out, scenario);
        out.push('"');
    });
    out.push_str("><figcaption>");
    let title = typeset(&scenario.title);
    escape::push(out, &title);
    push_anchor(out, id, &title);
    out.push_str("</figcaption><div class=\"simulation-stage\"");
    body::push_on_page(out, |out| out.push_str(" data-stage"));
    out.push_str("><ol class=\"storyboard\">\n");
    for frame in storyboard(scenario, body::ID_PREFIX).frames {
        out.push_str("<li><p class=\"storyboard-caption\">");
        escape::push(out, &typeset(&frame.caption));
        out.push_str("</p>");
        out.push_str(&picture::french::typeset(&frame.svg));
        out.push_str("</li>\n");
    }
    out.push_str("</ol></div></figure>\n");
}

/// What the page asks before the run, with the answer: a page shows it without having to evaluate expressions.
fn push_question(out: &mut String, scenario: &Scenario) {
    let Some(asked) = &scenario.predict else {
        return;
    };
    push_data(out, "\" data-question=\"", &typeset(&asked.question));
    push_data(out, "\" data-expression=\"", &asked.answer);
    let computed = match answer(scenario) {
        Some(Ok(Value::Integer(number))) => number.to_string(),
        Some(Ok(other)) => other.to_string(),
        Some(Err(_)) | None => return,
    };
    push_data(out, "\" data-answer=\"", &computed);
}

/// An attribute's name, and its value without the closing quote.
fn push_data(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    escape::push(out, value);
}

/// Bytes of the `length` characters at `line` and `column` of `text`, both counted from 1.
fn byte_span(text: &str, line: usize, column: usize, length: usize) -> Span {
    let starts = line_starts(text);
    let start = starts
        .get(line.saturating_sub(1))
        .copied()
        .unwrap_or(text.len());
    let line = text[start..].lines().next().unwrap_or_default();
    let span = char_span(line, column, length);
    start + span.start..start + span.end
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_bytes() {
        let text = "a = 1\né = \"œuf\"\n";
        assert_eq!(&text[byte_span(text, 2, 6, 3)], "œuf");
        assert_eq!(byte_span(text, 9, 1, 1), text.len()..text.len());
    }
}
