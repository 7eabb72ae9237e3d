//! The common order of the fields of several objects.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
};

/// Merges orders of the numbers below `count`: a number comes behind those that precede it in an order. Numbers that no
/// order relates come in their own order. Orders that contradict each other are ignored where they do.
pub(super) fn merge(count: usize, orders: &HashSet<Vec<usize>>) -> Vec<usize> {
    let pairs = orders.iter().flat_map(|order| order.windows(2));
    let edges: HashSet<_> = pairs.map(|pair| (pair[0], pair[1])).collect();
    let mut successors = vec![Vec::new(); count];
    let mut predecessors = vec![0; count];
    for (before, after) in edges {
        successors[before].push(after);
        predecessors[after] += 1;
    }
    let mut ready: BinaryHeap<_> = (0..count)
        .filter(|number| predecessors[*number] == 0)
        .map(Reverse)
        .collect();
    let mut is_merged = vec![false; count];
    let mut merged = Vec::with_capacity(count);
    // The first number that may be left over by a contradiction.
    let mut rest = 0;
    while merged.len() < count {
        let next = match ready.pop() {
            Some(Reverse(next)) => next,
            None => {
                while is_merged[rest] {
                    rest += 1;
                }
                rest
            }
        };
        if std::mem::replace(&mut is_merged[next], true) {
            continue;
        }
        merged.push(next);
        for after in &successors[next] {
            predecessors[*after] -= 1;
            if predecessors[*after] == 0 {
                ready.push(Reverse(*after));
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(count: usize, orders: &[&[usize]]) -> Vec<usize> {
        let orders = orders.iter().map(|order| order.to_vec()).collect();
        merge(count, &orders)
    }

    #[test]
    fn a_field_comes_behind_those_that_precede_it_in_an_object() {
        assert_eq!(merged(0, &[]), [0; 0]);
        assert_eq!(merged(3, &[&[0, 1], &[0, 2, 1]]), [0, 2, 1]);
        assert_eq!(merged(4, &[&[0, 1, 3], &[0, 2, 3]]), [0, 1, 2, 3]);
        assert_eq!(merged(4, &[&[0, 3], &[1, 2, 3], &[2, 0]]), [1, 2, 0, 3]);
    }

    #[test]
    fn contradictory_orders_lose_no_field() {
        let found = merged(4, &[&[0, 1, 2], &[2, 1, 3]]);
        assert_eq!(found, [0, 1, 2, 3]);
        assert_eq!(merged(2, &[&[0, 1], &[1, 0]]), [0, 1]);
    }
}
