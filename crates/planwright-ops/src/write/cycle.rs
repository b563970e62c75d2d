//! Ways that lead back to where they began.

use std::collections::VecDeque;

use crate::{ErrorKind, OpsError};

/// The shortest way from one thing to another, both ends included. `None` where there is none.
pub(super) fn way<T: Clone + PartialEq>(
    from: T,
    to: &T,
    next: impl Fn(&T) -> Vec<T>,
) -> Option<Vec<T>> {
    // Each with the place of the one that it was reached from.
    let mut seen: Vec<(T, usize)> = vec![(from, 0)];
    let mut queue = VecDeque::from([0]);
    while let Some(at) = queue.pop_front() {
        let (here, mut before) = seen[at].clone();
        if here == *to {
            let mut way = vec![here];
            let mut place = at;
            while place != 0 {
                way.push(seen[before].0.clone());
                place = before;
                before = seen[before].1;
            }
            way.reverse();
            return Some(way);
        }
        for other in next(&here) {
            if !seen.iter().any(|(known, _)| *known == other) {
                queue.push_back(seen.len());
                seen.push((other, at));
            }
        }
    }
    None
}

/// The refusal of a relation that would lead back, with the way it would lead.
pub(super) fn refusal(relation: &str, way: &[String]) -> OpsError {
    let message = format!(
        "that would lead back to where it began: {}",
        way.join(&format!(" {relation} "))
    );
    OpsError::new(ErrorKind::Refused, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_is_found() {
        let edges = [(1, 2), (2, 3), (3, 1), (1, 3), (4, 4)];
        let next = |at: &u32| {
            let out = edges.iter().filter(|(from, _)| from == at);
            out.map(|(_, to)| *to).collect::<Vec<_>>()
        };
        assert_eq!(way(1, &3, next), Some(vec![1, 3]));
        assert_eq!(way(2, &1, next), Some(vec![2, 3, 1]));
        assert_eq!(way(1, &1, next), Some(vec![1]));
        assert_eq!(way(1, &4, next), None);
        let told = refusal(
            "depends on",
            &["a".to_owned(), "b".to_owned(), "a".to_owned()],
        );
        assert_eq!(
            told.message,
            "that would lead back to where it began: a depends on b depends on a"
        );
    }
}
