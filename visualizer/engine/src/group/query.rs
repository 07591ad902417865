//! What expressions can ask of a group's run.

use super::{Counters, GroupWorld, PartitionView, Simulation};
use crate::ids::ActorName;
use crate::query::{Arguments, Function, QueryError, QueryErrorKind, Subject, Value};
use crate::time::Instant;

static FUNCTIONS: [Function; 24] = [
    Function::of_run("processed", "processed()", 0, 0),
    Function::of_run("once", "once()", 0, 0),
    Function::of_run("replayed", "replayed()", 0, 0),
    Function::of_run("replays", "replays()", 0, 0),
    Function::of_run("lost", "lost()", 0, 0),
    Function::of_run("skipped", "skipped()", 0, 0),
    Function::of_run("in_flight", "in_flight()", 0, 0),
    Function::of_run("waiting", "waiting()", 0, 0),
    Function::of_run("rebalances", "rebalances()", 0, 0),
    Function::of_run("generation", "generation()", 0, 0),
    Function::of_run("members", "members()", 0, 0),
    Function::of_run("idle", "idle()", 0, 0),
    Function::of_run("state", "state()", 0, 0),
    Function::of_run("leader", "leader()", 0, 0),
    Function::of_run("stopped", "stopped()", 0, 0),
    Function::of_run("longest_downtime", "longest_downtime()", 0, 0),
    Function::of_run("downtime", "downtime([partition])", 0, 1),
    Function::of_run("owned", "owned(consumer)", 1, 1),
    Function::of_run("received", "received(consumer)", 1, 1),
    Function::of_run("owner", "owner([partition])", 0, 1),
    Function::of_run("log_end", "log_end([partition])", 0, 1),
    Function::of_run("committed", "committed([partition])", 0, 1),
    Function::of_run("stored", "stored([partition])", 0, 1),
    Function::of_run("position", "position([partition])", 0, 1),
];

impl Subject for Simulation {
    fn functions(&self) -> &'static [Function] {
        &FUNCTIONS
    }

    fn answer(&self, call: &Arguments<'_>) -> Result<Value, QueryError> {
        let world = self.world();
        if let Some(count) = count(&world.counters(), call.name()) {
            return Ok(integer(count));
        }
        match call.name() {
            "owned" | "received" => of_consumer(world, call),
            "downtime" if call.is_empty() => Ok(milliseconds(world.downtime(self.now()).0)),
            "owner" | "downtime" | "log_end" | "committed" | "stored" | "position" => {
                let slot = place(world, call)?;
                Ok(of_partition(
                    world,
                    &world.observe_partition(slot, self.now()),
                    call.name(),
                ))
            }
            name => of_group(world, name, self.now())
                .ok_or_else(|| call.fault(QueryErrorKind::NeedsRun(call.name()))),
        }
    }
}

fn count(counters: &Counters, name: &str) -> Option<u64> {
    Some(match name {
        "processed" => counters.once + counters.replayed,
        "once" => counters.once,
        "replayed" => counters.replayed,
        "replays" => counters.replays,
        "lost" => counters.lost,
        "skipped" => counters.skipped,
        "in_flight" => counters.in_flight,
        "waiting" => counters.waiting,
        _ => return None,
    })
}

fn of_group(world: &GroupWorld, name: &str, now: Instant) -> Option<Value> {
    let coordinator = world.observe_coordinator();
    let downtimes = || {
        world
            .partitions
            .iter()
            .map(|one| one.history.downtime(now).0)
    };
    Some(match name {
        "rebalances" => integer(u64::from(coordinator.rebalances)),
        "generation" => Value::Integer(i64::from(coordinator.epoch)),
        "members" => integer(coordinator.members.len() as u64),
        // Members that have nothing to read.
        "idle" => {
            let idle = coordinator.members.iter();
            integer(idle.filter(|member| member.assigned.is_empty()).count() as u64)
        }
        "state" => Value::Text(coordinator.state.name().to_owned()),
        "leader" => Value::Text(coordinator.leader.map_or_else(String::new, |leader| {
            world.consumers[leader].name.to_string()
        })),
        "stopped" => integer(downtimes().filter(|time| *time > 0).count() as u64),
        "longest_downtime" => milliseconds(downtimes().max().unwrap_or(0)),
        _ => return None,
    })
}

fn of_consumer(world: &GroupWorld, call: &Arguments<'_>) -> Result<Value, QueryError> {
    let name = call.text(0)?;
    let consumer = world.find(&ActorName::from(name)).ok_or_else(|| {
        let known: Vec<&str> = world
            .consumers
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let kind = QueryErrorKind::NoSuch {
            name: name.to_owned(),
            known: known.join(", "),
        };
        call.fault_at(0, kind)
    })?;
    let one = &world.consumers[consumer];
    Ok(if call.name() == "received" {
        integer(one.received)
    } else {
        Value::List(
            one.owned
                .iter()
                .map(|slot| Value::Integer(i64::from(world.places[*slot].partition.0)))
                .collect(),
        )
    })
}

fn of_partition(world: &GroupWorld, view: &PartitionView, name: &str) -> Value {
    // As Kafka's tools write it: -1 where there is none.
    let offset = |offset: Option<u64>| offset.map_or(Value::Integer(-1), integer);
    match name {
        "owner" => Value::Text(
            view.now
                .consumer
                .map_or_else(String::new, |owner| world.consumers[owner].name.to_string()),
        ),
        "downtime" => milliseconds(view.downtime.0),
        "log_end" => integer(view.log_end),
        "committed" => offset(view.committed),
        "stored" => offset(view.stored),
        _ => offset(view.position),
    }
}

/// The partition that the argument names, counted over all topics; 0 without it.
fn place(world: &GroupWorld, call: &Arguments<'_>) -> Result<usize, QueryError> {
    if call.is_empty() {
        return Ok(0);
    }
    let partition = call.integer(0)?;
    usize::try_from(partition)
        .ok()
        .filter(|slot| *slot < world.partitions.len())
        .ok_or_else(|| {
            let kind = QueryErrorKind::NoSuchPartition {
                partition,
                partitions: i32::try_from(world.partitions.len()).unwrap_or(i32::MAX),
            };
            call.fault_at(0, kind)
        })
}

fn integer(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Microseconds as whole milliseconds.
fn milliseconds(microseconds: u64) -> Value {
    integer(microseconds / 1_000)
}
