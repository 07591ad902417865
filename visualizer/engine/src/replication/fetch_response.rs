//! What a leader answers to a follower's fetch: records, or where the logs part, or that it does not lead.

use super::log::Entry;
use super::world::World;
use std::vec::Drain;

/// What a fetch says of a partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    pub(super) partition: usize,
    /// The leader epoch that the follower knows.
    pub(super) epoch: i32,
    pub(super) offset: usize,
    pub(super) last_epoch: Option<i32>,
}

/// What the leader answers for a partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) partition: usize,
    pub(super) epoch: i32,
    pub(super) content: Content,
    pub(super) high_watermark: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Content {
    /// So many records, from the offset asked for.
    Records(usize),
    /// The logs part: the leader's epoch ends there.
    Diverging(i32, usize),
    /// Not the leader, or not of this epoch.
    Error,
}

impl Answer {
    /// How many records belong to it.
    pub(super) fn records(&self) -> usize {
        match self.content {
            Content::Records(count) => count,
            Content::Diverging(..) | Content::Error => 0,
        }
    }
}

/// The answers for all partitions of a fetch. Loops fetch all the time: each writes into the same one again.
#[derive(Clone, Debug, Default)]
pub(super) struct Response {
    answers: Vec<Answer>,
    /// The records of all of them, one partition after the other.
    entries: Vec<Entry>,
}

impl Response {
    /// Whether it says more than high watermarks.
    pub(super) fn is_worth_sending(&self) -> bool {
        let mut answers = self.answers.iter();
        answers.any(|answer| !matches!(answer.content, Content::Records(0)))
    }

    /// Whether the follower's log is the beginning of the leader's, in the partition asked for in this place.
    pub(super) fn follows(&self, at: usize) -> bool {
        matches!(self.answers[at].content, Content::Records(_))
    }

    /// Takes out the answers, and the records that belong to them.
    pub(super) fn drain(&mut self) -> (Drain<'_, Answer>, Drain<'_, Entry>) {
        (self.answers.drain(..), self.entries.drain(..))
    }
}

impl World {
    /// What the leader has to say of a partition, when it holds its log against the follower's.
    fn content(&self, leader: usize, ask: &Ask) -> Content {
        let replica = &self.partitions[ask.partition].replicas[leader];
        let leads = replica
            .leadership()
            .is_some_and(|leadership| leadership.epoch == ask.epoch);
        if !leads {
            return Content::Error;
        }
        match replica.log.divergence(ask.last_epoch, ask.offset) {
            Some((epoch, end)) => Content::Diverging(epoch, end),
            None => Content::Records(replica.log.end().saturating_sub(ask.offset)),
        }
    }

    /// Writes what the leader has to say.
    pub(super) fn respond(&self, leader: usize, asked: &[Ask], response: &mut Response) {
        response.answers.clear();
        response.entries.clear();
        for ask in asked {
            let content = self.content(leader, ask);
            let log = &self.partitions[ask.partition].replicas[leader].log;
            if let Content::Records(count @ 1..) = content {
                let records = log.entries.iter_from(ask.offset).take(count);
                response.entries.extend(records.copied());
            }
            response.answers.push(Answer {
                partition: ask.partition,
                epoch: ask.epoch,
                content,
                high_watermark: log.high_watermark,
            });
        }
    }
}
