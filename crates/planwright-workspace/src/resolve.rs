//! What a reference means.

use planwright_model::{Document, Item, ItemRole, Phase};

use crate::names::{self, Namer, Wanted};
use crate::record::Entry;
use crate::{Resolution, Workspace, path};

/// How many names are proposed where nothing answers.
const PROPOSALS: usize = 3;

impl Workspace {
    pub(crate) fn resolve_reference(&self, reference: &str) -> Resolution {
        let reference = reference.trim();
        if let Some(index) = self.resolve_path(reference) {
            return Resolution::Document(index);
        }
        match reference.rsplit_once('#') {
            Some((document, place)) if !document.is_empty() => {
                match self
                    .resolve_path(document)
                    .map_or_else(|| self.resolve_name(document), Resolution::Document)
                {
                    Resolution::Document(index) => self.resolve_place(index, place),
                    other => other,
                }
            }
            _ => self.resolve_name(reference),
        }
    }

    /// A path from the user's folder or from the root, with or without its `.md`.
    fn resolve_path(&self, reference: &str) -> Option<usize> {
        let inside = self.inside(reference);
        let absolute = std::path::Path::new(reference).is_absolute();
        let bases = if absolute {
            ["", ""]
        } else {
            [self.folder.as_str(), ""]
        };
        let written = if absolute {
            inside.as_deref()?
        } else {
            reference
        };
        bases.iter().find_map(|base| {
            let path = path::join(base, written)?;
            self.find(&path)
                .or_else(|| self.find(&format!("{path}.md")))
        })
    }

    fn resolve_name(&self, name: &str) -> Resolution {
        let prefixes = self.team.prefixes();
        let wanted = Wanted::new(name, prefixes);
        let found = self
            .names()
            .find(&wanted)
            .iter()
            .map(|name| name.document as usize);
        let mut found: Vec<usize> = found.collect();
        if found.is_empty() && wanted.may_be_beginning() {
            let mut namer = Namer::new(prefixes);
            let entries = self.entries().enumerate();
            let begun = entries.filter(|(_, entry)| wanted.is_beginning(entry, &mut namer));
            found = begun.map(|(index, _)| index).collect();
            self.prefer_live(&mut found);
        }
        match found.as_slice() {
            [] => Resolution::Nothing(self.nearest(name)),
            [index] => Resolution::Document(*index),
            several => Resolution::Ambiguous(self.labels(several)),
        }
    }

    /// Leaves archived documents and templates out where others answer too.
    fn prefer_live(&self, found: &mut Vec<usize>) {
        let is_live = |index: &usize| {
            let entry = self.entry(*index);
            !entry.archived && !entry.template
        };
        if found.len() > 1 && found.iter().any(is_live) {
            found.retain(is_live);
        }
    }

    /// What to write to mean each of several documents.
    fn labels(&self, several: &[usize]) -> Vec<String> {
        let entries: Vec<Entry<'_>> = several.iter().map(|index| self.entry(*index)).collect();
        entries
            .iter()
            .map(|entry| {
                let same = entries
                    .iter()
                    .filter(|other| other.reference == entry.reference)
                    .count();
                let label = if same == 1 && !entry.reference.is_empty() {
                    entry.reference
                } else {
                    entry.path
                };
                label.to_owned()
            })
            .collect()
    }

    /// The names nearest to one that nothing answers to.
    fn nearest(&self, name: &str) -> Vec<String> {
        let wanted = names::key(name);
        let mut key = String::new();
        let mut all: Vec<(f64, String)> = Vec::new();
        for entry in self.entries() {
            let mut best = 0_f64;
            let known = entry.aliases.iter().copied();
            let stem = path::stem(entry.path);
            let others = [entry.reference, stem, entry.title].into_iter();
            for name in known.chain(others.filter(|name| !entry.aliases.contains(name))) {
                names::key_into(name, &mut key);
                best = best.max(similarity(&wanted, &key));
            }
            if best >= 0.6 {
                let label = if entry.reference.is_empty() {
                    entry.path
                } else {
                    entry.reference
                };
                all.push((best, label.to_owned()));
            }
        }
        propose(all)
    }

    fn resolve_place(&self, index: usize, place: &str) -> Resolution {
        let entry = self.entry(index);
        if place.is_empty() {
            return Resolution::Document(index);
        }
        // Closed items are in no summary: only the file knows them all.
        let Ok(reading) = self.read(entry.path) else {
            return Resolution::Nothing(Vec::new());
        };
        let document = &reading.document;
        let lines = find_place(document, place);
        match lines.as_slice() {
            [] => Resolution::Nothing(nearest_places(document, &entry, place)),
            [line] => Resolution::Line(index, *line),
            several => {
                let label = |line: &u32| format!("{}:{line}", entry.path);
                Resolution::Ambiguous(several.iter().map(label).collect())
            }
        }
    }
}

/// The lines of the items, phases or sections that a place names, by the first rule that any
/// answers to.
pub(crate) fn find_place(document: &Document, place: &str) -> Vec<u32> {
    let wanted = names::key(place);
    let items = || document.items.iter();
    let phases = || document.phases.iter();
    let is_key = |name: &str| !wanted.is_empty() && names::key(name) == wanted;
    let is_reference = |reference: &str| {
        reference
            .rsplit_once('#')
            .is_some_and(|(_, own)| own.eq_ignore_ascii_case(place))
    };
    let rules: [&dyn Fn() -> Vec<u32>; 6] = [
        &|| {
            let items = items()
                .filter(|item| is_reference(&item.reference))
                .map(|item| item.line);
            let phases = phases().filter(|phase| is_reference(&phase.reference));
            items.chain(phases.map(|phase| phase.line)).collect()
        },
        &|| {
            let is_id = |id: &Option<String>| id.as_deref().is_some_and(is_key);
            let items = items().filter(|item| is_id(&item.id)).map(|item| item.line);
            items
                .chain(
                    phases()
                        .filter(|phase| is_id(&phase.id))
                        .map(|phase| phase.line),
                )
                .collect()
        },
        &|| numbered(document, place).into_iter().collect(),
        &|| {
            let phases = phases().enumerate().filter(|(at, phase)| {
                let number = place
                    .strip_prefix("phase:")
                    .and_then(|line| line.parse().ok());
                number == Some(phase.line)
                    || is_key(&phase.title)
                    || is_key(&format!("phase {}", phase_id(*at, phase)))
            });
            phases.map(|(_, phase)| phase.line).collect()
        },
        &|| {
            let is_print = |item: &&Item| !place.is_empty() && item.fingerprint == place;
            items().filter(is_print).map(|item| item.line).collect()
        },
        &|| {
            let sections = document
                .sections
                .iter()
                .filter(|section| is_key(&section.title));
            sections.map(|section| section.line).collect()
        },
    ];
    let mut lines = rules
        .iter()
        .map(|rule| rule())
        .find(|lines| !lines.is_empty())
        .unwrap_or_default();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The item that `<phase>.<n>` names: the n-th task of a phase.
fn numbered(document: &Document, place: &str) -> Option<u32> {
    let (phase, number) = place.rsplit_once('.')?;
    let number: usize = number.parse().ok()?;
    let wanted = names::key(phase);
    let mut phases = document.phases.iter().enumerate();
    let (_, phase) = phases.find(|(at, phase)| names::key(&phase_id(*at, phase)) == wanted)?;
    let mut tasks = document
        .items
        .iter()
        .filter(|item| item.role == ItemRole::Task && item.phase == Some(phase.line));
    tasks.nth(number.checked_sub(1)?).map(|item| item.line)
}

/// The number the author gave a phase, else its position from 1.
fn phase_id(at: usize, phase: &Phase) -> String {
    phase.id.clone().unwrap_or_else(|| (at + 1).to_string())
}

fn nearest_places(document: &Document, entry: &Entry<'_>, place: &str) -> Vec<String> {
    let wanted = names::key(place);
    let name = if entry.reference.is_empty() {
        entry.path
    } else {
        entry.reference
    };
    let ids = document.items.iter().filter_map(|item| item.id.as_deref());
    let all = ids.filter_map(|id| {
        let similarity = similarity(&wanted, &names::key(id));
        (similarity >= 0.5).then(|| (similarity, format!("{name}#{id}")))
    });
    propose(all.collect())
}

/// 1 for equal names, 0 for names that have nothing in common.
fn similarity(wanted: &str, name: &str) -> f64 {
    let (short, long) = (wanted.len().min(name.len()), wanted.len().max(name.len()));
    // The distance is at least the difference in length.
    if short == 0 || short * 5 < long * 2 {
        return 0.0;
    }
    strsim::normalized_levenshtein(wanted, name)
}

/// The best few, best first, each once.
fn propose(mut all: Vec<(f64, String)>) -> Vec<String> {
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut proposals: Vec<String> = Vec::new();
    for (_, name) in all {
        if !proposals.contains(&name) {
            proposals.push(name);
        }
        if proposals.len() == PROPOSALS {
            break;
        }
    }
    proposals
}
