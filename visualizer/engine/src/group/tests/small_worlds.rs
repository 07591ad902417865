//! Every order of events in small worlds: two to three members, two to three partitions.
//!
//! Breadth first over the coordinators alone: at each state, every request that a member could send and every timer that could
//! fire, whatever the clock says. What members believe is part of the state; what is on its way is not (a request and its
//! answer are one step).

use super::super::classic::ClassicCoordinator;
use super::super::coordinator::{Answer, Ask, Effect, MemberNumber, Slot, Timer};
use super::super::settings::Settings;
use crate::config::{Config, Property};
use crate::ids::MemberId;
use crate::time::Instant;
use std::collections::{HashSet, VecDeque};

/// A member as it believes itself to be.
#[derive(Clone, Debug, Default, PartialEq)]
struct Believer {
    member: Option<MemberNumber>,
    generation: i32,
    joining: bool,
    leader: bool,
    owned: Vec<Slot>,
}

#[derive(Clone, Debug)]
struct State {
    coordinator: ClassicCoordinator,
    members: Vec<Believer>,
    timers: Vec<Timer>,
}

fn settings() -> Settings {
    let mut config = Config::default();
    config
        .set_text(Property::InitialRebalanceDelayMs, "3s")
        .unwrap();
    Settings::of(&config)
}

impl State {
    /// Two states alike lead to the same futures: generations and numbers only tell members apart.
    fn key(&self) -> String {
        format!("{:?}", (&self.coordinator, &self.members, &self.timers))
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
                // Sessions never expire by the clock here: it stands still. They are fired on purpose below.
                Effect::Timer(_, timer) => {
                    if !self.timers.contains(&timer) {
                        self.timers.push(timer);
                    }
                }
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

    /// No partition belongs to two members that believe themselves to be in the same generation.
    fn one_owner(&self) -> bool {
        self.members.iter().enumerate().all(|(index, one)| {
            self.members[index + 1..].iter().all(|other| {
                one.generation != other.generation
                    || one.owned.iter().all(|slot| !other.owned.contains(slot))
            })
        })
    }

    /// By its own books, the coordinator never gives one partition to two members.
    fn one_entry(&self) -> bool {
        let mut given: Vec<Slot> = self
            .coordinator
            .entries()
            .iter()
            .flat_map(|entry| entry.assigned.iter().copied())
            .collect();
        given.sort_unstable();
        given.windows(2).all(|pair| pair[0] != pair[1])
    }
}

fn successors(state: &State, partitions: usize, settings: &Settings) -> Vec<State> {
    let mut next = Vec::new();
    for consumer in 0..state.members.len() {
        let one = &state.members[consumer];
        if !one.joining {
            let mut joined = state.clone();
            joined.members[consumer].owned.clear();
            joined.members[consumer].joining = true;
            let ask = Ask::Join {
                member: one.member,
                id: MemberId::from(format!("C{consumer}").as_str()),
                instance: None,
                topics: vec![0],
                owned: Vec::new(),
                generation: one.generation,
            };
            joined.ask(consumer, ask, settings);
            next.push(joined);
        }
        let Some(member) = one.member else {
            continue;
        };
        if !one.joining && one.generation > 0 {
            let assignment = one.leader.then(|| {
                let members = &state.coordinator.members;
                members
                    .iter()
                    .enumerate()
                    .map(|(index, other)| {
                        let slots = (0..partitions).filter(|slot| slot % members.len() == index);
                        (other.number, slots.collect())
                    })
                    .collect()
            });
            let mut synced = state.clone();
            let generation = one.generation;
            let ask = Ask::Sync {
                member,
                generation,
                assignment,
            };
            synced.ask(consumer, ask, settings);
            next.push(synced);
        }
        let mut left = state.clone();
        left.ask(consumer, Ask::Leave { member }, settings);
        left.members[consumer] = Believer::default();
        next.push(left);
    }
    for index in 0..state.timers.len() {
        let mut fired = state.clone();
        let timer = fired.timers.remove(index);
        let mut effects = Vec::new();
        // Late enough for every session to have expired.
        let now = Instant::from_millis(1_000_000);
        fired.coordinator.timer(timer, now, settings, &mut effects);
        fired.apply(effects);
        next.push(fired);
    }
    next
}

/// Visits every state that can be reached in so many steps. Gives how many there are.
fn explore(members: usize, partitions: usize, depth: usize) -> usize {
    let settings = settings();
    let start = State {
        coordinator: ClassicCoordinator::default(),
        members: vec![Believer::default(); members],
        timers: Vec::new(),
    };
    let mut seen = HashSet::from([start.key()]);
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((state, steps)) = queue.pop_front() {
        assert!(state.one_owner(), "{state:?}");
        assert!(state.one_entry(), "{state:?}");
        if steps == depth {
            continue;
        }
        for next in successors(&state, partitions, &settings) {
            if seen.insert(next.key()) {
                queue.push_back((next, steps + 1));
            }
        }
    }
    seen.len()
}

#[test]
fn two_members_never_share_a_partition_in_any_order_of_events() {
    let states = explore(2, 2, 9);
    assert!(states > 1_000, "{states}");
}

#[test]
fn three_members_never_share_a_partition_in_any_order_of_events() {
    let states = explore(3, 3, 6);
    assert!(states > 1_000, "{states}");
}
