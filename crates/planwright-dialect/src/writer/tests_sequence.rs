//! Changes in random order, against a model of what a plan holds.

use planwright_model::{DocumentState, ItemRole, ItemState, LogRole};
use proptest::prelude::*;

use super::tests::{NOW, dialects, entry};
use super::*;

/// A task as it should be read.
#[derive(Clone, Debug, PartialEq)]
struct Task {
    id: String,
    text: String,
    state: ItemState,
    owner: Option<String>,
    needs: Vec<String>,
}

/// A plan as it should be read: phases of tasks, the state, the entries of the log.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    phases: Vec<Vec<Task>>,
    state: DocumentState,
    entries: usize,
}

/// How the plan is written.
#[derive(Clone, Copy, Debug)]
struct Look {
    marker: char,
    bold: bool,
    crlf: bool,
    loose: bool,
}

/// Something that is asked for; numbers choose among what is there.
#[derive(Clone, Debug)]
enum Ask {
    State(usize, ItemState),
    Add(usize),
    Behind(usize),
    Phase,
    Text(usize),
    Owner(usize, Option<&'static str>),
    Needs(usize, usize),
    Move(usize, usize, bool),
    Log,
    Document(DocumentState),
}

fn asks() -> impl Strategy<Value = Ask> {
    let states = prop::sample::select(vec![
        ItemState::Todo,
        ItemState::InProgress,
        ItemState::Blocked,
        ItemState::Done,
        ItemState::Cancelled,
    ]);
    let documents = prop::sample::select(vec![
        DocumentState::Draft,
        DocumentState::Active,
        DocumentState::Paused,
        DocumentState::Done,
    ]);
    let at = 0_usize..40;
    prop_oneof![
        4 => (at.clone(), states).prop_map(|(at, state)| Ask::State(at, state)),
        2 => at.clone().prop_map(Ask::Add),
        2 => at.clone().prop_map(Ask::Behind),
        1 => Just(Ask::Phase),
        2 => at.clone().prop_map(Ask::Text),
        2 => (at.clone(), prop::sample::select(vec![None, Some("ann"), Some("Ben Lo")]))
            .prop_map(|(at, owner)| Ask::Owner(at, owner)),
        2 => (at.clone(), at.clone()).prop_map(|(at, need)| Ask::Needs(at, need)),
        3 => (at.clone(), at, any::<bool>()).prop_map(|(at, other, behind)| Ask::Move(at, other, behind)),
        1 => Just(Ask::Log),
        1 => documents.prop_map(Ask::Document),
    ]
}

fn looks() -> impl Strategy<Value = Look> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(star, bold, crlf, loose)| Look {
            marker: if star { '*' } else { '-' },
            bold,
            crlf,
            loose,
        },
    )
}

/// A plan of some tasks, and its text.
fn plan(counts: &[usize], look: Look) -> (Model, Vec<u8>) {
    let mut text = "# Plan: Cache\n\nStatus: Active\n\n## Tasks\n".to_owned();
    let mut number = 0;
    let mut phases = Vec::new();
    for (at, count) in counts.iter().enumerate() {
        let heading = format!("\n### Phase {}: Part {at}\n\n", at + 1);
        text.push_str(&heading);
        let mut tasks = Vec::new();
        for place in 0..*count {
            number += 1;
            let id = format!("T{number:03}");
            let words = format!("Do the thing of {number}");
            let shown = if look.bold {
                format!("**{id}**:")
            } else {
                id.clone()
            };
            let gap = if look.loose && place > 0 { "\n" } else { "" };
            let line = format!("{gap}{} [ ] {shown} {words}\n", look.marker);
            text.push_str(&line);
            tasks.push(Task {
                id,
                text: words,
                state: ItemState::Todo,
                owner: None,
                needs: Vec::new(),
            });
        }
        phases.push(tasks);
    }
    text.push_str("\n## Update Log\n\n- 2026-01-02: Begun.\n");
    if look.crlf {
        text = text.replace('\n', "\r\n");
    }
    let model = Model {
        phases,
        state: DocumentState::Active,
        entries: 1,
    };
    (model, text.into_bytes())
}

/// What is read, in the words of the model.
fn read(reading: &Reading) -> Model {
    let document = &reading.document;
    let phases = document.phases.iter().map(|phase| {
        let tasks = document
            .items
            .iter()
            .filter(|item| item.phase == Some(phase.line));
        let tasks = tasks.map(|item| {
            assert_eq!(item.role, ItemRole::Task);
            // Asides belong to the words, and are told by themselves.
            let words = item
                .text
                .find(" (")
                .map_or(&*item.text, |at| &item.text[..at]);
            Task {
                id: item.id.clone().unwrap_or_default(),
                text: words.to_owned(),
                state: item.state,
                owner: item.owner.clone(),
                needs: item.depends_on.clone(),
            }
        });
        tasks.collect()
    });
    Model {
        phases: phases.collect(),
        state: document.state.value,
        entries: document
            .log
            .iter()
            .filter(|entry| entry.role == LogRole::Update)
            .count(),
    }
}

impl Model {
    /// Places of all tasks.
    fn places(&self) -> Vec<(usize, usize)> {
        let phases = self.phases.iter().enumerate();
        phases
            .flat_map(|(at, tasks)| (0..tasks.len()).map(move |task| (at, task)))
            .collect()
    }

    fn next_id(&self) -> String {
        let ids = self
            .phases
            .iter()
            .flatten()
            .flat_map(|task| std::iter::once(&task.id).chain(&task.needs));
        let numbers = ids.filter_map(|id| id.strip_prefix('T')?.parse::<u32>().ok());
        format!("T{:03}", numbers.max().unwrap_or(0) + 1)
    }

    fn new_task(&self, round: usize) -> Task {
        Task {
            id: self.next_id(),
            text: format!("Something new in round {round}"),
            state: ItemState::Todo,
            owner: None,
            needs: Vec::new(),
        }
    }
}

/// What is to be written, and what is to be read after it. `None` where it makes no sense.
fn step(model: &Model, reading: &Reading, ask: &Ask, round: usize) -> Option<(Change, Model)> {
    let mut after = model.clone();
    let places = model.places();
    let place = |at: usize| places.get(at % places.len().max(1)).copied();
    let line = |(phase, task): (usize, usize)| {
        let id = &model.phases[phase][task].id;
        let items = &reading.document.items;
        items
            .iter()
            .find(|item| item.id.as_ref() == Some(id))
            .map(|item| item.line)
    };
    let addition = |part, text: &str| Addition {
        part,
        text: text.to_owned(),
        phase: None,
        after: None,
        parent: None,
        details: Vec::new(),
    };
    let task = Part::Item(ItemRole::Task);
    let change = match ask {
        Ask::State(at, state) => {
            let at = place(*at)?;
            after.phases[at.0][at.1].state = *state;
            Change::Item {
                line: line(at)?,
                state: *state,
                note: None,
            }
        }
        Ask::Add(at) => {
            let phase = at % model.phases.len();
            let new = model.new_task(round);
            let change = Change::Add(Addition {
                phase: Some(reading.document.phases[phase].line),
                ..addition(task, &new.text)
            });
            after.phases[phase].push(new);
            change
        }
        Ask::Behind(at) => {
            let at = place(*at)?;
            let new = model.new_task(round);
            let change = Change::Add(Addition {
                after: line(at),
                ..addition(task, &new.text)
            });
            after.phases[at.0].insert(at.1 + 1, new);
            change
        }
        Ask::Phase => {
            after.phases.push(Vec::new());
            Change::Add(addition(Part::Phase, &format!("Round {round}")))
        }
        Ask::Text(at) => {
            let at = place(*at)?;
            let text = format!("Other words of round {round}");
            after.phases[at.0][at.1].text.clone_from(&text);
            Change::Text {
                line: line(at)?,
                text,
            }
        }
        Ask::Owner(at, owner) => {
            let at = place(*at)?;
            after.phases[at.0][at.1].owner = owner.map(str::to_owned);
            Change::Attribute {
                line: line(at)?,
                attribute: Attribute::Owner,
                value: owner.map(str::to_owned),
            }
        }
        Ask::Needs(at, need) => {
            let (at, need) = (place(*at)?, place(*need)?);
            let need = model.phases[need.0][need.1].id.clone();
            let task = &mut after.phases[at.0][at.1];
            if task.id == need {
                return None;
            }
            match task.needs.iter().position(|known| *known == need) {
                Some(known) => drop(task.needs.remove(known)),
                None => task.needs.push(need),
            }
            let value = (!task.needs.is_empty()).then(|| task.needs.join(", "));
            Change::Attribute {
                line: line(at)?,
                attribute: Attribute::Needs,
                value,
            }
        }
        Ask::Move(at, other, behind) => {
            let (at, other) = (place(*at)?, place(*other)?);
            if at == other {
                return None;
            }
            let change = Change::Move {
                line: line(at)?,
                behind: *behind,
                other: line(other)?,
            };
            let id = model.phases[other.0][other.1].id.clone();
            let moved = after.phases[at.0].remove(at.1);
            let place = after.phases[other.0]
                .iter()
                .position(|task| task.id == id)?;
            after.phases[other.0].insert(place + usize::from(*behind), moved);
            change
        }
        Ask::Log => {
            after.entries += 1;
            Change::Log(entry(LogRole::Update, &format!("Told in round {round}")))
        }
        Ask::Document(state) => {
            after.state = *state;
            Change::State {
                state: *state,
                native: None,
                habit: None,
            }
        }
    };
    Some((change, after))
}

/// The lines of a text without those that a change names.
fn others(bytes: &[u8], named: Option<&str>) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let is_named = |line: &str| {
        named.is_some_and(|id| {
            line.contains(&format!("] {id} ")) || line.contains(&format!("] **{id}**"))
        })
    };
    text.split_inclusive('\n')
        .filter(|line| !is_named(line) && !line.trim().is_empty())
        .map(str::to_owned)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_change_does_what_it_says_and_nothing_else(
        counts in prop::collection::vec(0_usize..4, 1..4),
        look in looks(),
        asks in prop::collection::vec(asks(), 1..14),
    ) {
        let path = "docs/plans/cache.md";
        // Where no task shows an id, none gets one.
        prop_assume!(counts.iter().any(|count| *count > 0));
        let (mut model, mut bytes) = plan(&counts, look);
        let mut reading = dialects().read(path, bytes.clone());
        prop_assert_eq!(&read(&reading), &model);
        for (round, ask) in asks.iter().enumerate() {
            let Some((change, wanted)) = step(&model, &reading, ask, round) else {
                continue;
            };
            let told = String::from_utf8_lossy(&bytes).into_owned();
            let new = dialects().change(&reading, &change, NOW);
            let new = new.unwrap_or_else(|why| panic!("{change:?}: {why}\n{told}"));
            reading = dialects().read(path, new.clone());
            prop_assert_eq!(&read(&reading), &wanted, "{:?}\n{}\n{}", change, told, String::from_utf8_lossy(&new));
            // No other line is lost or altered.
            let id = match ask {
                Ask::State(at, _) | Ask::Text(at) | Ask::Owner(at, _) | Ask::Needs(at, _) => {
                    let places = model.places();
                    let (phase, task) = places[at % places.len()];
                    Some(model.phases[phase][task].id.clone())
                }
                _ => None,
            };
            let (mut was, mut now) = (others(&bytes, id.as_deref()), others(&new, id.as_deref()));
            match ask {
                Ask::Move(..) => {
                    was.sort();
                    now.sort();
                    prop_assert_eq!(was, now);
                }
                Ask::Document(_) => prop_assert_eq!(was.len(), now.len()),
                _ => {
                    let mut rest = now.iter();
                    for line in &was {
                        prop_assert!(rest.any(|other| other == line), "{} is lost\n{}", line, told);
                    }
                    prop_assert!(now.len() <= was.len() + 1, "more than asked for");
                }
            }
            let count = |byte: u8| memchr::memchr_iter(byte, &new).count();
            prop_assert_eq!(count(b'\r'), if look.crlf { count(b'\n') } else { 0 });
            (model, bytes) = (wanted, new);
        }
    }
}
