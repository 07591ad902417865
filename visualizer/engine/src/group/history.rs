//! Who held a partition, from when to when.

use super::{Holding, HoldingKind, Span};
use crate::time::{Duration, Instant};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct History {
    spans: Vec<Span>,
    /// Time without an owner able to read, over the spans that have ended, since it was first owned.
    down: Duration,
    owned_once: bool,
}

impl History {
    pub(super) fn new(at: Instant) -> Self {
        Self {
            spans: vec![Span {
                holding: Holding {
                    consumer: None,
                    kind: HoldingKind::Unassigned,
                },
                from: at,
                to: None,
            }],
            down: Duration(0),
            owned_once: false,
        }
    }

    pub(super) fn now(&self) -> Holding {
        self.spans.last().map_or(
            Holding {
                consumer: None,
                kind: HoldingKind::Unassigned,
            },
            |span| span.holding,
        )
    }

    /// From now on it is held so.
    pub(super) fn hold(&mut self, at: Instant, consumer: Option<usize>, kind: HoldingKind) {
        let holding = Holding { consumer, kind };
        let Some(last) = self.spans.last_mut() else {
            return;
        };
        if last.holding == holding {
            return;
        }
        if self.owned_once && !reads(last.holding.kind) {
            self.down.0 += (at - last.from).0;
        }
        self.owned_once |= kind == HoldingKind::Owned;
        last.to = Some(at);
        let (from, empty) = (last.from, last.from == at);
        if empty {
            self.spans.pop();
        }
        // A span of no length may leave two alike side by side.
        match self.spans.last_mut() {
            Some(previous) if empty && previous.holding == holding => {
                if self.owned_once && !reads(kind) {
                    self.down.0 = self.down.0.saturating_sub((at - previous.from).0);
                }
                previous.to = None;
            }
            _ => self.spans.push(Span {
                holding,
                from: if empty { from } else { at },
                to: None,
            }),
        }
    }

    /// Changes how it is held if this consumer holds it.
    pub(super) fn change(&mut self, at: Instant, consumer: usize, kind: HoldingKind) {
        if self.now().consumer == Some(consumer) {
            let holder = (kind != HoldingKind::InTransit).then_some(consumer);
            self.hold(at, holder, kind);
        }
    }

    pub(super) fn downtime(&self, now: Instant) -> Duration {
        let open = self
            .spans
            .last()
            .filter(|span| self.owned_once && !reads(span.holding.kind))
            .map_or(0, |span| (now - span.from).0);
        Duration(self.down.0 + open)
    }

    pub(super) fn spans(&self) -> &[Span] {
        &self.spans
    }
}

/// Whether records are read from a partition that is held so.
fn reads(kind: HoldingKind) -> bool {
    kind == HoldingKind::Owned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downtime_counts_from_the_first_owner_on() {
        let ms = Instant::from_millis;
        let mut history = History::new(ms(0));
        history.hold(ms(3), Some(0), HoldingKind::Owned);
        history.change(ms(10), 0, HoldingKind::Orphaned);
        history.change(ms(20), 0, HoldingKind::InTransit);
        assert_eq!(history.downtime(ms(21)), Duration::from_millis(11));
        history.hold(ms(22), Some(1), HoldingKind::Owned);
        history.change(ms(30), 0, HoldingKind::Orphaned);
        assert_eq!(history.downtime(ms(40)), Duration::from_millis(12));
        assert_eq!(history.spans().len(), 5);
    }
}
