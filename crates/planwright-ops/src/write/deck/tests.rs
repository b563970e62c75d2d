use std::fmt::Write as _;
use std::fs;

use planwright_workspace::Options;
use planwright_workspace::write::Writer;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const BOARD: &str = "{\n  \"columns\": [\n    {\"id\": \"a\", \"name\": \"Backlog\"},\n    {\"id\": \"b\", \"name\": \"Build\"},\n    {\"id\": \"c\", \"name\": \"Done\"}\n  ],\n  \"items\": []\n}\n";

/// A board whose cards are files.
const LISTS: &str = "{\n  \"columns\": [\n    {\"id\": \"a\", \"name\": \"Backlog\", \"taskIds\": []},\n    {\"id\": \"b\", \"name\": \"Build\", \"taskIds\": []},\n    {\"id\": \"c\", \"name\": \"Done\", \"taskIds\": []}\n  ]\n}\n";

const BOARD_PATH: &str = ".dev_ops/board.json";

struct Repo {
    folder: TempDir,
}

impl Repo {
    fn new(board: &str, plan: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repo = Self { folder };
        repo.write(BOARD_PATH, board);
        repo.write("docs/plans/search.md", plan);
        repo
    }

    fn root(&self) -> std::path::PathBuf {
        self.folder.path().canonicalize().unwrap().join("repo")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn open(&self) -> Workspace {
        let dir = self.root();
        let options = Options {
            dir,
            cache_dir: None,
        };
        Workspace::open(&options).unwrap()
    }

    fn run(&self, request: &Request) -> Result<Answer, OpsError> {
        let writer = Writer::new(&self.root(), &self.folder.path().join("state"));
        let call = Call {
            writer: &writer,
            now: 1_772_445_600,
            dry_run: false,
            expect: &[],
            desk: None,
        };
        run(&self.open(), request, &call)
    }

    fn import(&self) -> Answer {
        let request = Request {
            plans: vec!["docs/plans/search.md".to_owned()],
            ..Request::default()
        };
        self.run(&request).unwrap()
    }

    fn sync(&self) -> Answer {
        let request = Request {
            both: true,
            ..Request::default()
        };
        self.run(&request).unwrap()
    }

    /// The cards: id, title, how far they are.
    fn cards(&self) -> Vec<String> {
        let deck = Deck::read(&self.open(), BOARD_PATH).unwrap();
        let cards = deck.cards.iter().map(|card| {
            let id = card.item.id.as_deref().unwrap_or_default();
            format!("{id} {} {}", deck.how_far(card), card.item.text)
        });
        let mut cards: Vec<String> = cards.collect();
        cards.sort_unstable();
        cards
    }
}

fn plan(tasks: &str) -> String {
    format!("---\nstatus: active\n---\n\n# Search\n\n## Tasks\n\n{tasks}")
}

#[test]
fn what_changed_on_one_side_is_carried_to_the_other() {
    for board in [BOARD, LISTS] {
        let repo = Repo::new(
            board,
            &plan("- [x] T001 Choose words\n- [ ] T002 Build it\n- [ ] Tell the shop\n"),
        );
        repo.import();
        assert_eq!(
            repo.cards(),
            [
                "TASK-001 done Choose words",
                "TASK-002 todo Build it",
                "TASK-003 todo Tell the shop",
            ]
        );
        assert!(repo.import().files.is_empty());
        let mut path = "docs/plans/search.md".to_owned();
        // On the board in the order of the columns: the second is `Tell the shop` there, too.
        let second = usize::from(board == BOARD);
        perform(&repo, &mut path, &Act::Lay(second, 2), &mut 0);
        perform(&repo, &mut path, &Act::Start(2), &mut 0);
        let answer = repo.sync();
        assert_eq!(answer.done.len(), 2, "{:?}", answer.done);
        assert!(repo.read(&path).contains("- [x] T002"));
        assert_eq!(
            repo.cards()[1..],
            [
                "TASK-002 done Build it",
                "TASK-003 in_progress Tell the shop"
            ]
        );
        assert!(repo.sync().files.is_empty());
    }
}

#[test]
fn what_is_on_neither_side_any_more_is_told() {
    let repo = Repo::new(
        BOARD,
        &plan("- [ ] T001 Choose words\n- [ ] T002 Build it\n"),
    );
    repo.import();
    repo.write("docs/plans/search.md", &plan("- [ ] T002 Build it\n"));
    let answer = repo.sync();
    assert_eq!(answer.left.len(), 1);
    assert!(answer.files.is_empty());
    fs::remove_file(repo.root().join("docs/plans/search.md")).unwrap();
    let answer = repo.sync();
    assert_eq!(answer.left.len(), 1);
    assert!(answer.left[0].why.contains("as that of 1 more"));
    assert!(answer.files.is_empty());
}

/// Something that people and tools do between two runs.
#[derive(Clone, Debug)]
enum Act {
    Tick(usize),
    Start(usize),
    Reword(usize),
    Insert(usize),
    Remove(usize),
    Rename,
    Retitle(usize),
    Lay(usize, usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..6_usize).prop_map(Act::Tick),
        (0..6_usize).prop_map(Act::Start),
        (0..6_usize).prop_map(Act::Reword),
        (0..6_usize).prop_map(Act::Insert),
        (0..6_usize).prop_map(Act::Remove),
        Just(Act::Rename),
        (0..6_usize).prop_map(Act::Retitle),
        (0..6_usize, 0..3_usize).prop_map(|(card, column)| Act::Lay(card, column)),
    ]
}

const WORDS: [&str; 6] = [
    "Choose the words that count",
    "Build the index in memory",
    "Rank by what is in stock",
    "Tell the shop about it",
    "Measure how long it takes",
    "Write the guide for editors",
];

/// Does it, in the files, as somebody with an editor would.
fn perform(repo: &Repo, path: &mut String, act: &Act, count: &mut usize) {
    let text = repo.read(path);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let tasks: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with("- ["))
        .collect();
    let at = |place: &usize| tasks.get(*place % tasks.len().max(1)).copied();
    let deck = Deck::read(&repo.open(), BOARD_PATH).unwrap();
    let card = |place: &usize| deck.cards.get(*place % deck.cards.len().max(1));
    *count += 1;
    match act {
        Act::Tick(place) => {
            if let Some(at) = at(place) {
                lines[at].replace_range(3..4, "x");
            }
        }
        Act::Start(place) => {
            if let Some(at) = at(place) {
                lines[at].replace_range(3..4, "~");
            }
        }
        Act::Reword(place) => {
            if let Some(at) = at(place) {
                lines[at].push_str(" too");
            }
        }
        Act::Insert(place) => {
            let before = at(place).unwrap_or(lines.len());
            lines.insert(
                before,
                format!("- [ ] Something new of number {count} it is"),
            );
        }
        Act::Remove(place) => {
            if let Some(at) = at(place) {
                lines.remove(at);
            }
        }
        Act::Rename => {
            let new = format!("docs/plans/other-{count}.md");
            fs::rename(repo.root().join(&*path), repo.root().join(&new)).unwrap();
            *path = new;
            return;
        }
        Act::Retitle(place) => {
            if let Some(card) = card(place) {
                let new = format!("\"title\": \"Card {count}\"");
                let old = format!("\"title\": {}", serde_json::json!(card.item.text));
                let home = card.file.clone().unwrap_or_else(|| BOARD_PATH.to_owned());
                repo.write(&home, &repo.read(&home).replacen(&old, &new, 1));
            }
            return;
        }
        Act::Lay(place, column) => {
            let Some(card) = card(place) else { return };
            let (ws, id) = (repo.open(), &deck.columns[*column].id);
            let home = card.file.clone().unwrap_or_else(|| BOARD_PATH.to_owned());
            let edit = planwright_dialect::writer::CardEdit {
                column: Some(id),
                state: Some(deck.columns[*column].means),
                ..Default::default()
            };
            let reading = ws.read(&home).unwrap();
            let new = ws
                .dialects()
                .edit_card(&reading, &deck.columns, card.item.line, &edit)
                .unwrap();
            repo.write(&home, std::str::from_utf8(&new).unwrap());
            return;
        }
    }
    repo.write(path, &(lines.join("\n") + "\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Whatever was done to plan and board, the second of two runs changes nothing, no task has two
    /// cards, and none that can be found has no card.
    #[test]
    fn a_second_run_changes_nothing(
        marks in prop::collection::vec((0..3_usize, any::<bool>()), 1..6),
        rounds in prop::collection::vec(prop::collection::vec(act(), 0..4), 1..4),
        is_listed in any::<bool>(),
    ) {
        let mut tasks = String::new();
        for (at, (mark, has_id)) in marks.iter().enumerate() {
            let mark = [' ', 'x', '~'][*mark];
            let id = if *has_id { format!("T{:03} ", at + 1) } else { String::new() };
            let _ = writeln!(tasks, "- [{mark}] {id}{}", WORDS[at]);
        }
        let repo = Repo::new(if is_listed { LISTS } else { BOARD }, &plan(&tasks));
        let mut path = "docs/plans/search.md".to_owned();
        prop_assert_eq!(repo.import().done.len(), marks.len());
        prop_assert!(repo.import().files.is_empty());
        let mut count = 0;
        for acts in rounds {
            for act in &acts {
                perform(&repo, &mut path, act, &mut count);
            }
            let first = repo.sync();
            let second = repo.sync();
            prop_assert!(
                second.files.is_empty(),
                "{:?}\nfirst {:?}\nsecond {:?}",
                acts,
                first.files,
                second.files
            );
            let deck = Deck::read(&repo.open(), BOARD_PATH).unwrap();
            let of_plan = deck.cards.iter().filter_map(|card| card.item.source.as_ref());
            let mut sources: Vec<&str> = of_plan
                .filter(|origin| origin.path == path)
                .map(|origin| origin.item.as_str())
                .collect();
            let all = sources.len();
            sources.sort_unstable();
            sources.dedup();
            let document = repo.open().read(&path).unwrap().document;
            let gone = second.left.iter().filter(|left| left.why.contains("no longer in")).count();
            let tasks = pair::tasks(&document).len();
            if all > 0 {
                prop_assert!(all >= tasks, "{:?} of {} tasks", sources, tasks);
                prop_assert!(all - tasks >= gone, "{:?} of {} tasks, {} gone", sources, tasks, gone);
            }
        }
    }
}
