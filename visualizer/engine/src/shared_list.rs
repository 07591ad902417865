//! A list that grows at its end, and whose copies share what none of them has changed since: copying one for a checkpoint
//! costs little, however long it is.
//!
//! Elements live in chunks of one length; a chunk that several copies share is copied by the first of them that changes it.
//! The last elements, which are those that change, are the list's own until they fill a chunk: to add one, or to change one
//! of them, nobody has to be asked who else has them.

use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// Elements of a chunk: few enough to copy at once, many enough that 100,000 copy in some 1,500 steps.
const CHUNK: usize = 64;

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SharedList<T> {
    /// All full.
    chunks: Vec<Arc<Vec<T>>>,
    /// Fewer than a chunk has.
    tail: Vec<T>,
}

impl<T> Default for SharedList<T> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            tail: Vec::new(),
        }
    }
}

impl<T> SharedList<T> {
    /// How many elements it has.
    pub(crate) fn len(&self) -> usize {
        self.chunks.len() * CHUNK + self.tail.len()
    }

    /// About how long copying it takes, in the unit of [`crate::run::World::weight`]: its chunks are counted, and the last
    /// elements are copied.
    pub(crate) fn weight(&self) -> usize {
        1 + self.chunks.len() / 32
    }

    /// An element.
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.part(index).get(self.place(index))
    }

    /// The chunk in which an element is, or the tail.
    fn part(&self, index: usize) -> &Vec<T> {
        match self.chunks.get(index / CHUNK) {
            Some(chunk) => chunk,
            None => &self.tail,
        }
    }

    /// Its place there.
    fn place(&self, index: usize) -> usize {
        index - (index / CHUNK).min(self.chunks.len()) * CHUNK
    }

    /// All elements.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        let chunks = self.chunks.iter().flat_map(|chunk| chunk.iter());
        chunks.chain(&self.tail)
    }

    /// The elements from this one on.
    pub(crate) fn iter_from(&self, from: usize) -> impl Iterator<Item = &T> {
        let first = self.part(from).get(self.place(from)..);
        let rest = self.chunks.get(from / CHUNK + 1..).unwrap_or_default();
        let tail = if from / CHUNK < self.chunks.len() {
            &self.tail[..]
        } else {
            &[]
        };
        let first = first.unwrap_or_default().iter();
        first
            .chain(rest.iter().flat_map(|chunk| chunk.iter()))
            .chain(tail)
    }

    /// Adds an element at the end.
    pub(crate) fn push(&mut self, element: T) {
        self.tail.push(element);
        if self.tail.len() == CHUNK {
            self.chunks.push(Arc::new(std::mem::take(&mut self.tail)));
        }
    }
}

impl<T: Clone> SharedList<T> {
    /// An element, to be changed.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let place = self.place(index);
        self.part_mut(index).get_mut(place)
    }

    fn part_mut(&mut self, index: usize) -> &mut Vec<T> {
        match self.chunks.get_mut(index / CHUNK) {
            Some(chunk) => Arc::make_mut(chunk),
            None => &mut self.tail,
        }
    }

    /// Removes the elements from this one on, and gives them.
    pub(crate) fn split_off(&mut self, at: usize) -> Vec<T> {
        let removed: Vec<T> = self.iter_from(at).cloned().collect();
        if let Some(chunk) = self.chunks.get(at / CHUNK) {
            self.tail = chunk[..at % CHUNK].to_vec();
            self.chunks.truncate(at / CHUNK);
        } else {
            self.tail.truncate(self.tail.len() - removed.len());
        }
        removed
    }
}

impl<T> Index<usize> for SharedList<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.part(index)[self.place(index)]
    }
}

impl<T: Clone> IndexMut<usize> for SharedList<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        let place = self.place(index);
        &mut self.part_mut(index)[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Change {
        Push(usize),
        Set(usize, u32),
        SplitOff(usize),
        Copy,
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            4 => (1..400_usize).prop_map(Change::Push),
            3 => (0..2_000_usize, any::<u32>()).prop_map(|(at, to)| Change::Set(at, to)),
            1 => (0..2_000_usize).prop_map(Change::SplitOff),
            1 => Just(Change::Copy),
        ]
    }

    proptest! {
        /// It is a `Vec`, and so is each of its copies, whatever happens to the others.
        #[test]
        fn it_is_a_vec(changes in prop::collection::vec(change(), 1..30)) {
            let mut list = SharedList::default();
            let mut vec = Vec::new();
            let mut copies = Vec::new();
            for change in changes {
                match change {
                    Change::Push(count) => for element in 0..u32::try_from(count).unwrap() {
                        list.push(element);
                        vec.push(element);
                    },
                    Change::Set(at, to) => {
                        if let Some(element) = vec.get_mut(at) {
                            *element = to;
                        }
                        if let Some(element) = list.get_mut(at) {
                            *element = to;
                        }
                    }
                    Change::SplitOff(at) => {
                        let at = at.min(vec.len());
                        prop_assert_eq!(list.split_off(at), vec.split_off(at));
                    }
                    Change::Copy => copies.push((list.clone(), vec.clone())),
                }
            }
            copies.push((list, vec));
            for (list, vec) in copies {
                prop_assert_eq!(list.len(), vec.len());
                prop_assert!(list.iter().eq(&vec));
                prop_assert!(list.iter().rev().eq(vec.iter().rev()));
                for from in [0, 1, 63, 64, 65, 700, 5_000] {
                    prop_assert!(list.iter_from(from).eq(vec.iter().skip(from)));
                }
                for (at, element) in vec.iter().enumerate() {
                    prop_assert_eq!(&list[at], element);
                }
                prop_assert_eq!(list.get(vec.len()), None);
            }
        }
    }
}
