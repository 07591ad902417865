//! Each run as a log with its marks, the strip of crashes below it, and the code of the chosen strategy.

use super::crash::{self, Crash, Point};
use super::listing;
use crate::browser::each_frame;
use crate::dom::{El, apart, class, effect, el, field_value, text};
use crate::drawing::drawing;
use crate::kit;
use crate::lab::{Bench, Timeline, Track, view, world};
use crate::state::Var;
use engine::group::{GroupWorld, HandlerStep, Life};
use engine::scenario::Scenario;
use engine::time::Instant;
use picture::commit_log::{self, CommitLog, Marks, Scale};
use picture::crash_strip::{self, CrashStrip, Outcome};
use picture::french::seconds;
use picture::{Picture, Px};
use std::rc::Rc;
use web_sys::{Element, Event};

/// What a crash would do in one run.
#[derive(Default)]
struct Strip {
    /// The run's scenario without its crash.
    without: Option<Scenario>,
    crash: Option<Crash>,
    points: Vec<Point>,
    /// Lost, replayed and begun again, by point, where known.
    outcomes: Vec<Option<(u64, u64, u64)>>,
}

type Strips = Rc<Var<Vec<Strip>>>;

/// Most runs whose code is shown beside each other; of more, the chosen one's is.
const BESIDE: usize = 2;

pub(super) fn stage(lab: Bench) -> Vec<El> {
    let strips: Strips = Rc::new(Var::new(Vec::new()));
    follow(lab, &strips);
    compute(lab, &strips);
    let shared = Rc::clone(&strips);
    let runs = class("div", "com-runs").region(move || {
        let names = lab.player.names();
        let count = names.len();
        let runs = names.iter().enumerate();
        apart(|| {
            runs.map(|(index, name)| run(lab, index, name, count, &shared))
                .collect()
        })
    });
    let apart = el("div").region(move || {
        if lab.player.names().len() <= BESIDE {
            return Vec::new();
        }
        let index = lab.chosen.get();
        apart(|| vec![code(lab, index, &strips)])
    });
    vec![runs, apart]
}

/// Keeps the strips those of the scenario: outcomes are forgotten when anything but the crash's instant changes.
fn follow(lab: Bench, strips: &Strips) {
    let strips = Rc::clone(strips);
    effect(move || {
        let scenarios: Vec<Scenario> = lab.player.with_scenario(|timeline| {
            let scenario = timeline.scenario();
            (0..=scenario.variants.len())
                .map(|index| scenario.variant(index))
                .collect()
        });
        strips.update(|strips| {
            strips.resize_with(scenarios.len(), Strip::default);
            for (strip, scenario) in strips.iter_mut().zip(&scenarios) {
                strip.adopt(scenario);
            }
        });
    });
}

impl Strip {
    fn adopt(&mut self, scenario: &Scenario) {
        self.crash = crash::crash(scenario);
        let without = crash::without(scenario);
        if self.without.as_ref() == Some(&without) {
            return;
        }
        self.points = match &self.crash {
            Some(crash) => crash::points(&without, &crash.consumer),
            None => Vec::new(),
        };
        self.outcomes = vec![None; self.points.len()];
        self.without = Some(without);
    }

    /// What the crash does where it is, in a sentence.
    fn sentence(&self) -> String {
        let Some(crash) = &self.crash else {
            return "Ce scénario n’a pas d’arrêt brutal.".to_owned();
        };
        let index = self.shown().start + self.chosen();
        let during = self.points.get(index).map(Point::during);
        let mut text = [
            crash.consumer.as_str(),
            " tué à ",
            &seconds(crash.at),
            ", ",
            &during.unwrap_or_default(),
        ]
        .concat();
        let outcome = self.outcome(index);
        if outcome.known {
            text.push_str(" : ");
            text.push_str(&crash_strip::consequence(&outcome));
        }
        text.push('.');
        text
    }

    /// The points that are shown.
    fn shown(&self) -> std::ops::Range<usize> {
        match &self.crash {
            Some(crash) if !self.points.is_empty() => crash::cycle(&self.points, crash.at),
            _ => 0..0,
        }
    }

    /// Where the crash is among the shown.
    fn chosen(&self) -> usize {
        let at = self.crash.as_ref().map_or(Instant::ZERO, |crash| crash.at);
        crash::place(&self.points, at).saturating_sub(self.shown().start)
    }

    /// The first shown point whose outcome is not known.
    fn unknown(&self) -> Option<usize> {
        self.shown()
            .find(|index| self.outcomes.get(*index) == Some(&None))
    }

    fn outcome(&self, index: usize) -> Outcome {
        let known = self.outcomes.get(index).copied().flatten();
        let (lost, replays, restarts) = known.unwrap_or_default();
        Outcome {
            step: self.points.get(index).map(Point::word).unwrap_or_default(),
            known: known.is_some(),
            lost,
            replays,
            restarts,
        }
    }

    fn drawn(&self) -> CrashStrip {
        let cells: Vec<Outcome> = self.shown().map(|index| self.outcome(index)).collect();
        let chosen = self.chosen();
        CrashStrip {
            title: "Si le processus mourait à chaque instant de ce cycle".to_owned(),
            description: cells
                .get(chosen)
                .map(crash_strip::title)
                .unwrap_or_default(),
            chosen: Some(chosen),
            cells,
        }
    }
}

/// Tries the instants that are shown, one a frame.
fn compute(lab: Bench, strips: &Strips) {
    let strips = Rc::clone(strips);
    let mut frames = None;
    effect(move || {
        lab.player.altered();
        let strips = Rc::clone(&strips);
        let playing = each_frame(move |_| {
            let next = strips.peek(|strips| {
                strips
                    .iter()
                    .enumerate()
                    .find_map(|(run, strip)| Some((run, strip.unknown()?)))
            });
            let Some((run, point)) = next else {
                return false;
            };
            let scenario = lab
                .player
                .with_scenario(|timeline| timeline.scenario().variant(run));
            strips.update(|strips| {
                if let Some(strip) = strips.get_mut(run)
                    && let Some(at) = strip.points.get(point).map(|point| point.at)
                {
                    strip.outcomes[point] = Some(crash::play(&scenario, at));
                }
            });
            true
        });
        // Held until the next change.
        drop(frames.replace(playing));
    });
}

/// A run: its log, its code if there are few runs, and what a crash would do.
fn run(lab: Bench, index: usize, name: &str, runs: usize, strips: &Strips) -> El {
    let log = drawing(move |width| {
        lab.player.with(|timeline| {
            let track = timeline.tracks().get(index);
            track.map_or_else(nothing, |track| draw(track.as_ref(), width))
        })
    });
    let head = if runs > BESIDE {
        kit::toggle(
            name,
            move || lab.chosen.get() == index,
            move || lab.chosen.set(index),
        )
        .attr("class", "com-name")
    } else {
        text("p", "sim-title", name)
    };
    let code = (runs <= BESIDE).then(|| code(lab, index, strips));
    class("section", "com-run")
        .add(head)
        .add(log)
        .maybe(code)
        .add(strip(lab, index, strips))
}

fn nothing() -> Picture {
    let log = CommitLog::default();
    let width = Px::new(320);
    commit_log::picture(&log, &Scale::of(width, Marks::default(), 0), width)
}

/// The first partition of the run.
fn draw(track: &dyn Track, width: Px) -> Picture {
    let (Some(view), Some(world)) = (view::<GroupWorld>(track), world::<GroupWorld>(track)) else {
        return nothing();
    };
    let Some(log) = CommitLog::of(&view, 0) else {
        return nothing();
    };
    let scale = Scale::of(width, log.marks, log.end);
    let records = world.records(0, scale.records.start, scale.records.end);
    commit_log::picture(&CommitLog { records, ..log }, &scale, width)
}

/// The strip of crashes, its slider, and what it says.
fn strip(lab: Bench, index: usize, strips: &Strips) -> El {
    let id = kit::unique_id();
    let (max, now, spoken, told) = (
        Rc::clone(strips),
        Rc::clone(strips),
        Rc::clone(strips),
        Rc::clone(strips),
    );
    let (slid, inset) = (Rc::clone(strips), Rc::clone(strips));
    let cells = move |strips: &Strips| {
        strips.with(|strips| strips.get(index).map_or(0, |strip| strip.shown().len()))
    };
    let slider = el("input")
        .attr("type", "range")
        .attr("id", &id)
        .attr("min", "0")
        .attr("step", "1")
        .attr_of("max", move || {
            Some(cells(&max).saturating_sub(1).to_string())
        })
        .attr_of("aria-valuetext", move || Some(sentence(&spoken, index)))
        // The thumb stands below the middle of its cell.
        .style_of("margin-inline", move || {
            format!("calc(50% / {} - 0.5rem)", cells(&inset).max(1))
        })
        .style_of("width", || "auto".to_owned())
        .value_of(move || {
            let chosen = now.with(|strips| strips.get(index).map_or(0, Strip::chosen));
            chosen.to_string()
        })
        .on("input", move |event| {
            if let Ok(cell) = field_value(&event).parse::<usize>() {
                go_to_cell(lab, index, &slid, cell);
            }
        });
    let name = "Instant de l’arrêt brutal : faites-le glisser";
    class("div", "com-strip")
        .add(text("label", "", name).attr("for", &id))
        .add(cells_drawn(lab, index, strips))
        .add(slider)
        .add(class("p", "sim-hint").text_of(move || sentence(&told, index)))
        .add(cycles(lab, index, strips))
}

/// The cells, along which the crash can be dragged.
fn cells_drawn(lab: Bench, index: usize, strips: &Strips) -> El {
    let (drawn, pressed, dragged) = (Rc::clone(strips), Rc::clone(strips), Rc::clone(strips));
    let picture = drawing(move |width| {
        let strip = drawn.with(|strips| strips.get(index).map(Strip::drawn).unwrap_or_default());
        crash_strip::picture(&strip, width)
    });
    let (host, held) = (picture.element().clone(), picture.element().clone());
    let drag = move |host: &Element, strips: &Strips, event: &Event| {
        let place = number(event, "clientX") - host.get_bounding_client_rect().left();
        #[allow(clippy::cast_possible_truncation)]
        let x = Px::new(place as i32);
        let width = Px::new(host.client_width());
        let (cells, chosen) = strips.peek(|strips| {
            let strip = strips.get(index);
            strip.map_or((0, 0), |strip| (strip.shown().len(), strip.chosen()))
        });
        let cell = crash_strip::cell_at(cells, width, x.max(Px::ZERO));
        if cells > 0 && cell != chosen {
            go_to_cell(lab, index, strips, cell);
        }
    };
    picture
        .on("pointerdown", move |event| {
            #[allow(clippy::cast_possible_truncation)]
            let pointer = number(&event, "pointerId") as i32;
            // Followed beyond the edges; without it, only inside them.
            let _ = host.set_pointer_capture(pointer);
            drag(&host, &pressed, &event);
        })
        .on("pointermove", move |event| {
            if number(&event, "buttons") > 0.0 {
                drag(&held, &dragged, &event);
            }
        })
}

/// To the cycle before, to the one after.
fn cycles(lab: Bench, index: usize, strips: &Strips) -> El {
    let (before, after) = (Rc::clone(strips), Rc::clone(strips));
    let (first, last) = (Rc::clone(strips), Rc::clone(strips));
    let shown =
        move |strips: &Strips| strips.peek(|strips| strips.get(index).map_or(0..0, Strip::shown));
    kit::row(vec![
        kit::button("◂ cycle précédent", "", move || {
            if let Some(point) = shown(&before).start.checked_sub(1) {
                go(lab, index, &before, point);
            }
        })
        .flag("disabled", move || {
            first.with(|strips| {
                strips
                    .get(index)
                    .is_none_or(|strip| strip.shown().start == 0)
            })
        }),
        kit::button("cycle suivant ▸", "", move || {
            go(lab, index, &after, shown(&after).end);
        })
        .flag("disabled", move || {
            last.with(|strips| {
                let strip = strips.get(index);
                strip.is_none_or(|strip| strip.shown().end >= strip.points.len())
            })
        }),
    ])
}

/// What the crash does where it is.
fn sentence(strips: &Strips, index: usize) -> String {
    strips.with(|strips| strips.get(index).map(Strip::sentence).unwrap_or_default())
}

/// Moves the crash to a cell of those shown.
fn go_to_cell(lab: Bench, index: usize, strips: &Strips, cell: usize) {
    let start = strips.peek(|strips| strips.get(index).map_or(0, |strip| strip.shown().start));
    go(lab, index, strips, start + cell);
}

/// Moves the crash to a point of a run, for all runs, and goes there.
fn go(lab: Bench, index: usize, strips: &Strips, point: usize) {
    let at = strips.peek(|strips| Some(strips.get(index)?.points.get(point)?.at));
    let Some(at) = at else {
        return;
    };
    let scenario = lab
        .player
        .with_scenario(|timeline| crash::moved(timeline.scenario(), at));
    lab.player.restart(lab.subject, scenario);
    lab.player.seek(at);
    lab.say(&sentence(strips, index));
}

/// A number that an event carries.
fn number(event: &Event, name: &str) -> f64 {
    let value = js_sys::Reflect::get(event, &name.into()).unwrap_or_default();
    value.as_f64().unwrap_or_default()
}

/// The code of a run's strategy; the line that is executed, or where the process died, is lit.
fn code(lab: Bench, index: usize, strips: &Strips) -> El {
    let strips = Rc::clone(strips);
    class("figure", "sim-code com-code").region(move || {
        let config = lab
            .player
            .with_scenario(|timeline| timeline.scenario().variant(index).config);
        let (shared, lines) = (Rc::clone(&strips), listing::listing(&config));
        let lit = Rc::new(Var::new(None));
        let known = Rc::clone(&lit);
        effect(move || {
            known.put(
                lab.player
                    .with(|timeline| line_of(timeline, index, &shared)),
            );
        });
        let lines = lines.iter().map(|(code, step)| {
            let (here, dead) = (Rc::clone(&lit), Rc::clone(&lit));
            class("span", "com-line")
                .class_if("lit", move || {
                    step.is_some() && here.get().map(|l| l.0) == *step
                })
                .class_if("dead", move || {
                    step.is_some_and(|step| dead.get() == Some((step, true)))
                })
                .text(code)
                .text("\n")
        });
        let language = if listing::java(&config) { "Java" } else { "C#" };
        let title = [commit_log::strategy(&config), " — ", language].concat();
        vec![
            el("figcaption").add(text("span", "", &title)),
            el("pre")
                .attr("tabindex", "0")
                .add(el("code").all(lines.collect())),
        ]
    })
}

/// The line that the first consumer executes, or at which it died (`true`).
fn line_of(timeline: &Timeline, index: usize, strips: &Strips) -> Option<(HandlerStep, bool)> {
    let track = timeline.tracks().get(index)?;
    let view = view::<GroupWorld>(track.as_ref())?;
    let consumer = view.consumers.first()?;
    if !matches!(consumer.life, Life::Ended(_)) {
        let pool = consumer.step == HandlerStep::Consume && !consumer.in_hand.is_empty();
        let step = if pool {
            HandlerStep::Process
        } else {
            consumer.step
        };
        return Some((step, false));
    }
    strips.peek(|strips| {
        let strip = strips.get(index)?;
        let crash = strip.crash.as_ref()?;
        let point = strip.points.get(crash::place(&strip.points, crash.at))?;
        Some((point.step, true))
    })
}
