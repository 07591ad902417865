//! Events in words, in families, and which of them are steps of their own.

use engine::event::{Event, EventKind, GroupEvent};

/// Kinds of event to filter by.
pub(super) static FAMILIES: [&str; 7] = [
    "consumers",
    "minuteurs",
    "rééquilibrage",
    "partitions",
    "messages",
    "commits",
    "réseau",
];

/// An event in one French sentence.
pub(super) fn sentence(event: &Event) -> Option<String> {
    engine::narrate::group_run(&event.kind)
}

/// The place of an event's kind in [`FAMILIES`].
pub(super) fn family(event: &Event) -> usize {
    use GroupEvent as E;
    match &event.kind {
        EventKind::PartitionsAssigned { .. }
        | EventKind::PartitionsRevoked { .. }
        | EventKind::PartitionsAdded { .. }
        | EventKind::TopicCreated { .. } => 3,
        EventKind::MemberJoined { .. } | EventKind::MemberLeft { .. } => 2,
        EventKind::OffsetCommitted { .. } => 5,
        EventKind::Group(event) => match event {
            E::ConsumerStarted { .. }
            | E::ConsumerRefused { .. }
            | E::ConsumerClosing { .. }
            | E::ConsumerClosed { .. }
            | E::ConsumerTerminated { .. }
            | E::ConsumerCrashed { .. }
            | E::ConsumerPaused { .. }
            | E::ConsumerResumed { .. }
            | E::ConsumerFenced { .. }
            | E::SettingChanged { .. } => 0,
            E::SessionExpired { .. }
            | E::RebalanceTimedOut { .. }
            | E::MaxPollExceeded { .. }
            | E::ConnectionLost { .. } => 1,
            E::StateChanged { .. }
            | E::RebalancePrepared { .. }
            | E::InitialDelayExtended { .. }
            | E::GenerationBegan { .. }
            | E::RebalanceCompleted { .. }
            | E::GroupEpochBumped { .. }
            | E::TargetComputed { .. }
            | E::MemberReconciled { .. } => 2,
            E::OffsetStored { .. }
            | E::AutoCommitFired { .. }
            | E::CommitSent { .. }
            | E::CommitAccepted { .. }
            | E::CommitRefused { .. } => 5,
            E::RequestSent { .. } | E::RequestReceived { .. } | E::ResponseReceived { .. } => 6,
            _ => 4,
        },
        _ => 4,
    }
}

/// Whether an event is worth a step: what happens to consumers, timers, generations and partitions.
pub(super) fn is_told(event: &Event) -> bool {
    family(event) < 4
}
