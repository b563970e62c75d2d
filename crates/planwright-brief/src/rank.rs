//! Okapi BM25 over sections.

use crate::section::Section;
use crate::words::Terms;

/// How soon repetition stops to count, and how much length does.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// How often a word of a section's heading, and of the names that it carries, counts.
const HEADING: f64 = 2.0;
const NAME: f64 = 1.0;

/// A section and the terms that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Line of its first character.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// Bytes of its text.
    pub bytes: u32,
    /// How many words it has.
    pub words: u32,
    /// Term and how often it stands there, in the order of the terms.
    pub terms: Vec<(u32, f64)>,
}

/// Counts the terms in the sections of a document. Every section carries the document's name: its
/// title, and what else it is known by.
pub fn count(terms: &Terms, name: &str, sections: &[Section<'_>]) -> Vec<Counted> {
    let mut counts = vec![0.0_f64; terms.len()];
    let mut named: Vec<u32> = Vec::new();
    // A name that says a word twice is no better for it.
    terms.find(name, |term| named.push(term));
    named.sort_unstable();
    named.dedup();
    let mut held: Vec<u32> = Vec::new();
    let mut counted = |section: &Section<'_>| {
        held.clone_from(&named);
        for term in &named {
            counts[*term as usize] = NAME;
        }
        let mut add = |term: u32, count: f64| {
            if counts[term as usize] <= 0.0 {
                held.push(term);
            }
            counts[term as usize] += count;
        };
        let words = terms.find(section.text, |term| add(term, 1.0));
        terms.find(section.title, |term| add(term, HEADING - 1.0));
        held.sort_unstable();
        let found = held
            .iter()
            .map(|term| (*term, std::mem::take(&mut counts[*term as usize])));
        Counted {
            line: section.line,
            end_line: section.end_line,
            bytes: section.text.len() as u32,
            words,
            terms: found.collect(),
        }
    };
    sections.iter().map(&mut counted).collect()
}

/// Statistics of a collection of sections.
#[derive(Clone, Debug)]
pub struct Statistics {
    sections: f64,
    average: f64,
    holding: Vec<f64>,
}

impl Statistics {
    /// Of all sections in which so many terms were counted.
    pub fn new<'a>(terms: usize, sections: impl Iterator<Item = &'a Counted>) -> Self {
        let mut all = Self {
            sections: 0.0,
            average: 0.0,
            holding: vec![0.0; terms],
        };
        for section in sections {
            all.sections += 1.0;
            all.average += f64::from(section.words);
            for (term, _) in &section.terms {
                all.holding[*term as usize] += 1.0;
            }
        }
        all.average /= all.sections.max(1.0);
        all
    }

    /// How rare a term is.
    pub fn rarity(&self, term: usize) -> f64 {
        let holding = self.holding[term];
        (1.0 + (self.sections - holding + 0.5) / (holding + 0.5)).ln()
    }

    /// How well a section answers; 0 where it holds nothing that was asked for.
    pub fn score(&self, weights: &[f64], section: &Counted) -> f64 {
        let length = f64::from(section.words) / self.average.max(1.0);
        let norm = SATURATION * (1.0 - LENGTH + LENGTH * length);
        let terms = section.terms.iter().map(|(term, count)| {
            let term = *term as usize;
            weights[term] * self.rarity(term) * count * (SATURATION + 1.0) / (count + norm)
        });
        terms.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::split;

    fn scores(question: &str, documents: &[(&str, &str)]) -> Vec<f64> {
        let mut terms = Terms::default();
        terms.add(question, 1.0);
        let all: Vec<Counted> = documents
            .iter()
            .flat_map(|(name, text)| count(&terms, name, &split(text)))
            .collect();
        let statistics = Statistics::new(terms.len(), all.iter());
        let score = |section| statistics.score(terms.weights(), section);
        all.iter().map(score).collect()
    }

    #[test]
    fn rare_words_count_more_than_common_ones() {
        let score = scores(
            "token login",
            &[("a", "login"), ("b", "token"), ("c", "login")],
        );
        assert!(score[1] > score[0] && score[0] > 0.0);
    }

    #[test]
    fn a_section_carries_the_name_of_its_document() {
        let score = scores(
            "token expiry",
            &[
                ("Token", "# Expiry\n\nx\n# Scope\n\ny"),
                ("Login", "# Expiry\n\nx"),
            ],
        );
        assert!(score[0] > score[2] && score[1] > 0.0);
    }

    #[test]
    fn a_short_section_says_it_better_than_a_long_one() {
        let long = format!("token {}", "word ".repeat(80));
        let score = scores("token", &[("a", &long), ("b", "token"), ("c", "other")]);
        assert!(score[1] > score[0]);
        assert!(score[2].abs() < 1e-12);
    }
}
