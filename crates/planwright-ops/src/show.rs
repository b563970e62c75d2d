//! `plan show`: one document, or one phase or item of it.

use planwright_dialect::Reading;
use planwright_model::{
    Document, Head, Item, ItemRole, ItemState, LogEntry, Phase, Progress, Section,
};
use planwright_workspace::Workspace;
use schemars::JsonSchema;
use serde::Serialize;

use crate::claims::Claim;
use crate::reference::{Target, target};
use crate::{ErrorKind, OpsError, Place, answer};

/// What to show.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The reference.
    pub reference: String,
    /// The path from the root that the reference would be, were it a path. A file that is no
    /// listed plan is shown when it is named by its path.
    pub path: Option<String>,
}

/// A document, or a place inside one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    /// A whole document.
    Document(Box<DocumentAnswer>),
    /// One item.
    Item(Box<ItemAnswer>),
    /// One phase.
    Phase(Box<PhaseAnswer>),
    /// One section.
    Section(Box<SectionAnswer>),
}

/// A document with the name of its contract.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DocumentAnswer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/document@1"))]
    pub schema: &'static str,
    /// The document.
    #[serde(flatten)]
    pub document: Document,
    /// Who works on what in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// First paragraph of its goal, else of its summary; for pages, no part of the contract.
    #[serde(skip)]
    pub goal: Option<String>,
}

/// One item and what surrounds it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ItemAnswer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/item@1"))]
    pub schema: &'static str,
    /// The document that holds it.
    pub document: Head,
    /// Where it stands.
    pub place: Place,
    /// The item.
    pub item: Item,
    /// Who holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// The phase it belongs to.
    pub phase: Option<Brief>,
    /// The task that it hangs under.
    pub parent: Option<Brief>,
    /// What it needs first.
    pub needs: Vec<Need>,
    /// Items of the document that need it.
    pub needed_by: Vec<Brief>,
    /// What hangs under it: subtasks, criteria, deliverables.
    pub children: Vec<Item>,
    /// What was recorded on the lines of it and of what hangs under it.
    pub log: Vec<LogEntry>,
}

/// One phase and what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PhaseAnswer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/phase@1"))]
    pub schema: &'static str,
    /// The document that holds it.
    pub document: Head,
    /// Where it stands.
    pub place: Place,
    /// The phase.
    pub phase: Phase,
    /// Tasks done and all tasks of it and of its parts.
    pub progress: Progress,
    /// What it needs first.
    pub needs: Vec<Need>,
    /// Phases that are part of it.
    pub parts: Vec<Brief>,
    /// Its items, in order.
    pub items: Vec<Item>,
    /// What was recorded on its lines.
    pub log: Vec<LogEntry>,
}

/// One section and its text.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SectionAnswer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/section@1"))]
    pub schema: &'static str,
    /// The document that holds it.
    pub document: Head,
    /// Where it stands.
    pub place: Place,
    /// The section.
    pub section: Section,
    /// Its text as it stands in the file, without the heading.
    pub text: String,
}

/// An item or phase by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Brief {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its line.
    pub line: u32,
    /// Its state, where it has one.
    pub state: Option<ItemState>,
    /// Its text or title.
    pub text: String,
}

/// Something needed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Need {
    /// As written: an id, or `phase:<line>`.
    pub name: String,
    /// What it means; `null` where nothing in the document answers to it.
    pub found: Option<Brief>,
}

/// Reads what a reference names.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    let (index, line) = match target(ws, &request.reference) {
        Ok(Target::Document(index)) => (index, None),
        Ok(Target::Place(index, line)) => (index, Some(line)),
        Err(error) => return unlisted(ws, request).map(whole).ok_or(error),
    };
    let path = ws.entry(index).path.to_owned();
    let reading = ws.read(&path)?;
    let Some(line) = line else {
        return Ok(whole(reading));
    };
    place(&reading.document, line)
        .or_else(|| section_answer(&reading, line))
        .ok_or_else(|| {
            OpsError::new(
                ErrorKind::Internal,
                format!(
                    "`{}` was expected at {path}:{line}, and nothing starts there",
                    request.reference
                ),
            )
        })
}

fn section_answer(reading: &Reading, line: u32) -> Option<Answer> {
    let document = &reading.document;
    let section = document
        .sections
        .iter()
        .find(|section| section.line == line)?;
    let source = &reading.parsed.source;
    let lines: Vec<&str> = (section.line + 1..=section.end_line.min(source.line_count()))
        .map(|line| source.line_text(line).trim_end())
        .collect();
    let text = lines.join("\n");
    Some(Answer::Section(Box::new(SectionAnswer {
        schema: "planwright/section@1",
        document: answer::head_of(document),
        place: Place {
            path: document.path.clone(),
            line,
        },
        section: section.clone(),
        text: text.trim_matches('\n').to_owned(),
    })))
}

/// A file that is named by its path and is no listed document.
fn unlisted(ws: &Workspace, request: &Request) -> Option<Reading> {
    let from_folder = request.path.iter().map(String::as_str);
    from_folder
        .chain([request.reference.as_str()])
        .find_map(|path| ws.read(path).ok())
}

fn whole(reading: Reading) -> Answer {
    let source = &reading.parsed.source;
    let goal = goal(&reading.document, source.line_count(), &|line| {
        source.line_text(line)
    });
    Answer::Document(Box::new(document_answer(reading.document, goal)))
}

fn document_answer(document: Document, goal: Option<String>) -> DocumentAnswer {
    DocumentAnswer {
        schema: "planwright/document@1",
        document,
        claims: Vec::new(),
        goal,
    }
}

/// The first paragraph of the first section that says what the document is for; a list or a table
/// is none.
pub(crate) fn goal<'a>(
    document: &Document,
    lines: u32,
    text: &dyn Fn(u32) -> &'a str,
) -> Option<String> {
    let sections = ["goal", "summary"].iter().flat_map(|role| {
        let bears = move |section: &&Section| section.role.as_deref() == Some(role);
        document.sections.iter().filter(bears)
    });
    sections.into_iter().find_map(|section| {
        let body = section.line + 1..=section.end_line.min(lines);
        let paragraph: Vec<&str> = body
            .map(|line| text(line).trim())
            .skip_while(|line| line.is_empty())
            .take_while(|line| !line.is_empty())
            .collect();
        let first = *paragraph.first()?;
        let prose = !first.starts_with(['#', '|', '-', '*', '>', '<', '`', '+', '[']);
        let numbered = first.starts_with(|c: char| c.is_ascii_digit());
        let bold = first.starts_with("**");
        ((prose && !numbered) || bold).then(|| paragraph.join(" ").replace("**", ""))
    })
}

fn place(document: &Document, line: u32) -> Option<Answer> {
    if let Some(item) = document.items.iter().find(|item| item.line == line) {
        return Some(Answer::Item(Box::new(item_answer(document, item))));
    }
    let phase = document.phases.iter().find(|phase| phase.line == line)?;
    Some(Answer::Phase(Box::new(phase_answer(document, phase))))
}

fn item_answer(document: &Document, item: &Item) -> ItemAnswer {
    ItemAnswer {
        schema: "planwright/item@1",
        document: answer::head_of(document),
        place: Place {
            path: document.path.clone(),
            line: item.line,
        },
        phase: item
            .phase
            .and_then(|line| phase_at(document, line))
            .map(brief_phase),
        parent: item
            .parent
            .and_then(|line| document.items.iter().find(|other| other.line == line))
            .map(brief_item),
        needs: needs(document, &item.depends_on),
        needed_by: document
            .items
            .iter()
            .filter(|other| other.line != item.line)
            .filter(|other| other.depends_on.iter().any(|name| answers_to(item, name)))
            .map(brief_item)
            .collect(),
        children: document
            .items
            .iter()
            .filter(|other| other.parent == Some(item.line))
            .cloned()
            .collect(),
        log: log_between(document, item.line, item.end_line),
        item: item.clone(),
        claim: None,
    }
}

fn phase_answer(document: &Document, phase: &Phase) -> PhaseAnswer {
    // A phase may hold further phases; its items are all that stand in its lines.
    let items: Vec<Item> = document
        .items
        .iter()
        .filter(|item| {
            item.phase == Some(phase.line) || (phase.line..=phase.end_line).contains(&item.line)
        })
        .cloned()
        .collect();
    let tasks = || items.iter().filter(|item| item.role == ItemRole::Task);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    PhaseAnswer {
        schema: "planwright/phase@1",
        document: answer::head_of(document),
        place: Place {
            path: document.path.clone(),
            line: phase.line,
        },
        progress: Progress {
            done: count(tasks().filter(|item| item.state.is_closed()).count()),
            total: count(tasks().count()),
        },
        needs: needs(document, &phase.depends_on),
        parts: document
            .phases
            .iter()
            .filter(|other| other.parent == Some(phase.line))
            .map(brief_phase)
            .collect(),
        log: log_between(document, phase.line, phase.end_line),
        phase: phase.clone(),
        items,
    }
}

fn log_between(document: &Document, first: u32, last: u32) -> Vec<LogEntry> {
    let inside = |entry: &&LogEntry| (first..=last).contains(&entry.line);
    document.log.iter().filter(inside).cloned().collect()
}

fn needs(document: &Document, names: &[String]) -> Vec<Need> {
    names
        .iter()
        .map(|name| {
            let phase = name
                .strip_prefix("phase:")
                .and_then(|line| line.parse().ok())
                .and_then(|line| phase_at(document, line))
                .map(brief_phase);
            let item = || {
                document
                    .items
                    .iter()
                    .find(|item| answers_to(item, name))
                    .map(brief_item)
            };
            Need {
                name: name.clone(),
                found: phase.or_else(item),
            }
        })
        .collect()
}

fn answers_to(item: &Item, name: &str) -> bool {
    let own = item
        .id
        .as_deref()
        .or_else(|| item.reference.rsplit_once('#').map(|(_, own)| own));
    own.is_some_and(|own| own.eq_ignore_ascii_case(name)) || item.reference == name
}

fn phase_at(document: &Document, line: u32) -> Option<&Phase> {
    document.phases.iter().find(|phase| phase.line == line)
}

fn brief_item(item: &Item) -> Brief {
    Brief {
        reference: item.reference.clone(),
        line: item.line,
        state: Some(item.state),
        text: item.text.clone(),
    }
}

fn brief_phase(phase: &Phase) -> Brief {
    Brief {
        reference: phase.reference.clone(),
        line: phase.line,
        state: phase.state,
        text: phase.title.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(line: u32, id: &str, state: ItemState) -> Item {
        Item {
            reference: format!("x#{id}"),
            id: Some(id.to_owned()),
            state,
            text: format!("Do {id}"),
            phase: Some(10),
            ..Item::new(line, ItemRole::Task)
        }
    }

    fn document() -> Document {
        let mut second = item(12, "T002", ItemState::Todo);
        second.depends_on = vec!["t001".to_owned(), "T999".to_owned()];
        let mut child = item(13, "T002.1", ItemState::Todo);
        child.role = ItemRole::Subtask;
        child.parent = Some(12);
        Document {
            path: "x.md".to_owned(),
            reference: "x".to_owned(),
            phases: vec![Phase {
                reference: "x#1".to_owned(),
                line: 10,
                end_line: 20,
                title: "Build".to_owned(),
                ..Phase::default()
            }],
            items: vec![item(11, "T001", ItemState::Done), second, child],
            ..Document::default()
        }
    }

    #[test]
    fn the_document_is_its_contract_with_the_name_in_front() {
        let document = document();
        let json = serde_json::to_string(&document_answer(document.clone(), Some("x".to_owned())))
            .unwrap();
        let plain = serde_json::to_string(&document).unwrap();
        assert_eq!(
            json,
            format!("{{\"schema\":\"planwright/document@1\",{}", &plain[1..])
        );
    }

    #[test]
    fn the_goal_is_the_first_paragraph_of_its_section() {
        let lines = [
            "# X",
            "",
            "## Goal",
            "",
            "One **login**",
            "for all.",
            "",
            "More.",
        ];
        let section = Section {
            line: 3,
            end_line: 8,
            level: 2,
            role: Some("goal".to_owned()),
            ..Section::default()
        };
        let document = Document {
            sections: vec![section],
            ..Document::default()
        };
        let text = |line: u32| lines[line as usize - 1];
        assert_eq!(
            goal(&document, 8, &text).as_deref(),
            Some("One login for all.")
        );
        assert_eq!(goal(&Document::default(), 8, &text), None);
    }

    #[test]
    fn an_item_comes_with_what_it_needs_and_what_hangs_under_it() {
        let Some(Answer::Item(answer)) = place(&document(), 12) else {
            panic!("no item")
        };
        assert_eq!(
            answer.place,
            Place {
                path: "x.md".to_owned(),
                line: 12
            }
        );
        assert_eq!(
            answer.phase.as_ref().map(|phase| phase.text.as_str()),
            Some("Build")
        );
        let needs: Vec<(&str, Option<u32>)> = answer
            .needs
            .iter()
            .map(|need| {
                (
                    need.name.as_str(),
                    need.found.as_ref().map(|found| found.line),
                )
            })
            .collect();
        assert_eq!(needs, [("t001", Some(11)), ("T999", None)]);
        assert_eq!(answer.children.len(), 1);
        let Some(Answer::Item(first)) = place(&document(), 11) else {
            panic!("no item")
        };
        assert_eq!(first.needed_by.len(), 1);
    }

    #[test]
    fn a_phase_counts_its_tasks_and_not_their_parts() {
        let Some(Answer::Phase(answer)) = place(&document(), 10) else {
            panic!("no phase")
        };
        assert_eq!(answer.progress, Progress { done: 1, total: 2 });
        assert_eq!(answer.items.len(), 3);
    }

    #[test]
    fn a_line_where_nothing_starts_has_no_answer() {
        assert_eq!(place(&document(), 14), None);
    }
}
