//! A persistent sequence: its copies share the parts that they have in common.
//!
//! It is a tree whose branches count the items below each child, so that an item is found by its place. A persistent
//! vector with counts exists (`imbl::Vector`). With it, a POST costs 54 % more instructions, a DELETE 2.5 times as many,
//! and loading fixtures 2.2 times as many, so the store keeps its own. See `docs/decisions/`.

use std::{cmp::Ordering, ops::Range, slice, sync::Arc};

/// The capacity of a leaf in items, and of a branch in children.
const WIDTH: usize = 32;
/// The number of items or children of a node into which others will be inserted.
const ROOMY_WIDTH: usize = WIDTH / 4 * 3;
/// A node with fewer items or children is merged with a sibling, if both fit into one node.
const MIN_WIDTH: usize = WIDTH / 4;

/// Items in the order that the caller inserts them in. A clone is free. A change copies the nodes from the root to one
/// leaf, but only those that a clone shares.
#[derive(Clone, Debug)]
pub(super) struct Sequence<T> {
    len: usize,
    root: Arc<Node<T>>,
}

/// A node of the tree. All leaves are equally deep.
#[derive(Clone, Debug)]
enum Node<T> {
    Leaf(Vec<T>),
    Branch(Vec<Child<T>>),
}

#[derive(Clone, Debug)]
struct Child<T> {
    /// The number of items below the child, at least one.
    len: usize,
    /// A copy of the first item, which saves a search the way down.
    first: T,
    node: Arc<Node<T>>,
}

impl<T: Clone> Sequence<T> {
    pub(super) fn new() -> Self {
        Self {
            len: 0,
            root: Arc::new(Node::Leaf(Vec::new())),
        }
    }

    /// Returns a sequence to which more items will be appended.
    pub(super) fn full(items: impl ExactSizeIterator<Item = T>) -> Self {
        built(items, WIDTH)
    }

    /// Returns a sequence into which more items will be inserted anywhere: its leaves are not full, so that they are not
    /// split at once.
    pub(super) fn roomy(items: impl ExactSizeIterator<Item = T>) -> Self {
        built(items, ROOMY_WIDTH)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        (index < self.len).then(|| &self.leaf(index).0[0])
    }

    /// Returns the number of items for which `before` is true, in a sequence that is sorted accordingly.
    pub(super) fn position(&self, mut before: impl FnMut(&T) -> bool) -> usize {
        let mut node = &*self.root;
        let mut passed = 0;
        loop {
            match node {
                Node::Leaf(items) => return passed + items.partition_point(before),
                Node::Branch(children) => {
                    let after = children.partition_point(|child| before(&child.first));
                    let Some(last) = after.checked_sub(1) else {
                        return passed;
                    };
                    passed += children[..last]
                        .iter()
                        .map(|child| child.len)
                        .sum::<usize>();
                    node = &children[last].node;
                }
            }
        }
    }

    /// Returns the index of the item that `order` finds equal, in a sequence that is sorted accordingly.
    pub(super) fn find(&self, mut order: impl FnMut(&T) -> Ordering) -> Option<usize> {
        let index = self.position(|item| order(item) == Ordering::Less);
        let found = self.get(index)?;
        (order(found) == Ordering::Equal).then_some(index)
    }

    /// Returns the items at these places.
    pub(super) fn range(&self, range: Range<usize>) -> Iter<'_, T> {
        let end = range.end.min(self.len);
        Iter {
            sequence: self,
            places: range.start.min(end)..end,
            front: [].iter(),
            back: [].iter(),
        }
    }

    pub(super) fn iter(&self) -> Iter<'_, T> {
        self.range(0..self.len)
    }

    /// Inserts an item before the one at `index`.
    pub(super) fn insert(&mut self, index: usize, item: T) {
        debug_assert!(index <= self.len);
        self.len += 1;
        let Some(right) = Arc::make_mut(&mut self.root).insert(index, item) else {
            return;
        };
        let root = Vec::with_capacity(WIDTH);
        let left = std::mem::replace(&mut self.root, Arc::new(Node::Branch(root)));
        if let Node::Branch(children) = Arc::make_mut(&mut self.root) {
            children.extend([Child::of(left), Child::of(Arc::new(right))]);
        }
    }

    /// Replaces the item at `index`. The new item must have the same place in the order.
    pub(super) fn replace(&mut self, index: usize, item: T) {
        debug_assert!(index < self.len);
        Arc::make_mut(&mut self.root).replace(index, item);
    }

    /// Removes and returns the item at `index`.
    pub(super) fn remove(&mut self, index: usize) -> T {
        self.len -= 1;
        let item = Arc::make_mut(&mut self.root).remove(index);
        while let Node::Branch(children) = &*self.root
            && let [only] = &children[..]
        {
            self.root = Arc::clone(&only.node);
        }
        item
    }

    /// Returns the leaf that contains `index`, from that item on and up to that item.
    fn leaf(&self, mut index: usize) -> (&[T], &[T]) {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(items) => return (&items[index..], &items[..=index]),
                Node::Branch(children) => {
                    let (child, rest) = locate(children, index);
                    node = &children[child].node;
                    index = rest;
                }
            }
        }
    }
}

impl<T: Clone> Node<T> {
    fn first(&self) -> &T {
        match self {
            Self::Leaf(items) => &items[0],
            Self::Branch(children) => &children[0].first,
        }
    }

    /// Returns the number of items below the node.
    fn len(&self) -> usize {
        match self {
            Self::Leaf(items) => items.len(),
            Self::Branch(children) => children.iter().map(|child| child.len).sum(),
        }
    }

    /// Returns the number of items or children of the node itself.
    fn width(&self) -> usize {
        match self {
            Self::Leaf(items) => items.len(),
            Self::Branch(children) => children.len(),
        }
    }

    /// Inserts an item. Returns the right part of the node if it had to be split.
    fn insert(&mut self, index: usize, item: T) -> Option<Self> {
        match self {
            Self::Leaf(items) => insert_into(items, index, item).map(Self::Leaf),
            Self::Branch(children) => {
                let (position, index) = locate(children, index);
                let child = &mut children[position];
                let right = Arc::make_mut(&mut child.node).insert(index, item);
                child.len += 1;
                child.changed_at(index);
                let right = Child::of(Arc::new(right?));
                child.len -= right.len;
                insert_into(children, position + 1, right).map(Self::Branch)
            }
        }
    }

    fn replace(&mut self, index: usize, item: T) {
        match self {
            Self::Leaf(items) => items[index] = item,
            Self::Branch(children) => {
                let (position, index) = locate(children, index);
                let child = &mut children[position];
                Arc::make_mut(&mut child.node).replace(index, item);
                child.changed_at(index);
            }
        }
    }

    fn remove(&mut self, index: usize) -> T {
        match self {
            Self::Leaf(items) => items.remove(index),
            Self::Branch(children) => {
                let (position, index) = locate(children, index);
                let child = &mut children[position];
                let item = Arc::make_mut(&mut child.node).remove(index);
                child.len -= 1;
                if child.len == 0 {
                    children.remove(position);
                    return item;
                }
                child.changed_at(index);
                if child.node.width() < MIN_WIDTH {
                    merge(children, position);
                }
                item
            }
        }
    }

    /// Appends the content of `right`, which has the same depth.
    fn append(&mut self, right: &Self) {
        match (self, right) {
            (Self::Leaf(items), Self::Leaf(more)) => items.extend_from_slice(more),
            (Self::Branch(children), Self::Branch(more)) => children.extend_from_slice(more),
            _ => unreachable!("all leaves are equally deep"),
        }
    }
}

impl<T: Clone> Child<T> {
    fn of(node: Arc<Node<T>>) -> Self {
        Self {
            len: node.len(),
            first: node.first().clone(),
            node,
        }
    }

    /// Updates the copy of the first item after a change at `index`.
    fn changed_at(&mut self, index: usize) {
        if index == 0 {
            self.first = self.node.first().clone();
        }
    }
}

/// Returns the child that contains the item at `index`, and the index in it. An index after the end is in the last child.
fn locate<T>(children: &[Child<T>], mut index: usize) -> (usize, usize) {
    let last = children.len() - 1;
    for (position, child) in children[..last].iter().enumerate() {
        if index < child.len {
            return (position, index);
        }
        index -= child.len;
    }
    (last, index)
}

/// Inserts into a node of at most [`WIDTH`]; returns its right part if it was full. A node that is full when an item is
/// appended stays full.
fn insert_into<I>(items: &mut Vec<I>, index: usize, item: I) -> Option<Vec<I>> {
    if items.len() < WIDTH {
        items.insert(index, item);
        return None;
    }
    let middle = match index {
        WIDTH => WIDTH,
        _ => WIDTH / 2,
    };
    let mut right = items.split_off(middle);
    match index.checked_sub(middle) {
        Some(index) => right.insert(index, item),
        None => items.insert(index, item),
    }
    Some(right)
}

/// Merges the child at `position` with a sibling, if both fit into one node.
fn merge<T: Clone>(children: &mut Vec<Child<T>>, position: usize) {
    let width = |position: usize| children.get(position).map(|child| child.node.width());
    let fits = |left: usize| Some(width(left)? + width(left + 1)? <= WIDTH);
    let lefts = [Some(position), position.checked_sub(1)];
    let Some(left) = lefts
        .into_iter()
        .flatten()
        .find(|left| fits(*left) == Some(true))
    else {
        return;
    };
    let right = children.remove(left + 1);
    let left = &mut children[left];
    Arc::make_mut(&mut left.node).append(&right.node);
    left.len += right.len;
}

/// Collects items into leaves, and these into branches of further levels, up to the root. Nodes have about `width` items or
/// children, and room for [`WIDTH`].
fn built<T: Clone>(mut items: impl ExactSizeIterator<Item = T>, width: usize) -> Sequence<T> {
    let len = items.len();
    let leaves = grouped(len, width, |count| {
        let mut leaf = Vec::with_capacity(WIDTH);
        leaf.extend(items.by_ref().take(count));
        Node::Leaf(leaf)
    });
    let mut level = leaves;
    while level.len() > 1 {
        let nodes = level.len();
        let mut children = level.into_iter().map(|node| Child::of(Arc::new(node)));
        level = grouped(nodes, width, |count| {
            let mut branch = Vec::with_capacity(WIDTH);
            branch.extend(children.by_ref().take(count));
            Node::Branch(branch)
        });
    }
    match level.pop() {
        Some(root) => Sequence {
            len,
            root: Arc::new(root),
        },
        None => Sequence::new(),
    }
}

/// Divides `count` into groups of at most `width` that differ by one at most, and returns what `group` makes of each.
fn grouped<G>(count: usize, width: usize, mut group: impl FnMut(usize) -> G) -> Vec<G> {
    let groups = count.div_ceil(width);
    let bound = |number: usize| count * number / groups;
    let sizes = (0..groups).map(|number| bound(number + 1) - bound(number));
    sizes.map(&mut group).collect()
}

impl<T: Clone> Default for Sequence<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Clone> FromIterator<T> for Sequence<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut sequence = Self::new();
        for item in items {
            sequence.insert(sequence.len, item);
        }
        sequence
    }
}

/// An iterator over a range of a sequence.
#[derive(Debug)]
pub(super) struct Iter<'s, T> {
    sequence: &'s Sequence<T>,
    places: Range<usize>,
    /// The rest of the leaf with the first place.
    front: slice::Iter<'s, T>,
    /// The rest of the leaf with the last place.
    back: slice::Iter<'s, T>,
}

impl<'s, T: Clone> Iterator for Iter<'s, T> {
    type Item = &'s T;

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.places.next()?;
        if self.front.len() == 0 {
            self.front = self.sequence.leaf(place).0.iter();
        }
        self.front.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl<T: Clone> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let place = self.places.next_back()?;
        if self.back.len() == 0 {
            self.back = self.sequence.leaf(place).1.iter();
        }
        self.back.next_back()
    }
}

impl<T: Clone> ExactSizeIterator for Iter<'_, T> {}

#[cfg(test)]
mod tests {
    use std::fmt;

    use uuid::Uuid;

    use super::*;

    /// Returns a generator of the same numbers each time.
    fn dice(seed: u64) -> impl FnMut(usize) -> usize {
        let mut step = 0_u64;
        move |sides| {
            step += 1;
            let name = (seed, step);
            let drawn = Uuid::new_v5(&Uuid::nil(), format!("{name:?}").as_bytes());
            usize::try_from(drawn.as_u128() % sides as u128).expect("it is less than the sides")
        }
    }

    /// Checks that the tree is sound: only the root may be empty, every count is right, all leaves are equally deep.
    fn depth<T: Clone + fmt::Debug + PartialEq>(node: &Node<T>, is_root: bool) -> usize {
        assert!(node.width() <= WIDTH && (is_root || node.width() > 0));
        let Node::Branch(children) = node else {
            return 1;
        };
        let depths = children.iter().map(|child| {
            assert_eq!(child.len, child.node.len());
            assert_eq!(child.first, *child.node.first());
            depth(&child.node, false)
        });
        let depths: Vec<_> = depths.collect();
        assert!(depths.iter().all(|depth| *depth == depths[0]));
        depths[0] + 1
    }

    fn check(sequence: &Sequence<usize>, expected: &[usize]) {
        depth(&sequence.root, true);
        assert_eq!(sequence.len(), expected.len());
        assert!(sequence.iter().eq(expected));
        assert!(sequence.iter().rev().eq(expected.iter().rev()));
    }

    #[test]
    fn any_sequence_of_changes_gives_the_same_items_as_a_vector() {
        for seed in 0..8 {
            let mut roll = dice(seed);
            let (mut sequence, mut vector) = (Sequence::new(), Vec::new());
            let mut snapshots = Vec::new();
            for step in 0..4_000 {
                // The sequence grows, then shrinks to nothing.
                let is_growing = step < 2_000;
                match (roll(8), vector.len()) {
                    (0, len) if len > 0 => {
                        let index = roll(len);
                        sequence.replace(index, step);
                        vector[index] = step;
                    }
                    (1..=2, len) if is_growing && len > 0 => {
                        let index = roll(len);
                        assert_eq!(sequence.remove(index), vector.remove(index));
                    }
                    (_, len) if !is_growing && len > 0 => {
                        let index = roll(len);
                        assert_eq!(sequence.remove(index), vector.remove(index));
                    }
                    (_, len) => {
                        let index = roll(len + 1);
                        sequence.insert(index, step);
                        vector.insert(index, step);
                    }
                }
                if step % 400 == 0 {
                    check(&sequence, &vector);
                    snapshots.push((sequence.clone(), vector.clone()));
                }
            }
            for (sequence, vector) in snapshots {
                check(&sequence, &vector);
            }
        }
    }

    #[test]
    fn a_sequence_of_any_length_is_built_at_once_and_can_be_changed() {
        let lengths = (0..100).chain([WIDTH * WIDTH, WIDTH * WIDTH + 1, 5_000, 40_000]);
        for length in lengths {
            let expected: Vec<_> = (0..length).collect();
            let full = Sequence::full(expected.iter().copied());
            let mut roomy = Sequence::roomy(expected.iter().copied());
            check(&full, &expected);
            check(&roomy, &expected);
            let mut changed = expected.clone();
            for index in [0, length / 2, length] {
                roomy.insert(index, index);
                changed.insert(index, index);
            }
            check(&roomy, &changed);
            for index in (0..changed.len()).rev().step_by(7) {
                assert_eq!(roomy.remove(index), changed.remove(index));
            }
            check(&roomy, &changed);
        }
    }

    #[test]
    fn an_item_is_found_by_order_and_by_place() {
        let sequence: Sequence<_> = (0..5_000).map(|number| number * 2).collect();
        for wanted in [0, 2, 62, 64, 66, 4_998, 9_998] {
            let index = sequence.find(|item| item.cmp(&wanted));
            assert_eq!(index, Some(wanted / 2));
            assert_eq!(sequence.get(wanted / 2), Some(&wanted));
        }
        assert_eq!(sequence.find(|item| item.cmp(&63)), None);
        assert_eq!(sequence.find(|item| item.cmp(&10_000)), None);
        assert_eq!(sequence.get(5_000), None);
        assert_eq!(sequence.position(|item| *item < 63), 32);
        assert_eq!(sequence.position(|_| true), 5_000);
        assert_eq!(sequence.position(|_| false), 0);
    }

    #[test]
    fn a_range_is_walked_from_both_ends_until_they_meet() {
        let sequence: Sequence<_> = (0..1_000).collect();
        let mut range = sequence.range(10..14);
        assert_eq!(range.len(), 4);
        assert_eq!(range.next(), Some(&10));
        assert_eq!(range.next_back(), Some(&13));
        assert_eq!(range.next_back(), Some(&12));
        assert_eq!(range.next(), Some(&11));
        assert_eq!((range.next(), range.next_back()), (None, None));
        assert_eq!(sequence.range(998..5_000).collect::<Vec<_>>(), [&998, &999]);
        assert_eq!(sequence.range(2_000..5_000).len(), 0);
    }

    #[test]
    fn appended_items_fill_the_leaves() {
        let sequence: Sequence<_> = (0..WIDTH * WIDTH).collect();
        assert_eq!(depth(&sequence.root, true), 2);
    }

    #[test]
    fn a_sequence_without_clones_is_changed_in_place() {
        let mut sequence: Sequence<_> = (0..1_000).collect();
        let before = Arc::as_ptr(&sequence.root);
        sequence.replace(500, 1);
        assert_eq!(Arc::as_ptr(&sequence.root), before);
        let copy = sequence.clone();
        sequence.replace(500, 2);
        assert_ne!(Arc::as_ptr(&sequence.root), before);
        assert_eq!(copy.get(500), Some(&1));
    }
}
