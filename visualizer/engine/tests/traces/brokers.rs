//! What is seen of a producer and its brokers: the engine's events, as delivery reports, metadata and a last reading of the log
//! would tell them.

use crate::observed::{Deliveries, Report, State};
use crate::{microseconds, steps};
use engine::event::{Event, EventKind, ProduceError, ReplicationEvent};
use engine::ids::{BrokerId, RecordId};
use engine::replication::Simulation;
use engine::scenario::Scenario;

/// Plays a scenario to its end and watches.
pub(crate) fn seen(scenario: Scenario) -> Deliveries {
    let mut seen = Deliveries {
        incidents: steps(&scenario),
        ..Deliveries::default()
    };
    let mut run = Simulation::new(scenario);
    let end = run.end();
    run.run_until(end);
    let events = run.events();
    for event in events {
        // A leader of the past may write too: what it writes is not in the log that is read at the end.
        if written_to(events, event).is_none_or(|broker| Some(broker.0) == last_leader(&seen)) {
            watch(&mut seen, event);
        }
    }
    seen
}

/// The last leader that there was.
fn last_leader(seen: &Deliveries) -> Option<i32> {
    let mut leaders = seen.states.iter().rev().map(|(_, state)| state.leader);
    leaders.find(|leader| *leader != -1)
}

/// The broker that appended a record: the one to which its batch was sent.
fn written_to(events: &[Event], event: &Event) -> Option<BrokerId> {
    let EventKind::RecordAppended { .. } = event.kind else {
        return None;
    };
    let cause = event.cause?;
    let place = events.binary_search_by_key(&cause, |event| event.id).ok()?;
    match &events[place].kind {
        EventKind::Replication(ReplicationEvent::BatchSent { broker, .. }) => Some(*broker),
        _ => None,
    }
}

fn watch(seen: &mut Deliveries, event: &Event) {
    match &event.kind {
        EventKind::RecordSent { .. } => seen.sent += 1,
        EventKind::RecordAppended {
            record: Some(record),
            ..
        } => seen.kept.push(number(*record)),
        EventKind::Replication(replication) => watch_replication(seen, event, replication),
        _ => {}
    }
}

fn watch_replication(seen: &mut Deliveries, event: &Event, replication: &ReplicationEvent) {
    let mut report = |records: &[RecordId], error: Option<&str>| {
        seen.reports.extend(records.iter().map(|record| Report {
            number: number(*record),
            at: microseconds(event.at),
            error: error.map(str::to_owned),
        }));
    };
    match replication {
        ReplicationEvent::RecordsAcknowledged { records, .. } => report(records, None),
        ReplicationEvent::RecordsFailed { records, error, .. } => {
            report(records, Some(in_librdkafka(*error)));
        }
        ReplicationEvent::RecordsLost { records, .. } => {
            // The newest copy goes: older ones are at lower offsets.
            for record in records {
                let last = seen.kept.iter().rposition(|kept| *kept == number(*record));
                last.map(|last| seen.kept.remove(last));
            }
        }
        ReplicationEvent::PartitionPlaced { replicas, .. } => {
            state(seen, event, replicas.first().copied(), Some(replicas));
        }
        ReplicationEvent::LeaderElected { leader, isr, .. } => {
            state(seen, event, Some(*leader), Some(isr));
        }
        ReplicationEvent::PartitionOffline { isr, .. } => {
            state(seen, event, Some(BrokerId(-1)), Some(isr));
        }
        ReplicationEvent::IsrShrunk { isr, .. } | ReplicationEvent::IsrExpanded { isr, .. } => {
            state(seen, event, None, Some(isr));
        }
        _ => {}
    }
}

/// A new state, where `None` is as before.
fn state(seen: &mut Deliveries, event: &Event, leader: Option<BrokerId>, isr: Option<&[BrokerId]>) {
    let before = seen.states.last().map(|(_, state)| state.clone());
    let state = State {
        leader: leader.map_or_else(
            || before.as_ref().map_or(-1, |state| state.leader),
            |leader| leader.0,
        ),
        isr: isr.map_or_else(
            || {
                before
                    .as_ref()
                    .map_or_else(Default::default, |state| state.isr.clone())
            },
            |isr| isr.iter().map(|broker| broker.0).collect(),
        ),
    };
    if before.as_ref() != Some(&state) {
        seen.states.push((microseconds(event.at), state));
    }
}

/// Records are numbered from 0, in the order in which the producer was given them.
fn number(record: RecordId) -> u32 {
    u32::try_from(record.0).unwrap()
}

/// The error's name in rdkafka.
const fn in_librdkafka(error: ProduceError) -> &'static str {
    match error {
        ProduceError::NotEnoughReplicas => "NotEnoughReplicas",
        ProduceError::NotEnoughReplicasAfterAppend => "NotEnoughReplicasAfterAppend",
        ProduceError::NotLeaderForPartition => "NotLeaderForPartition",
        ProduceError::RequestTimedOut => "RequestTimedOut",
        ProduceError::Transport => "BrokerTransportFailure",
        ProduceError::TimedOut => "OperationTimedOut",
        ProduceError::Fatal => "Fatal",
        ProduceError::MsgTimedOut => "MessageTimedOut",
        ProduceError::OutOfOrderSequenceNumber => "OutOfOrderSequenceNumber",
    }
}
