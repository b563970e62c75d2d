//! `plan registry`: the lists of plans that documents keep, made true again.

mod enlist;
mod lines;
mod markers;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use planwright_check::registry::{is_index_name, is_selection};
use planwright_dialect::Reading;
use planwright_model::{Document, DocumentState};
use planwright_syntax::splice::{self, Edit};
use planwright_workspace::{Workspace, path};

use super::{Answer, Call, Done, Draft, Left, Operation};
use crate::{ErrorKind, Hint, OpsError};

pub(super) use enlist::Enlist;

use lines::{Block, Index, List, Plan, plan};
use markers::Region;

/// Which lists, and what to do with what is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The document that holds them; all where there is none.
    pub path: Option<String>,
    /// Remove the lines of plans that are not there.
    pub prune: bool,
}

/// Fewer plans of a folder are an example, not a list.
const ENOUGH: usize = 2;

/// Makes the lists of plans true: what is in the wrong list moves, what is left out is added, in the
/// style of the lines that are there.
///
/// # Errors
/// When the document lists no plans, or a file cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let plans = Plans::of(ws);
    let paths = if let Some(path) = &request.path {
        let document = ws.read(path).map_err(OpsError::from)?;
        if !plans.is_index(&document, true) {
            let message = format!("{path} lists no plans");
            let hint = "begin the list by hand: a line with a link for each plan";
            let error = OpsError::new(ErrorKind::Refused, message);
            return Err(error.with_hint(Hint::Note(hint.to_owned())));
        }
        vec![path.clone()]
    } else {
        plans.indexes()
    };
    let operation = Operation {
        ws,
        call,
        verb: "registry",
        label: match &request.path {
            Some(path) => format!("registry {path}"),
            None => "registry".to_owned(),
        },
        keys: Vec::new(),
    };
    let left = std::cell::RefCell::new(Vec::new());
    let mut answer = operation.run(&paths, |drafts| {
        let mut done = Vec::new();
        left.borrow_mut().clear();
        for path in &paths {
            let draft = drafts.get_mut(path).ok_or_else(|| super::gone(path))?;
            let made = plans.renew(&draft.reading, request.prune);
            left.borrow_mut().extend(made.left);
            done.extend(apply(draft, &made.edits, made.done)?);
            // What was moved and what is added stand in the same places.
            let made = plans.complete(&draft.reading);
            done.extend(apply(draft, &made.edits, made.done)?);
            let made = plans.fill(&draft.reading);
            done.extend(apply(draft, &made.edits, made.done)?);
        }
        Ok(done)
    })?;
    answer.left = left.into_inner();
    Ok(answer)
}

/// Makes edits to a draft; what was done has its lines afterwards.
fn apply(draft: &mut Draft<'_>, edits: &[Edit], done: Vec<Done>) -> Result<Vec<Done>, OpsError> {
    if edits.is_empty() {
        return Ok(done);
    }
    let new = splice::apply(draft.reading.parsed.source.bytes(), edits).map_err(|error| {
        let message = format!("cannot change {}: {error}", draft.document().path);
        OpsError::new(ErrorKind::Refused, message)
    })?;
    draft.replace(new);
    Ok(done)
}

/// Puts the lines of plans whose state changed into the lists where they belong now, in one document.
pub(super) fn follow(
    ws: &Workspace,
    draft: &mut Draft<'_>,
    changed: &BTreeMap<String, DocumentState>,
) -> Result<Vec<Done>, OpsError> {
    let made = {
        let is_plan = |path: &str| {
            ws.find(path)
                .is_some_and(|index| ws.entry(index).holds_work)
        };
        let find = |places: &[String]| places.iter().find(|path| is_plan(path)).cloned();
        let index = Index::new(&draft.reading, &find);
        shift(&index, &|path| changed.get(path).copied())
    };
    apply(draft, &made.edits, made.done)
}

/// What is to be done to one document.
#[derive(Default)]
struct Made {
    edits: Vec<Edit>,
    done: Vec<Done>,
    left: Vec<Left>,
}

/// Moves lines that stand in the wrong list.
fn shift(index: &Index<'_>, state: &dyn Fn(&str) -> Option<DocumentState>) -> Made {
    let mut made = Made::default();
    let source = &index.reading.parsed.source;
    let wrong = |block: &&Block<'_>| {
        let is_closed = state(&block.path).filter(|state| *state != DocumentState::Unknown);
        match (block.entry.claim, is_closed) {
            (Some(DocumentState::Active), Some(state)) => state.is_closed(),
            (Some(DocumentState::Done), Some(state)) => !state.is_closed(),
            _ => false,
        }
    };
    let mut moving: Vec<(&Block<'_>, List)> = Vec::new();
    for block in index.blocks.iter().filter(wrong) {
        let target = index.list_for(state(&block.path).unwrap_or_default());
        let fits = target
            .filter(|list| shape(index, list).is_none_or(|shape| shape == shape_of(index, block)));
        match fits {
            Some(list) => moving.push((block, list)),
            None => made.left.push(Left {
                path: index.reading.document.path.clone(),
                line: block.entry.line,
                text: source.line_text(block.entry.line).trim().to_owned(),
                why: "there is no list of the same form for its state".to_owned(),
            }),
        }
    }
    let gone: Vec<u32> = moving.iter().map(|(block, _)| block.entry.line).collect();
    let newline = source.line_ending().as_str();
    let mut lists: BTreeMap<u32, (List, Vec<String>)> = BTreeMap::new();
    for (block, list) in &moving {
        let mut span = index.lines(block.entry.line, block.last);
        let text = source.slice(span).trim_end_matches(['\n', '\r']).to_owned();
        // Of the blank lines around what was alone, one stays.
        let is_blank = |line: u32| {
            (1..=source.line_count()).contains(&line) && source.line_text(line).trim().is_empty()
        };
        if is_blank(block.entry.line - 1) && is_blank(block.last + 1) {
            span = index.lines(block.entry.line, block.last + 1);
        }
        made.edits.push(Edit::replace(span, ""));
        made.done.push(Done {
            reference: path::stem(&block.path).to_owned(),
            path: index.reading.document.path.clone(),
            line: list.heading_line,
            what: "list",
            before: Some(block.entry.heading.to_owned()),
            after: Some(list.heading.clone()),
            native: None,
            text: block.path.clone(),
            changed: true,
        });
        let lines = lists
            .entry(list.heading_line)
            .or_insert_with(|| (list.clone(), Vec::new()));
        lines.1.push(text);
    }
    for (list, lines) in lists.into_values() {
        match index.append(&list, &gone, &lines.join(newline)) {
            Some(edit) => made.edits.push(edit),
            None => return Made::default(),
        }
    }
    made
}

/// How the entries of a list look: their marker, or the number of columns.
fn shape_of(index: &Index<'_>, block: &Block<'_>) -> String {
    let line = index.reading.parsed.source.line_text(block.entry.line);
    let bare = line.trim_start();
    match bare.chars().next() {
        Some('|') => format!("|{}", bare.matches('|').count()),
        Some(c) if c.is_ascii_digit() => "1".to_owned(),
        Some('#') => "#".to_owned(),
        Some(c) => format!("{}{c}", line.len() - bare.len()),
        None => String::new(),
    }
}

fn shape(index: &Index<'_>, list: &List) -> Option<String> {
    let mut own = index
        .blocks
        .iter()
        .filter(|block| block.entry.heading_line == list.heading_line);
    own.next().map(|block| shape_of(index, block))
}

/// The plans of a repository by their paths.
struct Plans<'a> {
    ws: &'a Workspace,
    all: BTreeMap<String, Plan>,
    /// Those that a list of their folder has to hold.
    due: BTreeMap<String, Vec<String>>,
}

impl<'a> Plans<'a> {
    fn of(ws: &'a Workspace) -> Self {
        let mut found = Self {
            ws,
            all: BTreeMap::new(),
            due: BTreeMap::new(),
        };
        for entry in ws.entries() {
            if !entry.holds_work {
                continue;
            }
            if !entry.archived && !entry.template && entry.initiative == entry.path {
                let folder = path::parent(entry.path).to_owned();
                found
                    .due
                    .entry(folder)
                    .or_default()
                    .push(entry.path.to_owned());
            }
            found.all.insert(entry.path.to_owned(), plan(&entry));
        }
        found
    }

    /// The plan, or the file that is not there, that an entry leads to.
    fn find(&self, places: &[String]) -> Option<String> {
        let known = places.iter().find(|path| self.all.contains_key(*path));
        let is_gone = || places.iter().all(|path| !self.ws.exists(path));
        known
            .or_else(|| places.first().filter(|_| is_gone()))
            .cloned()
    }

    /// The documents whose lists are kept without being asked for.
    fn indexes(&self) -> Vec<String> {
        let ws = self.ws;
        let is_named = |path: &String| {
            is_index_name(path::stem(path))
                || ws
                    .find(path)
                    .is_some_and(|index| ws.entry(index).kind == "index")
        };
        let named = ws.candidates().filter(is_named);
        let mut paths: Vec<String> = named
            .filter(|path| {
                ws.read(path)
                    .is_ok_and(|found| self.is_index(&found, false))
            })
            .collect();
        paths.sort();
        paths
    }

    fn index<'r>(&self, reading: &'r Reading) -> Index<'r> {
        let mut index = Index::new(reading, &|places| self.find(places));
        // What lies between markers is made, and not looked at.
        let regions = Region::all(reading);
        let is_made =
            |block: &Block<'_>| regions.iter().any(|region| region.holds(block.entry.line));
        index.blocks.retain(|block| !is_made(block));
        index
    }

    /// Makes what stands between markers.
    fn fill(&self, reading: &Reading) -> Made {
        self.fill_where(reading, &|_| true)
    }

    /// The same, between those markers only that want one plan.
    fn fill_for(&self, reading: &Reading, plan: &Plan) -> Made {
        self.fill_where(reading, &|region| region.wants(plan))
    }

    fn fill_where(&self, reading: &Reading, is_meant: &dyn Fn(&Region) -> bool) -> Made {
        let mut made = Made::default();
        let index = Index::new(reading, &|places| self.find(places));
        let source = &reading.parsed.source;
        let newline = source.line_ending().as_str();
        for region in Region::all(reading).into_iter().filter(is_meant) {
            let wanted: Vec<&Plan> = self
                .all
                .values()
                .filter(|plan| region.wants(plan))
                .collect();
            let own = index
                .blocks
                .iter()
                .filter(|block| region.holds(block.entry.line));
            let own: Vec<&Block<'_>> = own.collect();
            let is_wanted = |path: &str| wanted.iter().any(|plan| plan.path == path);
            let mut lines: Vec<String> = Vec::new();
            let mut line = region.first + 1;
            let told = |plan: Option<&Plan>, path: &str, came: bool| Done {
                reference: plan.map_or_else(
                    || path::stem(path).to_owned(),
                    |plan| plan.reference.clone(),
                ),
                path: reading.document.path.clone(),
                line: region.first,
                what: "list",
                before: (!came).then(String::new),
                after: came.then(String::new),
                native: None,
                text: path.to_owned(),
                changed: true,
            };
            while line < region.last {
                match own.iter().find(|block| block.entry.line == line) {
                    Some(block) if !is_wanted(&block.path) => {
                        made.done
                            .push(told(self.all.get(&block.path), &block.path, false));
                        line = block.last + 1;
                    }
                    _ => {
                        lines.push(source.line_text(line).to_owned());
                        line += 1;
                    }
                }
            }
            while lines.last().is_some_and(|line| line.trim().is_empty()) {
                lines.pop();
            }
            let listed = |plan: &&&Plan| !own.iter().any(|block| block.path == plan.path);
            for plan in wanted.iter().filter(listed) {
                let like = own.last();
                let made_line =
                    like.and_then(|like| index.made(like, self.all.get(&like.path), plan));
                lines.push(made_line.unwrap_or_else(|| {
                    let to = path::relative(path::parent(&reading.document.path), &plan.path);
                    format!(
                        "- [{}]({to})",
                        plan.title.replace('[', "\\[").replace(']', "\\]")
                    )
                }));
                made.done.push(told(Some(plan), &plan.path, true));
            }
            let mut text = lines.join(newline);
            if !text.is_empty() {
                text.push_str(newline);
            }
            let span = region.span(reading);
            if source.slice(span).trim_end() != text.trim_end() {
                made.edits.push(Edit::replace(span, text));
            }
        }
        made
    }

    /// True for a document whose lists are to be kept.
    fn is_index(&self, reading: &Reading, asked: bool) -> bool {
        let document: &Document = &reading.document;
        if document.holds_work() || document.template {
            return false;
        }
        let index = self.index(reading);
        let known = index
            .blocks
            .iter()
            .filter(|block| self.all.contains_key(&block.path))
            .count();
        known >= if asked { 1 } else { ENOUGH }
            || asked && !index.lists().is_empty()
            || !Region::all(reading).is_empty()
    }

    /// Moves what stands in the wrong list, and looks for what is gone.
    fn renew(&self, reading: &Reading, prune: bool) -> Made {
        let index = self.index(reading);
        let mut made = shift(&index, &|path| Some(self.all.get(path)?.said));
        for block in &index.blocks {
            if self.all.contains_key(&block.path) {
                continue;
            }
            // Only where plans are listed is what is gone a plan.
            let is_among = index.blocks.iter().any(|other| {
                other.entry.heading_line == block.entry.heading_line
                    && self.all.contains_key(&other.path)
            });
            if !is_among && block.entry.claim.is_none() {
                continue;
            }
            if prune {
                made.edits
                    .push(Edit::replace(index.lines(block.entry.line, block.last), ""));
                made.done.push(Done {
                    reference: path::stem(&block.path).to_owned(),
                    path: reading.document.path.clone(),
                    line: block.entry.line,
                    what: "list",
                    before: Some(block.entry.heading.to_owned()),
                    after: None,
                    native: None,
                    text: block.path.clone(),
                    changed: true,
                });
            } else {
                made.left.push(Left {
                    path: reading.document.path.clone(),
                    line: block.entry.line,
                    text: block.path.clone(),
                    why: "there is no such file; `--prune` removes the line".to_owned(),
                });
            }
        }
        made
    }

    /// Adds the plans that a document leaves out.
    fn complete(&self, reading: &Reading) -> Made {
        let index = self.index(reading);
        let text = reading.parsed.source.text();
        let mut made = Made::default();
        let mut lists: BTreeMap<u32, (List, Vec<String>)> = BTreeMap::new();
        for (folder, plans) in &self.due {
            let own: Vec<&Block<'_>> = index
                .blocks
                .iter()
                .filter(|block| {
                    path::parent(&block.path) == folder && self.all.contains_key(&block.path)
                })
                .collect();
            let missing = plans
                .iter()
                .filter(|path| !text.contains(path::name(path)) && **path != reading.document.path);
            let missing: Vec<&String> = missing.collect();
            let is_list = own.len() >= ENOUGH && missing.len() < own.len();
            let Some(last) = own
                .last()
                .filter(|_| is_list && !own.iter().any(|block| is_selection(block.entry.heading)))
            else {
                continue;
            };
            for path in missing {
                let Some(plan) = self.all.get(path) else {
                    continue;
                };
                let listed = List {
                    heading: last.entry.heading.to_owned(),
                    heading_line: last.entry.heading_line,
                    claim: last.entry.claim,
                };
                let list = match last.entry.claim {
                    Some(_) => index.list_for(plan.state).unwrap_or(listed),
                    None => listed,
                };
                let mut models = index.blocks.iter().rev();
                let model = models.find(|block| block.entry.heading_line == list.heading_line);
                let model = model.unwrap_or(last);
                let lines = lists
                    .entry(list.heading_line)
                    .or_insert_with(|| (list.clone(), Vec::new()));
                let Some(line) = index.made(model, self.all.get(&model.path), plan) else {
                    continue;
                };
                lines.1.push(line);
                made.done.push(Done {
                    reference: plan.reference.clone(),
                    path: reading.document.path.clone(),
                    line: list.heading_line.max(1),
                    what: "list",
                    before: None,
                    after: Some(list.heading.clone()),
                    native: None,
                    text: plan.path.clone(),
                    changed: true,
                });
            }
        }
        let newline = reading.parsed.source.line_ending().as_str();
        for (list, lines) in lists.into_values() {
            made.edits
                .extend(index.append(&list, &[], &lines.join(newline)));
        }
        made
    }
}
