//! What happens when three architectures carry the same orders: a chain of calls, a queue per service, a log.
//!
//! Orders are numbered by [`RecordId`], the same number in the three; on the log, that is also the record's number in
//! [`super::EventKind::RecordAppended`].

use crate::ids::{RecordId, RecordKey, ServiceName};
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// One of the three ways to tell the services of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// The order service calls the others one after another, and answers the customer last.
    Rest,
    /// A broker holds a queue per service; what is acknowledged is gone.
    Queue,
    /// A log that each service reads at its own position.
    Log,
}

impl Lane {
    /// All of them, in the order in which the course tells them.
    pub const ALL: [Self; 3] = [Self::Rest, Self::Queue, Self::Log];

    /// Its name in French, as a fence and a page write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Queue => "file",
            Self::Log => "journal",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.name() == name)
    }
}

/// Why a customer gets an error instead of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The order service has no free place, not even to wait: `503 Service Unavailable`.
    Busy,
    /// A service did not answer in time, however often it was asked: `504 Gateway Timeout`.
    NoAnswer,
    /// A service answered with an error, however often it was asked: `502 Bad Gateway`.
    Error,
    /// The order service itself is stopped.
    Stopped,
}

/// Why a call came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallFailure {
    /// No answer within the time allowed.
    Timeout,
    /// The service answered with an error.
    Error,
}

/// The kinds of event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArchitectureEvent {
    /// A customer sent an order, the same one to the three order services.
    OrderReceived {
        /// Its number.
        order: RecordId,
        /// The customer: its key on the log; `None` if the orders have no key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<RecordKey>,
    },
    /// REST: all places of the order service are taken; the customer waits for one.
    OrderWaits {
        /// The order.
        order: RecordId,
    },
    /// The customer's order is confirmed.
    OrderAccepted {
        /// By which architecture.
        lane: Lane,
        /// The order.
        order: RecordId,
        /// How long the customer waited.
        waited: Duration,
    },
    /// The customer gets an error.
    OrderRefused {
        /// From which architecture.
        lane: Lane,
        /// The order.
        order: RecordId,
        /// Why.
        reason: Refusal,
        /// How long the customer waited for it.
        waited: Duration,
        /// How many services had done their part of it all the same.
        done: u32,
    },
    /// REST: the order service calls a service.
    CallSent {
        /// The service.
        service: ServiceName,
        /// The order.
        order: RecordId,
        /// The how manyeth attempt, from 1.
        attempt: u32,
    },
    /// REST: a call came to nothing.
    CallFailed {
        /// The service.
        service: ServiceName,
        /// The order.
        order: RecordId,
        /// The attempt, from 1.
        attempt: u32,
        /// Why.
        failure: CallFailure,
        /// Whether the order service will try again.
        retries: bool,
    },
    /// Queue: the broker put a copy of the message in each service's queue.
    MessagePublished {
        /// The order.
        order: RecordId,
        /// How many copies.
        copies: u32,
    },
    /// A service takes an order in hand.
    WorkStarted {
        /// In which architecture.
        lane: Lane,
        /// The service.
        service: ServiceName,
        /// The order.
        order: RecordId,
        /// The how manyeth time this message is delivered, this record read or this request handled, from 1.
        attempt: u32,
    },
    /// A service did its part of an order. In the queue, the message is acknowledged and gone.
    WorkDone {
        /// In which architecture.
        lane: Lane,
        /// The service.
        service: ServiceName,
        /// The order.
        order: RecordId,
        /// Whether it had done it before: a duplicate.
        again: bool,
        /// Whether someone still waits for it: false for a call that was given up.
        awaited: bool,
    },
    /// A service's handler threw an error.
    WorkFailed {
        /// In which architecture.
        lane: Lane,
        /// The service.
        service: ServiceName,
        /// The order.
        order: RecordId,
        /// The attempt, from 1.
        attempt: u32,
    },
    /// A service stopped with an order in hand: nothing of it is done.
    WorkInterrupted {
        /// In which architecture.
        lane: Lane,
        /// The service.
        service: ServiceName,
        /// The order.
        order: RecordId,
    },
    /// Queue: after too many attempts, the message was set aside.
    DeadLettered {
        /// The service whose queue it was in.
        service: ServiceName,
        /// The order.
        order: RecordId,
        /// How often it had been delivered.
        attempts: u32,
    },
    /// Queue: the messages that were set aside are in the queue again.
    DeadLettersReturned {
        /// The service.
        service: ServiceName,
        /// How many.
        messages: u32,
    },
    /// A service stopped, in the three architectures.
    ServiceStopped {
        /// The service.
        service: ServiceName,
    },
    /// A service fails: it runs, and each of its handlings ends in an error.
    ServiceFails {
        /// The service.
        service: ServiceName,
    },
    /// A service works again.
    ServiceRepaired {
        /// The service.
        service: ServiceName,
    },
    /// A service takes another time to handle an order, for what it takes in hand from now on.
    ServicePaced {
        /// The service.
        service: ServiceName,
        /// The time per order.
        time: Duration,
    },
    /// A new service, in the three architectures.
    ServiceAdded {
        /// The service.
        service: ServiceName,
    },
    /// A new service will never get the orders accepted before it came.
    PastMissed {
        /// In which architecture.
        lane: Lane,
        /// The service.
        service: ServiceName,
        /// How many orders.
        orders: u64,
    },
    /// Log: a group has its partitions and reads on from its position.
    ReaderStarted {
        /// The service.
        service: ServiceName,
        /// How many records it reads again, since it had not committed that far.
        again: u64,
        /// How many records are before its position that it never did: `auto.offset.reset=latest`.
        skipped: u64,
        /// How many records it has before it.
        unread: u64,
    },
    /// Someone wants a service to do all past orders once more.
    ReplayAsked {
        /// The service.
        service: ServiceName,
    },
    /// Log: a group's position went back to the beginning.
    ReaderRewound {
        /// The service.
        service: ServiceName,
        /// How many records it has before it now.
        unread: u64,
    },
    /// What is done is gone: there is nothing to replay.
    NothingToReplay {
        /// In which architecture.
        lane: Lane,
        /// The service.
        service: ServiceName,
    },
    /// After a repair, no order waits for the service any more; in the chain of calls: the first order is accepted again.
    CaughtUp {
        /// In which architecture.
        lane: Lane,
        /// The service.
        service: ServiceName,
        /// How long after the repair.
        after: Duration,
    },
}
