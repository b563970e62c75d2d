//! A new document in the lists that hold its neighbours.

use planwright_dialect::Reading;
use planwright_dialect::writer::Card;
use planwright_model::{Document, DocumentState, ItemState};
use planwright_workspace::path::{name, parent, relative};
use planwright_workspace::{Workspace, path};

use super::lines::{Index, List, Plan, plan};
use super::{Made, Plans, apply, is_index_name, is_selection};
use crate::OpsError;
use crate::write::create::home;
use crate::write::{Done, Draft};

/// A document that is not there yet, and the lists that should hold it.
pub(in crate::write) struct Enlist<'a> {
    plans: Plans<'a>,
    new: Plan,
    dialect: String,
    /// The card that boards are to have of it.
    card: Option<(String, String)>,
    /// It lies in the folder of a feature, as its neighbours do.
    in_feature: bool,
}

impl<'a> Enlist<'a> {
    /// What is known of a new document that is written on a day.
    pub(in crate::write) fn of(ws: &'a Workspace, document: &Document, today: &str) -> Self {
        let mut plans = Plans::of(ws);
        // Decisions and specs are listed among their like.
        for entry in ws.entries() {
            if entry.kind == document.kind && !entry.template {
                plans
                    .all
                    .entry(entry.path.to_owned())
                    .or_insert_with(|| plan(&entry));
            }
        }
        let state = match document.state.value {
            DocumentState::Unknown => DocumentState::Active,
            known => known,
        };
        let new = Plan {
            path: document.path.clone(),
            reference: document.reference.clone(),
            title: document.title.text.clone(),
            said: document.state.value,
            state,
            native: document.state.native.clone(),
            dates: vec![today.to_owned(), today.to_owned()],
        };
        let is_task = document.kind == "tasks";
        let stem = path::stem(&new.path);
        let id = planwright_dialect::id_of(stem).filter(|_| is_task);
        let card = id.map(|id| {
            let title = new.title.strip_prefix(id).unwrap_or(&new.title);
            let title = title.trim_start_matches([' ', ':', '-', '–', '—']);
            (id.to_owned(), title.to_owned())
        });
        let folder = parent(parent(&new.path));
        let in_feature = ws.entries().any(|entry| {
            entry.initiative != entry.path
                && entry.dialect == document.dialect
                && parent(entry.initiative) == folder
        });
        plans.all.insert(new.path.clone(), new.clone());
        Self {
            plans,
            new,
            card,
            dialect: document.dialect.clone(),
            in_feature,
        }
    }

    /// The documents with such lists, as they are now.
    pub(in crate::write) fn paths(&self) -> Vec<String> {
        let ws = self.plans.ws;
        let boards = ws.entries().filter(|entry| {
            self.card.is_some()
                && entry.kind == "index"
                && entry.dialect == self.dialect
                && entry.path.strip_suffix(".json").is_some()
                && self.new.path.starts_with(parent(entry.path))
        });
        let boards: Vec<String> = boards.map(|entry| entry.path.to_owned()).collect();
        let is_named = |path: &String| {
            let known = ws.find(path).map(|index| ws.entry(index));
            *path != self.new.path
                && known.as_ref().is_none_or(|entry| !entry.template)
                && (is_index_name(path::stem(path))
                    || known.is_some_and(|entry| entry.kind == "index"))
        };
        let mut paths: Vec<String> = ws.candidates().filter(is_named).collect();
        paths.retain(|path| {
            path.strip_suffix(".md").is_some()
                && ws
                    .read(path)
                    .is_ok_and(|reading| !self.made(&reading).edits.is_empty())
        });
        paths.extend(boards);
        paths.sort();
        paths
    }

    /// Adds it to the lists of one document.
    pub(in crate::write) fn add(&self, draft: &mut Draft<'_>) -> Result<Vec<Done>, OpsError> {
        if draft.document().path.strip_suffix(".json").is_some() {
            return Ok(self.lay(draft).into_iter().collect());
        }
        let made = self.made(&draft.reading);
        let mut done = apply(draft, &made.edits, made.done)?;
        let source = &draft.reading.parsed.source;
        let mut lines = 1..=source.line_count();
        if let Some(line) = lines.find(|line| source.line_text(*line).contains(self.file())) {
            for done in &mut done {
                done.line = line;
            }
        }
        Ok(done)
    }

    /// Lays its card on a board that keeps cards.
    fn lay(&self, draft: &mut Draft<'_>) -> Option<Done> {
        let (id, title) = self.card.as_ref()?;
        let time = jiff::Timestamp::from_second(draft.now).ok()?;
        let time = time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
        let card = Card {
            id,
            title,
            time: &time,
            state: ItemState::Todo,
            origin: None,
        };
        let new = draft.ws.dialects().add_card(&draft.reading, &card)?;
        draft.replace(new);
        let document = draft.document();
        let mut items = document.items.iter();
        let added = items.find(|item| item.id.as_ref() == Some(id))?;
        Some(Done {
            reference: id.clone(),
            path: document.path.clone(),
            line: added.line,
            what: "list",
            before: None,
            after: added.stage.clone(),
            native: None,
            text: self.new.path.clone(),
            changed: true,
        })
    }

    /// What names it in a list.
    fn file(&self) -> &str {
        if self.in_feature {
            name(parent(&self.new.path))
        } else {
            name(&self.new.path)
        }
    }

    fn made(&self, reading: &Reading) -> Made {
        let document = &reading.document;
        if document.holds_work() || document.template {
            return Made::default();
        }
        let mut made = self.plans.fill_for(reading, &self.new);
        if made.edits.is_empty() && !reading.parsed.source.text().contains(self.file()) {
            made = self.line(reading).unwrap_or_default();
        }
        made
    }

    /// A line more in the list of its neighbours, or in that of a registry that is empty.
    fn line(&self, reading: &Reading) -> Option<Made> {
        let index = self.plans.index(reading);
        let known = index.blocks.iter();
        let known = known.filter(|block| self.plans.all.contains_key(&block.path));
        let own = known
            .filter(|block| self.is_neighbour(&block.path))
            .collect::<Vec<_>>();
        let promises = own.iter().all(|block| !is_selection(block.entry.heading));
        let is_whole = self.missing(&own.iter().map(|block| &*block.path).collect::<Vec<_>>());
        let list = match own.last() {
            Some(last) if promises && is_whole => {
                let listed = List {
                    heading: last.entry.heading.to_owned(),
                    heading_line: last.entry.heading_line,
                    claim: last.entry.claim,
                };
                match last.entry.claim {
                    Some(_) => index.list_for(self.new.state)?,
                    None => listed,
                }
            }
            Some(_) => return None,
            None => self.empty(&index)?,
        };
        let models = || index.blocks.iter().rev();
        let same = models().find(|block| block.entry.heading_line == list.heading_line);
        let model = same.or_else(|| own.last().copied());
        let about = |block: &super::Block<'_>| self.plans.all.get(&block.path);
        let line = model.and_then(|model| index.made(model, about(model), &self.new));
        let line = line.unwrap_or_else(|| {
            let to = relative(parent(&reading.document.path), &self.new.path);
            let title = self.new.title.replace('[', "\\[").replace(']', "\\]");
            format!("- [{title}]({to})")
        });
        let edit = index.append(&list, &[], &line)?;
        Some(Made {
            edits: vec![edit],
            done: vec![Done {
                reference: self.new.reference.clone(),
                path: reading.document.path.clone(),
                line: list.heading_line.max(1),
                what: "list",
                before: None,
                after: Some(list.heading),
                native: None,
                text: self.new.path.clone(),
                changed: true,
            }],
            left: Vec::new(),
        })
    }

    /// The list of a registry that lists nothing yet, for a document that lies below it.
    fn empty(&self, index: &Index<'_>) -> Option<List> {
        let document = &index.reading.document;
        let folder = parent(&document.path);
        let is_below = folder.is_empty() || self.new.path.starts_with(&format!("{folder}/"));
        let is_work = self
            .plans
            .ws
            .dialects()
            .get(&self.dialect)
            .is_some_and(|dialect| dialect.name == document.dialect);
        let is_registry = document.kind == "index" && is_work && index.blocks.is_empty();
        if !is_registry || !is_below {
            return None;
        }
        index.list_for(self.new.state)
    }

    /// True for a document that lies as the new one does.
    fn is_neighbour(&self, path: &str) -> bool {
        if self.in_feature {
            let folder = |path: &str| parent(parent(path)).to_owned();
            return folder(path) == folder(&self.new.path) && name(path) == name(&self.new.path);
        }
        home(parent(path)) == home(parent(&self.new.path))
    }

    /// True where some paths are most of the neighbours: a list that leaves out as much as it holds
    /// is none of all.
    fn missing(&self, listed: &[&str]) -> bool {
        let ws = self.plans.ws;
        let all = ws.entries().filter(|entry| {
            !entry.archived
                && !entry.template
                && self.plans.all.contains_key(entry.path)
                && self.is_neighbour(entry.path)
        });
        let left = all.filter(|entry| !listed.contains(&entry.path)).count();
        left < listed.len()
    }
}
