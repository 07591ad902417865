//! Requests and answers on their way: one hop takes `simulation.latency`, and none is lost.

use super::coordinator::{Answer, Ask};
use crate::event::{CommitReason, GroupError, Request};
use crate::ids::EventId;
use crate::time::Instant;

/// What is on its way.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Ask(Ask),
    Answer {
        error: Option<GroupError>,
        answer: Answer,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    pub(super) consumer: usize,
    pub(super) incarnation: u32,
    pub(super) request: Request,
    pub(super) epoch: i32,
    pub(super) content: Content,
    /// Of a commit.
    pub(super) reason: Option<CommitReason>,
    pub(super) from: Instant,
    pub(super) to: Instant,
    pub(super) cause: Option<EventId>,
}

/// The messages on their way, by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Network {
    messages: Vec<Option<Message>>,
    free: Vec<u32>,
}

impl Network {
    pub(super) fn put(&mut self, message: Message) -> u32 {
        if let Some(number) = self.free.pop() {
            self.messages[number as usize] = Some(message);
            return number;
        }
        self.messages.push(Some(message));
        u32::try_from(self.messages.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn take(&mut self, number: u32) -> Option<Message> {
        let message = self.messages.get_mut(number as usize)?.take()?;
        self.free.push(number);
        Some(message)
    }

    pub(super) fn peek(&self, number: u32) -> Option<&Message> {
        self.messages.get(number as usize)?.as_ref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().flatten()
    }
}
