//! `plan board`: what stands in which stage.

use std::collections::BTreeMap;

use planwright_dialect::how_far;
use planwright_model::{Document, DocumentState, FieldValue, Item, ItemRole, ItemState};
use planwright_workspace::{Entry, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::claims::{Claim, thing};
use crate::deck::Deck;
use crate::reference::{self, Target};
use crate::{ErrorKind, Hint, OpsError, artifacts, cards, status};

/// What to show.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// A board or a plan. `None` shows the boards of the repository, and where it has none its plans.
    pub name: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub today: String,
}

/// Boards with their cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/board@1"))]
    pub schema: &'static str,
    /// The boards.
    pub boards: Vec<Board>,
}

/// A board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Board {
    /// The document that its cards are from; `null` where they are the plans of the repository.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Its path.
    pub path: Option<String>,
    /// Its title.
    pub title: String,
    /// Its stages in their order; those without cards, too.
    pub stages: Vec<Stage>,
}

/// A stage and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stage {
    /// Its name: a column of the board; `Backlog`, `Ready`, `In progress`, `Review`, `Done` where
    /// there are none.
    pub name: String,
    /// How many cards stand in it.
    pub count: u32,
    /// The cards, in the order of the document.
    pub cards: Vec<Card>,
}

/// A card: a task, or a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Card {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What it says.
    pub text: String,
    /// The file, from the root.
    pub path: String,
    /// 1-based line; `null` for a plan.
    pub line: Option<u32>,
    /// How far it is.
    pub state: ItemState,
    /// Who has it, as the card says.
    pub owner: Option<String>,
    /// What it waits for: references, and paths of artifacts that are not there.
    pub waits_for: Vec<String>,
    /// The task of a plan that it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who works on it.
    pub claim: Option<Claim>,
}

/// The stages of what has no columns of its own.
const STAGES: [&str; 5] = ["Backlog", "Ready", "In progress", "Review", "Done"];

/// Shows boards.
///
/// # Errors
/// When the reference names no board or plan, or a document cannot be read.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    let boards = if let Some(name) = &request.name {
        let Target::Document(index) = reference::target(ws, name)? else {
            let message = format!("`{name}` is a part of a document; boards are whole ones");
            return Err(OpsError::new(ErrorKind::Usage, message)
                .with_hint(Hint::Run(format!("plan show {name}"))));
        };
        vec![of_document(ws, index)?]
    } else {
        let entries = ws.entries().enumerate();
        let is_shown =
            |entry: &Entry<'_>| cards::is_board(entry) && !entry.template && !entry.archived;
        let found = entries.filter(|(_, entry)| is_shown(entry));
        let found: Vec<usize> = found.map(|(index, _)| index).collect();
        let boards = found.into_iter().map(|index| of_document(ws, index));
        boards.collect::<Result<_, _>>()?
    };
    let boards = if boards.is_empty() {
        vec![of_plans(ws, &request.today)?]
    } else {
        boards
    };
    Ok(Answer {
        schema: "planwright/board@1",
        boards,
    })
}

/// The columns of a board with its cards, or the tasks of a plan by how far they are.
fn of_document(ws: &Workspace, index: usize) -> Result<Board, OpsError> {
    let entry = ws.entry(index);
    let mut document = ws.read(entry.path)?.document;
    let mut stages = match document.fields.get("columns") {
        Some(FieldValue::Many(names)) if cards::is_board(&entry) => {
            empty(names.iter().map(String::as_str))
        }
        _ => empty(STAGES.into_iter().filter(|stage| *stage != "Review")),
    };
    let mut files = Vec::new();
    let mut plans = Plans::default();
    if cards::is_board(&entry) {
        let deck = Deck::read(ws, entry.path)?;
        document.items.clear();
        for card in deck.cards {
            let state = how_far(&deck.columns, &card.item);
            files.push(card.file);
            document.items.push(Item { state, ..card.item });
        }
    }
    let files = files.into_iter().chain(std::iter::repeat(None));
    let tasks = document.items.iter().zip(files);
    let tasks = tasks.filter(|(item, _)| item.role == ItemRole::Task);
    for (item, file) in
        tasks.filter(|(item, _)| item.stage.is_some() || item.state != ItemState::Cancelled)
    {
        let mut card = card(ws, &document, item);
        let stage = match (&item.stage, item.state) {
            (Some(stage), _) => stage,
            (None, ItemState::Todo) if item.ready && card.waits_for.is_empty() => "Ready",
            (None, ItemState::Todo) => "Backlog",
            (None, ItemState::InProgress | ItemState::Blocked) => "In progress",
            (None, ItemState::Done | ItemState::Cancelled) => "Done",
        };
        if let Some(file) = file {
            (card.path, card.line) = (file, None);
        }
        card.source = plans.task(ws, item);
        put(&mut stages, stage, card);
    }
    Ok(Board {
        reference: Some(entry.reference.to_owned()),
        path: Some(entry.path.to_owned()),
        title: document.title.text,
        stages,
    })
}

/// Plans that cards were made from, each read once.
#[derive(Default)]
struct Plans(BTreeMap<String, Option<Document>>);

impl Plans {
    /// The task that a card was made from, as claims call it.
    fn task(&mut self, ws: &Workspace, card: &Item) -> Option<String> {
        let origin = card.source.as_ref()?;
        let index = ws.find(&origin.path)?;
        let read = || ws.read(&origin.path).ok().map(|read| read.document);
        let plan = self.0.entry(origin.path.clone()).or_insert_with(read);
        let plan = plan.as_ref()?;
        let task = thing::task(plan, origin)?;
        Some(thing::reference(ws, index, task))
    }
}

/// The plans of a repository by the state that they state.
fn of_plans(ws: &Workspace, today: &str) -> Result<Board, OpsError> {
    let request = status::Request {
        all: true,
        limit: None,
    };
    let answer = status::run(ws, &request, today)?;
    let mut stages = empty(STAGES.into_iter());
    for row in answer.initiatives.iter().filter(|row| !row.archived) {
        use DocumentState as S;
        let begun = row.progress.done > 0 || row.in_progress > 0;
        let (stage, state) = match row.state.value {
            S::Rejected | S::Abandoned | S::Superseded => continue,
            S::Approved => ("Ready", ItemState::Todo),
            S::InReview => ("Review", ItemState::Todo),
            S::Active => ("In progress", ItemState::InProgress),
            S::Blocked => ("In progress", ItemState::Blocked),
            S::Done => ("Done", ItemState::Done),
            S::Unknown if begun => ("In progress", ItemState::InProgress),
            S::Draft | S::Paused | S::Unknown => ("Backlog", ItemState::Todo),
        };
        let waits = row.waits_for.iter().map(|hold| hold.reference.clone());
        let card = Card {
            reference: row.reference.clone(),
            text: row.title.clone(),
            path: row.path.clone(),
            line: None,
            state,
            owner: (!row.owners.is_empty()).then(|| row.owners.join(", ")),
            waits_for: waits.collect(),
            source: None,
            claim: None,
        };
        put(&mut stages, stage, card);
    }
    Ok(Board {
        reference: None,
        path: None,
        title: answer.repository,
        stages,
    })
}

fn empty<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Stage> {
    names.map(Stage::new).collect()
}

impl Stage {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            count: 0,
            cards: Vec::new(),
        }
    }
}

/// Puts a card into a stage; one that the board does not list is its last.
fn put(stages: &mut Vec<Stage>, name: &str, card: Card) {
    let at = stages
        .iter()
        .position(|stage| stage.name.eq_ignore_ascii_case(name));
    let at = at.unwrap_or_else(|| {
        stages.push(Stage::new(name));
        stages.len() - 1
    });
    if let Some(stage) = stages.get_mut(at) {
        stage.count += 1;
        stage.cards.push(card);
    }
}

fn card(ws: &Workspace, document: &Document, item: &Item) -> Card {
    let waits = if item.state.is_closed() {
        Vec::new()
    } else {
        artifacts::before(ws, document, item)
    };
    let waits = waits
        .into_iter()
        .map(|missing| missing.reference.unwrap_or(missing.text));
    Card {
        reference: item.reference.clone(),
        text: item.text.clone(),
        path: document.path.clone(),
        line: Some(item.line),
        state: item.state,
        owner: item.owner.clone(),
        waits_for: waits.collect(),
        source: None,
        claim: None,
    }
}
