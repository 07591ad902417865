//! The block `quiz`: questions in TOML, answers checked or computed by the engine, corrections written into the page.
//!
//! `parse` reads the block, `html` writes the form. Nothing is hidden in scripts: every question carries its correction,
//! folded, so that it reads without JavaScript and prints unfolded.

mod html;
mod parse;
pub mod problem;

use crate::markdown::fenced::Fence;
use crate::markdown::page::PageQuiz;
use crate::markdown::writer::Writer;
use crate::text::french::typeset;
use crate::text::origin::Origin;
use problem::QuizProblem;
use xxhash_rust::xxh3::xxh3_64;

/// A quiz.
#[derive(Clone, Debug)]
pub struct Quiz {
    /// Its id, unique in the course: the learner's answers are kept under it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its questions.
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// True if the learner predicts what the engine computes.
    pub predict: bool,
    /// What is asked.
    pub prompt: Markdown,
    /// How it is answered.
    pub answer: Answer,
    /// What to understand, shown after answering.
    pub explanation: Option<Markdown>,
}

/// How a question is answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// By choosing one.
    Single(Vec<Choice>),
    /// By choosing all that are right.
    Multiple(Vec<Choice>),
    /// By a number.
    Number {
        /// The right one.
        value: f64,
        /// How far off is still right.
        tolerance: f64,
        /// What it counts.
        unit: String,
        /// Shown when wrong.
        feedback: Markdown,
    },
}

/// An answer that may be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it says, one line.
    pub text: Markdown,
    /// True if it is right.
    pub correct: bool,
    /// Why, one line.
    pub feedback: Markdown,
}

/// Markdown inside TOML, and where it stands.
#[derive(Clone, Debug)]
pub struct Markdown {
    /// The text.
    pub source: String,
    /// Its place.
    pub origin: Origin,
}

/// Writes the quiz in `fence`.
pub fn write(writer: &mut Writer<'_, '_, '_>, fence: &Fence<'_>) {
    let Some(quiz) = parse::parse(fence, &mut writer.state.problems) else {
        return;
    };
    let first_line = fence.body.find('\n').unwrap_or(fence.body.len());
    let place = fence.origin.place(0..first_line);
    if writer.state.add_id(&form_id(&quiz), &place) {
        for number in 1..=quiz.questions.len() {
            let id = question_id(&quiz, number);
            writer.state.add_new_id(&id, place.clone());
        }
        writer.state.page.quizzes.push(PageQuiz {
            id: quiz.id.clone(),
            title: typeset(&quiz.title),
            questions: quiz.questions.len(),
            place,
        });
    } else {
        let other = writer.state.path.to_string();
        writer.state.problems.push(
            place,
            QuizProblem::DuplicateId {
                id: quiz.id.clone(),
                other,
            },
        );
    }
    html::write(writer, &quiz, edition(fence.body));
}

/// Id of `quiz` on its page.
fn form_id(quiz: &Quiz) -> String {
    format!("quiz-{}", quiz.id)
}

/// Id of question number `number`, from 1, of `quiz` on its page.
fn question_id(quiz: &Quiz, number: usize) -> String {
    format!("quiz-{}-{number}", quiz.id)
}

/// Fingerprint of the quiz written as `source`: answers kept by the page are good for one text, another may ask otherwise.
fn edition(source: &str) -> u64 {
    xxh3_64(source.as_bytes()) & 0xFFFF_FFFF
}
