//! Which sections answer best: by their words, by what else their document says, by whether work leaves
//! its traces there, and by what was committed last.
//!
//! The weights are those at which most sections that commits went on to edit were found in
//! repositories of others (`cargo xtask brief-eval`).

use planwright_brief::page_rank::page_rank;
use planwright_model::DocumentState;
use planwright_workspace::Entry;
use rapidhash::RapidHashMap;

use super::Scene;
use super::corpus::Corpus;
use super::policy::Load;

/// How much nearness in the graph adds to a score at most, as a factor.
const NEARNESS: f64 = 1.0;

/// How much of the best score in its document a section gets beside its own; where work leaves its
/// traces more, as that is where somebody who goes on with the plan reads and writes.
const WHOLE: f64 = 0.3;
const LIVING: f64 = 0.5;

/// What a document counts that the last commit to any changed, where the best answer counts 1: who
/// asks in words mostly goes on with what was worked on.
const RECENT: f64 = 1.5;

/// Commits to documents beyond which the order tells nothing any more.
const LATELY: u32 = 40;

/// Documents beyond which a commit is an import or a sweep, which says nothing about any of them.
const SWEEP: usize = 8;

/// What a plan that is being worked on counts beside one that is not.
const BEGUN: f64 = 1.3;

/// A section and how well it answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scored {
    /// Place in [`Corpus::documents`].
    pub(super) document: usize,
    /// Place among its sections.
    pub(super) section: usize,
    /// The best section of all by its words alone has about 1.
    pub(super) score: f64,
    /// What speaks for it most.
    pub(super) reason: Reason,
}

/// What speaks for a section most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It says what was asked for.
    Words,
    /// Another section of its document does.
    Document,
    /// Its document was committed lately.
    Recent,
}

impl Reason {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Words => "answers",
            Self::Document => "its document answers",
            Self::Recent => "its document was changed lately",
        }
    }
}

/// The sections that answer, best first; those of documents that are over come behind all others.
/// `near` holds documents that the relations are walked from.
pub(super) fn ranked(scene: &Scene<'_>, corpus: &Corpus, near: &[usize]) -> Vec<Scored> {
    let nearness = nearness(scene, near);
    // A plan that is named, or a file, says better what is meant than the last commit does.
    let recency = if near.is_empty() && scene.request.text.is_some() {
        recency(scene)
    } else {
        Vec::new()
    };
    let of_entry = |all: &[f64], entry: usize| all.get(entry).copied().unwrap_or(0.0);
    let is_asked = |document: &&super::corpus::Scanned| document.policy.load != Load::Never;
    let scores: Vec<Vec<f64>> = corpus
        .documents
        .iter()
        .map(|document| {
            let sections = document.sections.iter();
            let scores = sections.map(|section| corpus.score(section));
            scores.collect()
        })
        .collect();
    let live = corpus.documents.iter().zip(&scores);
    let live = live.filter(|(document, _)| is_asked(document) && document.is_live);
    let top = live
        .flat_map(|(_, scores)| scores)
        .copied()
        .fold(0.0, f64::max);
    // Where nothing answers, all of them are 0.
    let unit = if top > 0.0 { top.recip() } else { 1.0 };
    let mut scored: Vec<Scored> = Vec::new();
    for (at, document) in corpus.documents.iter().enumerate() {
        if !is_asked(&document) {
            continue;
        }
        let entry = &scene.entries[document.entry];
        let mut factor = 1.0 + NEARNESS * of_entry(&nearness, document.entry);
        if is_begun(entry) {
            factor *= BEGUN;
        }
        let best = scores[at].iter().copied().fold(0.0, f64::max) * unit;
        let recent = of_entry(&recency, document.entry);
        for (number, score) in scores[at].iter().enumerate() {
            let is_living = document.living[number] && entry.holds_work;
            let living = if is_living { LIVING } else { 0.0 };
            let words = score * unit;
            let (whole, recent) = ((WHOLE + living) * best, (RECENT + living) * recent);
            let score = (words + whole + recent) * factor;
            if score > 0.0 {
                let reason = if words >= whole.max(recent) {
                    Reason::Words
                } else if whole >= recent {
                    Reason::Document
                } else {
                    Reason::Recent
                };
                scored.push(Scored {
                    document: at,
                    section: number,
                    score,
                    reason,
                });
            }
        }
    }
    let is_over = |scored: &Scored| !corpus.documents[scored.document].is_live;
    scored.sort_by(|a, b| {
        let by_life = is_over(a).cmp(&is_over(b));
        by_life.then(b.score.total_cmp(&a.score))
    });
    scored
}

/// True for a plan that is being worked on.
fn is_begun(entry: &Entry<'_>) -> bool {
    let partly = entry.done > 0 && entry.done < entry.total;
    entry.holds_work && (entry.state == DocumentState::Active || entry.in_progress > 0 || partly)
}

/// How near every entry stands to some, 1 for the nearest other; empty where there are none.
fn nearness(scene: &Scene<'_>, near: &[usize]) -> Vec<f64> {
    if near.is_empty() {
        return Vec::new();
    }
    let links = scene.ws.graph().links().iter();
    let edges: Vec<(usize, usize, f64)> = links
        .filter_map(|link| Some((link.from, link.to?, 1.0)))
        .filter(|(from, to, _)| from != to)
        .collect();
    let mut share = page_rank(scene.entries.len(), &edges, near);
    for entry in near {
        share[*entry] = 0.0;
    }
    let most = share.iter().copied().fold(0.0, f64::max);
    if most > 0.0 {
        for share in &mut share {
            *share /= most;
        }
    }
    share
}

/// How lately every entry was committed: 1 for those of the last commit that changed any, half for
/// those of the one before it, and so on; empty without a history. Of time only the order counts.
fn recency(scene: &Scene<'_>) -> Vec<f64> {
    let Ok(history) = scene.ws.history() else {
        return Vec::new();
    };
    let paths = scene.entries.iter().map(|entry| entry.path).zip(0..);
    let by_path: RapidHashMap<&str, usize> = paths.collect();
    let mut recency = vec![0.0; scene.entries.len()];
    let mut before = 0;
    for commit in history.commits().filter(|commit| !commit.is_merge()) {
        let touched = commit.paths();
        let touched = touched.filter_map(|touched| by_path.get(touched.path).copied());
        let touched: Vec<usize> = touched.take(SWEEP + 1).collect();
        if touched.is_empty() || touched.len() > SWEEP {
            continue;
        }
        before += 1;
        let lately = f64::from(before).recip();
        for entry in touched {
            recency[entry] = lately.max(recency[entry]);
        }
        if before == LATELY {
            break;
        }
    }
    recency
}
