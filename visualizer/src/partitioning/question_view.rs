//! Predict, then look: while a question waits, what would answer it is not shown.

use super::model::Shared;
use super::question::{Question, shown};
use crate::dom::{El, class, el, text};
use crate::kit;
use crate::state::Var;
use engine::scenario::Scenario;

/// The question at hand and the score so far.
pub(super) struct Questions {
    current: Var<Option<Question>>,
    /// Whether it was answered well; `None` while it waits.
    outcome: Var<Option<bool>>,
    right: Var<u32>,
    answered: Var<u32>,
    /// How many were asked after the page's own.
    asked: Var<usize>,
}

impl Questions {
    /// Asks the page's own question first, if it has one.
    pub(super) fn new(page: &Scenario, ask: bool) -> Self {
        let first = page
            .predict
            .as_ref()
            .filter(|_| ask)
            .and_then(|prediction| Question::of_page(prediction, page));
        Self {
            current: Var::new(first),
            outcome: Var::new(None),
            right: Var::new(0),
            answered: Var::new(0),
            asked: Var::new(0),
        }
    }

    /// Whether a question waits.
    pub(super) fn hides(&self) -> bool {
        self.current.with(Option::is_some) && self.outcome.with(Option::is_none)
    }

    /// Asks another question about the present settings.
    pub(super) fn ask(&self, model: Shared) {
        let asked = self.asked.now();
        self.asked.set(asked + 1);
        if let Some(question) = next(model, asked) {
            model.player.pause();
            self.outcome.set(None);
            self.current.set(Some(question));
        } else {
            model.say("Pas de question possible : aucune clé n’est hachée.");
        }
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

    fn close(&self) {
        self.current.set(None);
        self.outcome.set(None);
    }
}

/// The kinds of question in turn, leaving out those that make no sense now.
fn next(model: Shared, asked: usize) -> Option<Question> {
    let tally = model.tally();
    let growth = model.growth();
    let left = model.left_name();
    let partition = || {
        let list = model.list();
        // Seven steps on each time: neighbours in a set look too much alike.
        let key = list.get((asked * 7 + 3) % list.len().max(1))?;
        Question::partition(&left, model.left_partitioner(), key, growth.from)
    };
    let differ = || {
        tally.right.as_ref()?;
        Question::differ((&left, &model.right_name()), &tally, growth.to)
    };
    let moved = || Question::moved(&left, &tally, growth);
    match asked % 3 {
        1 => differ().or_else(partition),
        2 => moved().or_else(partition),
        _ => partition().or_else(differ),
    }
}

pub(super) fn question_view(model: Shared) -> El {
    el("div").region(move || {
        let Some(question) = model.questions.current.get() else {
            return Vec::new();
        };
        let below =
            class("div", "sim-answer").region(move || match model.questions.outcome.get() {
                None => form(&model.questions),
                Some(good) => outcome(model, good),
            });
        let section = class("section", "sim-question")
            .add(text("p", "sim-title", "Prédire, puis voir"))
            .add(text("p", "", &question.text))
            .add(below);
        vec![section]
    })
}

fn form(questions: &'static Questions) -> Vec<El> {
    let partitions = questions
        .current
        .peek(|question| question.as_ref().and_then(|question| question.partitions));
    let answer = match partitions {
        Some(partitions) => cells(questions, partitions),
        None => kit::line_form("Votre réponse", "", "Répondre", |typed| {
            if !typed.trim().is_empty() {
                questions.answer(&typed);
            }
        }),
    };
    vec![
        answer,
        kit::button("Voir sans répondre", "", || questions.close()),
    ]
}

/// The partitions as a row of cells to press.
fn cells(questions: &'static Questions, partitions: i32) -> El {
    let cells = (0..partitions).map(|partition| {
        let number = partition.to_string();
        kit::button(&number.clone(), "", move || questions.answer(&number))
            .attr("class", "sim-cell")
            .attr("aria-label", &format!("partition {partition}"))
    });
    class("div", "sim-cells")
        .attr("role", "group")
        .attr("aria-label", "Partitions")
        .all(cells.collect())
}

fn outcome(model: Shared, good: bool) -> Vec<El> {
    let questions = &model.questions;
    let (answer, explanation) = questions.current.peek(|question| {
        question.as_ref().map_or_else(Default::default, |question| {
            (shown(&question.answer), question.explanation.clone())
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
    let buttons = kit::row(vec![
        kit::button("Encore une", "P", move || questions.ask(model)),
        kit::button("Fermer", "", || questions.close()),
    ]);
    vec![status, buttons]
}
