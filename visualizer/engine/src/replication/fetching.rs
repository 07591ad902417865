//! Followers fetch: one loop for each pair of follower's and leader's brokers, for all partitions that the one follows and
//! the other leads.
//!
//! 1. The follower's broker asks for what comes after its logs' ends, and says so which records it has.
//! 2. The leader notes this progress: it may move the high watermark, and let the follower back into the ISR. If it has
//!    records to give, or a log must be cut, it answers at once; else it keeps the fetch for `replica.fetch.wait.max.ms`, of
//!    which one [`Alarm`] takes care for all fetches of a loop.
//! 3. The answer carries the high watermark **as it was when the records were read**: the follower learns only with its next
//!    fetch that what it has just copied is committed.

use super::alarm::Alarm;
use super::broker_set::name;
use super::cluster::records;
use super::fetch_response::{Answer, Ask, Content, Response};
use super::log::Entry;
use super::settings::FETCH_BACKOFF;
use super::world::{Command, Now, Role, World, number, offset};
use crate::event::ReplicationEvent;
use crate::time::{Duration, Instant};

/// The loop in which a broker fetches from another.
#[derive(Clone, Debug, Default)]
pub(super) struct Fetcher {
    /// The fetch, or wait, that counts.
    pub(super) number: u32,
    busy: bool,
    /// The leader keeps the fetch until it has something to answer, and no longer than this.
    kept_until: Option<Instant>,
    expiry: Alarm,
    asked: Vec<Ask>,
    response: Response,
}

impl Fetcher {
    pub(super) fn stop(&mut self) {
        self.number += 1;
        self.busy = false;
        self.kept_until = None;
    }

    /// Whether it has asked, or will.
    pub(super) const fn is_busy(&self) -> bool {
        self.busy
    }

    /// Whether the leader keeps a fetch that asks for this partition.
    fn waits_for(&self, partition: usize) -> bool {
        self.kept_until.is_some() && self.asked.iter().any(|ask| ask.partition == partition)
    }
}

impl World {
    /// A loop that had nothing to do may have something now.
    pub(super) fn wake_fetcher(&mut self, follower: usize, leader: usize, now: &mut Now<'_, '_>) {
        if !self.brokers[follower].fetchers[leader].busy {
            self.fetch(follower, leader, now);
        }
    }

    /// A turn of the loop.
    pub(super) fn fetch(&mut self, follower: usize, leader: usize, now: &mut Now<'_, '_>) {
        let at = now.at();
        let broker = &mut self.brokers[follower];
        broker.fetchers[leader].stop();
        let mut asked = std::mem::take(&mut broker.fetchers[leader].asked);
        asked.clear();
        let mut wait = broker.slow_until - at;
        if broker.serving && wait.0 == 0 {
            for (partition, part) in self.partitions.iter().enumerate() {
                let replica = &part.replicas[follower];
                match replica.role {
                    Role::Follower {
                        leader: of,
                        epoch,
                        delayed_until,
                    } if of == leader => {
                        if delayed_until > at {
                            wait = delayed_until - at;
                        } else {
                            asked.push(Ask {
                                partition,
                                epoch,
                                offset: replica.log.end(),
                                last_epoch: replica.log.last_epoch(),
                            });
                        }
                    }
                    _ => {}
                }
            }
        }
        let latency = self.settings.latency;
        let fetcher = &mut self.brokers[follower].fetchers[leader];
        fetcher.asked = asked;
        let number = fetcher.number;
        let (delay, command) = if fetcher.asked.is_empty() {
            if wait.0 == 0 {
                return;
            }
            let again = Command::Fetch {
                follower,
                leader,
                number,
            };
            (wait, again)
        } else {
            let arrives = Command::FetchArrives {
                follower,
                leader,
                number,
            };
            (latency, arrives)
        };
        fetcher.busy = true;
        now.after(delay, command);
    }

    /// The leader's broker receives a fetch.
    pub(super) fn fetch_arrives(
        &mut self,
        follower: usize,
        leader: usize,
        number: u32,
        now: &mut Now<'_, '_>,
    ) {
        if self.brokers[follower].fetchers[leader].number != number {
            return;
        }
        if !self.brokers[leader].serving {
            self.back_off(follower, leader, now);
            return;
        }
        // Read first: the answer has the high watermark of before.
        self.read(follower, leader);
        for at in 0..self.brokers[follower].fetchers[leader].asked.len() {
            let fetcher = &self.brokers[follower].fetchers[leader];
            if fetcher.response.follows(at) {
                self.note_progress(fetcher.asked[at], follower, leader, now);
            }
        }
        let fetcher = &self.brokers[follower].fetchers[leader];
        if fetcher.response.is_worth_sending() {
            self.answer_fetch(follower, leader, now);
        } else {
            let until = now.at() + self.settings.fetch_wait;
            self.keep_fetch(follower, leader, until, now);
        }
    }

    /// The leader keeps a fetch until it has something to say, or until then.
    fn keep_fetch(
        &mut self,
        follower: usize,
        leader: usize,
        until: Instant,
        now: &mut Now<'_, '_>,
    ) {
        let fetcher = &mut self.brokers[follower].fetchers[leader];
        fetcher.kept_until = Some(until);
        let command = Command::FetchExpires { follower, leader };
        now.set(&mut fetcher.expiry, until, command);
    }

    /// The leader reads what it has to say to a fetch.
    fn read(&mut self, follower: usize, leader: usize) {
        let fetcher = &mut self.brokers[follower].fetchers[leader];
        let mut response = std::mem::take(&mut fetcher.response);
        let asked = &self.brokers[follower].fetchers[leader].asked;
        self.respond(leader, asked, &mut response);
        self.brokers[follower].fetchers[leader].response = response;
    }

    /// The leader notes what a follower has: `Partition.updateFollowerFetchState`.
    fn note_progress(&mut self, ask: Ask, follower: usize, leader: usize, now: &mut Now<'_, '_>) {
        let active = self.active;
        let part = &mut self.partitions[ask.partition];
        let replica = &mut part.replicas[leader];
        let (end, high_watermark) = (replica.log.end(), replica.log.high_watermark);
        let Some(leadership) = replica.leadership_mut() else {
            return;
        };
        let before = leadership.followers[follower].end;
        leadership.followers[follower].fetched(ask.offset, end, now.at());
        let expanded = leadership.expanded(follower, high_watermark, active);
        if let Some(isr) = expanded {
            self.propose(ask.partition, leader, isr, now);
        }
        if before != Some(ask.offset) {
            let cause = self.partitions[ask.partition].replicas[follower].event;
            self.advance(ask.partition, leader, cause, now);
        }
    }

    /// What the leader has read leaves for the follower.
    fn answer_fetch(&mut self, follower: usize, leader: usize, now: &mut Now<'_, '_>) {
        let fetcher = &mut self.brokers[follower].fetchers[leader];
        fetcher.kept_until = None;
        let command = Command::FetchAnswered {
            follower,
            leader,
            number: fetcher.number,
        };
        now.after(self.settings.latency, command);
    }

    /// Nothing came in time: the answer is empty, but has the high watermark of now.
    pub(super) fn fetch_expires(&mut self, follower: usize, leader: usize, now: &mut Now<'_, '_>) {
        let fetcher = &mut self.brokers[follower].fetchers[leader];
        if !fetcher.expiry.rings(now.at()) {
            return;
        }
        match fetcher.kept_until {
            Some(until) if until > now.at() => self.keep_fetch(follower, leader, until, now),
            Some(_) => self.answer_kept(follower, leader, now),
            None => {}
        }
    }

    fn answer_kept(&mut self, follower: usize, leader: usize, now: &mut Now<'_, '_>) {
        self.read(follower, leader);
        self.answer_fetch(follower, leader, now);
    }

    /// Something happened to a partition: the fetches that a leader kept for it are answered.
    pub(super) fn release_fetches(
        &mut self,
        partition: usize,
        leader: usize,
        now: &mut Now<'_, '_>,
    ) {
        for follower in 0..self.brokers.len() {
            if self.brokers[follower].fetchers[leader].waits_for(partition) {
                self.answer_kept(follower, leader, now);
            }
        }
    }

    /// A broker died: the fetches that it kept fail.
    pub(super) fn break_fetches(&mut self, leader: usize, now: &mut Now<'_, '_>) {
        for follower in 0..self.brokers.len() {
            let fetcher = &self.brokers[follower].fetchers[leader];
            if fetcher.kept_until.is_some() {
                self.back_off(follower, leader, now);
            }
        }
    }

    /// The connection is broken: the loop waits, then tries again.
    pub(super) fn back_off(&mut self, follower: usize, leader: usize, now: &mut Now<'_, '_>) {
        let fetcher = &mut self.brokers[follower].fetchers[leader];
        fetcher.stop();
        fetcher.busy = true;
        let command = Command::Fetch {
            follower,
            leader,
            number: fetcher.number,
        };
        now.after(Duration(self.settings.latency.0 + FETCH_BACKOFF.0), command);
    }

    /// The follower's broker receives the answer: it cuts, writes, and goes on.
    pub(super) fn fetch_answered(
        &mut self,
        follower: usize,
        leader: usize,
        number: u32,
        now: &mut Now<'_, '_>,
    ) {
        let broker = &mut self.brokers[follower];
        if broker.fetchers[leader].number != number {
            return;
        }
        let wait = broker.slow_until - now.at();
        if wait.0 > 0 {
            let command = Command::FetchAnswered {
                follower,
                leader,
                number,
            };
            now.after(wait, command);
            return;
        }
        let mut response = std::mem::take(&mut broker.fetchers[leader].response);
        let (answers, mut entries) = response.drain();
        for answer in answers {
            let mut own = entries.by_ref().take(answer.records());
            self.follow(answer, &mut own, follower, leader, now);
            // Those that it does not want are not the next partition's.
            own.for_each(drop);
        }
        drop(entries);
        self.brokers[follower].fetchers[leader].response = response;
        self.fetch(follower, leader, now);
    }

    /// A follower does what its leader's answer asks of a partition.
    fn follow(
        &mut self,
        answer: Answer,
        entries: &mut impl Iterator<Item = Entry>,
        follower: usize,
        from: usize,
        now: &mut Now<'_, '_>,
    ) {
        let part = &mut self.partitions[answer.partition];
        let cause = part.replicas[from].event.or(part.event);
        let changed = part.event;
        let committed = part.replicas[from].committed.or(part.event);
        let counts = part.authority == follower;
        let replica = &mut part.replicas[follower];
        let Role::Follower {
            leader,
            epoch,
            delayed_until,
        } = &mut replica.role
        else {
            return;
        };
        if *leader != from || *epoch != answer.epoch {
            return;
        }
        let partition = number(answer.partition);
        let broker = name(follower);
        match answer.content {
            Content::Error => *delayed_until = now.at() + FETCH_BACKOFF,
            Content::Diverging(epoch, end) => {
                let removed = replica.log.truncate_to_divergence(epoch, end);
                let removed: Vec<usize> = removed.iter().map(|entry| entry.record).collect();
                if counts {
                    for record in &removed {
                        self.ledger.change(*record, |record| record.kept -= 1);
                    }
                }
                if !removed.is_empty() {
                    let event = ReplicationEvent::LogTruncated {
                        partition,
                        broker,
                        to: offset(replica.log.end()),
                        removed: records(&removed),
                    };
                    replica.event = Some(now.tell(changed, event));
                }
            }
            Content::Records(_) => {
                let from = replica.log.end();
                for entry in entries {
                    replica.log.append(entry);
                    // The controller may have chosen it as leader while the answer was on its way.
                    if counts {
                        self.ledger.change(entry.record, |record| record.kept += 1);
                    }
                }
                let end = replica.log.end();
                if end > from {
                    let event = ReplicationEvent::RecordsReplicated {
                        partition,
                        broker,
                        from: offset(from),
                        to: offset(end),
                    };
                    replica.event = Some(now.tell(cause, event));
                }
                let learned = answer.high_watermark.min(end);
                if learned > replica.log.high_watermark {
                    replica.set_high_watermark(learned, now.at());
                    let event = ReplicationEvent::HighWatermarkLearned {
                        partition,
                        broker,
                        high_watermark: offset(learned),
                    };
                    now.tell(committed, event);
                }
            }
        }
    }
}
