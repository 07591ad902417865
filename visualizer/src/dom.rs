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
use scope::Scope;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, Node};

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

    /// Adds a text.
    pub(crate) fn text(self, text: &str) -> Self {
        let _ = self.0.append_with_str_1(text);
        self
    }

    /// Adds a child.
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
    pub(crate) fn all(self, children: Vec<El>) -> Self {
        for child in &children {
            let _ = self.0.append_child(&child.0);
        }
        self
    }

    /// Sets an attribute to what a function says, now and whenever that changes; `None` takes it away.
    pub(crate) fn attr_of(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        let element = self.0.clone();
        effect(move || {
            let _ = match value() {
                Some(value) => element.set_attribute(name, &value),
                None => element.remove_attribute(name),
            };
        });
        self
    }

    /// Says `true` or `false` in an attribute.
    pub(crate) fn says(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        self.attr_of(name, move || {
            Some(if value() { "true" } else { "false" }.to_owned())
        })
    }

    /// Has an empty attribute, or not.
    pub(crate) fn flag(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        self.attr_of(name, move || value().then(String::new))
    }

    /// Has a class, or not, besides its own.
    pub(crate) fn class_if(self, class: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        effect(move || {
            let _ = element.class_list().toggle_with_force(class, value());
        });
        self
    }

    /// Sets the `value` of a field.
    pub(crate) fn value_of(self, value: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        effect(move || {
            let value = JsValue::from_str(&value());
            let _ = js_sys::Reflect::set(&element, &JsValue::from_str("value"), &value);
        });
        self
    }

    /// Sets a style property, as a script may do where style attributes are forbidden.
    pub(crate) fn style_of(
        self,
        name: &'static str,
        value: impl Fn() -> String + 'static,
    ) -> Self {
        let element = self.0.clone();
        effect(move || style(&element, name, &value()));
        self
    }

    /// Sets a style property once.
    pub(crate) fn style(self, name: &str, value: &str) -> Self {
        style(&self.0, name, value);
        self
    }

    /// Adds a text that follows what a function reads.
    pub(crate) fn text_of(self, text: impl Fn() -> String + 'static) -> Self {
        let node = browser::text_node();
        let _ = self.0.append_child(&node);
        let node = Node::from(node);
        effect(move || node.set_text_content(Some(&text())));
        self
    }

    /// Makes the content follow what a function reads: it is made anew each time.
    pub(crate) fn region(self, content: impl Fn() -> Vec<El> + 'static) -> Self {
        let element = self.0.clone();
        let mut inside = None;
        effect(move || {
            // The old content lets go of what it listened to before the new one is made.
            drop(inside.take());
            let scope = Scope::enter();
            let children = content();
            inside = Some(scope.leave());
            element.set_text_content(None);
            let _ = El(element.clone()).all(children);
        });
        self
    }

    /// Calls a function on an event.
    pub(crate) fn on(self, event: &str, listener: impl FnMut(Event) + 'static) -> Self {
        let listener: Box<dyn FnMut(Event)> = Box::new(listener);
        let closure = Closure::wrap(listener);
        let _ = self
            .0
            .add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        hold(closure);
        self
    }
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
