//! What is wrong with the bytes of files, and files that are no documents.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("mixed-line-endings", ALL, mixed_line_endings).raw(),
    Operator::new("not-utf8", ALL, not_utf8).raw(),
    Operator::new("utf16", ALL, utf16).raw().also(&["nul-byte"]),
    Operator::new("nul-byte", ALL, nul_byte).raw(),
    Operator::new("mojibake", ALL, mojibake),
    Operator::new("dialect-invalid", ALL, dialect_invalid),
    Operator::new("tag-malformed", &[ARCHCORE], tag_malformed),
    Operator::new("board-invalid", &[DEV_OPS], board_invalid),
    Operator::new(
        "relations-file-invalid",
        &[ARCHCORE],
        relations_file_invalid,
    ),
];

fn mixed_line_endings(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(|page| page.count() > 6) {
        let count = page.count();
        // Somebody pasted from another system, or an editor wrote the lines that it touched.
        for (from, to) in [
            (1, 1),
            (count / 2, count / 2 + 2),
            (count - 3, count),
            (count / 3, count / 2),
        ] {
            for is_crlf in [true, false] {
                let mut text = String::new();
                for number in 1..=count {
                    text.push_str(page.line(number));
                    let is_in = (from..=to).contains(&number);
                    text.push_str(if is_in == is_crlf { "\r\n" } else { "\n" });
                }
                out.page(
                    &page,
                    text,
                    ANYWHERE,
                    format!("lines {from} to {to} otherwise"),
                );
            }
        }
    }
}

/// Lines of text with some letters in them.
fn wordy<'a>(page: &'a Page<'_>) -> impl Iterator<Item = (usize, &'a str)> + 'a {
    page.texts()
        .filter(|(_, line)| line.len() > 12 && line.is_ascii())
}

/// The text with bytes behind the last word of a line.
fn with_bytes(page: &Page<'_>, number: usize, bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for line in 1..=page.count() {
        text.extend(page.line(line).bytes());
        if line == number {
            text.extend(bytes);
        }
        text.push(b'\n');
    }
    text
}

fn not_utf8(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for (at, (number, _)) in wordy(&page).enumerate() {
            let bytes: &[u8] = [
                b" caf\xe9".as_slice(),
                b" \x93so\x94",
                b" na\xefve",
                b" 5 \x80",
                b" \xc3",
                b" \xff\xfe",
                b" gr\xfc\xdfe",
            ][at % 7];
            out.page(
                &page,
                with_bytes(&page, number, bytes),
                number..=number,
                "Latin-1",
            );
        }
    }
}

fn utf16(base: &Repository, out: &mut Mutants<'_>) {
    // Where nothing can be read, the path has to tell that it is a plan.
    let is_plan = |path: &str| {
        ["plan", ".archcore", ".dev_ops", "specs/", "/adr/"]
            .iter()
            .any(|part| path.contains(part))
    };
    for page in base.pages().into_iter().filter(|page| is_plan(page.path)) {
        for is_big in [true, false] {
            for has_mark in [true, false] {
                let units = has_mark
                    .then_some(0xfeff)
                    .into_iter()
                    .chain(page.text.encode_utf16());
                let bytes: Vec<u8> = units
                    .flat_map(|unit| {
                        if is_big {
                            unit.to_be_bytes()
                        } else {
                            unit.to_le_bytes()
                        }
                    })
                    .collect();
                let what = format!("UTF-16, big {is_big}, mark {has_mark}");
                out.page(&page, bytes, ANYWHERE, what);
            }
        }
    }
}

fn nul_byte(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for (number, _) in wordy(&page).step_by(2) {
            out.page(
                &page,
                with_bytes(&page, number, b"\0"),
                number..=number,
                "NUL",
            );
        }
        let mut padded = page.text.as_bytes().to_vec();
        padded.extend([0; 64]);
        out.page(&page, padded, ANYWHERE, "filled up with NUL");
    }
}

fn mojibake(base: &Repository, out: &mut Mutants<'_>) {
    const SIGNS: [&str; 12] = [
        "don\u{e2}\u{20ac}\u{2122}t",
        "\u{e2}\u{20ac}\u{201c} and",
        "\u{e2}\u{20ac}\u{201d} so",
        "\u{e2}\u{2020}\u{2019} next",
        "caf\u{c3}\u{a9}",
        "\u{c3}\u{bc}ber",
        "\u{e2}\u{153}\u{2026} done",
        "\u{e2}\u{20ac}\u{153}quoted",
        "\u{c3}\u{a4}hnlich",
        "5 \u{e2}\u{2030}\u{a5} 4",
        "\u{f0}\u{178}\u{161}\u{20ac}",
        "25\u{c2}\u{b0}",
    ];
    for (place, page) in base.pages().into_iter().enumerate() {
        for (at, (number, line)) in wordy(&page).enumerate() {
            let sign = SIGNS[(at + place * 5) % SIGNS.len()];
            out.line(&page, number, &format!("{line} {sign}"));
        }
    }
}

fn dialect_invalid(base: &Repository, out: &mut Mutants<'_>) {
    for (name, manifest) in [
        ("shop", "[states]\nfinished = [\"shipped\"]\n"),
        ("shop", "[states]\ndone = \"shipped\"\n"),
        ("shop", "title = Shop\n"),
        ("shop", "[states\ndone = [\"shipped\"]\n"),
        (
            "team",
            "[[detect]]\nscore = \"high\"\nwhen.path = [\"**/x.md\"]\n",
        ),
        (
            "team",
            "[[detect]]\nscore = 10\nwhen.paths = [\"**/x.md\"]\n",
        ),
        ("team", "[[kind]]\nname = \"plan\"\n"),
        ("team", "[relations]\nneeds = [\"needs\"]\n"),
        ("team", "[stats]\ndone = [\"over\"]\n"),
        ("team", "title = \"Team\"\ntitle = \"Team again\"\n"),
        ("team", "<<<<<<< HEAD\ntitle = \"Team\"\n=======\n"),
        (
            "team",
            "[[detect]]\nscore = 10\nwhen.path = [\"**/{x.md\"]\n",
        ),
        ("team", "[items]\nprogress_boxes_are_tasks = \"yes\"\n"),
    ] {
        let path = format!(".planwright/dialects/{name}/dialect.toml");
        out.add(base.with(&path, manifest), &path, ANYWHERE, manifest);
    }
}

/// Ways in which a JSON file breaks.
fn broken(json: &str) -> Vec<(String, &'static str)> {
    let half = json.len() / 2;
    let lines: Vec<&str> = json.lines().collect();
    let middle = lines.len() / 2;
    let merged = format!(
        "{}\n<<<<<<< HEAD\n{}\n=======\n>>>>>>> other\n{}\n",
        lines[..middle].join("\n"),
        lines[middle],
        lines[middle + 1..].join("\n")
    );
    vec![
        (json[..half].to_owned(), "cut off"),
        (String::new(), "empty"),
        (merged, "a merge that was not ended"),
        (json.replacen("},\n", "}\n", 1), "a comma is missing"),
        (json.replacen(" }\n", " },\n", 1), "a comma too many"),
        (json.replace('"', "'"), "single quotes"),
        (
            json.replacen("\"version\": 1,", "\"version\": 1, // first\n", 1),
            "a comment",
        ),
        (json.replacen("\": \"", "\": ", 1), "a quote is missing"),
        (
            json.trim_end().trim_end_matches('}').to_owned(),
            "the last brace is missing",
        ),
        (format!("{json}{json}"), "twice"),
    ]
}

fn board_invalid(base: &Repository, out: &mut Mutants<'_>) {
    for path in base
        .files
        .keys()
        .filter(|path| path.ends_with("board.json"))
    {
        for (text, what) in broken(base.text(path)) {
            if text != base.text(path) {
                out.add(base.with(path, text), path, ANYWHERE, what);
            }
        }
    }
}

fn relations_file_invalid(base: &Repository, out: &mut Mutants<'_>) {
    for path in base
        .files
        .keys()
        .filter(|path| path.ends_with("sync-state.json"))
    {
        let json = base.text(path);
        let mut all = broken(json);
        for (from, to) in [
            ("implements", "implement"),
            ("implements", "realises"),
            ("depends_on", "depends-on"),
            ("related", "RELATED"),
            ("depends_on", "blocks"),
            ("\"target\"", "\"to\""),
            ("\"source\"", "\"from\""),
            ("\"type\"", "\"kind\""),
            ("\"related\"", "\"\""),
            ("\"related\"", "null"),
        ] {
            all.push((json.replacen(from, to, 1), to));
        }
        for (text, what) in all {
            if text != json {
                out.add(base.with(path, text), path, ANYWHERE, what);
            }
        }
    }
}

fn tag_malformed(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(key) = page.key("tags") else {
            continue;
        };
        for tags in [
            "[Night]",
            "[night, Night]",
            "[night, night]",
            "[night shift]",
            "[night_shift]",
            "[nightShift]",
            "[NIGHT, shift]",
            "[\"#night\"]",
            "night, shift",
            "night shift",
            "[night-, shift]",
            "\n  - night\n  - Late Shift",
            "\n  - night\n  - shift\n  - night",
        ] {
            let text = page.with_lines(
                key.line..=key.end,
                &format!("tags: {tags}").replace(": \n", ":\n"),
            );
            out.page(
                &page,
                text,
                key.line..=key.line + 3,
                format!("tags: {tags}"),
            );
        }
    }
}
