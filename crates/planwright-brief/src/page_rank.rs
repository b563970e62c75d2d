//! How near the nodes of a graph stand to some of them.

/// How often a walk goes on instead of starting over.
const GO_ON: f64 = 0.85;

/// Rounds after which the order no longer changes.
const ROUNDS: usize = 30;

/// Personalised PageRank: the share of a random walk that starts at `seeds`, and starts over there,
/// which it spends at each node. `edges` are walked both ways, each as often as its weight says.
///
/// The shares add up to 1, or are all 0 where there is no seed.
pub fn page_rank(nodes: usize, edges: &[(usize, usize, f64)], seeds: &[usize]) -> Vec<f64> {
    let mut degree = vec![0.0; nodes];
    for (a, b, weight) in edges {
        degree[*a] += weight;
        degree[*b] += weight;
    }
    let mut start = vec![0.0; nodes];
    let each = f64::from(u32::try_from(seeds.len()).unwrap_or(u32::MAX)).recip();
    for seed in seeds {
        start[*seed] += each;
    }
    let mut share = start.clone();
    for _ in 0..ROUNDS {
        // What stands at a node without edges starts over.
        let stuck: f64 = (0..nodes)
            .filter(|node| degree[*node] <= 0.0)
            .map(|node| share[node])
            .sum();
        let over = (1.0 - GO_ON) * share.iter().sum::<f64>() + GO_ON * stuck;
        let mut next: Vec<f64> = start.iter().map(|start| over * start).collect();
        for (a, b, weight) in edges {
            next[*b] += GO_ON * share[*a] * weight / degree[*a];
            next[*a] += GO_ON * share[*b] * weight / degree[*b];
        }
        share = next;
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_to_the_seed_is_nearest() {
        let edges = [(0, 1, 1.0), (1, 2, 1.0), (3, 4, 1.0)];
        let share = page_rank(5, &edges, &[0]);
        assert!(share[0] > share[2] && share[1] > share[2] && share[2] > 0.0);
        assert!(share[3].abs() < 1e-12 && share[4].abs() < 1e-12);
        assert!((share.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_seed_without_edges_keeps_everything() {
        assert_eq!(page_rank(2, &[], &[1]), [0.0, 1.0]);
        assert_eq!(page_rank(2, &[], &[]), [0.0, 0.0]);
    }
}
