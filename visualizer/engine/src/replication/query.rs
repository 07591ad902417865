//! What expressions can ask of a replication run.

use super::view::{Counters, PartitionView, ReplicaView};
use super::{Simulation, World};
use crate::ids::{BrokerId, Offset, PartitionId};
use crate::query::{Arguments, Function, QueryError, QueryErrorKind, Subject, Value};
use crate::run::World as _;

static FUNCTIONS: [Function; 17] = [
    Function::of_run("sent", "sent()", 0, 0),
    Function::of_run("acknowledged", "acknowledged()", 0, 0),
    Function::of_run("kept", "kept()", 0, 0),
    Function::of_run("lost", "lost()", 0, 0),
    Function::of_run("refused", "refused()", 0, 0),
    Function::of_run("unknown", "unknown()", 0, 0),
    Function::of_run("waiting", "waiting()", 0, 0),
    Function::of_run("duplicates", "duplicates()", 0, 0),
    Function::of_run("consumed", "consumed()", 0, 0),
    Function::of_run("leader", "leader([partition])", 0, 1),
    Function::of_run("epoch", "epoch([partition])", 0, 1),
    Function::of_run("isr", "isr([partition])", 0, 1),
    Function::of_run("elr", "elr([partition])", 0, 1),
    Function::of_run("high_watermark", "high_watermark([partition])", 0, 1),
    Function::of_run("position", "position([partition])", 0, 1),
    Function::of_run("log_end", "log_end(broker [, partition])", 1, 2),
    Function::of_run("in_sync", "in_sync(broker [, partition])", 1, 2),
];

impl Subject for Simulation {
    fn functions(&self) -> &'static [Function] {
        &FUNCTIONS
    }

    fn answer(&self, call: &Arguments<'_>) -> Result<Value, QueryError> {
        let world = self.world();
        let counters = world.ledger.counters();
        if let Some(count) = count(&counters, call.name()) {
            return Ok(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)));
        }
        let of_broker = matches!(call.name(), "log_end" | "in_sync");
        let partition = place(world, call, usize::from(of_broker))?;
        if call.name() == "position" {
            let position = world.consumer[partition].offset;
            return Ok(Value::Integer(i64::try_from(position).unwrap_or(i64::MAX)));
        }
        let view = world.view(self.now()).partitions.swap_remove(partition);
        if of_broker {
            let broker = call.integer(0)?;
            let replica = view
                .replicas
                .iter()
                .find(|replica| i64::from(replica.broker.0) == broker)
                .ok_or_else(|| no_such_broker(call, broker, &view))?;
            return Ok(of_replica(replica, call.name()));
        }
        of_partition(&view, call.name())
            .ok_or_else(|| call.fault(QueryErrorKind::NeedsRun(call.name())))
    }
}

fn count(counters: &Counters, name: &str) -> Option<u64> {
    Some(match name {
        "sent" => counters.sent(),
        "acknowledged" => counters.acknowledged_kept + counters.acknowledged_lost,
        "kept" => counters.acknowledged_kept,
        "lost" => counters.acknowledged_lost,
        "refused" => counters.refused,
        "unknown" => counters.unknown(),
        "waiting" => counters.waiting + counters.in_flight,
        "duplicates" => counters.duplicates,
        "consumed" => counters.consumed,
        _ => return None,
    })
}

fn of_partition(view: &PartitionView, name: &str) -> Option<Value> {
    Some(match name {
        // As Kafka writes it: -1 where there is none.
        "leader" => integer(view.leader.unwrap_or(BrokerId(-1)).0),
        "epoch" => integer(view.epoch),
        "isr" => brokers(&view.isr),
        "elr" => brokers(&view.elr),
        "high_watermark" => Value::Integer(view.high_watermark.unwrap_or(Offset(-1)).0),
        _ => return None,
    })
}

fn of_replica(view: &ReplicaView, name: &str) -> Value {
    match name {
        "log_end" => Value::Integer(view.log_end.0),
        _ => integer(i32::from(view.in_sync)),
    }
}

/// The partition that argument number `index` names; 0 without it.
fn place(world: &World, call: &Arguments<'_>, index: usize) -> Result<usize, QueryError> {
    if call.len() <= index {
        return Ok(0);
    }
    let partitions = i32::try_from(world.partitions.len()).unwrap_or(i32::MAX);
    let partition = call.integer(index)?;
    i32::try_from(partition)
        .ok()
        .filter(|number| (0..partitions).contains(number))
        .map(|number| PartitionId(number).index())
        .ok_or_else(|| {
            call.fault_at(
                index,
                QueryErrorKind::NoSuchPartition {
                    partition,
                    partitions,
                },
            )
        })
}

fn no_such_broker(call: &Arguments<'_>, broker: i64, view: &PartitionView) -> QueryError {
    let replicas = view.replicas.iter().map(|replica| replica.broker);
    let known: Vec<_> = replicas.map(|broker| broker.0.to_string()).collect();
    let kind = QueryErrorKind::NoSuch {
        name: broker.to_string(),
        known: known.join(", "),
    };
    call.fault_at(0, kind)
}

fn integer(number: i32) -> Value {
    Value::Integer(i64::from(number))
}

fn brokers(brokers: &[BrokerId]) -> Value {
    Value::List(brokers.iter().map(|broker| integer(broker.0)).collect())
}
