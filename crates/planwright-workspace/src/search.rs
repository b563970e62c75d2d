//! Full-text search without an index: every file is read, which for thousands of plans takes less
//! time than keeping an index true.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

use crate::parallel::{self, Portions};
use crate::parse::LIMIT;
use crate::query::{Folded, Match, Query};
use crate::record::Entry;
use crate::{Workspace, stored};

/// One place where the words of a search stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Index of the entry.
    pub entry: usize,
    /// BM25 score of the document; higher is better.
    pub score: f64,
    /// Line of the best match.
    pub line: u32,
    /// That line's text, of a very long line the part around the first match.
    pub text: String,
    /// Byte ranges of the matched words in `text`.
    pub ranges: Vec<(usize, usize)>,
}

/// BM25's usual constants: how soon repetition stops to count, and how much length does.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// Characters of a line that are shown.
const SHOWN: usize = 400;

/// What was found in one document.
struct Found {
    entry: usize,
    weights: Vec<f64>,
}

impl Workspace {
    pub(crate) fn search_words(
        &self,
        words: &str,
        keep: &dyn Fn(&Entry<'_>) -> bool,
        limit: usize,
    ) -> Vec<Hit> {
        let Some(query) = Query::new(words) else {
            return Vec::new();
        };
        let kept: Vec<usize> = self
            .entries()
            .enumerate()
            .filter(|(_, entry)| keep(entry))
            .map(|(index, _)| index)
            .collect();
        let (mut found, sizes) = self.scan(&query, &kept);
        // Documents that hold all the words, where there are any.
        let holds_all = |found: &Found| found.weights.iter().all(|weight| *weight > 0.0);
        let counts: Vec<u32> = (0..query.terms.len())
            .map(|term| {
                found
                    .iter()
                    .filter(|found| found.weights[term] > 0.0)
                    .count() as u32
            })
            .collect();
        if found.iter().any(holds_all) {
            found.retain(holds_all);
        }
        let average = sizes.values().map(|size| f64::from(*size)).sum::<f64>()
            / f64::from(sizes.len().max(1) as u32);
        let mut scored: Vec<(f64, usize)> = found
            .iter()
            .map(|found| {
                let size = f64::from(sizes.get(&found.entry).copied().unwrap_or(0));
                (
                    score(
                        &found.weights,
                        &counts,
                        kept.len() as u32,
                        size / average.max(1.0),
                    ),
                    found.entry,
                )
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(limit);
        scored
            .into_iter()
            .map(|(score, entry)| self.hit(&query, entry, score))
            .collect()
    }

    /// Calls `look` with the bytes of documents, on several threads, and gives what it made of them, in
    /// the order of `entries`; of a file that cannot be read there are none.
    pub fn look_through<T: Send>(
        &self,
        entries: &[usize],
        look: impl Fn(usize, &[u8]) -> T + Sync,
    ) -> Vec<T> {
        let portions = Portions::new(entries.len(), 16);
        let made = parallel::run(parallel::threads(entries.len(), 32), || {
            let (mut bytes, mut made) = (Vec::new(), Vec::new());
            while let Some(portion) = portions.take() {
                for at in portion {
                    let head = self.opened.docs.head(entries[at]);
                    self.read_into(stored::path(head), &mut bytes);
                    made.push((at, look(entries[at], &bytes)));
                }
            }
            made
        });
        let mut made: Vec<(usize, T)> = made.into_iter().flatten().collect();
        made.sort_by_key(|(at, _)| *at);
        made.into_iter().map(|(_, made)| made).collect()
    }

    /// Reads documents and counts the terms in them; also the size of each in bytes.
    fn scan(&self, query: &Query, kept: &[usize]) -> (Vec<Found>, HashMap<usize, u32>) {
        let portions = Portions::new(kept.len(), 32);
        let all = Mutex::new((Vec::new(), HashMap::with_capacity(kept.len())));
        parallel::run(parallel::threads(kept.len(), 64), || {
            let (mut bytes, mut weights, mut buffer) = (Vec::new(), Vec::new(), Vec::new());
            let (mut found, mut sizes) = (Vec::new(), Vec::new());
            while let Some(portion) = portions.take() {
                for index in &kept[portion] {
                    let head = self.opened.docs.head(*index);
                    self.read_into(stored::path(head), &mut bytes);
                    sizes.push((*index, bytes.len() as u32));
                    let in_text = query.weights(&bytes, &mut weights);
                    let in_names = query.add_names(&stored::entry(head), &mut weights, &mut buffer);
                    if in_text || in_names {
                        found.push(Found {
                            entry: *index,
                            weights: weights.clone(),
                        });
                    }
                }
            }
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            all.0.extend(found);
            all.1.extend(sizes);
        });
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a file over `bytes`; nothing where it cannot be read.
    fn read_into(&self, path: &str, bytes: &mut Vec<u8>) {
        bytes.clear();
        let file = self.root.open_file(self.real_path(path).as_ref());
        if let Ok(file) = file
            && file.take(LIMIT).read_to_end(bytes).is_err()
        {
            bytes.clear();
        }
    }

    /// The best line of a document: most terms, then the first.
    fn hit(&self, query: &Query, index: usize, score: f64) -> Hit {
        let entry = self.entry(index);
        let mut bytes = Vec::new();
        self.read_into(entry.path, &mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let lines = line_starts(&text);
        let line_of = |offset: usize| lines.partition_point(|start| *start <= offset) - 1;
        let mut matches: Vec<(usize, Match)> = Vec::new();
        let folded = Folded::new(&text, query.folds);
        query.matches(folded.text(), |found| {
            let range = folded.original(found.range.start)..folded.original(found.range.end);
            matches.push((line_of(range.start), Match { range, ..found }));
        });
        matches.sort_by_key(|(line, found)| (*line, found.range.start));
        let mut best: Option<(usize, usize)> = None;
        for same in matches.chunk_by(|a, b| a.0 == b.0) {
            let mut terms: Vec<usize> = same.iter().map(|(_, found)| found.term).collect();
            terms.sort_unstable();
            terms.dedup();
            if best.is_none_or(|(count, _)| terms.len() > count) {
                best = Some((terms.len(), same[0].0));
            }
        }
        let line = best.map_or(entry.title_line.unwrap_or(1) as usize - 1, |(_, line)| line);
        let start = lines.get(line).copied().unwrap_or(0);
        let end = lines.get(line + 1).copied().unwrap_or(text.len());
        let shown = text[start..end].trim_end_matches(['\n', '\r']);
        let ranges = matches
            .iter()
            .filter(|(at, _)| *at == line)
            .map(|(_, found)| {
                (
                    found.range.start - start,
                    (found.range.end - start).min(shown.len()),
                )
            });
        let (text, ranges) = clip(shown, merge(ranges.collect()));
        Hit {
            entry: index,
            score,
            line: line as u32 + 1,
            text,
            ranges,
        }
    }
}

/// BM25 of one document. `counts` says in how many of `total` documents each term stands,
/// `length` how long the document is beside the average.
fn score(weights: &[f64], counts: &[u32], total: u32, length: f64) -> f64 {
    let norm = SATURATION * (1.0 - LENGTH + LENGTH * length);
    let terms = weights.iter().zip(counts).map(|(weight, count)| {
        let count = f64::from(*count);
        let rarity = (1.0 + (f64::from(total) - count + 0.5) / (count + 0.5)).ln();
        rarity * weight * (SATURATION + 1.0) / (weight + norm)
    });
    terms.sum()
}

/// Offsets of lines, which end at `\n`, `\r\n` or a lone `\r`.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
    std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
}

/// Joins ranges that touch or overlap; they come in the order of their start.
fn merge(ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// Of a very long line the part around the first match.
fn clip(line: &str, ranges: Vec<(usize, usize)>) -> (String, Vec<(usize, usize)>) {
    if line.len() <= SHOWN {
        return (line.to_owned(), ranges);
    }
    let first = ranges.first().map_or(0, |range| range.0);
    let start = line.floor_char_boundary(first.saturating_sub(SHOWN / 4));
    let end = line.ceil_char_boundary((start + SHOWN).min(line.len()));
    let inside = ranges
        .into_iter()
        .filter(|range| range.0 >= start && range.1 <= end);
    let ranges = inside
        .map(|range| (range.0 - start, range.1 - start))
        .collect();
    (line[start..end].to_owned(), ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_short_documents_and_repetition_raise_the_score() {
        let one = score(&[1.0], &[1], 100, 1.0);
        assert!(one > score(&[1.0], &[50], 100, 1.0));
        assert!(one > score(&[1.0], &[1], 100, 3.0));
        assert!(one < score(&[2.0], &[1], 100, 1.0));
        assert!(score(&[1.0], &[100], 100, 1.0) > 0.0);
    }

    #[test]
    fn lines_end_as_files_end_them() {
        assert_eq!(line_starts("a\nb\r\nc\rd"), [0, 2, 5, 7]);
        assert_eq!(line_starts(""), [0]);
    }

    #[test]
    fn long_lines_are_cut_around_the_match() {
        let line = format!("{}needle{}", "ä".repeat(500), "ö".repeat(500));
        let (text, ranges) = clip(&line, vec![(1000, 1006)]);
        assert!(text.len() <= SHOWN + 4);
        assert_eq!(
            ranges
                .iter()
                .map(|range| &text[range.0..range.1])
                .collect::<Vec<_>>(),
            ["needle"]
        );
    }
}
