//! The state of one bench.

use super::desk::{Lower, Part};
use super::{Player, Subject, Track, journal};
use crate::figure::{self, Figure};
use crate::kit::{Question, Questions};
use crate::state::{Var, forever};
use engine::ids::EventId;
use engine::query::Value;
use engine::scenario::{Action, Kind, Scenario};
use engine::share::ShareError;
use engine::time::Instant;
use std::cell::RefCell;

/// A simulation on its bench.
pub(crate) struct Lab {
    /// Id of the figure in the page.
    pub(super) id: String,
    /// The simulation.
    pub(crate) subject: &'static Subject,
    /// The scenario of the page, with its question.
    pub(super) page: Scenario,
    /// The scenario to come back to: the page's, or a preset.
    pub(super) origin: Var<Scenario>,
    /// The runs.
    pub(crate) player: Player,
    /// The question at hand.
    pub(crate) questions: Questions,
    /// What is wrong with a shared link, until the lower half is here to say so.
    pub(super) faulty: RefCell<Option<ShareError>>,
    /// Why a shared link was refused.
    pub(super) refused: Var<Option<String>>,
    /// Why what the learner wanted to do was not possible.
    pub(super) notice: Var<String>,
    /// Which panel is open.
    pub(super) panel: Var<usize>,
    /// Which run the journal and the buttons are about.
    pub(crate) chosen: Var<usize>,
    /// The event whose reasons are asked for.
    pub(super) asked: Var<Option<EventId>>,
    /// The instant with which the numbers are compared, if the learner chose one.
    pub(super) reference: Var<Option<Instant>>,
    /// What the live region says.
    pub(super) said: Var<String>,
    pub(super) filter: Var<journal::Filter>,
    /// The half of the bench below the pictures.
    pub(super) lower: Var<Lower>,
}

/// What the parts of a bench share.
pub(crate) type Bench = &'static Lab;

impl Lab {
    pub(super) fn new(figure: Figure, subject: &'static Subject) -> Bench {
        let Figure {
            id,
            scenario: page,
            shared,
        } = figure;
        let came_by_link = matches!(shared, Some(Ok(_)));
        let (base, faulty) = match shared {
            Some(Ok(shared)) => (figure::adopt(shared, &page), None),
            Some(Err(reason)) => (page.clone(), Some(reason)),
            None => (page.clone(), None),
        };
        let first = (!came_by_link).then(|| question_of(&page)).flatten();
        forever(Self {
            id,
            subject,
            player: Player::new(subject, base),
            questions: Questions::new(first),
            origin: Var::new(page.clone()),
            page,
            faulty: RefCell::new(faulty),
            refused: Var::new(None),
            notice: Var::new(String::new()),
            panel: Var::new(0),
            chosen: Var::new(0),
            asked: Var::new(None),
            reference: Var::new(None),
            said: Var::new(String::new()),
            filter: Var::new(journal::Filter::default()),
            lower: Var::new(Lower::Awaited),
        })
    }

    /// Which simulation it is. It is that of the page for good: whoever reads it follows nothing, and is not made anew when
    /// the scenario changes.
    pub(super) fn kind(&self) -> Kind {
        self.page.kind
    }

    /// Does something now, in all runs. Says what it did, or shows why it could not.
    pub(crate) fn act(&'static self, action: &Action) {
        self.player.pause();
        let acted = self.player.change(|timeline| timeline.act(action));
        match acted {
            Ok(refused) => {
                self.notice.set(self.left_out(&refused));
                let done = match action {
                    Action::Do(step) => step.to_string(),
                    Action::Produce(produce) => format!("{} messages produits", produce.count),
                    Action::AddPartitions(all) => format!("{all} partitions en tout"),
                };
                self.say(&format!(
                    "Fait : {done}. Le déroulé bifurque à cet instant."
                ));
            }
            Err(reason) => {
                self.say(&reason);
                self.notice.set(reason);
            }
        }
    }

    /// Says in which runs an action had no effect.
    fn left_out(&self, refused: &[usize]) -> String {
        if refused.is_empty() {
            return String::new();
        }
        let names = self.player.names();
        let left: Vec<_> = refused
            .iter()
            .filter_map(|&index| names.get(index).map(String::as_str))
            .collect();
        format!("Sans effet à cet instant dans : {}.", left.join(", "))
    }

    /// Back to what the scenario planned; the instant stays.
    pub(super) fn unfork(&'static self) {
        if self
            .player
            .with_scenario(|timeline| timeline.forks().is_empty())
        {
            return;
        }
        self.player.pause();
        self.player.change(super::Timeline::unfork);
        self.notice.set(String::new());
        self.say("Le déroulé d’origine est revenu.");
    }

    /// Takes another scenario to begin with; the page's own if `None`.
    pub(super) fn take(&'static self, scenario: Option<Scenario>) {
        let scenario = scenario.unwrap_or_else(|| self.page.clone());
        self.origin.set(scenario.clone());
        self.begin(scenario);
    }

    /// Back to the scenario that was taken.
    pub(super) fn restore(&'static self) {
        self.begin(self.origin.now());
        self.say("La simulation est revenue à son état d’origine.");
    }

    /// Puts a scenario on the bench, without making it the one to come back to.
    pub(crate) fn begin(&'static self, scenario: Scenario) {
        self.chosen.set(0);
        self.asked.set(None);
        self.reference.set(None);
        self.refused.set(None);
        self.notice.set(String::new());
        self.player.restart(self.subject, scenario);
    }

    /// Whether anything differs from the scenario that was taken.
    pub(super) fn changed(&self) -> bool {
        self.player
            .with_scenario(|timeline| self.origin.with(|origin| timeline.scenario() != origin))
    }

    /// What the lower half offers, once it is here.
    fn part(&self) -> Option<&'static Part> {
        match self.lower.now() {
            Lower::Here(part) => Some(part),
            Lower::Awaited | Lower::Missing => None,
        }
    }

    /// Asks another question about the present state.
    pub(super) fn ask(&'static self) {
        if let Some(part) = self.part() {
            (part.ask)(self);
        }
    }

    /// Copies the link that brings back the present state.
    pub(super) fn copy_link(&'static self) {
        if let Some(part) = self.part() {
            (part.copy)(self);
        }
    }

    /// Says the newest thing that happened in the chosen run.
    pub(super) fn tell(&'static self) {
        if let Some(part) = self.part() {
            (part.tell)(self);
        }
    }

    /// Reads the chosen run. Follows it, frame by frame.
    pub(crate) fn with_chosen<R>(&self, read: impl FnOnce(&dyn Track) -> R) -> Option<R> {
        let chosen = self.chosen.get();
        self.player.with(|timeline| {
            let track = timeline.tracks().get(chosen)?;
            Some(read(track.as_ref()))
        })
    }

    /// Reads the chosen run. Follows it, a few times a second while it plays.
    pub(crate) fn with_chosen_listed<R>(&self, read: impl FnOnce(&dyn Track) -> R) -> Option<R> {
        let chosen = self.chosen.get();
        self.player.with_listed(|timeline| {
            let track = timeline.tracks().get(chosen)?;
            Some(read(track.as_ref()))
        })
    }

    /// Says something to those who do not see what changed.
    pub(crate) fn say(&self, text: &str) {
        self.said.set(text.to_owned());
    }
}

/// The page's own question, if it has one with an answer.
fn question_of(page: &Scenario) -> Option<Question> {
    let prediction = page.predict.as_ref()?;
    let computed = prediction.computed.as_ref()?;
    let answer = match computed.parse() {
        Ok(number) => Value::Integer(number),
        Err(_) => Value::Text(computed.clone()),
    };
    Some(Question {
        text: prediction.question.clone(),
        choices: Vec::new(),
        answer,
        tolerance: 0,
        explanation: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::scenario::{Place, Prediction};

    #[test]
    fn the_pages_question_takes_the_answer_that_came_with_it() {
        let mut page = Scenario::new(Kind::Rebalancing, "t");
        assert_eq!(question_of(&page), None);
        page.predict = Some(Prediction {
            question: "Combien ?".to_owned(),
            answer: "…".to_owned(),
            computed: Some("4".to_owned()),
            place: Place::default(),
        });
        assert!(question_of(&page).is_some_and(|question| question.accepts("4")));
    }
}
