use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::tests::Repository;

/// Moves in a repository and shows every line that changed, `-` and `+`, and what was left.
fn moved(files: &[(&str, &str)], moves: &[(&str, &str)]) -> String {
    let repository = Repository::new(files);
    let ws = repository.open();
    let mut all = Moves::default();
    for (from, to) in moves {
        if ws.is_folder(from) {
            all.folder(*from, *to);
        } else {
            all.file(*from, *to);
        }
    }
    shown(&ws, files, &all)
}

fn shown(ws: &Workspace, files: &[(&str, &str)], moves: &Moves) -> String {
    let mut out = String::new();
    let referrers = ws.referrers(moves);
    for (path, text) in files {
        if !moves.is_moved(path) && !referrers.iter().any(|other| other == path) {
            continue;
        }
        let relinked = ws.relink(path, text.as_bytes(), moves);
        let new = relinked.apply(text.as_bytes());
        let new = new.map(|new| String::from_utf8(new).unwrap());
        for (old, new) in text.lines().zip(new.as_deref().unwrap_or(text).lines()) {
            if old != new {
                let _ = writeln!(out, "{path}: {old}\n    -> {new}");
            }
        }
        for left in relinked.unproved {
            let _ = writeln!(out, "{path}:{}: {} {}", left.line, left.text, left.why);
        }
    }
    out
}

#[test]
fn links_to_what_moves_keep_their_style() {
    let files = [
        ("docs/plans/active/x.md", "# X\n"),
        (
            "docs/plans/index.md",
            "# Plans\n\n- [X](active/x.md)\n- [X](./active/x.md#top \"X\")\n- [X](/docs/plans/active/x.md)\n- [X](docs/plans/active/x.md)\n- [X](<active/x.md>)\n- [X][x] and [X](active/x)\n- `docs/plans/active/x.md`, @docs/plans/active/x.md:12\n- <a href=\"active/x.md\">X</a>\n- [[docs/plans/active/x|the plan]] and `x.md`\n\n[x]: active/x.md\n[unused]: <./active/x.md>\n\n```sh\ncat docs/plans/active/x.md active/x.md.bak\n```\n\nhttps://example.org/blob/main/docs/plans/active/x.md and ~/repo/docs/plans/active/x.md\n",
        ),
    ];
    let found = moved(
        &files,
        &[("docs/plans/active/x.md", "docs/plans/completed/x.md")],
    );
    assert_eq!(
        found,
        "\
docs/plans/index.md: - [X](active/x.md)
    -> - [X](completed/x.md)
docs/plans/index.md: - [X](./active/x.md#top \"X\")
    -> - [X](./completed/x.md#top \"X\")
docs/plans/index.md: - [X](/docs/plans/active/x.md)
    -> - [X](/docs/plans/completed/x.md)
docs/plans/index.md: - [X](docs/plans/active/x.md)
    -> - [X](docs/plans/completed/x.md)
docs/plans/index.md: - [X](<active/x.md>)
    -> - [X](<completed/x.md>)
docs/plans/index.md: - [X][x] and [X](active/x)
    -> - [X][x] and [X](completed/x)
docs/plans/index.md: - `docs/plans/active/x.md`, @docs/plans/active/x.md:12
    -> - `docs/plans/completed/x.md`, @docs/plans/completed/x.md:12
docs/plans/index.md: - <a href=\"active/x.md\">X</a>
    -> - <a href=\"completed/x.md\">X</a>
docs/plans/index.md: - [[docs/plans/active/x|the plan]] and `x.md`
    -> - [[docs/plans/completed/x|the plan]] and `x.md`
docs/plans/index.md: [x]: active/x.md
    -> [x]: completed/x.md
docs/plans/index.md: [unused]: <./active/x.md>
    -> [unused]: <./completed/x.md>
docs/plans/index.md: cat docs/plans/active/x.md active/x.md.bak
    -> cat docs/plans/completed/x.md active/x.md.bak
docs/plans/index.md:20: https://example.org/blob/main/docs/plans/active/x.md a URL
docs/plans/index.md:20: ~/repo/docs/plans/active/x.md it leads to nothing from here
"
    );
}

#[test]
fn what_moves_keeps_its_own_links() {
    let files = [
        ("docs/adr/1.md", "# One\n"),
        ("docs/plans/y.md", "# Y\n"),
        ("src/x.rs", ""),
        (
            "docs/plans/x.md",
            "---\ntitle: plan of x and y\nrelated: [../adr/1.md, y.md, docs/adr/1.md]\nrelated_code:\n  - src/x.rs\n---\n\n# X\n\nDepends on: y.md\n\n[one](../adr/1.md) [y](./y.md) [me](x.md#x) [code](../../src/x.rs) `src/x.rs`\n[gone](../gone.md) ![i](i.png) [issue](../../../issues/7) [site](https://x.org/a.md)\n[maybe](src/none.rs) The word y.md and `../adr/1.md` and adr/1.md.\n",
        ),
    ];
    let found = moved(&files, &[("docs/plans/x.md", "docs/plans/completed/x.md")]);
    assert_eq!(
        found,
        "\
docs/plans/x.md: related: [../adr/1.md, y.md, docs/adr/1.md]
    -> related: [../../adr/1.md, ../y.md, docs/adr/1.md]
docs/plans/x.md: Depends on: y.md
    -> Depends on: ../y.md
docs/plans/x.md: [one](../adr/1.md) [y](./y.md) [me](x.md#x) [code](../../src/x.rs) `src/x.rs`
    -> [one](../../adr/1.md) [y](./../y.md) [me](x.md#x) [code](../../../src/x.rs) `src/x.rs`
docs/plans/x.md: [gone](../gone.md) ![i](i.png) [issue](../../../issues/7) [site](https://x.org/a.md)
    -> [gone](../../gone.md) ![i](../i.png) [issue](../../../../issues/7) [site](https://x.org/a.md)
docs/plans/x.md: [maybe](src/none.rs) The word y.md and `../adr/1.md` and adr/1.md.
    -> [maybe](src/none.rs) The word y.md and `../../adr/1.md` and adr/1.md.
docs/plans/x.md:14: src/none.rs it leads to nothing from here
"
    );
}

#[test]
fn a_folder_moves_with_the_links_inside_it() {
    let files = [
        (
            "specs/001-x/spec.md",
            "# Spec\n\n[plan](plan.md) [other](../002-y/spec.md)\n",
        ),
        (
            "specs/001-x/plan.md",
            "# Plan\n\n[spec](./spec.md), `specs/001-x/spec.md`, specs/001-x/new.md, `contracts/`\n",
        ),
        (
            "specs/002-y/spec.md",
            "# Y\n\nsee ../001-x/plan.md and [x](../001-x/)\n",
        ),
        (
            ".archcore/.sync-state.json",
            "{\"relations\": [{\"source\": \"a.adr.md\", \"target\": \"b.adr.md\", \"type\": \"related\"}]}\n",
        ),
        (".archcore/a.adr.md", "---\ntitle: A\n---\n"),
    ];
    let found = moved(
        &files,
        &[
            ("specs/001-x", "specs/old/001-x"),
            (".archcore/a.adr.md", ".archcore/z/a.adr.md"),
        ],
    );
    assert_eq!(
        found,
        "\
specs/001-x/spec.md: [plan](plan.md) [other](../002-y/spec.md)
    -> [plan](plan.md) [other](../../002-y/spec.md)
specs/001-x/plan.md: [spec](./spec.md), `specs/001-x/spec.md`, specs/001-x/new.md, `contracts/`
    -> [spec](./spec.md), `specs/old/001-x/spec.md`, specs/old/001-x/new.md, `contracts/`
specs/002-y/spec.md: see ../001-x/plan.md and [x](../001-x/)
    -> see ../old/001-x/plan.md and [x](../old/001-x/)
.archcore/.sync-state.json: {\"relations\": [{\"source\": \"a.adr.md\", \"target\": \"b.adr.md\", \"type\": \"related\"}]}
    -> {\"relations\": [{\"source\": \"z/a.adr.md\", \"target\": \"b.adr.md\", \"type\": \"related\"}]}
"
    );
}

#[test]
fn names_change_with_the_file_where_they_mean_it() {
    let files = [
        ("docs/auth.md", "# Auth\n\n- [ ] T001 Do it\n"),
        (
            "docs/y.md",
            "---\ndepends_on: auth\ntitle: auth and more\n---\n\n# Y\n\nThe auth words; `auth.md`, [Auth](auth.md), auth#T001, [[auth]] and [auth](auth.md)\n",
        ),
    ];
    let repository = Repository::new(&files);
    let mut moves = Moves::default();
    moves.file("docs/auth.md", "docs/login.md");
    moves.name("auth", "login");
    moves.file_name("auth.md", "login.md");
    moves.title("docs/auth.md", "Auth", "Log in");
    assert_eq!(
        shown(&repository.open(), &files, &moves),
        "\
docs/y.md: depends_on: auth
    -> depends_on: login
docs/y.md: The auth words; `auth.md`, [Auth](auth.md), auth#T001, [[auth]] and [auth](auth.md)
    -> The auth words; `login.md`, [Log in](login.md), login#T001, [[login]] and [auth](login.md)
"
    );
}

#[test]
fn paths_with_blanks_are_found_however_they_are_escaped() {
    let files = [
        ("docs/a b/my plan.md", "# P\n\n[q](../q.md)\n"),
        (
            "docs/q.md",
            "---\nrelated: \"a b/my plan.md\"\n---\n\n[p](a%20b/my%20plan.md) [p](<a b/my plan.md>)\n",
        ),
    ];
    let found = moved(&files, &[("docs/a b/my plan.md", "docs/c d/e/my plan.md")]);
    assert_eq!(
        found,
        "\
docs/a b/my plan.md: [q](../q.md)
    -> [q](../../q.md)
docs/q.md: related: \"a b/my plan.md\"
    -> related: \"c d/e/my plan.md\"
docs/q.md: [p](a%20b/my%20plan.md) [p](<a b/my plan.md>)
    -> [p](c%20d/e/my%20plan.md) [p](<c d/e/my plan.md>)
"
    );
}

/// Ways to write a reference to a path from a folder.
fn reference(style: u8, folder: &str, to: &str) -> String {
    let relative = spell::relative(folder, to).join("/");
    let escaped = relative.replace(' ', "%20");
    let rooted = to.replace(' ', "%20");
    let has_blank = to.contains(' ');
    match style % 12 {
        0 => format!("[a]({escaped})"),
        1 => format!("[a](./{escaped}#b)"),
        2 => format!("[a](/{rooted})"),
        3 => format!("[a](<{relative}> \"T\")"),
        4 => format!("<img src=\"{escaped}\">"),
        5 => format!("[a]({})", escaped.trim_end_matches(".md")),
        6 => format!("![a]({escaped})"),
        _ if has_blank => format!("[b]({escaped})"),
        7 => format!("`{to}`"),
        8 => format!("see @{to}:12."),
        9 => format!("[[{}|x]]", to.trim_end_matches(".md")),
        10 => format!("`./{relative}`"),
        _ => format!("```\ncat {to}\n```"),
    }
}

const FOLDERS: [&str; 5] = [
    "docs",
    "docs/plans",
    "docs/plans/done",
    "specs/001 a",
    "notes/x/y",
];
const NAMES: [&str; 4] = ["one.md", "two words.md", "drei-ü.md", "PLAN-4-x.md"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Moving there and back restores every byte of every file.
    #[test]
    fn there_and_back_restores_every_byte(
        places in proptest::collection::vec((0..FOLDERS.len(), 0..NAMES.len()), 2..6),
        links in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..24),
        target in 0..FOLDERS.len(),
        ending in any::<bool>(),
    ) {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (folder, name) in places {
            files.insert(format!("{}/{}", FOLDERS[folder], NAMES[name]), "# T\n\n".to_owned());
        }
        let paths: Vec<String> = files.keys().cloned().collect();
        for (from, to, style) in links {
            let from = &paths[from as usize % paths.len()];
            let to = &paths[to as usize % paths.len()];
            // A path with a blank cannot be a word.
            let style = if FOLDERS[target].contains(' ') { style % 7 } else { style };
            let line = reference(style, path::parent(from), to);
            let text = files.entry(from.clone()).or_default();
            let _ = write!(text, "{line}\n\n");
        }
        if ending {
            for text in files.values_mut() {
                *text = text.replace('\n', "\r\n");
            }
        }
        let from = &paths[0];
        let to = format!("{}/{}", FOLDERS[target], path::name(from));
        prop_assume!(!files.contains_key(&to));
        let there = carry(&files, from, &to);
        let back = carry(&there, &to, from);
        prop_assert_eq!(&back, &files, "by way of {:#?}", there);
    }
}

/// The files after a move, each reference that led to a file still leading to it.
fn carry(files: &BTreeMap<String, String>, from: &str, to: &str) -> BTreeMap<String, String> {
    let listed: Vec<(&str, &str)> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let repository = Repository::new(&listed);
    let ws = repository.open();
    let mut moves = Moves::default();
    moves.file(from, to);
    let referrers = ws.referrers(&moves);
    let mut after = BTreeMap::new();
    for (path, text) in files {
        let mut text = text.clone();
        if path == from || referrers.contains(path) {
            let relinked = ws.relink(path, text.as_bytes(), &moves);
            assert_eq!(relinked.unproved, [], "{path} -> {to}: {text}");
            if let Some(new) = relinked.apply(text.as_bytes()) {
                text = String::from_utf8(new).unwrap();
            }
        }
        after.insert(moves.now(path).into_owned(), text);
    }
    after
}
