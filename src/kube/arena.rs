//! Lists whose items are addressed by a separate index type, so that the compiler tells the indices apart.
//!
//! Contains values only. Each index type is declared next to the type of the items.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut};

/// An index into an [`Arena`].
pub trait ArenaIndex: Copy {
    /// Returns the index of the item at this position.
    fn at(position: usize) -> Self;
    /// Returns the position of the item.
    fn position(self) -> usize;

    /// Returns the index of the same item after `count` items are inserted before the first one.
    #[must_use]
    fn moved(self, count: usize) -> Self {
        Self::at(self.position() + count)
    }
}

/// Declares an index type.
macro_rules! arena_index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::num::NonZeroU32);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let position = $crate::kube::arena::ArenaIndex::position(*self);
                write!(f, concat!(stringify!($name), "({})"), position)
            }
        }

        impl $crate::kube::arena::ArenaIndex for $name {
            // Stores the position plus one, so that an optional index takes no more space.
            fn at(position: usize) -> $name {
                let position = u32::try_from(position).unwrap_or(u32::MAX);
                $name(std::num::NonZeroU32::MIN.saturating_add(position))
            }

            fn position(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    };
}
pub(crate) use arena_index;

/// A list whose items are addressed by `I`. Otherwise it behaves like a slice.
#[derive(Clone, PartialEq, Eq)]
pub struct Arena<I, T> {
    items: Vec<T>,
    index: PhantomData<I>,
}

impl<I: ArenaIndex, T> Arena<I, T> {
    /// Returns the index of the next item to be added.
    pub fn next_index(&self) -> I {
        I::at(self.items.len())
    }

    /// Adds an item and returns its index.
    pub fn push(&mut self, item: T) -> I {
        let index = self.next_index();
        self.items.push(item);
        index
    }

    /// Makes room for this many times as many items, if the system has it.
    ///
    /// A vector that grows by doubling leaves a hole behind each time, and in a large stream the holes of all vectors
    /// together take 5 % of the size of the input. Room that is never used takes no memory.
    pub fn reserve(&mut self, times: usize) {
        reserve(&mut self.items, times);
    }

    /// Moves the items of another arena to the end of this one.
    pub fn append(&mut self, mut other: Arena<I, T>) {
        self.items.append(&mut other.items);
    }

    /// Returns the item at this index.
    pub fn get(&self, index: I) -> Option<&T> {
        self.items.get(index.position())
    }

    /// Returns the item at this index for changes.
    pub fn get_mut(&mut self, index: I) -> Option<&mut T> {
        self.items.get_mut(index.position())
    }

    /// Returns the indices, in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::at)
    }

    /// Returns the items with their indices, in order.
    pub fn indexed(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(position, item)| (I::at(position), item))
    }
}

impl<I, T: fmt::Debug> fmt::Debug for Arena<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Arena<I, T> {
        Arena { items: Vec::new(), index: PhantomData }
    }
}

impl<I: ArenaIndex, T> Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, index: I) -> &T {
        &self.items[index.position()]
    }
}

impl<I: ArenaIndex, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.position()]
    }
}

impl<I, T> Deref for Arena<I, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<I, T> DerefMut for Arena<I, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<I, T> FromIterator<T> for Arena<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(items: A) -> Arena<I, T> {
        Arena { items: items.into_iter().collect(), index: PhantomData }
    }
}

impl<I, T> Extend<T> for Arena<I, T> {
    fn extend<A: IntoIterator<Item = T>>(&mut self, items: A) {
        self.items.extend(items);
    }
}

impl<'a, I, T> IntoIterator for &'a Arena<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// A list of `T` for each index, all in one vector. Takes two allocations, regardless of the number of lists.
#[derive(Clone, Debug)]
pub struct Lists<I, T> {
    items: Vec<T>,
    /// The end of each list.
    ends: Vec<u32>,
    index: PhantomData<I>,
}

impl<I: ArenaIndex, T> Lists<I, T> {
    /// Adds the list of the next index.
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        self.ends.push(end(self.items.len()));
    }

    /// Adds the list of the next index, which `fill` appends to the items before it. Returns the list.
    pub fn push_with(&mut self, fill: impl FnOnce(&mut Vec<T>)) -> &[T] {
        let first = self.items.len();
        fill(&mut self.items);
        self.ends.push(end(self.items.len()));
        &self.items[first..]
    }

    /// Makes room for this many times as many lists, if the system has it.
    pub fn reserve(&mut self, times: usize) {
        reserve(&mut self.items, times);
        reserve(&mut self.ends, times);
    }

    /// Moves the lists of another value to the end of these.
    pub fn append(&mut self, mut other: Lists<I, T>) {
        let before = end(self.items.len());
        self.items.append(&mut other.items);
        self.ends.extend(other.ends.into_iter().map(|end| before.saturating_add(end)));
    }

    /// Returns the list of an index; empty if there is none.
    pub fn of(&self, index: I) -> &[T] {
        let at = index.position();
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        self.items.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default()
    }
}

/// Makes room for this many times as many items, if the system has it.
pub fn reserve<T>(items: &mut Vec<T>, times: usize) {
    // Without the room, the vector grows later.
    let _ = items.try_reserve_exact(items.len().saturating_mul(times.saturating_sub(1)));
}

/// Converts a length, which fits because no list is longer than the input has bytes.
fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl<I, T> Default for Lists<I, T> {
    fn default() -> Lists<I, T> {
        Lists { items: Vec::new(), ends: Vec::new(), index: PhantomData }
    }
}
