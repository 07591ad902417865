//! The list of keys: only the rows in sight are in the page, however many keys there are.

use crate::browser;
use crate::dom::{El, class, effect, key_of, text};
use crate::partitioning::keybook::shown;
use crate::partitioning::model::{Hashes, Shared};
use crate::partitioning::tally::{Growth, reduce};
use crate::partitioning::why::{hash_name, hex, undecided_word};
use crate::state::Var;
use engine::partitioner::Partitioner;
use picture::{french, strip, svg};
use std::rc::Rc;
use web_sys::{Element, Event};

/// Below this width each key takes two lines.
const NARROW: i32 = 620;

/// The window on the list.
struct Window {
    model: Shared,
    id: String,
    narrow: Var<bool>,
    /// First row in sight.
    first: Var<usize>,
}

impl Window {
    /// In CSS pixels; the stylesheet gives rows the same heights.
    fn row_height(&self) -> i32 {
        match (self.narrow.get(), self.model.compares()) {
            (true, true) => 92,
            (true, false) => 64,
            (false, _) => 44,
        }
    }

    /// Rows in sight at once.
    fn rows(&self) -> usize {
        if self.narrow.get() { 5 } else { 8 }
    }

    fn height(&self, rows: usize) -> String {
        let rows = i32::try_from(rows).unwrap_or(i32::MAX / 200);
        format!("{}px", rows * self.row_height())
    }

    fn scrolled(&self, list: &Element) {
        let first = list.scroll_top() / self.row_height().max(1);
        self.first.put(usize::try_from(first).unwrap_or(0));
    }

    /// Moves the choice, and keeps it in sight.
    fn on_key(&self, event: &Event, list: &Element) {
        let kept = self.model.kept();
        let chosen = self.model.chosen.now();
        let now = kept.binary_search(&chosen).unwrap_or_else(|next| next);
        let last = kept.len().saturating_sub(1);
        let to = match key_of(event).as_str() {
            "ArrowDown" => (now + 1).min(last),
            "ArrowUp" => now.saturating_sub(1),
            "PageDown" => (now + self.rows()).min(last),
            "PageUp" => now.saturating_sub(self.rows()),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(&place) = kept.get(to) {
            self.show(to, list);
            self.model.chosen.set(place);
        }
    }

    fn show(&self, row: usize, list: &Element) {
        let height = self.row_height();
        let top = i32::try_from(row).unwrap_or(0) * height;
        if top < list.scroll_top() {
            list.set_scroll_top(top);
        } else if top + height > list.scroll_top() + list.client_height() {
            list.set_scroll_top(top + height - list.client_height());
        }
        self.scrolled(list);
    }
}

pub(super) fn list(model: Shared) -> El {
    let window = Rc::new(Window {
        model,
        id: crate::kit::unique_id(),
        narrow: Var::new(false),
        first: Var::new(0),
    });
    let (shape, hinted) = (Rc::clone(&window), Rc::clone(&window));
    let host = class("div", "sim-list").class_if("narrow", move || shape.narrow.get());
    let width = browser::width_of(host.element());
    let measured = Rc::clone(&window);
    effect(move || {
        let width = width.get();
        if width > 0 {
            measured.narrow.put(width < NARROW);
        }
    });
    host.add(
        class("div", "sim-cols")
            .attr("aria-hidden", "true")
            .class_if("single", move || !model.compares())
            .region(move || heading(model)),
    )
    .add(listbox(&window))
    .add(class("p", "sim-hint").text_of(move || hint(&hinted)))
}

fn hint(window: &Window) -> String {
    match window.model.kept().len() {
        0 => "Aucune clé ne répond à ce filtre.".to_owned(),
        kept => format!(
            "{} dans la liste ; ↑ ↓ pour la parcourir.",
            french::count(kept as u64, "clé", "clés")
        ),
    }
}

/// Names of the columns.
fn heading(model: Shared) -> Vec<El> {
    let half = |name: String, partitioner: Partitioner| {
        text("span", "", &format!("{name} · {}", hash_name(partitioner)))
    };
    let mut heading = vec![
        half(model.left_name(), model.left_partitioner()),
        text("span", "", "clé"),
    ];
    heading.extend(
        model
            .right_partitioner()
            .map(|right| half(model.right_name(), right)),
    );
    heading
}

fn listbox(window: &Rc<Window>) -> El {
    let model = window.model;
    let own = || Rc::clone(window);
    let (visible, all, shown, active) = (own(), own(), own(), own());
    let (scrolled, pressed) = (own(), own());
    let list = class("div", "sim-rows")
        .class_if("single", move || !model.compares())
        .attr("role", "listbox")
        .attr("tabindex", "0")
        .attr("aria-label", "Clés et partitions")
        .attr_of("aria-activedescendant", move || {
            Some(format!("{}-{}", active.id, model.chosen.get()))
        })
        .style_of("height", move || {
            visible.height(model.kept().len().min(visible.rows()))
        });
    let (scroller, list_itself) = (list.element().clone(), list.element().clone());
    let room = class("div", "sim-room")
        .attr("role", "none")
        .style_of("height", move || all.height(model.kept().len()))
        .region(move || rows(&shown));
    list.on("scroll", move |_| scrolled.scrolled(&scroller))
        .on("keydown", move |event| pressed.on_key(&event, &list_itself))
        .add(room)
}

/// The rows in sight, and one above and below.
fn rows(window: &Rc<Window>) -> Vec<El> {
    let model = window.model;
    let kept = model.kept();
    let first = window.first.get().saturating_sub(1).min(kept.len());
    let last = (first + window.rows() + 3).min(kept.len());
    let row = Row {
        left: model.left_hashes(),
        right: model.right_hashes(),
        left_partitioner: model.left_partitioner(),
        right_partitioner: model.right_partitioner(),
        names: (model.left_name(), model.right_name()),
        growth: model.growth(),
        height: window.row_height(),
        count: kept.len(),
        window: Rc::clone(window),
    };
    let list = model.list();
    (first..last)
        .filter_map(|index| {
            let place = *kept.get(index)?;
            Some(row.view(index, place, list.get(place)?))
        })
        .collect()
}

/// What all rows share.
struct Row {
    left: Rc<Hashes>,
    right: Rc<Option<Hashes>>,
    left_partitioner: Partitioner,
    right_partitioner: Option<Partitioner>,
    names: (String, String),
    growth: Growth,
    height: i32,
    count: usize,
    window: Rc<Window>,
}

impl Row {
    fn view(&self, index: usize, place: usize, key: &str) -> El {
        let chosen = &self.window.model.chosen;
        let hash = |hashes: &Hashes| hashes.get(place).copied().flatten();
        let left = hash(&self.left);
        let right = self.right.as_ref().as_ref().map(hash);
        let sign = right.map(|right| text("span", "sim-sign", self.sign(left, right)));
        let right_half = right
            .zip(self.right_partitioner)
            .map(|(hash, partitioner)| self.half(hash, partitioner));
        let top = i32::try_from(index).unwrap_or(0) * self.height;
        let name = class("span", "sim-key")
            .add(text("span", "", shown(key)))
            .maybe(sign);
        class("div", "sim-item")
            .attr("role", "option")
            .attr("id", &format!("{}-{place}", self.window.id))
            .attr("aria-label", &self.spoken(key, left, right))
            .attr("aria-posinset", &(index + 1).to_string())
            .attr("aria-setsize", &self.count.to_string())
            .says("aria-selected", move || chosen.get() == place)
            .style("top", &format!("{top}px"))
            .on("click", move |_| chosen.set(place))
            .add(self.half(left, self.left_partitioner))
            .add(name)
            .maybe(right_half)
    }

    fn sign(&self, left: Option<u32>, right: Option<u32>) -> &'static str {
        let to = self.growth.to;
        match (reduce(left, to), reduce(right, to)) {
            (Some(left), Some(right)) if left == right => "=",
            (Some(_), Some(_)) => "≠",
            _ => "?",
        }
    }

    /// One producer's way: hash, modulo, partition.
    fn half(&self, hash: Option<u32>, partitioner: Partitioner) -> El {
        let to = self.growth.to;
        let half = class("span", "sim-half");
        let Some((hash, partition)) = hash.zip(reduce(hash, to)) else {
            return half.add(text("i", "", undecided_word(partitioner)));
        };
        let before = reduce(Some(hash), self.growth.from).filter(|before| *before != partition);
        let label = match before {
            Some(before) => format!("P{before} ↷ P{partition}"),
            None => format!("P{partition}"),
        };
        let strip = strip::picture(to, Some(partition), before).map(|picture| {
            let strip = class("span", "sim-strip");
            strip.element().set_inner_html(&svg::ornament(&picture));
            strip
        });
        let digits = text("span", "sim-hash", &hex(hash))
            .add(text("small", "", &format!(" mod {to}")));
        half.add(digits).maybe(strip).add(text("b", "", &label))
    }

    /// The row for those who hear it.
    fn spoken(&self, key: &str, left: Option<u32>, right: Option<Option<u32>>) -> String {
        let to = self.growth.to;
        let place = |name: &str, hash: Option<u32>| match reduce(hash, to) {
            Some(partition) => format!("{name} partition {partition}"),
            None => format!("{name} partition non déterminée par la clé"),
        };
        let mut text = format!("{} : {}", shown(key), place(&self.names.0, left));
        if let Some(right) = right {
            text.push_str(", ");
            text.push_str(&place(&self.names.1, right));
            text.push_str(match self.sign(left, right) {
                "=" => ", d’accord",
                "≠" => ", en désaccord",
                _ => "",
            });
        }
        text
    }
}
