//! KIP-848. Answers take their time: while one is on its way, sessions may expire, others may move, and the application may be
//! busy with what it was told before.
//!
//! Besides what must never be, each state is left alone for a while: everybody comes back and heartbeats, and after a few
//! rounds the group must be stable, all partitions read, and evenly shared. So no state is a dead end.

use super::super::super::coordinator::{Answer, Ask, Effect, MemberNumber, Slot, Timer};
use super::super::super::modern::{Catalogue, ModernCoordinator};
use super::{Belief, LATE, Settings, explore, one_committer, one_entry, set, settings};
use crate::assignor;
use crate::event::{GroupError, GroupState};
use crate::ids::{MemberId, PartitionId};
use crate::time::Instant;
use stateright::{Model, Property};
use std::sync::Arc;

/// Rounds in which a group that is left alone must have settled.
const ROUNDS: usize = 12;

struct World {
    clients: usize,
    /// Whether the first client is a static member.
    fixed: bool,
    places: Vec<assignor::TopicPartition>,
    /// How far the group's epoch may go.
    epochs: i32,
    settings: Settings,
}

/// A client, as it believes itself to be.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
struct Client {
    member: Option<MemberNumber>,
    epoch: i32,
    owned: Vec<Slot>,
    /// What it may own, as long as it does not.
    target: Option<Vec<Slot>>,
    /// What its application is to do, when it comes to it.
    callback: Option<Callback>,
    /// Its next heartbeat says what it owns.
    acknowledge: bool,
    /// The answer on its way.
    answer: Option<(Option<GroupError>, Answer)>,
}

#[derive(Clone, Debug, PartialEq, Hash)]
struct State {
    coordinator: ModernCoordinator,
    clients: Vec<Client>,
    timers: Vec<Timer>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Action {
    Join(usize),
    Heartbeat(usize, MemberNumber),
    /// The answer arrives.
    Receive(usize),
    /// The application comes to its callback.
    Handle(usize),
    /// It closes, or is thrown out by `max.poll.interval.ms`, and its application has not noticed.
    Leave(usize, MemberNumber),
    Crash(usize),
    /// `group.consumer.assignment.interval.ms` passes.
    Wait,
    Fire(Timer),
}

#[derive(Clone, Debug, PartialEq, Hash)]
enum Callback {
    Assign(Vec<Slot>),
    Revoke(Vec<Slot>),
    Lose,
}

impl Client {
    /// It is no member any more; its application learns it when it comes to it.
    fn lose(&mut self) {
        *self = Self {
            owned: std::mem::take(&mut self.owned),
            callback: Some(Callback::Lose),
            ..Self::default()
        };
    }

    fn belief(&self) -> Belief<'_> {
        Belief {
            member: self.member,
            epoch: self.epoch,
            owned: &self.owned,
        }
    }

    fn may_join(&self) -> bool {
        self.member.is_none() && self.callback.is_none() && self.answer.is_none()
    }

    fn receive(&mut self) {
        match self.answer.take() {
            // Another one has its instance id: the process ends.
            Some((Some(GroupError::UnreleasedInstanceId), _)) => *self = Self::default(),
            Some((Some(_), _)) if self.member.is_some() => self.lose(),
            Some((
                None,
                Answer::Epoch {
                    member,
                    epoch,
                    slots,
                },
            )) => {
                self.member = Some(member);
                self.epoch = epoch;
                if slots.is_some() {
                    self.target = slots;
                    self.approach();
                }
            }
            _ => {}
        }
    }

    /// Goes on towards its target: gives up first, then takes.
    fn approach(&mut self) {
        let (Some(target), None) = (&self.target, &self.callback) else {
            return;
        };
        let given = without(&self.owned, target);
        let gained = without(target, &self.owned);
        if !given.is_empty() {
            self.callback = Some(Callback::Revoke(given));
        } else if !gained.is_empty() {
            self.callback = Some(Callback::Assign(gained));
        } else {
            self.target = None;
        }
    }

    /// The application comes to its callback.
    fn handle(&mut self) {
        match self.callback.take() {
            None => return,
            Some(Callback::Lose) => return self.owned.clear(),
            Some(Callback::Assign(slots)) => {
                self.owned.extend(slots);
                self.owned.sort_unstable();
            }
            Some(Callback::Revoke(slots)) => self.owned.retain(|slot| !slots.contains(slot)),
        }
        self.acknowledge = true;
        self.approach();
    }
}

fn without(slots: &[Slot], others: &[Slot]) -> Vec<Slot> {
    let kept = slots.iter().filter(|slot| !others.contains(slot));
    kept.copied().collect()
}

impl State {
    /// Whether the coordinator counts it.
    fn counts(&self, client: &Client) -> bool {
        let mut members = self.coordinator.members.iter();
        members.any(|member| Some(member.number) == client.member)
    }

    fn beliefs(&self) -> Vec<Belief<'_>> {
        self.clients.iter().map(Client::belief).collect()
    }

    /// No two members of the group own one partition, in whatever epochs they are.
    fn one_owner(&self) -> bool {
        let mut owned: Vec<Slot> = self
            .clients
            .iter()
            .filter(|client| self.counts(client))
            .flat_map(|client| client.owned.iter().copied())
            .collect();
        owned.sort_unstable();
        owned.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// Somebody who is out of the group believes to own what a member owns.
    fn outsider_shares(&self) -> bool {
        let (inside, outside): (Vec<&Client>, Vec<&Client>) =
            self.clients.iter().partition(|client| self.counts(client));
        let owned: Vec<Slot> = inside.iter().flat_map(|one| one.owned.clone()).collect();
        let mut believed = outside.iter().flat_map(|one| &one.owned);
        believed.any(|slot| owned.contains(slot))
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
                } => self.clients[consumer].answer = Some((error, answer)),
                Effect::Note(_) => {}
            }
        }
        // Timers of members that are gone do nothing, and the clock stands still.
        let members = &self.coordinator.members;
        self.timers.retain(|timer| match timer {
            Timer::Session(number) | Timer::Revocation(number, _) => {
                members.iter().any(|member| member.number == *number)
            }
            _ => false,
        });
        self.coordinator.since = None;
    }
}

impl World {
    fn ask(&self, state: &mut State, consumer: usize, ask: Ask) {
        let topics = [assignor::Topic {
            name: "t",
            partitions: i32::try_from(self.places.len()).unwrap(),
        }];
        let catalogue = Catalogue {
            slots: &self.places,
            topics: &topics,
        };
        let mut effects = Vec::new();
        let context = (&self.settings, catalogue);
        state
            .coordinator
            .ask(consumer, ask, Instant::ZERO, context, &mut effects);
        state.apply(effects);
    }

    fn join(&self, state: &mut State, consumer: usize) {
        let ask = Ask::Join {
            member: None,
            id: MemberId::from(format!("C{consumer}")),
            instance: (self.fixed && consumer == 0).then(|| Arc::from("i")),
            topics: vec![0],
            owned: Vec::new(),
            generation: -1,
        };
        self.ask(state, consumer, ask);
    }

    fn heartbeat(&self, state: &mut State, consumer: usize, member: MemberNumber) {
        let client = &mut state.clients[consumer];
        let owned = std::mem::take(&mut client.acknowledge).then(|| client.owned.clone());
        let epoch = client.epoch;
        let ask = Ask::Report {
            member,
            epoch,
            owned,
        };
        self.ask(state, consumer, ask);
    }

    fn fire(state: &mut State, timer: Timer) {
        state.timers.retain(|other| *other != timer);
        let mut effects = Vec::new();
        state.coordinator.timer(timer, LATE, &mut effects);
        state.apply(effects);
    }

    /// The group after it was left alone for a while.
    fn left_alone(&self, mut state: State) -> State {
        for _ in 0..ROUNDS {
            state.coordinator.computed_at = None;
            for consumer in 0..self.clients {
                state.clients[consumer].receive();
                while state.clients[consumer].callback.is_some() {
                    state.clients[consumer].handle();
                }
                match state.clients[consumer].member {
                    Some(member) => self.heartbeat(&mut state, consumer, member),
                    None if state.clients[consumer].may_join() => self.join(&mut state, consumer),
                    None => {}
                }
            }
            // Members behind which nobody is.
            for timer in state.timers.clone() {
                if let Timer::Session(number) = timer {
                    let mut clients = state.clients.iter();
                    let lives = |client: &Client| {
                        let joins = |(_, answer): &(_, Answer)| matches!(answer, Answer::Epoch { member, .. } if *member == number);
                        client.member == Some(number) || client.answer.as_ref().is_some_and(joins)
                    };
                    if !clients.any(lives) {
                        Self::fire(&mut state, timer);
                    }
                }
            }
        }
        state
    }

    /// Whether the group settles when it is left alone.
    fn settles(&self, state: &State) -> bool {
        let state = self.left_alone(state.clone());
        let mut owned: Vec<Slot> = Vec::new();
        for client in &state.clients {
            owned.extend(&client.owned);
        }
        owned.sort_unstable();
        let most = self.places.len().div_ceil(self.clients);
        let even = state
            .clients
            .iter()
            .all(|client| client.owned.len() <= most);
        state.coordinator.state() == GroupState::Stable
            && owned == (0..self.places.len()).collect::<Vec<_>>()
            && even
    }
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let empty = State {
            coordinator: ModernCoordinator::default(),
            clients: vec![Client::default(); self.clients],
            timers: Vec::new(),
        };
        let mut formed = self.left_alone(empty.clone());
        formed.coordinator.computed_at = None;
        vec![empty, formed]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (consumer, client) in state.clients.iter().enumerate() {
            if client.may_join() {
                actions.push(Action::Join(consumer));
            }
            if client.answer.is_some() {
                actions.push(Action::Receive(consumer));
            }
            if client.callback.is_some() {
                actions.push(Action::Handle(consumer));
            }
            if let (Some(member), None) = (client.member, &client.answer) {
                actions.push(Action::Heartbeat(consumer, member));
                actions.push(Action::Leave(consumer, member));
            }
            if *client != Client::default() {
                actions.push(Action::Crash(consumer));
            }
        }
        if state.coordinator.computed_at.is_some() {
            actions.push(Action::Wait);
        }
        actions.extend(state.timers.iter().copied().map(Action::Fire));
    }

    fn next_state(&self, before: &State, action: Action) -> Option<State> {
        let mut state = before.clone();
        match action {
            Action::Join(consumer) => self.join(&mut state, consumer),
            Action::Heartbeat(consumer, member) => self.heartbeat(&mut state, consumer, member),
            Action::Receive(consumer) => state.clients[consumer].receive(),
            Action::Handle(consumer) => state.clients[consumer].handle(),
            Action::Leave(consumer, member) => {
                self.ask(&mut state, consumer, Ask::Leave { member });
                state.clients[consumer].lose();
            }
            Action::Crash(consumer) => state.clients[consumer] = Client::default(),
            Action::Wait => state.coordinator.computed_at = None,
            Action::Fire(timer) => Self::fire(&mut state, timer),
        }
        (state != *before).then_some(state)
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.coordinator.epoch <= self.epochs
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("one owner", |_, state: &State| state.one_owner()),
            Property::always("one entry in the books", |_, state: &State| {
                one_entry(&state.coordinator.entries())
            }),
            Property::always("one may commit", |_, state: &State| {
                let refuses = |member, epoch| state.coordinator.refuses(member, epoch).is_some();
                one_committer(&state.beliefs(), refuses)
            }),
            Property::always("it settles", |world: &Self, state: &State| {
                world.settles(state)
            }),
            Property::sometimes("everybody owns something", |_, state: &State| {
                state.clients.iter().all(|client| !client.owned.is_empty())
            }),
            Property::sometimes("somebody must give up", |_, state: &State| {
                let entries = state.coordinator.entries();
                entries.iter().any(|entry| !entry.revoking.is_empty())
            }),
            Property::sometimes("an outsider believes to own", |_, state: &State| {
                state.outsider_shares()
            }),
        ]
    }
}

fn states(clients: usize, partitions: i32, fixed: bool, epochs: i32, depth: usize) -> usize {
    let places = (0..partitions).map(|partition| assignor::TopicPartition {
        topic: 0,
        partition: PartitionId(partition),
    });
    let world = World {
        clients,
        fixed,
        places: places.collect(),
        epochs,
        settings: settings(&[("group.protocol", "consumer")]),
    };
    explore(world, depth)
}

#[test]
fn two_members_share_nothing_and_settle_from_every_state() {
    let states = states(2, 2, false, 8, 10);
    assert!(states > 10_000, "{states}");
}

#[test]
fn three_members_share_nothing_and_settle_from_every_state() {
    let states = states(3, 3, false, 9, 6);
    assert!(states > 10_000, "{states}");
}

#[test]
fn a_static_member_shares_nothing_and_comes_back() {
    let states = states(2, 2, true, 8, 10);
    assert!(states > 10_000, "{states}");
}
