//! A document brought into the form of its dialect, without a word of it changed.
//!
//! Each step proposes edits; those are made after which the reader sees the same document. What it
//! would read as anything else stays as it is, so nothing that is done here can lose something.

mod owed;
mod space;
mod spelling;
#[cfg(test)]
mod tests;

use planwright_model::Document;
use planwright_syntax::splice::{self, Edit};

use super::{Subject, compare};
use crate::outline::Outline;
use crate::{Dialects, Reading};

/// What is brought into form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// All line endings are those of most lines.
    LineEndings,
    /// No white space ends a line but that of a hard line break, and one line ending ends the file.
    TrailingSpace,
    /// One blank line parts what several did.
    BlankLines,
    /// Boxes of tasks are `- [x]` and `- [ ]`.
    Marks,
    /// Words for states are spelled as in the dialect's form.
    States,
    /// Days are written as `2026-03-02`.
    Dates,
    /// Keys of the front matter that the form owes are there.
    Keys,
    /// Sections that the form owes are there.
    Sections,
}

impl Form {
    /// In the order in which they are seen to.
    pub const ALL: [Self; 8] = [
        Self::LineEndings,
        Self::TrailingSpace,
        Self::BlankLines,
        Self::Marks,
        Self::States,
        Self::Dates,
        Self::Keys,
        Self::Sections,
    ];

    /// The name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LineEndings => "line_endings",
            Self::TrailingSpace => "trailing_space",
            Self::BlankLines => "blank_lines",
            Self::Marks => "marks",
            Self::States => "states",
            Self::Dates => "dates",
            Self::Keys => "keys",
            Self::Sections => "sections",
        }
    }

    /// True for a difference between two readings that the step is there to make.
    fn makes(self, found: &compare::Difference, after: &Document) -> bool {
        let place = found.place[1..].split('/').next().unwrap_or_default();
        let list = place.split('@').next().unwrap_or_default();
        let key = found.place.rsplit('/').next().unwrap_or_default();
        let is_word = matches!(list, "fields") || key == "native";
        let follows = list == "diagnostics" || key == "end_line";
        follows
            || match self {
                Self::LineEndings | Self::TrailingSpace | Self::BlankLines => false,
                Self::Marks => list == "items" && key == "mark",
                Self::States | Self::Dates => is_word,
                Self::Keys => found.is_added && matches!(list, "fields" | "placeholders"),
                Self::Sections => {
                    // The last of a document may have ended at its foot.
                    let is_new = found.is_added && list == "sections";
                    is_new || list == "placeholders" && !after.placeholders.is_empty()
                }
            }
    }
}

/// A document in its dialect's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normal {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What was brought into form.
    pub made: Vec<Made>,
}

/// One thing that was brought into form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What.
    pub form: Form,
    /// In how many places.
    pub count: u32,
    /// The names of keys and sections, the new words; empty for space and marks.
    pub words: Vec<String>,
}

/// Edits that go together, and ways to make them, the best first.
struct Proposal {
    /// A name for what is made.
    word: Option<String>,
    ways: Vec<Vec<Edit>>,
}

impl Proposal {
    fn plain(edits: Vec<Edit>) -> Self {
        Self {
            word: None,
            ways: vec![edits],
        }
    }
}

/// So many documents are read to find out which of many edits cannot be made.
const PATIENCE: u32 = 48;

impl Dialects {
    /// Brings a document into the form of its dialect. Reading it again shows the same: its state, its
    /// items, its log, its relations.
    pub fn normalize(&self, reading: &Reading, now: i64) -> Normal {
        let path = &reading.document.path;
        let mut made: Vec<Made> = Vec::new();
        let mut bytes = reading.parsed.source.bytes().to_vec();
        if path.ends_with(".json") || reading.document.template {
            return Normal { bytes, made };
        }
        for form in Form::ALL {
            let (mut count, mut words, mut failed) = (0, Vec::new(), Vec::new());
            loop {
                let current = self.read(path, bytes.clone());
                let mut step = Step {
                    dialects: self,
                    reading: &current,
                    form,
                    patience: PATIENCE,
                };
                let mut proposals = step.proposals(now).unwrap_or_default();
                // What is added stands behind what was added before it: one by one.
                let is_single = matches!(form, Form::Keys | Form::Sections);
                if is_single {
                    proposals.retain(|proposal| !failed.contains(&proposal.word));
                    proposals.truncate(1);
                }
                if proposals.is_empty() {
                    break;
                }
                let taken = step.take(&proposals);
                let all = taken.iter().flat_map(|(_, edits)| edits.iter().cloned());
                match step.applied(all.collect()) {
                    Some(new) => {
                        bytes = new;
                        count += taken.len() as u32;
                        words.extend(taken.into_iter().filter_map(|(word, _)| word));
                    }
                    None => failed.extend(proposals.into_iter().map(|proposal| proposal.word)),
                }
                if !is_single {
                    break;
                }
            }
            if count > 0 {
                made.push(Made { form, count, words });
            }
        }
        Normal { bytes, made }
    }
}

/// One form that a document is brought into.
struct Step<'a> {
    dialects: &'a Dialects,
    reading: &'a Reading,
    form: Form,
    patience: u32,
}

type Taken = (Option<String>, Vec<Edit>);

impl Step<'_> {
    /// What could be done. `None` where there is nothing.
    fn proposals(&self, now: i64) -> Option<Vec<Proposal>> {
        let document = &self.reading.document;
        let dialect = self.dialects.get(&document.dialect);
        let dialect = dialect.or_else(|| self.dialects.dialects.last())?;
        let subject = Subject {
            dialects: self.dialects,
            dialect,
            words: dialect.words(),
            parsed: &self.reading.parsed,
            document,
            outline: Outline::new(&self.reading.parsed, dialect.words()),
            now,
        };
        let found = match self.form {
            Form::LineEndings => space::line_endings(&subject),
            Form::TrailingSpace => space::trailing(&subject),
            Form::BlankLines => space::blank_lines(&subject),
            Form::Marks => spelling::marks(&subject),
            Form::States => spelling::states(&subject),
            Form::Dates => spelling::dates(&subject),
            Form::Keys => owed::keys(&subject),
            Form::Sections => owed::sections(&subject),
        };
        (!found.is_empty()).then_some(found)
    }

    /// The edits that leave the document what it is.
    fn take(&mut self, proposals: &[Proposal]) -> Vec<Taken> {
        if let [one] = proposals {
            let mut ways = one.ways.iter();
            let way = ways.find(|way| self.applied((*way).clone()).is_some());
            let way = way.map(|way| (one.word.clone(), way.clone()));
            return way.into_iter().collect();
        }
        let all: Vec<(Option<String>, &[Edit])> = proposals
            .iter()
            .filter_map(|proposal| Some((proposal.word.clone(), proposal.ways.first()?.as_slice())))
            .collect();
        self.some_of(&all)
    }

    /// All of some edits, or those of each half that can be made.
    fn some_of(&mut self, all: &[(Option<String>, &[Edit])]) -> Vec<Taken> {
        if all.is_empty() || self.patience == 0 {
            return Vec::new();
        }
        self.patience -= 1;
        let edits: Vec<Edit> = all.iter().flat_map(|(_, edits)| edits.to_vec()).collect();
        if self.applied(edits).is_some() {
            let all = all
                .iter()
                .map(|(word, edits)| (word.clone(), edits.to_vec()));
            return all.collect();
        }
        if all.len() == 1 {
            return Vec::new();
        }
        let (left, right) = all.split_at(all.len() / 2);
        let mut taken = self.some_of(left);
        let right = self.some_of(right);
        let both = taken.iter().chain(&right);
        let both = both.flat_map(|(_, edits)| edits.iter().cloned()).collect();
        if self.applied(both).is_some() {
            taken.extend(right);
        }
        taken
    }

    /// The bytes after some edits, where reading them shows the same document.
    fn applied(&self, mut edits: Vec<Edit>) -> Option<Vec<u8>> {
        if edits.is_empty() {
            return None;
        }
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let new = splice::apply(self.reading.parsed.source.bytes(), &edits).ok()?;
        let after = self
            .dialects
            .read(&self.reading.document.path, new.clone())
            .document;
        let differs = compare::between(self.reading, &after, &edits)
            .iter()
            .any(|found| !self.form.makes(found, &after));
        let harms = compare::damage(&self.reading.document, &after).is_some();
        (!differs && !harms).then_some(new)
    }
}
