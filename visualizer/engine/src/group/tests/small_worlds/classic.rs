//! The classic protocol. A request and its answer are one step, but for those that wait in the coordinator.

use super::super::super::classic::ClassicCoordinator;
use super::super::super::coordinator::{Answer, Ask, Effect, MemberNumber, Slot, Timer};
use super::{Belief, LATE, Settings, explore, one_committer, one_entry, set, settings};
use crate::ids::MemberId;
use crate::time::Instant;
use stateright::{Model, Property};

/// A world of so many members and partitions.
struct World {
    members: usize,
    partitions: usize,
    settings: Settings,
}

/// A member as it believes itself to be.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
struct Believer {
    member: Option<MemberNumber>,
    generation: i32,
    joining: bool,
    leader: bool,
    owned: Vec<Slot>,
}

#[derive(Clone, Debug, PartialEq, Hash)]
struct State {
    coordinator: ClassicCoordinator,
    members: Vec<Believer>,
    timers: Vec<Timer>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Action {
    Join(usize),
    Sync(usize, MemberNumber),
    Leave(usize, MemberNumber),
    Fire(Timer),
}

impl Believer {
    fn belief(&self) -> Belief<'_> {
        Belief {
            member: self.member,
            epoch: self.generation,
            owned: &self.owned,
        }
    }
}

impl State {
    fn new(members: usize) -> Self {
        Self {
            coordinator: ClassicCoordinator::default(),
            members: vec![Believer::default(); members],
            timers: Vec::new(),
        }
    }

    fn ask(&mut self, consumer: usize, ask: Ask, settings: &Settings) {
        let mut effects = Vec::new();
        self.coordinator
            .ask(consumer, ask, Instant::ZERO, settings, &mut effects);
        self.apply(effects);
    }

    fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Timer(_, timer) => set(&mut self.timers, timer),
                Effect::Reply {
                    consumer,
                    error,
                    answer,
                    ..
                } => {
                    let one = &mut self.members[consumer];
                    match answer {
                        Answer::Joined {
                            member,
                            generation,
                            leader,
                        } => {
                            one.member = Some(member);
                            one.generation = generation;
                            one.leader = leader;
                            one.joining = false;
                        }
                        Answer::Assigned { slots, .. } => one.owned = slots,
                        _ if error.is_some() => *one = Believer::default(),
                        _ => {}
                    }
                }
                Effect::Note(_) => {}
            }
        }
    }

    fn beliefs(&self) -> Vec<Belief<'_>> {
        self.members.iter().map(Believer::belief).collect()
    }

    /// No partition belongs to two members that believe themselves to be in the same generation.
    fn one_owner(&self) -> bool {
        self.members.iter().enumerate().all(|(place, one)| {
            self.members[place + 1..].iter().all(|other| {
                one.generation != other.generation
                    || one.owned.iter().all(|slot| !other.owned.contains(slot))
            })
        })
    }
}

impl World {
    /// A group in which everybody has joined and owns something.
    fn formed(&self) -> State {
        let mut state = State::new(self.members);
        // The first time each is given a member id, the second time it waits.
        for _ in 0..2 {
            for consumer in 0..self.members {
                self.does(&mut state, Action::Join(consumer));
            }
        }
        for timer in state.timers.clone() {
            if matches!(timer, Timer::Join(_)) {
                self.does(&mut state, Action::Fire(timer));
            }
        }
        // The leader, who is the first, syncs last: the others wait for it.
        for consumer in (0..self.members).rev() {
            if let Some(member) = state.members[consumer].member {
                self.does(&mut state, Action::Sync(consumer, member));
            }
        }
        state
    }

    fn does(&self, state: &mut State, action: Action) {
        if let Some(next) = self.next_state(state, action) {
            *state = next;
        }
    }

    /// The leader's assignment: to each in turn.
    fn assignment(&self, coordinator: &ClassicCoordinator) -> Vec<(MemberNumber, Vec<Slot>)> {
        let members = &coordinator.members;
        let to =
            |place: usize| (0..self.partitions).filter(move |slot| slot % members.len() == place);
        let members = members.iter().enumerate();
        members
            .map(|(place, member)| (member.number, to(place).collect()))
            .collect()
    }
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::new(self.members), self.formed()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (consumer, one) in state.members.iter().enumerate() {
            if !one.joining {
                actions.push(Action::Join(consumer));
            }
            if let Some(member) = one.member {
                if !one.joining && one.generation > 0 {
                    actions.push(Action::Sync(consumer, member));
                }
                actions.push(Action::Leave(consumer, member));
            }
        }
        actions.extend(state.timers.iter().copied().map(Action::Fire));
    }

    fn next_state(&self, before: &State, action: Action) -> Option<State> {
        let mut state = before.clone();
        match action {
            Action::Join(consumer) => {
                let one = &mut state.members[consumer];
                one.owned.clear();
                one.joining = true;
                let ask = Ask::Join {
                    member: one.member,
                    id: MemberId::from(format!("C{consumer}")),
                    instance: None,
                    topics: vec![0],
                    owned: Vec::new(),
                    generation: one.generation,
                };
                state.ask(consumer, ask, &self.settings);
            }
            Action::Sync(consumer, member) => {
                let one = &before.members[consumer];
                let ask = Ask::Sync {
                    member,
                    generation: one.generation,
                    assignment: one.leader.then(|| self.assignment(&before.coordinator)),
                };
                state.ask(consumer, ask, &self.settings);
            }
            Action::Leave(consumer, member) => {
                state.ask(consumer, Ask::Leave { member }, &self.settings);
                state.members[consumer] = Believer::default();
            }
            Action::Fire(timer) => {
                state.timers.retain(|other| *other != timer);
                let mut effects = Vec::new();
                let settings = &self.settings;
                state.coordinator.timer(timer, LATE, settings, &mut effects);
                state.apply(effects);
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("one owner in a generation", |_, state: &State| {
                state.one_owner()
            }),
            Property::always("one entry in the books", |_, state: &State| {
                one_entry(&state.coordinator.entries())
            }),
            Property::always("one may commit", |_, state: &State| {
                let refuses = |member, epoch| state.coordinator.refuses(member, epoch).is_some();
                one_committer(&state.beliefs(), refuses)
            }),
            Property::sometimes("everybody owns something", |_, state: &State| {
                state.members.iter().all(|one| !one.owned.is_empty())
            }),
        ]
    }
}

fn states(members: usize, partitions: usize, depth: usize) -> usize {
    let settings = settings(&[("group.initial.rebalance.delay.ms", "3s")]);
    let world = World {
        members,
        partitions,
        settings,
    };
    explore(world, depth)
}

#[test]
fn two_members_never_share_a_partition_in_any_order_of_events() {
    let states = states(2, 2, 9);
    assert!(states > 10_000, "{states}");
}

#[test]
fn three_members_never_share_a_partition_in_any_order_of_events() {
    let states = states(3, 3, 6);
    assert!(states > 10_000, "{states}");
}
