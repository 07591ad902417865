//! Why something happened: the chain of events that led to it, each in a sentence.

use super::Detail;
use super::desk::Desk;
use super::journal::{Line, line};
use crate::dom::{El, class, el, text};
use crate::kit;
use engine::event::Event;
use engine::ids::EventId;

/// Most links of a chain that are shown: the first, and the last ones.
const MOST: usize = 12;

/// The chain that ends with an event, the earliest first, and how many links in its middle are left out.
pub(super) fn chain(detail: &Detail, events: &[Event], end: EventId) -> (Vec<Line>, usize) {
    let mut chain = Vec::new();
    let mut next = Some(end);
    while let Some(event) = next.and_then(|id| events.get(id.index())) {
        chain.extend(line(detail, event));
        // A cause comes before its effect; anything else would go round in circles.
        next = event.cause.filter(|cause| *cause < event.id);
    }
    chain.reverse();
    let left_out = chain.len().saturating_sub(MOST);
    if left_out > 0 {
        chain.drain(1..=left_out);
    }
    (chain, left_out)
}

pub(super) fn why(lab: Desk) -> El {
    el("div").attr("role", "status").region(move || {
        let Some(asked) = lab.asked.get() else {
            return Vec::new();
        };
        let chosen = lab.chosen.get();
        let (chain, left_out) = lab.player.with_scenario(|timeline| {
            timeline
                .tracks()
                .get(chosen)
                .map_or_else(Default::default, |track| {
                    chain(lab.detail, track.events(), asked)
                })
        });
        if chain.is_empty() {
            return Vec::new();
        }
        let alone = chain.len() == 1;
        let mut links: Vec<El> = chain
            .iter()
            .map(|link| {
                el("li")
                    .add(text("span", "sim-at", &link.at))
                    .text(" ")
                    .add(text("span", "", &link.text))
            })
            .collect();
        if left_out > 0 {
            let gap = format!("… {left_out} autres maillons …");
            links.insert(1, text("li", "sim-hint", &gap));
        }
        let mut panel = vec![text("p", "sim-title", "Pourquoi ?"), el("ol").all(links)];
        if alone {
            let first = "Rien ne l’a causé : c’est une action du scénario, ou le départ.";
            panel.push(text("p", "sim-hint", first));
        }
        panel.push(kit::button("Fermer", "", move || lab.asked.set(None)));
        vec![class("section", "lab-why").all(panel)]
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::DETAIL;
    use super::*;
    use engine::event::EventKind;
    use engine::ids::{GroupId, MemberId};
    use engine::time::Instant;

    fn events(count: u64) -> Vec<Event> {
        (0..count)
            .map(|id| Event {
                id: EventId::new(id),
                at: Instant::from_millis(id),
                cause: id.checked_sub(1).map(EventId::new),
                kind: EventKind::MemberJoined {
                    group: GroupId::from("g"),
                    member: MemberId::from(id.to_string()),
                },
            })
            .collect()
    }

    #[test]
    fn a_chain_begins_with_what_set_it_off() {
        let (chain, left_out) = chain(&DETAIL, &events(4), EventId::new(2));
        let texts: Vec<_> = chain.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            ["Il arrive : 0.", "Il arrive : 1.", "Il arrive : 2."]
        );
        assert_eq!(left_out, 0);
    }

    #[test]
    fn a_long_chain_keeps_its_ends() {
        let (chain, left_out) = chain(&DETAIL, &events(100), EventId::new(99));
        assert_eq!((chain.len(), left_out), (MOST, 100 - MOST));
        assert_eq!(chain[0].text, "Il arrive : 0.");
        assert_eq!(chain[1].text, "Il arrive : 89.");
        assert_eq!(chain[MOST - 1].text, "Il arrive : 99.");
    }
}
