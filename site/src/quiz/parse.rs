//! The block `quiz` into a [`Quiz`], its answers held against the engine.

use super::problem::QuizProblem;
use super::{Answer, Choice, Markdown, Question, Quiz};
use crate::diagnostic::Diagnostics;
use crate::markdown::fenced::Fence;
use crate::markdown::substitution::char_span;
use crate::text::slug::slug;
use crate::text::toml::{Context, Table, Taken, parse as parse_toml};
use engine::query::{Value, evaluate};
use std::cell::RefCell;

/// Kinds of question, as written.
const KINDS: [&str; 4] = ["single", "multiple", "numeric", "predict"];

/// Reads the quiz in `fence`; what is wrong goes to `problems`.
pub(super) fn parse(fence: &Fence<'_>, problems: &mut Diagnostics) -> Option<Quiz> {
    let found = RefCell::new(std::mem::take(problems));
    let quiz = parse_block(fence, &found);
    *problems = found.into_inner();
    quiz
}

fn parse_block(fence: &Fence<'_>, problems: &RefCell<Diagnostics>) -> Option<Quiz> {
    let text = fence.body;
    let toml = parse_toml(text, &fence.origin, problems)?;
    let first_line = text.find('\n').unwrap_or(text.len());
    let root = Table::new(
        toml.get_ref(),
        0..first_line,
        Context {
            text,
            origin: &fence.origin,
            problems,
        },
    );
    let id = id(&root);
    let title = root.required_text("title").map(|title| title.value);
    let tables = root.tables("question");
    if tables.is_empty() && !root.has("question") {
        root.report(0..first_line, QuizProblem::NoQuestion);
    }
    let count = tables.len();
    let questions: Vec<Question> = tables.into_iter().filter_map(question).collect();
    root.finish();
    let complete = questions.len() == count && count > 0;
    complete.then_some(Quiz {
        id: id?,
        title: title?,
        questions,
    })
}

fn id(root: &Table<'_, '_>) -> Option<String> {
    let id = root.required_text("id")?;
    let better = slug(&id.value);
    if better != id.value {
        root.report(id.span, QuizProblem::BadId { better });
        return None;
    }
    Some(id.value)
}

fn question(table: Table<'_, '_>) -> Option<Question> {
    let kind = table.required_choice("type", &KINDS);
    let prompt = markdown(&table, "prompt", true);
    let explanation = markdown(&table, "explanation", false);
    let answer = match kind.as_ref().map(|kind| KINDS[kind.value])? {
        "single" => choices(&table, false).map(Answer::Single),
        "multiple" => choices(&table, true).map(Answer::Multiple),
        "numeric" => number(&table),
        _ => prediction(&table),
    };
    let predict = kind.is_some_and(|kind| KINDS[kind.value] == "predict");
    table.finish();
    Some(Question {
        predict,
        prompt: prompt?,
        answer: answer?,
        explanation,
    })
}

fn markdown(table: &Table<'_, '_>, key: &'static str, required: bool) -> Option<Markdown> {
    let taken = if required {
        table.required_text(key)
    } else {
        table.text(key)
    }?;
    let origin = table.context().origin_of(&taken.span, &taken.value);
    Some(Markdown {
        source: taken.value,
        origin,
    })
}

/// The answers to choose from; checks how many are right.
fn choices(table: &Table<'_, '_>, multiple: bool) -> Option<Vec<Choice>> {
    let tables = table.tables("answer");
    let count = tables.len();
    let choices: Vec<Choice> = tables.into_iter().filter_map(choice).collect();
    if count < 2 {
        table.report(table.span(), QuizProblem::TooFewAnswers);
        return None;
    }
    let correct = choices.iter().filter(|choice| choice.correct).count();
    if choices.len() == count && (correct == 0 || (correct > 1 && !multiple)) {
        table.report(
            table.span(),
            QuizProblem::CorrectCount { correct, multiple },
        );
        return None;
    }
    (choices.len() == count).then_some(choices)
}

fn choice(table: Table<'_, '_>) -> Option<Choice> {
    let text = markdown(&table, "text", true);
    let correct = table
        .boolean("correct")
        .is_some_and(|correct| correct.value);
    let feedback = markdown(&table, "feedback", true);
    table.finish();
    Some(Choice {
        text: text?,
        correct,
        feedback: feedback?,
    })
}

fn number(table: &Table<'_, '_>) -> Option<Answer> {
    let written = table.number("value");
    let computed = table.text("compute");
    let tolerance = table
        .number("tolerance")
        .map_or(0.0, |tolerance| tolerance.value);
    let unit = table
        .text("unit")
        .map(|unit| unit.value)
        .unwrap_or_default();
    let feedback = markdown(table, "feedback", true);
    let value = match (written, computed) {
        (Some(value), None) => Some(value.value),
        (None, Some(expression)) => {
            compute(table, &expression).and_then(|value| as_number(table, &expression, &value))
        }
        _ => {
            table.report(table.span(), QuizProblem::ValueOrCompute);
            None
        }
    };
    Some(Answer::Number {
        value: value?,
        tolerance,
        unit,
        feedback: feedback?,
    })
}

/// A question whose answer the engine computes: among choices if there are any, else a number.
fn prediction(table: &Table<'_, '_>) -> Option<Answer> {
    if !table.has("compute") {
        table.report(table.span(), QuizProblem::PredictWithoutCompute);
        return None;
    }
    if !table.has("answer") {
        return number(table);
    }
    let expression = table.text("compute")?;
    let value = compute(table, &expression);
    let choices = choices(table, false)?;
    let actual = value?.to_string();
    let agrees = choices
        .iter()
        .any(|choice| choice.correct && bare(&choice.text.source) == bare(&actual));
    if !agrees {
        table.report(expression.span, QuizProblem::Disagrees { actual });
        return None;
    }
    Some(Answer::Single(choices))
}

/// The text without code marks, spaces of any kind and words: what is compared to the engine's value.
fn bare(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '`' | '*' | '_' | '\u{202F}' | '\u{A0}'))
        .collect();
    let lower = kept.to_lowercase();
    lower
        .strip_prefix("partition")
        .or(lower.strip_prefix("lapartition"))
        .unwrap_or(&lower)
        .to_owned()
}

fn compute(table: &Table<'_, '_>, expression: &Taken<String>) -> Option<Value> {
    match evaluate(&expression.value) {
        Ok(value) => Some(value),
        Err(error) => {
            let origin = table
                .context()
                .origin_of(&expression.span, &expression.value);
            let span = char_span(&expression.value, error.column, error.length);
            let problem = QuizProblem::Computation {
                reason: error.to_string(),
            };
            table
                .context()
                .problems
                .borrow_mut()
                .push(origin.place(span), problem);
            None
        }
    }
}

fn as_number(table: &Table<'_, '_>, expression: &Taken<String>, value: &Value) -> Option<f64> {
    let number = value.as_real();
    if number.is_none() {
        table.report(
            expression.span.clone(),
            QuizProblem::NotANumber {
                value: value.to_string(),
            },
        );
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_compared_without_their_dress() {
        assert_eq!(bare("**Partition `3`**"), bare("3"));
        assert_eq!(bare("10 000"), bare("10\u{202F}000"));
        assert_ne!(bare("Partition 4"), bare("3"));
    }
}
