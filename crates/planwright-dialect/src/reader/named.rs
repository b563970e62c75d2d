//! Items and phases by the words that name them: `T012`, `Phase 3`, `US1`, `Setup`.

use planwright_model::{Item, Phase};
use rapidhash::RapidHashMap;

use super::deps::{counted_numbers, stories};
use super::phases;
use crate::words::{contains_phrase, find_ignore_case};

/// What the items and phases of a document are called, so that a line that names some is not
/// compared with all of them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Id of an item -> indices of the items that carry it.
    items: RapidHashMap<String, Vec<usize>>,
    /// Id without a suffix in capitals -> indices of the items: `T031` of `T031-MIN`.
    bare: RapidHashMap<String, Vec<usize>>,
    /// Id of a phase in lower case -> lines of the phases that carry it.
    ids: RapidHashMap<String, Vec<u32>>,
    /// Number of a user story -> lines of the phases that tell it.
    stories: RapidHashMap<String, Vec<u32>>,
    /// Lines of the phases that tell a user story, ascending.
    telling: Vec<u32>,
    /// Line and topic of each phase.
    topics: Vec<(u32, String)>,
    /// First word of a topic -> indices of topics.
    openings: RapidHashMap<String, Vec<usize>>,
    /// Last word of a topic of two words -> indices of topics.
    endings: RapidHashMap<String, Vec<usize>>,
}

impl Names {
    /// Gathers the names.
    pub(crate) fn new(items: &[Item], phases: &[Phase]) -> Self {
        let mut names = Self::default();
        for (at, item) in items.iter().enumerate() {
            if let Some(id) = &item.id {
                names.items.entry(id.clone()).or_default().push(at);
                if let Some((bare, suffix)) = id.rsplit_once('-')
                    && suffix.bytes().all(|b| b.is_ascii_uppercase())
                {
                    names.bare.entry(bare.to_owned()).or_default().push(at);
                }
            }
        }
        for phase in phases {
            if let Some(id) = &phase.id {
                let lines = names.ids.entry(id.to_ascii_lowercase()).or_default();
                lines.push(phase.line);
            }
            // `Foundational (complete before US1)` tells no story.
            let end = find_ignore_case(&phase.title, "before");
            let told = stories(&phase.title[..end.unwrap_or(phase.title.len())]);
            if !told.is_empty() {
                names.telling.push(phase.line);
            }
            for story in told {
                names.stories.entry(story).or_default().push(phase.line);
            }
            let topic = phases::topic(phase);
            let opening = first_word(&topic).unwrap_or_default().to_owned();
            let at = names.topics.len();
            names.openings.entry(opening).or_default().push(at);
            if let Some((_, ending)) = topic.split_once(' ')
                && ending.len() > 4
                && !ending.contains(' ')
            {
                names.endings.entry(ending.to_owned()).or_default().push(at);
            }
            names.topics.push((phase.line, topic));
        }
        names
    }

    /// True when an item carries this id.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.items.contains_key(id)
    }

    /// Indices of the items that carry an id.
    pub(crate) fn items(&self, id: &str) -> &[usize] {
        self.items.get(id).map_or(&[], Vec::as_slice)
    }

    /// Indices of the items that a line means by an id: a range says `T031` of a task that calls
    /// itself `T031-MIN`.
    pub(crate) fn items_meant(&self, id: &str) -> impl Iterator<Item = &usize> {
        let suffixed = self.bare.get(id).map_or(&[][..], Vec::as_slice);
        self.items(id).iter().chain(suffixed)
    }

    /// Lines of the phases that tell user stories and stand in front of a line.
    pub(crate) fn telling_before(&self, line: u32) -> &[u32] {
        &self.telling[..self.telling.partition_point(|other| *other < line)]
    }

    /// The lines of the phases that words name by number: `Phase 1`, `Phases 3-5`, `US1`.
    pub(crate) fn phases_in(&self, text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        if self.topics.is_empty() {
            return found;
        }
        let lower = text.to_lowercase();
        for word in [
            "phase",
            "stage",
            "milestone",
            "wave",
            "step",
            "阶段",
            "фаза",
            "этап",
            "group",
            "fase",
        ] {
            let mut from = 0;
            while let Some(at) = lower[from..].find(word) {
                let start = from + at + word.len();
                let rest = lower[start..].trim_start_matches(['s', ' ', '#']);
                let (named, used) = counted_numbers(rest);
                from = lower.len() - rest.len() + used;
                for id in named {
                    found.extend(self.ids.get(&id.to_ascii_lowercase()).into_iter().flatten());
                }
            }
        }
        for id in stories(text) {
            found.extend(self.stories.get(&id).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The lines of the phases whose topics stand in normalised words, in the phases' order.
    pub(crate) fn topics_in(&self, words: &str) -> Vec<u32> {
        let mut candidates: Vec<usize> = words
            .split(|c: char| !c.is_alphanumeric())
            .chain([""])
            .filter_map(|word| self.openings.get(word))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut found: Vec<u32> = candidates
            .into_iter()
            .map(|at| &self.topics[at])
            .filter(|(_, topic)| named_by(topic, words))
            .map(|(line, _)| *line)
            .collect();
        // `Implementation` alone is what `Core Implementation` is about, where it is the only one.
        if found.is_empty()
            && let Some([only]) = self.endings.get(words).map(Vec::as_slice)
        {
            found.push(self.topics[*only].0);
        }
        found
    }
}

/// The first run of letters and digits in what stands in front of the first space.
fn first_word(topic: &str) -> Option<&str> {
    topic
        .split(' ')
        .next()?
        .split(|c: char| !c.is_alphanumeric())
        .find(|part| !part.is_empty())
}

/// True when words name a topic: both share their first word, and all of the topic's stand in them.
fn named_by(topic: &str, words: &str) -> bool {
    let Some(first) = topic.split(' ').next().filter(|first| first.len() > 3) else {
        return false;
    };
    contains_phrase(words, first)
        && (topic.split(' ').count() == 1
            || contains_phrase(words, topic)
            || first.len() > 4 && words.split(' ').count() <= 3)
}
