//! A service of the shop: the same one in the three architectures.

use crate::ids::ServiceName;
use crate::rng::Rng;
use crate::time::Duration;

/// A service.
#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) name: ServiceName,
    pub(super) health: Health,
    /// Time that it takes to handle an order, before chance.
    pub(super) time: Duration,
}

/// How a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It works.
    Up,
    /// It runs, and each of its handlings ends in an error.
    Failing,
    /// It is stopped: it neither answers nor reads.
    Stopped,
}

impl Service {
    /// A service that works.
    pub(super) fn new(name: ServiceName, time: Duration) -> Self {
        Self {
            name,
            health: Health::Up,
            time,
        }
    }

    /// How long it takes to handle this order: the same in the three architectures and at each attempt. `jitter` is in
    /// percent of the time, more or less; chance comes from the order, the service's place and the seed.
    pub(super) fn handling(&self, place: usize, order: u32, jitter: u32, seed: u64) -> Duration {
        let jitter = u64::from(jitter.min(100));
        if jitter == 0 {
            return self.time;
        }
        let stream = (u64::from(order) << 8) | place as u64;
        let spread = self.time.0 * jitter / 100;
        let drawn = u64::from(Rng::new(seed, stream).next_u31());
        Duration(self.time.0 - spread + drawn % (2 * spread + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_stays_within_its_bounds_and_repeats() {
        let service = Service::new("ShippingService".into(), Duration::from_millis(200));
        assert_eq!(service.handling(2, 7, 0, 1), Duration::from_millis(200));
        let times: Vec<u64> = (0..1_000)
            .map(|order| service.handling(2, order, 25, 1).0)
            .collect();
        assert!(times.iter().all(|us| (150_000..=250_000).contains(us)));
        assert!(times.iter().min() < Some(&152_000) && times.iter().max() > Some(&248_000));
        assert_eq!(times[7], service.handling(2, 7, 25, 1).0);
        assert_ne!(times[7], service.handling(3, 7, 25, 1).0);
    }
}
