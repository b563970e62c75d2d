//! What a reference means.

use planwright_dialect::Reading;
use planwright_model::{Document, Item, ItemRole, Phase};
use rapidhash::RapidHashMap;

use crate::names::{self, Namer, Wanted};
use crate::nearest::{propose, similarity};
use crate::record::Entry;
use crate::{Resolution, Workspace, path};

impl Workspace {
    pub(crate) fn resolve_reference(&self, reference: &str) -> Resolution {
        let reference = reference.trim();
        if let Some(found) = self.meant(&self.exactly_named(reference)) {
            return found;
        }
        let inside = reference.rsplit_once('#');
        let inside = inside.filter(|(document, _)| !document.is_empty());
        let found = match inside {
            Some((document, place)) => Some(self.resolve_inside(document, place)),
            None => self.resolve_line(reference),
        };
        match found {
            None | Some(Resolution::Nothing(_)) => {}
            Some(found) => return found,
        }
        // Beginnings are looked for in all names. A place in a document goes before them.
        if let Some(found) = self.meant(&self.named(reference)) {
            return found;
        }
        if let Some(found) = self.card(reference) {
            return found;
        }
        found.unwrap_or_else(|| Resolution::Nothing(self.nearest(reference)))
    }

    /// The card of a board that has an id. Only the boards know it: they are read.
    fn card(&self, id: &str) -> Option<Resolution> {
        let is_id = id.contains(|c: char| c.is_ascii_digit())
            && !id.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '#' | ':' | '.'));
        let is_board = |index: &usize| {
            let entry = self.known_entry(*index);
            entry.kind == "index"
                && entry.total > 0
                && entry.path.strip_suffix(".json").is_some()
                && !entry.template
        };
        let boards = (0..self.len()).filter(|index| is_id && is_board(index));
        let found = boards.filter_map(|index| {
            let document = self.parse(self.known_entry(index).path).ok()?.document;
            Some((index, card_line(&document, id)?))
        });
        match found.collect::<Vec<_>>().as_slice() {
            [] => None,
            [(index, line)] => Some(Resolution::Line(*index, *line)),
            several => {
                let label = |(index, line): &(usize, u32)| {
                    format!("{}:{line}", self.known_entry(*index).path)
                };
                Some(Resolution::Ambiguous(several.iter().map(label).collect()))
            }
        }
    }

    /// True when a reference means this document and no other, without a look at what else it could
    /// mean.
    pub(crate) fn means(&self, reference: &str, index: usize) -> bool {
        match self.exactly_named(reference.trim()).as_slice() {
            [] => self.resolve_reference(reference) == Resolution::Document(index),
            [only] => *only == index,
            several => self.leader(several) == Some(index),
        }
    }

    /// What several documents that answer to one name mean; `None` where there are none.
    fn meant(&self, found: &[usize]) -> Option<Resolution> {
        Some(match found {
            [] => return None,
            [index] => Resolution::Document(*index),
            several => match self.leader(several) {
                Some(index) => Resolution::Document(index),
                None => Resolution::Ambiguous(self.labels(several)),
            },
        })
    }

    pub(crate) fn is_reference(&self, reference: &str) -> bool {
        let reference = reference.trim();
        if !self.named(reference).is_empty() {
            return true;
        }
        match reference.rsplit_once('#') {
            Some((document, place)) if !document.is_empty() => {
                !self.named(document).is_empty()
                    && !matches!(self.resolve_inside(document, place), Resolution::Nothing(_))
            }
            _ => self.resolve_line(reference).is_some(),
        }
    }

    /// The documents at a path, or of which the whole name is meant.
    fn exactly_named(&self, name: &str) -> Vec<usize> {
        match self.resolve_path(name) {
            Some(index) => vec![index],
            None => self.whole_name(&Wanted::new(name, self.team.prefixes())),
        }
    }

    /// The documents that a name means equally well.
    fn named(&self, name: &str) -> Vec<usize> {
        if let Some(index) = self.resolve_path(name) {
            return vec![index];
        }
        let found = self.resolve_name(name);
        if found.is_empty() {
            self.inside_feature(name)
        } else {
            found
        }
    }

    /// The document at a path, with or without its `.md`.
    pub(crate) fn resolve_path(&self, reference: &str) -> Option<usize> {
        let paths = path::meant(self.root(), &self.folder, reference);
        let find = |path: &String| {
            self.find_known(path)
                .or_else(|| self.find_known(&format!("{path}.md")))
        };
        paths.iter().find_map(find)
    }

    fn resolve_name(&self, name: &str) -> Vec<usize> {
        let prefixes = self.team.prefixes();
        let wanted = Wanted::new(name, prefixes);
        let mut found = self.whole_name(&wanted);
        if found.is_empty() && wanted.may_be_beginning() {
            found = self.beginning_with(&wanted);
            self.prefer_live(&mut found);
        }
        found
    }

    fn whole_name(&self, wanted: &Wanted) -> Vec<usize> {
        let found = self.answering(wanted);
        found.iter().map(|name| name.document as usize).collect()
    }

    /// The documents of the feature whose folder is at a path.
    fn inside_feature(&self, written: &str) -> Vec<usize> {
        let paths = path::meant(self.root(), &self.folder, written);
        let members = paths.iter().map(|folder| self.opened.docs.members(folder));
        members
            .into_iter()
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// The document that stands for all of them where they are of one feature: its plan, else its
    /// spec.
    fn leader(&self, several: &[usize]) -> Option<usize> {
        let (first, rest) = several.split_first()?;
        let feature = self.known_entry(*first).initiative;
        let is_one = !feature.is_empty()
            && rest
                .iter()
                .all(|index| self.known_entry(*index).initiative == feature);
        let named = |stem: &str| {
            let is_named = |index: &&usize| {
                let path = self.known_entry(**index).path;
                path::stem(path).eq_ignore_ascii_case(stem) && path::parent(path) == feature
            };
            several.iter().find(is_named).copied()
        };
        if is_one {
            named("plan").or_else(|| named("spec"))
        } else {
            None
        }
    }

    /// Leaves archived documents and templates out where others answer too.
    fn prefer_live(&self, found: &mut Vec<usize>) {
        let is_live = |index: &usize| {
            let entry = self.known_entry(*index);
            !entry.archived && !entry.template
        };
        if found.len() > 1 && found.iter().any(is_live) {
            found.retain(is_live);
        }
    }

    /// What to write to mean each of several documents.
    fn labels(&self, several: &[usize]) -> Vec<String> {
        let entries: Vec<Entry<'_>> = several
            .iter()
            .map(|index| self.known_entry(*index))
            .collect();
        let mut same: RapidHashMap<&str, u32> = RapidHashMap::default();
        for entry in &entries {
            *same.entry(entry.reference).or_default() += 1;
        }
        let label = |entry: &Entry<'_>| {
            let is_own = same[entry.reference] == 1 && !entry.reference.is_empty();
            let label = if is_own { entry.reference } else { entry.path };
            label.to_owned()
        };
        entries.iter().map(label).collect()
    }

    /// A place inside a document. The name of a feature stands for all of its documents; several
    /// documents of one name are told apart by which has the place.
    fn resolve_inside(&self, name: &str, place: &str) -> Resolution {
        if place.is_empty() {
            return self.resolve_reference(name);
        }
        let found = self.named(name);
        if found.is_empty() {
            return Resolution::Nothing(self.nearest(name));
        }
        let nothing = match self.place_in(name, place, &found) {
            Resolution::Nothing(nearest) => nearest,
            found => return found,
        };
        // A path without its `.md` may be the name of another document, too: of a board.
        match self.place_in(name, place, &self.resolve_name(name)) {
            Resolution::Nothing(_) => Resolution::Nothing(nothing),
            found => found,
        }
    }

    fn place_in(&self, name: &str, place: &str, found: &[usize]) -> Resolution {
        let mut homes = found.to_vec();
        let wanted = Wanted::new(path::name(name), self.team.prefixes());
        let mut namer = Namer::new(self.team.prefixes());
        for index in found {
            let entry = self.known_entry(*index);
            if entry.initiative != entry.path
                && namer.is_feature(&wanted, path::name(entry.initiative))
            {
                homes.extend(self.opened.docs.members(entry.initiative));
            }
        }
        homes.sort_unstable();
        homes.dedup();
        // Closed items are in no summary: only the files know them all.
        let read = |index: &usize| Some((*index, self.parse(self.known_entry(*index).path).ok()?));
        let readings: Vec<(usize, Reading)> = homes.iter().filter_map(read).collect();
        let documents = || {
            readings
                .iter()
                .map(|(index, reading)| (*index, &reading.document))
        };
        // What plans the work goes before what accompanies it.
        let mut places: Vec<((Rule, bool), usize, u32)> = documents()
            .flat_map(|(index, document)| {
                let (rule, lines) = find_place(document, place);
                let rank = (rule, !document.holds_work());
                lines.into_iter().map(move |line| (rank, index, line))
            })
            .collect();
        let best = places.iter().map(|(rank, ..)| *rank).min();
        places.retain(|(rank, ..)| Some(*rank) == best);
        match places.as_slice() {
            [] => Resolution::Nothing(self.nearest_places(documents(), place)),
            [(_, index, line)] => Resolution::Line(*index, *line),
            several => {
                let label = |(_, index, line): &(_, usize, u32)| {
                    let entry = self.known_entry(*index);
                    let is_same = |(_, other, _): &&(_, usize, u32)| {
                        self.known_entry(*other).reference == entry.reference
                    };
                    let is_alone = several.iter().filter(is_same).count() == 1;
                    if is_alone && !entry.reference.is_empty() {
                        format!("{}#{place}", entry.reference)
                    } else {
                        format!("{}:{line}", entry.path)
                    }
                };
                Resolution::Ambiguous(several.iter().map(label).collect())
            }
        }
    }

    /// `path:line`, as compilers and searches write it: the item or phase that the line belongs to.
    fn resolve_line(&self, reference: &str) -> Option<Resolution> {
        let (path, line) = reference.rsplit_once(':')?;
        let (index, line) = (self.resolve_path(path)?, line.parse::<u32>().ok()?);
        let reading = self.parse(self.known_entry(index).path).ok()?;
        let at = innermost(&reading.document, line);
        Some(at.map_or(Resolution::Document(index), |line| {
            Resolution::Line(index, line)
        }))
    }

    /// The line of the place that a reference names in a reading of its document. Others may have
    /// written to the file since the reference was resolved, so that it stands in another line now.
    pub fn line_in(&self, document: &Document, reference: &str) -> Option<u32> {
        let reference = reference.trim();
        if let Some((_, place)) = reference.rsplit_once('#') {
            return match find_place(document, place).1.as_slice() {
                [line] => Some(*line),
                _ => None,
            };
        }
        match reference.rsplit_once(':') {
            Some((_, line)) => innermost(document, line.parse().ok()?),
            None => card_line(document, reference),
        }
    }

    fn nearest_places<'d>(
        &self,
        documents: impl Iterator<Item = (usize, &'d Document)>,
        place: &str,
    ) -> Vec<String> {
        let wanted = names::key(place);
        let mut all = Vec::new();
        for (index, document) in documents {
            let entry = self.known_entry(index);
            let name = if entry.reference.is_empty() {
                entry.path
            } else {
                entry.reference
            };
            let ids = document.items.iter().filter_map(|item| item.id.as_deref());
            all.extend(ids.filter_map(|id| {
                let similarity = similarity(&wanted, &names::key(id));
                (similarity >= 0.5).then(|| (similarity, format!("{name}#{id}")))
            }));
        }
        propose(all.into_iter())
    }
}

/// The line of the card that has an id.
fn card_line(document: &Document, id: &str) -> Option<u32> {
    let is_it = |item: &&Item| {
        let own = item.id.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(id))
    };
    document.items.iter().find(is_it).map(|item| item.line)
}

/// Where the innermost item or phase begins that a line belongs to.
fn innermost(document: &Document, line: u32) -> Option<u32> {
    let items = document.items.iter().map(|item| (item.line, item.end_line));
    let phases = document.phases.iter();
    let phases = phases.map(|phase| (phase.line, phase.end_line));
    let holds = |(first, last): &(u32, u32)| (*first..=*last).contains(&line);
    let found = items.filter(holds).max();
    let found = found.or_else(|| phases.filter(holds).max());
    found.map(|(first, _)| first)
}

/// Which of the ways to name a place found it; lower is better.
pub(crate) type Rule = usize;

/// The lines of the items, phases or sections that a place names, by the first rule that any
/// answers to.
pub(crate) fn find_place(document: &Document, place: &str) -> (Rule, Vec<u32>) {
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
    let found = rules.iter().map(|rule| rule()).enumerate();
    let (rule, mut lines) = found
        .into_iter()
        .find(|(_, lines)| !lines.is_empty())
        .unwrap_or_default();
    lines.sort_unstable();
    lines.dedup();
    (rule, lines)
}

/// The item that `<phase>.<n>` names: the n-th task of a phase. Where there are no phases, `<n>` is
/// enough.
fn numbered(document: &Document, place: &str) -> Option<u32> {
    if document.phases.is_empty() && !place.is_empty() && place.bytes().all(|b| b.is_ascii_digit())
    {
        let own = format!("0.{place}");
        let is_it = |item: &&Item| {
            item.reference
                .rsplit_once('#')
                .is_some_and(|(_, place)| place == own)
        };
        return document.items.iter().find(is_it).map(|item| item.line);
    }
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
