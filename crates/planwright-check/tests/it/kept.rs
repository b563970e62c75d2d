//! A check that takes over what earlier ones kept finds what a check from scratch finds.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use planwright_check::{CONFIG_PATH, Config, Finding, Now, Project, RULES, Reader, Request, check};
use planwright_workspace::{Options, Workspace};
use proptest::prelude::*;

use crate::page::{Block, Role, cases};
use crate::pages::{git, guide};

/// Something that happens between two checks.
#[derive(Clone, Debug)]
enum Change {
    /// One of the files that the pages show is written.
    Write(usize),
    /// All files of an example are.
    WriteCase(usize),
    /// Another file's content comes to lie there.
    Replace(usize, usize),
    Append(usize, usize),
    Remove(usize),
    Rename(usize, usize),
    /// A file or folder comes to be that documents may name, or goes.
    Code(usize, bool),
    Configure(usize),
    Commit,
    Day(usize),
    Check,
}

fn change() -> impl Strategy<Value = Change> {
    let any = || any::<usize>();
    prop_oneof![
        4 => any().prop_map(Change::Write),
        6 => any().prop_map(Change::WriteCase),
        2 => (any(), any()).prop_map(|(a, b)| Change::Replace(a, b)),
        2 => (any(), any()).prop_map(|(a, b)| Change::Append(a, b)),
        2 => any().prop_map(Change::Remove),
        2 => (any(), any()).prop_map(|(a, b)| Change::Rename(a, b)),
        2 => (any(), proptest::bool::ANY).prop_map(|(a, b)| Change::Code(a, b)),
        1 => any().prop_map(Change::Configure),
        1 => Just(Change::Commit),
        1 => any().prop_map(Change::Day),
        8 => Just(Change::Check),
    ]
}

const DAYS: [&str; 5] = [
    "2026-03-02",
    "2026-03-03",
    "2026-01-01",
    "2026-06-15",
    "2030-01-01",
];

const CONFIGS: [&str; 4] = [
    "",
    "[check.rules]\ntoo-many-active = \"warning\"\nchangelog-untouched = \"warning\"\n\
     done-item-file-missing = \"info\"\n",
    "[check.rules.stale]\naging = 1\nstale = 3\n[check.rules.restated-text]\nwords = 2\n",
    "[check]\nexclude = [\"docs/plans\"]\n[check.dialects.execplan]\nprose = \"info\"\n",
];

const TAILS: [&str; 5] = [
    "\n- [ ] T9 One more, see [there](../nowhere.md)\n",
    "\n<!-- planwright: ignore-file PW3 -- it is a test -->\n",
    "\n## Blockers\n\n- Nobody knows\n",
    "\n- [x] 2026-02-01 Create `src/new/thing.rs` (FR-001, US1)\n",
    "\nSuperseded by [x](search.md)\n",
];

/// Every example of every page: the files of its tree.
fn examples() -> &'static [Vec<Block>] {
    static ALL: OnceLock<Vec<Vec<Block>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let pages = RULES.iter().map(|rule| {
            let path = guide().join(format!("rules/{}.md", rule.name));
            fs::read_to_string(path).unwrap()
        });
        let cases = pages.flat_map(|page| cases(&page));
        let files = cases.map(|case| {
            let files = case.files.into_iter();
            let is_there = |block: &Block| matches!(block.role, Role::Tree | Role::Committed(_));
            files.filter(is_there).collect::<Vec<_>>()
        });
        files.filter(|files| !files.is_empty()).collect()
    })
}

fn files() -> impl Iterator<Item = &'static Block> {
    examples().iter().flatten()
}

fn file(number: usize) -> &'static Block {
    let count = files().count();
    files().nth(number % count).unwrap()
}

fn write(root: &Path, path: &str, content: &[u8]) {
    let path = root.join(path);
    // Where one example has a folder another may have a file.
    if path.is_dir() || fs::create_dir_all(path.parent().unwrap()).is_err() {
        return;
    }
    let _ = fs::write(path, content);
}

fn apply(root: &Path, change: &Change, day: &mut usize) {
    match change {
        Change::Write(number) => write(root, &file(*number).path, &file(*number).content),
        Change::WriteCase(number) => {
            for block in &examples()[number % examples().len()] {
                write(root, &block.path, &block.content);
            }
        }
        Change::Replace(to, from) => write(root, &file(*to).path, &file(*from).content),
        Change::Append(number, tail) => {
            let path = root.join(&file(*number).path);
            if let Ok(mut content) = fs::read(&path) {
                content.extend_from_slice(TAILS[tail % TAILS.len()].as_bytes());
                fs::write(path, content).unwrap();
            }
        }
        Change::Remove(number) => {
            let _ = fs::remove_file(root.join(&file(*number).path));
        }
        Change::Rename(from, to) => {
            let to = root.join(&file(*to).path);
            if !to.is_dir() && fs::create_dir_all(to.parent().unwrap()).is_ok() {
                let _ = fs::rename(root.join(&file(*from).path), to);
            }
        }
        Change::Code(number, is_there) => {
            let names = [
                "src/search.rs",
                "src/index.rs",
                "src/rank",
                "docs/guide.md",
                "lib/x.rs",
            ];
            let name = names[number % names.len()];
            if *is_there {
                write(root, name, b"# Guide\n");
            } else {
                let _ = fs::remove_file(root.join(name));
            }
        }
        Change::Configure(number) => {
            let text = CONFIGS[number % CONFIGS.len()];
            write(root, CONFIG_PATH, text.as_bytes());
        }
        Change::Commit => {
            git(root, &["add", "-A"], None);
            let message = ["commit", "-q", "--allow-empty", "-m", "Work"];
            git(root, &message, Some("2026-02-20"));
        }
        Change::Day(number) => *day = number % DAYS.len(),
        Change::Check => {}
    }
}

/// All that a check finds, and how much was silenced; with what earlier checks kept, or without.
fn findings(root: &Path, cache: Option<&Path>, day: &str) -> (Vec<Finding>, u32) {
    let options = Options {
        dir: root.to_owned(),
        cache_dir: cache.map(Path::to_owned),
    };
    let reader = Reader::new(Now::noon(day.parse().unwrap()));
    let ws = match cache {
        Some(_) => Workspace::open_with(&options, &reader).unwrap(),
        None => Workspace::open(&options).unwrap(),
    };
    let config = ws.read_bytes(CONFIG_PATH).unwrap_or_default();
    // What an example puts in its place may be none.
    let config = Config::parse(&String::from_utf8_lossy(&config)).unwrap_or_default();
    let project = Project::read(&ws, config, reader.now(), &[]);
    let project = match cache {
        Some(_) => project.with_kept(&reader),
        None => project,
    };
    let report = check(&project, &Request::default());
    (report.findings, report.suppressed)
}

fn holds(changes: &[Change]) -> Result<(), TestCaseError> {
    let dir = tempfile::tempdir().unwrap();
    let cache = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q", "-b", "main"], None);
    let mut day = 0;
    for change in changes.iter().chain([&Change::Check, &Change::Check]) {
        apply(dir.path(), change, &mut day);
        if matches!(change, Change::Check) {
            let kept = findings(dir.path(), Some(cache.path()), DAYS[day]);
            let anew = findings(dir.path(), None, DAYS[day]);
            prop_assert_eq!(format!("{kept:#?}"), format!("{anew:#?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_kept_is_what_would_be_found_anew(changes in prop::collection::vec(change(), 1..32)) {
        holds(&changes)?;
    }
}
