//! Elements of the page, built and kept up to date without type parameters.
//!
//! Leptos gives the reactive graph: triggers, effects, owners. Its typed views would give each element of each control a
//! type, and code, of its own; here an element is a value, so a page downloads one function that makes elements, not one
//! per element. (Measured: the typed views took this module from 120 to 240 kB, compressed.)
//!
//! 1. [`el`] makes an element; its methods add attributes, text, children and listeners.
//! 2. What depends on state is given as a function: it runs again when what it read changes.
//! 3. [`El::region`] holds children that come and go; what they listened to goes with them ([`scope`]).

mod scope;

pub(crate) use scope::{hold, on_drop};

use crate::browser;
use picture::french::typeset;
use scope::Scope;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, Node};

/// A child that may stay when its neighbours change: its key, and what makes it.
pub(crate) type Row = (u64, Box<dyn FnOnce() -> El>);

/// An element that is being built.
#[derive(Clone)]
pub(crate) struct El(Element);

/// A new element.
pub(crate) fn el(tag: &str) -> El {
    El(browser::create(tag))
}

/// A new element with a class.
pub(crate) fn class(tag: &str, class: &str) -> El {
    el(tag).attr("class", class)
}

/// A new element with a class and a text.
pub(crate) fn text(tag: &str, class: &str, text: &str) -> El {
    let made = el(tag);
    let made = if class.is_empty() {
        made
    } else {
        made.attr("class", class)
    };
    made.text(text)
}

impl El {
    /// An element that is in the page already.
    pub(crate) fn of(element: &Element) -> Self {
        Self(element.clone())
    }

    /// The element itself.
    pub(crate) fn element(&self) -> &Element {
        &self.0
    }

    /// Sets an attribute.
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        // It fails only for names that no attribute may have.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Adds a sentence, set in French.
    pub(crate) fn text(self, text: &str) -> Self {
        self.verbatim(&typeset(text))
    }

    /// Adds a text as it is: code.
    pub(crate) fn verbatim(self, text: &str) -> Self {
        let _ = self.0.append_with_str_1(text);
        self
    }

    /// Adds a child.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn add(self, child: El) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    /// Adds a child, if there is one.
    pub(crate) fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.add(child),
            None => self,
        }
    }

    /// Adds children.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn all(self, children: Vec<El>) -> Self {
        append(&self.0, &children);
        self
    }

    /// Sets an attribute to what a function says, now and whenever that changes; `None` takes it away.
    pub(crate) fn attr_of(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        follow_attribute(&self.0, name, Box::new(value));
        self
    }

    /// Says `true` or `false` in an attribute.
    pub(crate) fn says(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        follow_flag(
            Box::new(value),
            Box::new(move |value| {
                let _ = element.set_attribute(name, if value { "true" } else { "false" });
            }),
        );
        self
    }

    /// Has an empty attribute, or not.
    pub(crate) fn flag(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        follow_flag(
            Box::new(value),
            Box::new(move |value| {
                if value && name == "disabled" {
                    browser::keep_focus_near(&element);
                }
                let _ = element.toggle_attribute_with_force(name, value);
            }),
        );
        self
    }

    /// Has a class, or not, besides its own.
    pub(crate) fn class_if(self, class: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        follow_flag(
            Box::new(value),
            Box::new(move |value| {
                let _ = element.class_list().toggle_with_force(class, value);
            }),
        );
        self
    }

    /// Sets the `value` of a field.
    pub(crate) fn value_of(self, value: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        follow_text(
            Box::new(value),
            Box::new(move |value| set_field_value(&element, value)),
        );
        self
    }

    /// Sets a style property, as a script may do where style attributes are forbidden.
    pub(crate) fn style_of(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        follow_text(
            Box::new(value),
            Box::new(move |value| style(&element, name, value)),
        );
        self
    }

    /// Adds a sentence, set in French, that follows what a function reads.
    pub(crate) fn text_of(self, text: impl Fn() -> String + 'static) -> Self {
        self.verbatim_of(move || typeset(&text()))
    }

    /// Adds a text as it is, code, that follows what a function reads.
    pub(crate) fn verbatim_of(self, text: impl Fn() -> String + 'static) -> Self {
        let node = browser::text_node();
        let _ = self.0.append_child(&node);
        let node = Node::from(node);
        follow_text(
            Box::new(text),
            Box::new(move |text| node.set_text_content(Some(text))),
        );
        self
    }

    /// Makes the content follow what a function reads: it is made anew each time.
    pub(crate) fn region(self, content: impl Fn() -> Vec<El> + 'static) -> Self {
        follow_content(&self.0, Box::new(content));
        self
    }

    /// Makes the children follow what a function reads. A child is made when its key is new and stays, with its focus, for
    /// as long as the key does.
    pub(crate) fn rows(self, rows: impl Fn() -> Vec<Row> + 'static) -> Self {
        follow_rows(&self.0, Box::new(rows));
        self
    }

    /// Calls a function on an event.
    pub(crate) fn on(self, event: &str, listener: impl FnMut(Event) + 'static) -> Self {
        listen(&self.0, event, Box::new(listener));
        self
    }
}

fn follow_attribute(element: &Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    let element = element.clone();
    effect(move || {
        let _ = match value() {
            Some(value) => element.set_attribute(name, &value),
            None => element.remove_attribute(name),
        };
    });
}

fn follow_flag(value: Box<dyn Fn() -> bool>, show: Box<dyn Fn(bool)>) {
    effect(move || show(value()));
}

fn follow_text(text: Box<dyn Fn() -> String>, show: Box<dyn Fn(&str)>) {
    effect(move || show(&text()));
}

fn follow_content(element: &Element, content: Box<dyn Fn() -> Vec<El>>) {
    let element = element.clone();
    let mut inside = None;
    effect(move || {
        // The old content lets go of what it listened to before the new one is made.
        drop(inside.take());
        let scope = Scope::enter();
        let children = content();
        inside = Some(scope.leave());
        element.set_text_content(None);
        append(&element, &children);
    });
}

fn follow_rows(element: &Element, rows: Box<dyn Fn() -> Vec<Row>>) {
    let element = element.clone();
    let mut shown: Vec<(u64, Element, Scope)> = Vec::new();
    effect(move || {
        let mut before = std::mem::take(&mut shown);
        for (key, make) in rows() {
            let known = before.iter().position(|row| row.0 == key);
            shown.push(if let Some(at) = known {
                before.remove(at)
            } else {
                let scope = Scope::enter();
                let made = make();
                (key, made.0, scope.leave())
            });
        }
        for (_, gone, _) in before {
            gone.remove();
        }
        let mut place = element.first_element_child();
        for (_, row, _) in &shown {
            if place.as_ref() == Some(row) {
                place = row.next_element_sibling();
            } else {
                let _ = element.insert_before(row, place.as_deref());
            }
        }
    });
}

fn append(element: &Element, children: &[El]) {
    for child in children {
        let _ = element.append_child(&child.0);
    }
}

fn listen(element: &Element, event: &str, listener: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(listener);
    let _ = element.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    hold(Box::new(closure));
}

fn style(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.style().set_property(name, value);
    }
}

/// Runs a function now, and again whenever what it read changes, for as long as the present content stays.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    scope::effect(Box::new(run));
}

/// Makes something inside a region without following what is read on the way: what it holds follows for itself.
pub(crate) fn apart<T>(make: impl FnOnce() -> T) -> T {
    leptos::prelude::untrack(make)
}

/// Sets the `value` of a field.
pub(crate) fn set_field_value(field: &Element, value: &str) {
    let _ = js_sys::Reflect::set(field, &"value".into(), &value.into());
}

/// The `value` of the field in which an event happened.
pub(crate) fn field_value(event: &Event) -> String {
    let target = event.target().map(JsValue::from).unwrap_or_default();
    js_sys::Reflect::get(&target, &JsValue::from_str("value"))
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// The key of a keyboard event, or nothing.
pub(crate) fn key_of(event: &Event) -> String {
    event
        .dyn_ref::<web_sys::KeyboardEvent>()
        .map(web_sys::KeyboardEvent::key)
        .unwrap_or_default()
}
