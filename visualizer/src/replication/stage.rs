//! The replicas of one partition, for each run; what the producer and the consumer know; the table of cases.

use super::matrix_view::matrix_view;
use super::words;
use crate::dom::{El, class, el, text};
use crate::drawing::drawing;
use crate::kit;
use crate::lab::{Bench, Timeline, Track, view};
use crate::state::Var;
use engine::ids::PartitionId;
use engine::replication::World;
use engine::replication::view::View;
use picture::replicas::{Replicas, gone, picture};
use picture::{Picture, Px};
use std::rc::Rc;

pub(super) fn stage(lab: Bench) -> Vec<El> {
    let partition = Rc::new(Var::new(0));
    let chosen = Rc::clone(&partition);
    let runs = class("div", "rep-runs").region(move || {
        let names = lab.player.with_scenario(Timeline::names);
        let alone = names.len() < 2;
        let chosen = Rc::clone(&chosen);
        let runs = names.into_iter().enumerate().map(move |(index, name)| {
            let name = if alone { String::new() } else { name };
            run(lab, index, &name, &chosen)
        });
        runs.collect()
    });
    let matrix = matrix_view(lab, &runs);
    vec![
        partitions(lab, &partition),
        runs,
        kit::details("Lire le dessin", kit::bullets(&LEGEND)),
        matrix,
    ]
}

const LEGEND: [&str; 6] = [
    "Une case est un message, sous son offset ; la même lettre est le même message.",
    "Contour plein : sous le high watermark, les consumers peuvent le lire. Tirets : pas encore.",
    "Le trait épais est le high watermark que cette réplique connaît (HW). La case en pointillé est la fin de son journal \
     (LEO), où ira le prochain message.",
    "Barré : le leader ne l’a pas à cet offset, la réplique le tronquera. Barré et au-dessous : elle l’a tronqué.",
    "Producer : ✓ acquitté, … sans réponse, ↻ nouvel essai, ✕ abandonné et pas écrit, ? peut-être écrit : abandonné, \
     ou producer tué avant de savoir. Barré : acquitté, et pourtant perdu.",
    "▲ : le prochain message que le consumer lira.",
];

/// Which partition is drawn; nothing if there is one only.
fn partitions(lab: Bench, chosen: &Rc<Var<usize>>) -> El {
    let chosen = Rc::clone(chosen);
    el("div").region(move || {
        let count = lab.player.with_scenario(|timeline| {
            let topics = timeline.scenario().all_topics();
            topics.first().map_or(1, |topic| topic.1)
        });
        if count < 2 {
            return Vec::new();
        }
        let buttons = (0..usize::try_from(count).unwrap_or(0)).map(|partition| {
            let (now, next) = (Rc::clone(&chosen), Rc::clone(&chosen));
            let name = ["P", &partition.to_string()].concat();
            kit::toggle(
                &name,
                move || now.get() == partition,
                move || next.set(partition),
            )
        });
        let row = kit::row(buttons.collect())
            .attr("role", "group")
            .attr("aria-label", "Partition");
        vec![row]
    })
}

fn run(lab: Bench, index: usize, name: &str, partition: &Rc<Var<usize>>) -> El {
    let (drawn, told) = (Rc::clone(partition), Rc::clone(partition));
    let replicas = drawing(move |width| {
        let partition = drawn.get();
        lab.player.with(|timeline| {
            let track = timeline.tracks().get(index);
            track.map_or_else(nothing, |track| draw(track.as_ref(), partition, width))
        })
    });
    let state = class("div", "rep-state").region(move || {
        let partition = told.get();
        lab.player.with(|timeline| {
            let view = timeline
                .tracks()
                .get(index)
                .and_then(|track| view::<World>(track.as_ref()));
            view.map_or_else(Vec::new, |view| said(&view, partition))
        })
    });
    let run = class("section", "rep-run");
    let run = if name.is_empty() {
        run
    } else {
        run.add(text("p", "sim-name", name))
    };
    run.add(replicas).add(state)
}

fn draw(track: &dyn Track, partition: usize, width: Px) -> Picture {
    let Some(view) = view::<World>(track) else {
        return nothing();
    };
    let Some(partition) = view
        .partitions
        .get(partition)
        .or_else(|| view.partitions.first())
    else {
        return nothing();
    };
    let gone = gone(track.events(), partition.partition);
    picture(&Replicas::of(&view, partition, &gone), width)
}

fn nothing() -> Picture {
    picture(&Replicas::default(), Px::new(320))
}

/// What the producer and the consumer know.
fn said(view: &View, partition: usize) -> Vec<El> {
    let partition = PartitionId(i32::try_from(partition).unwrap_or(0));
    let parts = words::parts(&view.counters);
    let parts = parts.iter().map(|(class, part)| text("li", class, part));
    let mut lines = vec![class("ul", "rep-summary").all(parts.collect())];
    for line in words::producer(view, partition) {
        let line = ["Le producer voit ", &line].concat();
        lines.push(text("p", "sim-verdict bad", &line));
    }
    if let Some(line) = words::unreported(view, partition) {
        lines.push(text("p", "sim-verdict bad", &line));
    }
    lines.push(text("p", "sim-hint", &words::consumer(view, partition)));
    lines
}
