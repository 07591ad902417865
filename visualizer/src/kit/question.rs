//! Predict, then look: a question waits, what would answer it is not shown, and the answers are counted.

use super::{button, line_form, row};
use crate::dom::{El, class, el, text};
use crate::state::Var;
use engine::query::Value;
use engine::text::grouped;
use picture::french::whole;
use std::rc::Rc;

/// A question and its answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// The question.
    pub(crate) text: String,
    /// What to choose among; empty if the answer is to be typed.
    pub(crate) choices: Vec<Answer>,
    /// The answer.
    pub(crate) answer: Value,
    /// How far from the answer still counts as right: large counts are estimated, not computed by heart.
    pub(crate) tolerance: i64,
    /// Why it is so.
    pub(crate) explanation: String,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// What it stands for.
    pub(crate) value: String,
    /// What its button says.
    pub(crate) label: String,
    /// What it says to those who only hear it; the label if empty.
    pub(crate) spoken: String,
}

impl Question {
    /// Whether what was typed is the answer.
    pub(crate) fn accepts(&self, typed: &str) -> bool {
        let typed = normal(typed);
        match (&self.answer, typed.parse::<i64>()) {
            (Value::Integer(answer), Ok(typed)) => {
                answer.abs_diff(typed) <= self.tolerance.unsigned_abs()
            }
            (answer, _) => !typed.is_empty() && normal(&shown(answer)) == typed,
        }
    }
}

/// An answer as it is shown. Numbers that are not whole are rounded to a hundredth.
pub(crate) fn shown(answer: &Value) -> String {
    match answer {
        Value::Integer(number) => grouped(*number),
        Value::Text(text) => text.clone(),
        Value::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Real(number) => {
            #[allow(clippy::cast_possible_truncation)]
            let hundredths = (number * 100.0).round() as i64;
            let sign = if hundredths < 0 { "−" } else { "" };
            let hundredths = hundredths.unsigned_abs();
            format!("{sign}{},{:02}", whole(hundredths / 100), hundredths % 100)
        }
    }
}

/// What was typed, without what does not count: spaces, case, the kind of decimal point.
fn normal(text: &str) -> String {
    let words = super::lower(text);
    let counted = words.chars().filter(|c| !c.is_whitespace());
    counted.map(|c| if c == '.' { ',' } else { c }).collect()
}

/// The question at hand and the score so far.
pub(crate) struct Questions {
    current: Var<Option<Question>>,
    /// Whether it was answered well; `None` while it waits.
    outcome: Var<Option<bool>>,
    right: Var<u32>,
    answered: Var<u32>,
    /// How many were asked after the first.
    asked: Var<usize>,
}

impl Questions {
    /// Asks this one first, if there is one.
    pub(crate) fn new(first: Option<Question>) -> Self {
        Self {
            current: Var::new(first),
            outcome: Var::new(None),
            right: Var::new(0),
            answered: Var::new(0),
            asked: Var::new(0),
        }
    }

    /// Whether a question waits.
    pub(crate) fn hides(&self) -> bool {
        self.current.with(Option::is_some) && self.outcome.with(Option::is_none)
    }

    /// The number of the next question, from 0.
    pub(crate) fn turn(&self) -> usize {
        let asked = self.asked.now();
        self.asked.set(asked + 1);
        asked
    }

    /// Asks a question.
    pub(crate) fn pose(&self, question: Question) {
        self.outcome.set(None);
        self.current.set(Some(question));
    }

    fn answer(&self, typed: &str) {
        let good = self.current.peek(|question| {
            question
                .as_ref()
                .is_some_and(|question| question.accepts(typed))
        });
        self.answered.update(|answered| *answered += 1);
        self.right.update(|right| *right += u32::from(good));
        self.outcome.set(Some(good));
    }

    /// Puts the question away.
    pub(crate) fn close(&self) {
        self.current.set(None);
        self.outcome.set(None);
    }
}

/// The question at hand, if there is one. `again` asks another.
pub(crate) fn question_view(questions: &'static Questions, again: impl Fn() + 'static) -> El {
    let again: Rc<dyn Fn()> = Rc::new(again);
    el("div").region(move || {
        let Some(question) = questions.current.get() else {
            return Vec::new();
        };
        let again = Rc::clone(&again);
        let below = class("div", "sim-answer").region(move || match questions.outcome.get() {
            None => form(questions),
            Some(good) => outcome(questions, good, &again),
        });
        let section = class("section", "sim-question")
            .add(text("p", "sim-title", "Prédire, puis voir"))
            .add(text("p", "", &question.text))
            .add(below);
        vec![section]
    })
}

fn form(questions: &'static Questions) -> Vec<El> {
    let choices = questions.current.peek(|question| {
        question
            .as_ref()
            .map_or_else(Vec::new, |question| question.choices.clone())
    });
    let answer = if choices.is_empty() {
        line_form("Votre réponse", "", "Répondre", |typed| {
            if !typed.trim().is_empty() {
                questions.answer(&typed);
            }
        })
    } else {
        buttons(questions, choices)
    };
    vec![
        answer,
        button("Voir sans répondre", "", || questions.close()),
    ]
}

/// The choices: a row of cells where they are short, buttons otherwise.
fn buttons(questions: &'static Questions, choices: Vec<Answer>) -> El {
    let short = choices
        .iter()
        .all(|choice| choice.label.chars().count() <= 3);
    let buttons = choices.into_iter().map(|choice| {
        let value = choice.value;
        let made = button(&choice.label, "", move || questions.answer(&value));
        let made = if short {
            made.attr("class", "sim-cell")
        } else {
            made
        };
        if choice.spoken.is_empty() {
            made
        } else {
            made.attr("aria-label", &choice.spoken)
        }
    });
    class("div", if short { "sim-cells" } else { "sim-row" })
        .attr("role", "group")
        .attr("aria-label", "Réponses")
        .all(buttons.collect())
}

fn outcome(questions: &'static Questions, good: bool, again: &Rc<dyn Fn()>) -> Vec<El> {
    let (answer, explanation) = questions.current.peek(|question| {
        question.as_ref().map_or_else(Default::default, |question| {
            (answer_label(question), question.explanation.clone())
        })
    });
    let (class_of_verdict, verdict) = if good {
        ("sim-verdict good", format!("✓ Juste : {answer}."))
    } else {
        ("sim-verdict bad", format!("✗ Non : c’est {answer}."))
    };
    let score = format!(
        "Score : {} sur {}",
        questions.right.now(),
        questions.answered.now()
    );
    let status = el("div")
        .attr("role", "status")
        .add(text("p", class_of_verdict, &verdict))
        .add(text("p", "", &explanation))
        .add(text("p", "sim-score", &score));
    let again = Rc::clone(again);
    let buttons = row(vec![
        button("Encore une", "P", move || again()),
        button("Fermer", "", || questions.close()),
    ]);
    vec![status, buttons]
}

/// The answer as the learner saw it: the label of its button, if it had one.
fn answer_label(question: &Question) -> String {
    let answer = shown(&question.answer);
    question
        .choices
        .iter()
        .find(|choice| question.accepts(&choice.value))
        .map_or(answer, |choice| choice.label.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(answer: Value, tolerance: i64) -> Question {
        Question {
            text: String::new(),
            choices: Vec::new(),
            answer,
            tolerance,
            explanation: String::new(),
        }
    }

    #[test]
    fn numbers_may_be_near_and_texts_loosely_written() {
        assert!(question(Value::Integer(500), 50).accepts("5 40"));
        assert!(!question(Value::Integer(500), 0).accepts("501"));
        assert!(question(Value::Text("Range".into()), 0).accepts(" range "));
        assert!(!question(Value::Text("Range".into()), 0).accepts(""));
        assert_eq!(shown(&Value::Real(-1.5)), "−1,50");
    }
}
