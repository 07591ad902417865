//! Every order of events in small worlds, looked through by a model checker (stateright): a coordinator alone, with two or
//! three members as they believe themselves to be, and two or three partitions.
//!
//! At each state every request that a member could send and every timer that could fire are tried, whatever the clock says:
//! it stands still, and is late when a timer fires.

mod classic;
mod modern;

use super::super::coordinator::{Entry, MemberNumber, Slot, Timer};
use super::super::settings::Settings;
use crate::config::Config;
use crate::time::Instant;
use stateright::{Checker, Model};
use std::fmt::Debug;
use std::hash::Hash;

/// Late enough for every session to have expired.
const LATE: Instant = Instant(1_000_000_000_000);

/// Looks at every state that can be reached in so many steps, and gives how many there are.
fn explore<M>(model: M, depth: usize) -> usize
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync,
    M::Action: Clone + Debug + PartialEq + Send + Sync,
{
    let checker = model.checker().threads(2).target_max_depth(depth + 1);
    let checker = checker.spawn_bfs().join();
    checker.assert_properties();
    checker.unique_state_count()
}

/// A timer that was set, once if it is the same.
fn set(timers: &mut Vec<Timer>, timer: Timer) {
    if !timers.contains(&timer) {
        timers.push(timer);
    }
}

/// By its own books, a coordinator gives no partition to two members.
fn one_entry(entries: &[Entry<'_>]) -> bool {
    let mut given: Vec<Slot> = entries
        .iter()
        .flat_map(|entry| entry.assigned.iter().chain(entry.revoking))
        .copied()
        .collect();
    given.sort_unstable();
    given.windows(2).all(|pair| pair[0] != pair[1])
}

/// What a member believes of itself.
struct Belief<'a> {
    member: Option<MemberNumber>,
    epoch: i32,
    owned: &'a [Slot],
}

/// Of the members that believe to own one partition, the coordinator lets at most one commit: the others are fenced. (Who is
/// no member may commit to an empty group, as a consumer without group management does.)
fn one_committer(
    beliefs: &[Belief<'_>],
    refuses: impl Fn(Option<MemberNumber>, i32) -> bool,
) -> bool {
    let accepted: Vec<&Belief<'_>> = beliefs
        .iter()
        .filter(|one| one.member.is_some() && !refuses(one.member, one.epoch))
        .collect();
    accepted.iter().enumerate().all(|(place, one)| {
        let mut others = accepted[place + 1..].iter();
        others.all(|other| one.owned.iter().all(|slot| !other.owned.contains(slot)))
    })
}

fn settings(text: &[(&str, &str)]) -> Settings {
    let mut config = Config::default();
    for (name, value) in text {
        let property = crate::config::Property::from_name(name).unwrap();
        config.set_text(property, value).unwrap();
    }
    Settings::of(&config)
}
