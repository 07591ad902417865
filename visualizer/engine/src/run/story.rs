//! Where a world tells what happens.

use crate::event::{Event, EventKind};
use crate::ids::EventId;
use crate::time::Instant;

/// Numbers and dates the events that a world tells.
#[derive(Debug)]
pub struct Story<'e> {
    at: Instant,
    /// Number of the first event of `events`.
    first: u64,
    events: &'e mut Vec<Event>,
}

impl<'e> Story<'e> {
    /// A story that goes on at this instant; `first` is the number of the first event of `events`.
    pub(super) fn new(at: Instant, first: u64, events: &'e mut Vec<Event>) -> Self {
        Self { at, first, events }
    }

    /// Tells an event, which happens now.
    pub fn tell(&mut self, cause: Option<EventId>, kind: EventKind) -> EventId {
        let id = self.next();
        self.events.push(Event {
            id,
            at: self.at,
            cause,
            kind,
        });
        id
    }

    /// The number of the event that will be told next.
    pub fn next(&self) -> EventId {
        EventId::new(self.first + self.events.len() as u64)
    }
}
