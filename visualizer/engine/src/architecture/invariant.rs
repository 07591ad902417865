//! What must be true of the books at every instant: every order is accounted for, in each architecture and by each service.
//! Held against random runs by tests, and against real ones in the page.

use super::view::{LaneView, View, WorkView};
use crate::event::Lane;
use crate::ids::ServiceName;
use std::fmt;

/// An account that does not balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// In which architecture.
    pub lane: Lane,
    /// Whose account; all customers' if `None`.
    pub service: Option<ServiceName>,
    /// Orders to account for.
    pub owed: u64,
    /// Orders accounted for.
    pub found: u64,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self
            .service
            .as_ref()
            .map_or("les clients", ServiceName::as_str);
        write!(
            f,
            "{}, {who} : {} commandes à retrouver, {} retrouvées",
            self.lane.name(),
            self.owed,
            self.found
        )
    }
}

/// The accounts that do not balance; none, or the model is wrong.
pub fn breaches(view: &View) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for lane in &view.lanes {
        let answered = lane.accepted + lane.refused + lane.in_progress;
        if answered != view.received {
            breaches.push(Breach {
                lane: lane.lane,
                service: None,
                owed: view.received,
                found: answered,
            });
        }
        for (work, service) in lane.services.iter().zip(&view.services) {
            let (least, most) = account(lane, work);
            if !(least..=most).contains(&lane.accepted) {
                breaches.push(Breach {
                    lane: lane.lane,
                    service: Some(service.name.clone()),
                    owed: lane.accepted,
                    found: most,
                });
            }
        }
    }
    breaches
}

/// Fewest and most accepted orders of which the service's books know what became of them.
fn account(lane: &LaneView, work: &WorkView) -> (u64, u64) {
    match lane.lane {
        // Whoever got a confirmation has had all services do their part; some more orders are under way.
        Lane::Rest => {
            let known = work.done - work.in_vain + work.missed;
            (known.saturating_sub(lane.in_progress), known)
        }
        // Done, waiting, in hand, aside, or older than the service.
        Lane::Queue => {
            let known = work.done + work.backlog() + work.dead + work.missed;
            (known, known)
        }
        // What was done may wait once more, after a replay or a crash.
        Lane::Log => {
            let known = work.done + work.missed;
            (known, known + work.backlog())
        }
    }
}
