//! The relations of all documents as one directed graph.

use std::collections::{HashSet, VecDeque};

use planwright_model::{Relation, RelationType};

use crate::Workspace;
use crate::parallel::{self, Portions};
use crate::stored::{self, StoredRelation};

/// An edge of the graph: `from` stands to `to` as `relation` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Index of the source entry.
    pub from: usize,
    /// Index of the target entry, where the target is a document of the workspace.
    pub to: Option<usize>,
    /// The relation, its `resolved` and `path` filled in.
    pub relation: Relation,
}

/// All relations of the workspace, resolved.
#[derive(Debug, Default)]
pub struct Graph {
    /// In the order of their source.
    links: Vec<Link>,
    /// The links of entry `n` are `links[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    /// Indexes of links in the order of their target.
    incoming: Vec<u32>,
    /// The links to entry `n` are `incoming[ends[n]..ends[n + 1]]`.
    ends: Vec<u32>,
}

impl Graph {
    /// Builds the graph of `count` documents. Of links that say the same the first is kept.
    pub(crate) fn new(count: usize, mut links: Vec<Link>) -> Self {
        links.sort_by_key(|link| link.from);
        remove_repeated(&mut links);
        let starts = offsets(count, links.iter().map(|link| link.from));
        let ends = offsets(count, links.iter().filter_map(|link| link.to));
        let mut incoming: Vec<u32> = (0..links.len() as u32)
            .filter(|link| links[*link as usize].to.is_some())
            .collect();
        incoming.sort_by_key(|link| links[*link as usize].to);
        Self {
            links,
            starts,
            incoming,
            ends,
        }
    }

    /// The links that start at a document.
    pub fn outgoing(&self, entry: usize) -> impl Iterator<Item = &Link> {
        self.links[range(&self.starts, entry)].iter()
    }

    /// The links that end at a document.
    pub fn incoming(&self, entry: usize) -> impl Iterator<Item = &Link> {
        self.incoming[range(&self.ends, entry)]
            .iter()
            .map(|link| &self.links[*link as usize])
    }

    /// All links, in the order of their source.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// Everything that a change of `entry` can reach, nearest first: index, distance, and the
    /// relation it was reached by. Follows relations that carry impact, from target to source;
    /// each document comes once, `entry` itself never.
    pub fn impact(&self, entry: usize) -> Vec<(usize, u32, RelationType)> {
        let mut reached = Vec::new();
        let mut seen = HashSet::from([entry]);
        let mut queue = VecDeque::from([(entry, 0)]);
        while let Some((at, distance)) = queue.pop_front() {
            for link in self
                .incoming(at)
                .filter(|link| link.relation.kind.carries_impact())
            {
                if seen.insert(link.from) {
                    reached.push((link.from, distance + 1, link.relation.kind));
                    queue.push_back((link.from, distance + 1));
                }
            }
        }
        reached
    }
}

/// Of links that say the same, which come in the order of their source, keeps the first.
fn remove_repeated(links: &mut Vec<Link>) {
    let mut seen: Vec<(RelationType, Result<usize, String>)> = Vec::new();
    let mut source = None;
    links.retain(|link| {
        if source != Some(link.from) {
            source = Some(link.from);
            seen.clear();
        }
        let is_known = seen.iter().any(|(kind, to)| {
            *kind == link.relation.kind
                && match (to, link.to) {
                    (Ok(to), Some(other)) => *to == other,
                    (Err(target), None) => *target == link.relation.target,
                    _ => false,
                }
        });
        if !is_known {
            let to = link.to.ok_or_else(|| link.relation.target.clone());
            seen.push((link.relation.kind, to));
        }
        !is_known
    });
}

/// Where the values of each number start in a list sorted by number.
fn offsets(count: usize, numbers: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut offsets = vec![0; count + 1];
    for number in numbers {
        offsets[number + 1] += 1;
    }
    for at in 1..offsets.len() {
        offsets[at] += offsets[at - 1];
    }
    offsets
}

fn range(offsets: &[u32], entry: usize) -> std::ops::Range<usize> {
    match (offsets.get(entry), offsets.get(entry + 1)) {
        (Some(start), Some(end)) => *start as usize..*end as usize,
        _ => 0..0,
    }
}

impl Workspace {
    pub(crate) fn build_graph(&self) -> Graph {
        let portions = Portions::new(self.len(), 64);
        // Both are made once, before the threads would wait for each other to make them.
        let _ = (self.names(), self.stated());
        let links = parallel::run(parallel::threads(self.len(), 512), || {
            let mut links = Vec::new();
            while let Some(portion) = portions.take() {
                links.extend(portion.flat_map(|from| self.links_from(from)));
            }
            links
        });
        Graph::new(self.len(), links.into_iter().flatten().collect())
    }

    /// The links that start at a document.
    fn links_from(&self, from: usize) -> Vec<Link> {
        let path = stored::path(self.opened.docs.head(from));
        let own = stored::relations(self.link_bytes(from)).into_iter();
        let own = own.map(StoredRelation::to_relation);
        let origin = self.origin(path);
        own.chain(self.stated().about(path).cloned())
            .map(|mut relation| {
                let to = self.resolve_relation(&origin, &mut relation);
                Link { from, to, relation }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use planwright_model::Endpoint;
    use proptest::prelude::*;

    use super::*;

    fn link(from: usize, kind: RelationType, to: usize) -> Link {
        let relation = Relation {
            kind,
            target: to.to_string(),
            endpoint: Endpoint::Document,
            line: 1,
            source: "link".to_owned(),
            resolved: true,
            path: None,
        };
        Link {
            from,
            to: Some(to),
            relation,
        }
    }

    use RelationType::{DependsOn, Implements, Related};

    #[test]
    fn impact_goes_around_a_cycle_once() {
        let links = vec![
            link(0, DependsOn, 1),
            link(1, DependsOn, 2),
            link(2, Implements, 0),
        ];
        let graph = Graph::new(3, links);
        assert_eq!(graph.impact(0), [(2, 1, Implements), (1, 2, DependsOn)]);
    }

    #[test]
    fn impact_leaves_out_what_cannot_be_made_wrong() {
        let graph = Graph::new(3, vec![link(1, Related, 0), link(2, DependsOn, 1)]);
        assert_eq!(graph.impact(0), []);
        assert_eq!(graph.impact(1), [(2, 1, DependsOn)]);
    }

    #[test]
    fn a_document_that_points_to_itself_is_not_its_own_impact() {
        assert_eq!(Graph::new(1, vec![link(0, DependsOn, 0)]).impact(0), []);
    }

    #[test]
    fn what_is_said_twice_counts_once() {
        let mut other = link(0, DependsOn, 1);
        other.relation.line = 9;
        let mut broken = link(0, DependsOn, 7);
        broken.to = None;
        let links = vec![
            link(0, DependsOn, 1),
            other,
            link(0, Related, 1),
            broken.clone(),
            broken,
        ];
        let graph = Graph::new(2, links);
        assert_eq!(graph.links().len(), 3);
        assert_eq!(
            graph.outgoing(0).next().map(|link| link.relation.line),
            Some(1)
        );
    }

    #[test]
    fn an_index_that_is_not_there_has_no_links() {
        assert_eq!(
            Graph::default().outgoing(3).count() + Graph::default().incoming(3).count(),
            0
        );
    }

    proptest! {
        #[test]
        fn both_directions_agree_with_the_list(
            pairs in prop::collection::vec((0_usize..6, 0_usize..17, 0_usize..6), 0..40),
        ) {
            let links = pairs.iter().map(|(a, kind, b)| link(*a, RelationType::ALL[*kind], *b)).collect();
            let graph = Graph::new(6, links);
            for entry in 0..6 {
                let from: Vec<&Link> = graph.links().iter().filter(|link| link.from == entry).collect();
                let to: Vec<&Link> = graph.links().iter().filter(|link| link.to == Some(entry)).collect();
                prop_assert_eq!(graph.outgoing(entry).collect::<Vec<_>>(), from);
                prop_assert_eq!(graph.incoming(entry).collect::<Vec<_>>(), to);
            }
        }
    }
}
