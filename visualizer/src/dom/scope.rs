//! What a piece of the page holds for as long as it is shown: its effects, its listeners, and what to do when it goes.

use leptos::prelude::{Owner, RenderEffect};
use std::any::Any;
use std::cell::RefCell;

/// What is held. Dropped, nothing of it runs any more.
#[derive(Default)]
pub(super) struct Scope {
    held: Vec<Box<dyn Any>>,
}

thread_local! {
    /// The scopes that are being filled, the innermost last. The first is the page's and stays.
    static OPEN: RefCell<Vec<Scope>> = RefCell::new(vec![Scope::default()]);
}

/// A scope that is being filled.
pub(super) struct Entered;

impl Scope {
    /// From now on, what is held is held by a new scope.
    pub(super) fn enter() -> Entered {
        OPEN.with_borrow_mut(|open| open.push(Self::default()));
        Entered
    }
}

impl Entered {
    /// Closes the scope.
    #[allow(clippy::unused_self)]
    pub(super) fn leave(self) -> Scope {
        OPEN.with_borrow_mut(Vec::pop).unwrap_or_default()
    }
}

/// Holds something until the present content goes.
pub(crate) fn hold(thing: Box<dyn Any>) {
    OPEN.with_borrow_mut(|open| {
        if let Some(scope) = open.last_mut() {
            scope.held.push(thing);
        }
    });
}

/// Calls a function when the present content goes.
pub(crate) fn on_drop(leave: impl Fn() + 'static) {
    struct OnDrop(Box<dyn Fn()>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            (self.0)();
        }
    }
    hold(Box::new(OnDrop(Box::new(leave))));
}

pub(super) fn effect(mut run: Box<dyn FnMut()>) {
    let owner = Owner::current().unwrap_or_default();
    let effect = owner.with(|| RenderEffect::new(move |_: Option<()>| run()));
    hold(Box::new(effect));
}
