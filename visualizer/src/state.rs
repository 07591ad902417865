//! State that effects follow: values that tell when they change, and what is computed from them.
//!
//! A simulation lives as long as its page, so its state is leaked once ([`forever`]) and shared by plain references.

use any_spawner::Executor;
use leptos::prelude::{ArcTrigger, Notify, Owner, Track};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Keeps a value for as long as the page lasts.
pub(crate) fn forever<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Builds a piece of the page whose effects run for as long as the page lasts.
pub(crate) fn root(build: impl FnOnce()) {
    // An error only says that another piece of the page has already set it up.
    let _ = Executor::init_wasm_bindgen();
    forever(Owner::new()).with(build);
}

/// A value that may change.
pub(crate) struct Var<T> {
    value: RefCell<T>,
    version: Cell<u64>,
    changed: ArcTrigger,
}

impl<T> Var<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            value: RefCell::new(value),
            version: Cell::new(0),
            changed: ArcTrigger::new(),
        }
    }

    /// Reads it; whoever reads it follows it.
    pub(crate) fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.changed.track();
        read(&self.value.borrow())
    }

    /// Reads it once.
    pub(crate) fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.borrow())
    }

    /// Changes it.
    pub(crate) fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.borrow_mut());
        self.version.set(self.version.get() + 1);
        self.changed.notify();
        result
    }

    /// Gives it another value.
    pub(crate) fn set(&self, value: T) {
        self.update(|held| *held = value);
    }

    /// A number that grows with each change; whoever reads it follows the value.
    pub(crate) fn version(&self) -> u64 {
        self.changed.track();
        self.version.get()
    }
}

impl<T: Clone> Var<T> {
    /// A copy of it; whoever reads it follows it.
    pub(crate) fn get(&self) -> T {
        self.with(T::clone)
    }

    /// A copy of it, once.
    pub(crate) fn now(&self) -> T {
        self.peek(T::clone)
    }
}

impl<T: PartialEq> Var<T> {
    /// Gives it another value, unless it is the same.
    pub(crate) fn put(&self, value: T) {
        if self.peek(|held| *held != value) {
            self.set(value);
        }
    }
}

/// What was computed from some values, until one of them changes.
pub(crate) struct Cache<T> {
    kept: RefCell<Option<(u64, Rc<T>)>>,
}

impl<T> Cache<T> {
    pub(crate) const fn new() -> Self {
        Self {
            kept: RefCell::new(None),
        }
    }

    /// The value for this stamp: the sum of the versions of everything that `compute` reads.
    pub(crate) fn get(&self, stamp: u64, compute: impl FnOnce() -> T) -> Rc<T> {
        if let Some((known, value)) = &*self.kept.borrow()
            && *known == stamp
        {
            return Rc::clone(value);
        }
        let value = Rc::new(compute());
        *self.kept.borrow_mut() = Some((stamp, Rc::clone(&value)));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_computes_once_per_stamp() {
        let keys = Var::new(2);
        let partitions = Var::new(3);
        let cache = Cache::new();
        let runs = Cell::new(0);
        let product = || {
            let stamp = keys.version() + partitions.version();
            *cache.get(stamp, || {
                runs.set(runs.get() + 1);
                keys.now() * partitions.now()
            })
        };
        assert_eq!((product(), product(), runs.get()), (6, 6, 1));
        partitions.set(5);
        assert_eq!((product(), product(), runs.get()), (10, 10, 2));
    }

    #[test]
    fn putting_the_same_value_changes_nothing() {
        let var = Var::new(1);
        var.put(1);
        assert_eq!(var.version(), 0);
        var.put(2);
        assert_eq!((var.version(), var.now()), (1, 2));
    }
}
