//! The books: what became of each order in each architecture, and how long its customer waited. Counted as it happens, so
//! that every order can be accounted for at every instant.

use crate::event::{Lane, Refusal};
use crate::ids::EventId;
use crate::shared_list::SharedList;
use crate::time::{Duration, Instant};
use std::collections::BTreeMap;

/// Most services: an order's book holds a bit for each, and one for itself.
pub(super) const MAX_SERVICES: usize = 15;

/// The bit that says that an order was refused.
const REFUSED: u16 = 1 << MAX_SERVICES;

/// The books of the three architectures.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    /// When each order came, and the event that told it.
    received: SharedList<(Instant, EventId)>,
    lanes: [Book; 3],
}

/// The book of one architecture.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    /// Orders that were confirmed.
    pub(super) accepted: u64,
    /// Orders that got an error, by [`Refusal`].
    pub(super) refused: [u64; 4],
    /// How long the customers waited for their answer, whichever it was: how many for each length.
    waits: BTreeMap<Duration, u64>,
    /// By service.
    pub(super) tallies: Vec<Tally>,
    /// By order: the services that did their part, and whether the customer got an error.
    orders: SharedList<u16>,
}

/// What a service did in one architecture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Accepted orders that it is to do.
    pub(super) concerned: u64,
    /// Orders that it did, each counted once.
    pub(super) done: u64,
    /// How often it did an order that it had done before.
    pub(super) again: u64,
    /// Orders that it did and whose customer got an error.
    pub(super) in_vain: u64,
    /// When it was repaired, as long as it has not caught up.
    pub(super) repaired: Option<(Instant, EventId)>,
    /// How long it took to catch up after the last repair.
    pub(super) recovery: Option<Duration>,
}

impl Ledger {
    /// The books of this many services, before any order.
    pub(super) fn new(services: usize) -> Self {
        let book = Book {
            tallies: vec![Tally::default(); services],
            ..Book::default()
        };
        Self {
            received: SharedList::default(),
            lanes: [book.clone(), book.clone(), book],
        }
    }

    /// One architecture's book.
    pub(super) fn book(&self, lane: Lane) -> &Book {
        &self.lanes[lane as usize]
    }

    /// A service's tally in one architecture.
    pub(super) fn tally(&mut self, lane: Lane, service: usize) -> &mut Tally {
        &mut self.lanes[lane as usize].tallies[service]
    }

    /// How many orders came.
    pub(super) fn received(&self) -> usize {
        self.received.len()
    }

    /// About how long copying them takes: see [`crate::run::World::weight`].
    pub(super) fn weight(&self) -> usize {
        let books = self.lanes.iter();
        let books: usize = books
            .map(|book| book.orders.weight() + book.waits.len() / 8)
            .sum();
        self.received.weight() + books
    }

    /// When an order came, and the event that told it.
    pub(super) fn arrival(&self, order: u32) -> (Instant, EventId) {
        self.received[order as usize]
    }

    /// Opens the page of the next order.
    pub(super) fn receive(&mut self, at: Instant, event: EventId) {
        self.received.push((at, event));
        for book in &mut self.lanes {
            book.orders.push(0);
        }
    }

    /// Opens the page of a new service.
    pub(super) fn add_service(&mut self) {
        for book in &mut self.lanes {
            book.tallies.push(Tally::default());
        }
    }

    /// Notes that an order was confirmed, which the first `services` services are to do, and how long its customer waited.
    pub(super) fn accept(
        &mut self,
        lane: Lane,
        order: u32,
        services: usize,
        now: Instant,
    ) -> Duration {
        let waited = now - self.arrival(order).0;
        let book = &mut self.lanes[lane as usize];
        book.accepted += 1;
        *book.waits.entry(waited).or_default() += 1;
        for tally in &mut book.tallies[..services] {
            tally.concerned += 1;
        }
        waited
    }

    /// Notes that a customer got an error; how long it waited for it, and how many services did their part all the same.
    pub(super) fn refuse(
        &mut self,
        lane: Lane,
        order: u32,
        reason: Refusal,
        now: Instant,
    ) -> (Duration, u32) {
        let waited = now - self.arrival(order).0;
        let book = &mut self.lanes[lane as usize];
        book.refused[reason as usize] += 1;
        *book.waits.entry(waited).or_default() += 1;
        let done = book.orders[order as usize];
        book.orders[order as usize] |= REFUSED;
        for (service, tally) in book.tallies.iter_mut().enumerate() {
            tally.in_vain += u64::from(done >> service & 1);
        }
        (waited, done.count_ones())
    }

    /// Notes that a service did its part of an order; true if it had done it before.
    pub(super) fn done(&mut self, lane: Lane, order: u32, service: usize) -> bool {
        let book = &mut self.lanes[lane as usize];
        let (mask, tally) = (&mut book.orders[order as usize], &mut book.tallies[service]);
        let again = *mask >> service & 1 == 1;
        *mask |= 1 << service;
        if again {
            tally.again += 1;
        } else {
            tally.done += 1;
            tally.in_vain += u64::from(*mask & REFUSED != 0);
        }
        again
    }

    /// Whether a service did its part of an order.
    pub(super) fn has_done(&self, lane: Lane, order: u32, service: usize) -> bool {
        self.book(lane).orders[order as usize] >> service & 1 == 1
    }

    /// Notes that a service was repaired: the clock of its recovery starts.
    pub(super) fn repaired(&mut self, service: usize, at: Instant, event: EventId) {
        for book in &mut self.lanes {
            book.tallies[service].repaired = Some((at, event));
        }
    }

    /// Notes that a service stopped: the clock of its recovery stops.
    pub(super) fn stopped(&mut self, service: usize) {
        for book in &mut self.lanes {
            book.tallies[service].repaired = None;
        }
    }

    /// Notes that a service has caught up; the time since its repair, unless it was known already.
    pub(super) fn caught_up(
        &mut self,
        lane: Lane,
        service: usize,
        now: Instant,
    ) -> Option<Duration> {
        let tally = self.tally(lane, service);
        let (at, _) = tally.repaired.take()?;
        tally.recovery = Some(now - at);
        tally.recovery
    }
}

impl Book {
    /// Orders that got an error.
    pub(super) fn refusals(&self) -> u64 {
        self.refused.iter().sum()
    }

    /// The wait that `percent` of the answered customers did not exceed, exactly, by nearest rank; `None` before the first
    /// answer.
    pub(super) fn wait(&self, percent: u64) -> Option<Duration> {
        let answered = self.accepted + self.refusals();
        let rank = (answered * percent).div_ceil(100).max(1);
        let mut passed = 0;
        self.waits.iter().find_map(|(wait, count)| {
            passed += count;
            (passed >= rank).then_some(*wait)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_counted_exactly() {
        let mut ledger = Ledger::new(1);
        assert_eq!(ledger.book(Lane::Rest).wait(50), None);
        for order in 0..100 {
            ledger.receive(Instant::ZERO, EventId::new(0));
            ledger.accept(
                Lane::Rest,
                order,
                1,
                Instant::from_millis(u64::from(order) + 1),
            );
        }
        let wait = |percent| {
            ledger
                .book(Lane::Rest)
                .wait(percent)
                .map(Duration::as_millis)
        };
        assert_eq!(
            (wait(50), wait(99), wait(100)),
            (Some(50), Some(99), Some(100))
        );
    }

    #[test]
    fn what_a_refused_order_had_done_is_in_vain_whenever_it_is_done() {
        let mut ledger = Ledger::new(3);
        ledger.receive(Instant::ZERO, EventId::new(0));
        assert!(!ledger.done(Lane::Rest, 0, 0));
        let (waited, done) =
            ledger.refuse(Lane::Rest, 0, Refusal::NoAnswer, Instant::from_millis(7));
        assert_eq!((waited.as_millis(), done), (7, 1));
        assert!(!ledger.done(Lane::Rest, 0, 1));
        assert!(ledger.done(Lane::Rest, 0, 1));
        let in_vain: Vec<u64> = ledger
            .book(Lane::Rest)
            .tallies
            .iter()
            .map(|tally| tally.in_vain)
            .collect();
        assert_eq!(in_vain, [1, 1, 0]);
        assert_eq!(ledger.tally(Lane::Rest, 1).again, 1);
        assert_eq!(ledger.tally(Lane::Queue, 1).done, 0);
    }
}
