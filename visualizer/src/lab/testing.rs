//! A little world for the bench's tests: consumers that tick once a second.

use super::{Detail, Subject, start};
use engine::event::{Event, EventKind};
use engine::ids::{GroupId, MemberId};
use engine::run::{CommandQueue, Story, World};
use engine::scenario::{Action, ActionError, Kind, Roster, Scenario, Step};
use engine::time::{Duration, Instant};

#[derive(Clone)]
pub(crate) struct Ticks {
    roster: Roster,
}

impl World for Ticks {
    type Command = ();
    type View = ();

    fn new(scenario: &Scenario, queue: &mut CommandQueue<()>, _: &mut Story<'_>) -> Self {
        queue.schedule(Duration::from_millis(1_000), ());
        Self {
            roster: Roster::new(scenario),
        }
    }

    fn execute(&mut self, (): (), queue: &mut CommandQueue<()>, story: &mut Story<'_>) {
        queue.schedule(Duration::from_millis(1_000), ());
        story.tell(None, member("tick"));
    }

    fn check(&self, action: &Action) -> Result<(), ActionError> {
        match action {
            Action::Do(step) => self.roster.check(step),
            _ => Ok(()),
        }
    }

    fn act(&mut self, action: &Action, _: &mut CommandQueue<()>, story: &mut Story<'_>) {
        if let Action::Do(step) = action {
            self.roster.note(step);
            if let Some(actor) = step.actor().filter(|_| !matches!(step, Step::Join(_))) {
                story.tell(None, member(actor.as_str()));
            }
        }
    }

    fn weight(&self) -> u64 {
        1
    }

    fn view(&self, _: Instant) {}
}

fn member(name: &str) -> EventKind {
    EventKind::MemberJoined {
        group: GroupId::from("g"),
        member: MemberId::from(name),
    }
}

pub(crate) static SUBJECT: Subject = Subject {
    start: start::<Ticks>,
    name: |_| "base".to_owned(),
    stage: |_| Vec::new(),
    told: |_: &Event| true,
};

/// What stands below the pictures.
pub(crate) static DETAIL: Detail = Detail {
    actors: |_| Vec::new(),
    metrics: |_| Vec::new(),
    breaches: |_| Vec::new(),
    sentence: |event| match &event.kind {
        EventKind::MemberJoined { member, .. } => Some(format!("Il arrive : {member}.")),
        _ => None,
    },
    family: |event| {
        usize::from(
            matches!(&event.kind, EventKind::MemberJoined { member, .. } if member.as_str() != "tick"),
        )
    },
    families: &["tic", "membre"],
    ask: |_, _| None,
    presets: &[],
    limits: &[],
};

/// Two runs of four seconds, in which C1 joins at once and leaves at three seconds and a half.
pub(crate) fn scenario() -> Scenario {
    let mut scenario = Scenario::new(Kind::Rebalancing, "t");
    let link = "v=1&sim=reequilibrage&title=t&seed=1&topic=t&duration=4s&variant=autre&do=0ms:join:C1&do=3500ms:close:C1";
    if let Ok(read) = engine::share::decode(link) {
        scenario = read;
    }
    scenario
}
