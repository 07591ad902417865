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
use std::fmt::{self, Write};
use std::rc::Rc;
use wasm_bindgen::JsCast;
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
        let end = kept.len().saturating_sub(1);
        let to = match key_of(event).as_str() {
            "ArrowDown" => (now + 1).min(end),
            "ArrowUp" => now.saturating_sub(1),
            "PageDown" => (now + self.rows()).min(end),
            "PageUp" => now.saturating_sub(self.rows()),
            "Home" => 0,
            "End" => end,
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
    let (visible, all, shown, placed) = (own(), own(), own(), own());
    let active = own();
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
    let (scrolling, pressing) = (list.element().clone(), list.element().clone());
    let pane = class("div", "sim-window")
        .attr("role", "none")
        .style_of("top", move || {
            format!("{}px", first_row(&placed) * placed.row_height())
        });
    let inside = pane.element().clone();
    effect(move || inside.set_inner_html(&rows(&shown)));
    let room = class("div", "sim-room")
        .attr("role", "none")
        .style_of("height", move || all.height(model.kept().len()))
        .add(pane);
    list.on("scroll", move |_| scrolled.scrolled(&scrolling))
        .on("keydown", move |event| pressed.on_key(&event, &pressing))
        .on("click", move |event| {
            if let Some(place) = place_of(&event) {
                model.chosen.set(place);
            }
        })
        .add(room)
}

/// The key of the row in which something was pressed.
fn place_of(event: &Event) -> Option<usize> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let row = target.closest("[data-place]").ok().flatten()?;
    row.get_attribute("data-place")?.parse().ok()
}

/// The first row that is in the page: one above those in sight.
fn first_row(window: &Window) -> i32 {
    let first = window.first.get().saturating_sub(1);
    i32::try_from(first.min(window.model.kept().len())).unwrap_or(0)
}

/// The rows in sight, and one above and below, as HTML: one call to the page, whatever the slider does to them.
fn rows(window: &Window) -> String {
    let model = window.model;
    let kept = model.kept();
    let first = usize::try_from(first_row(window)).unwrap_or(0);
    let last = (first + window.rows() + 3).min(kept.len());
    let row = Row {
        left: model.left_hashes(),
        right: model.right_hashes(),
        left_partitioner: model.left_partitioner(),
        right_partitioner: model.right_partitioner(),
        names: (model.left_name(), model.right_name()),
        growth: model.growth(),
        count: kept.len(),
        chosen: model.chosen.get(),
        id: &window.id,
    };
    let keys = model.list();
    let mut html = String::with_capacity(8_192);
    for (index, place) in kept.iter().enumerate().take(last).skip(first) {
        if let Some(key) = keys.get(*place) {
            // Writing to a String cannot fail.
            let _ = row.write(&mut html, index, *place, key);
        }
    }
    html
}

/// What all rows share.
struct Row<'a> {
    left: Rc<Hashes>,
    right: Rc<Option<Hashes>>,
    left_partitioner: Partitioner,
    right_partitioner: Option<Partitioner>,
    names: (String, String),
    growth: Growth,
    count: usize,
    chosen: usize,
    id: &'a str,
}

impl Row<'_> {
    /// The row for the eyes, after the row for those who hear it.
    fn write(&self, html: &mut String, index: usize, place: usize, key: &str) -> fmt::Result {
        let hash = |hashes: &Hashes| hashes.get(place).copied().flatten();
        let left = hash(&self.left);
        let right = self.right.as_ref().as_ref().map(hash);
        write!(
            html,
            r#"<div class="sim-item" role="option" id="{}-{place}" data-place="{place}" aria-posinset="{}" aria-setsize="{}" aria-selected="{}"><span class="sr">"#,
            self.id,
            index + 1,
            self.count,
            place == self.chosen
        )?;
        svg::escape(html, &self.spoken(key, left, right));
        html.push_str("</span>");
        self.half(html, left, self.left_partitioner)?;
        html.push_str(r#"<span class="sim-key" aria-hidden="true"><span>"#);
        svg::escape(html, shown(key));
        html.push_str("</span>");
        if let Some(right) = right {
            write!(
                html,
                r#"<span class="sim-sign">{}</span>"#,
                self.sign(left, right)
            )?;
        }
        html.push_str("</span>");
        if let Some((right, partitioner)) = right.zip(self.right_partitioner) {
            self.half(html, right, partitioner)?;
        }
        html.push_str("</div>");
        Ok(())
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
    fn half(&self, html: &mut String, hash: Option<u32>, partitioner: Partitioner) -> fmt::Result {
        let to = self.growth.to;
        html.push_str(r#"<span class="sim-half" aria-hidden="true">"#);
        if let Some((hash, partition)) = hash.zip(reduce(hash, to)) {
            let before = reduce(Some(hash), self.growth.from).filter(|before| *before != partition);
            let digits = hex(hash);
            write!(
                html,
                r#"<span class="sim-hash">{digits} <small>mod {to}</small></span>"#
            )?;
            if let Some(strip) = strip::picture(to, Some(partition), before) {
                write!(
                    html,
                    r#"<span class="sim-strip">{}</span>"#,
                    svg::ornament(&strip)
                )?;
            }
            match before {
                Some(before) => write!(html, "<b>P{before} ↷ P{partition}</b>")?,
                None => write!(html, "<b>P{partition}</b>")?,
            }
        } else {
            write!(html, "<i>{}</i>", undecided_word(partitioner))?;
        }
        html.push_str("</span>");
        Ok(())
    }

    /// The row for those who hear it.
    // There may be no second producer, and a producer may not hash the key.
    #[allow(clippy::option_option)]
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
