//! What documents cost a reader with a token budget, and comments of the checker's own.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("unused-suppression", ALL, unused_suppression),
    Operator::new(
        "suppression-without-reason",
        ALL,
        suppression_without_reason,
    ),
    Operator::new("suppression-of-nothing", ALL, suppression_of_nothing),
    Operator::new("context-budget", &[AI_DOCS], context_budget),
    Operator::new(
        "always-loaded-when-over",
        &[AI_DOCS],
        always_loaded_when_over,
    ),
    Operator::new("triggers-missing", &[AI_DOCS], triggers_missing),
    Operator::new("document-too-large", ALL, document_too_large),
];

/// Blank lines of the text between blocks.
fn gaps(page: &Page<'_>) -> Vec<usize> {
    let blank = page.texts().filter(|(number, line)| {
        line.is_empty()
            && page
                .line(number + 1)
                .starts_with(|c: char| c.is_alphabetic() || c == '#')
    });
    blank.map(|(number, _)| number).collect()
}

fn comments(base: &Repository, out: &mut Mutants<'_>, comments: &[&str]) {
    for (place, page) in base.pages().into_iter().enumerate() {
        for (at, gap) in gaps(&page).into_iter().enumerate() {
            let comment = comments[(at + place) % comments.len()];
            let text = page.with_after(gap, &format!("{comment}\n\n"));
            let end = gap + comment.lines().count();
            out.page(&page, text, gap + 1..=end, comment);
        }
    }
}

fn unused_suppression(base: &Repository, out: &mut Mutants<'_>) {
    comments(
        base,
        out,
        &[
            "<!-- planwright: ignore dangling-link -- made by the build -->",
            "<!-- planwright: ignore PW301 -- made by the build -->",
            "<!-- planwright: ignore state-disagrees -- the board decides -->",
            "<!-- planwright: ignore PW105, PW301 -- an example -->",
            "<!-- planwright: ignore done-with-open-items -- later -->",
            "<!-- planwright: ignore-file dangling-link -- made by the build -->",
            "<!--planwright: ignore dangling-link -- made by the build-->",
        ],
    );
}

fn suppression_without_reason(base: &Repository, out: &mut Mutants<'_>) {
    comments(
        base,
        out,
        &[
            "<!-- planwright: ignore dangling-link -->",
            "<!-- planwright: ignore PW301 -->",
            "<!-- planwright: ignore PW105, PW301 -->",
            "<!-- planwright: ignore dangling-link -- -->",
            "<!-- planwright: ignore-file PW301 -->",
            "<!-- planwright:ignore dangling-link -->",
            "<!-- planwright: ignore references -->",
        ],
    );
}

fn suppression_of_nothing(base: &Repository, out: &mut Mutants<'_>) {
    comments(
        base,
        out,
        &[
            "<!-- planwright: ignore dangling-links -- made by the build -->",
            "<!-- planwright: ignore PW999 -- made by the build -->",
            "<!-- planwright: ignore dead-link -- made by the build -->",
            "<!-- planwright: ignore dangling_link -- made by the build -->",
            "<!-- planwright: ignore PL301 -- made by the build -->",
            "<!-- planwright: ignore MD041 -- another tool -->",
            "<!-- planwright: ignore-file links -- made by the build -->",
            "<!-- planwright: ignore -->",
        ],
    );
}

fn context_budget(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(key) = page.key("token_budget") else {
            continue;
        };
        let indent = " ".repeat(key.indent);
        // Some four letters make a token; a budget of half of them is too small for sure.
        let size = page.text.len() / 4;
        for part in [2, 3, 5, 10] {
            out.line(
                &page,
                key.line,
                &format!("{indent}token_budget: {}", size / part),
            );
        }
        // The document grew, and its budget did not.
        let budget: usize = key.value.parse().unwrap_or(0);
        for sentence in [
            "The baker weighs the flour twice and writes both numbers into the book.",
            "- [x] (2026-01-12 08:00Z) Weigh 25.4 kg of flour at 21.5 °C in `src/flour.rs`.",
            "Мука взвешивается дважды, и оба числа записываются в книгу.",
        ] {
            let times = budget * 6 / sentence.len() + 8;
            let text = page.with_after(
                page.count(),
                &format!("\n{}", format!("{sentence}\n").repeat(times)),
            );
            out.page(
                &page,
                text,
                key.line..=key.line,
                format!("{times} times {sentence}"),
            );
        }
    }
}

fn always_loaded_when_over(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(load) = page.key("context_load") else {
            continue;
        };
        let indent = " ".repeat(load.indent);
        for word in ["always", "Always", "\"always\""] {
            let text = page.with_line(load.line, &format!("{indent}context_load: {word}"));
            let changed = Page::new(page.path, &text);
            let place = load.line..=load.line + 1;
            let status = page.statuses().into_iter().next();
            let is_over = status.is_some_and(|status| {
                ["completed", "superseded", "Complete"].contains(&status.word)
            });
            if is_over {
                out.page(&page, text, place, format!("over, and loaded {word}"));
                continue;
            }
            if page.path.contains("/adr/") {
                continue;
            }
            for over in ["completed", "superseded", "done", "rejected"] {
                if let Some(status) = page.statuses().first() {
                    let text = changed.with_line(status.line, &status.saying(over));
                    out.page(
                        &page,
                        text,
                        place.clone(),
                        format!("{over}, and loaded {word}"),
                    );
                }
            }
            if let Some(expires) = page.key("expires") {
                let text = changed.with_line(expires.line, "expires: 2026-02-01");
                out.page(
                    &page,
                    text,
                    place.clone(),
                    format!("expired, and loaded {word}"),
                );
            }
            // Put into the archive as it was.
            let path = format!("docs/archive/{}.md", page.stem());
            let moved = base.without(page.path).with(&path, text);
            out.add(
                moved,
                &path,
                place,
                format!("in the archive, and loaded {word}"),
            );
        }
    }
}

fn triggers_missing(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(load) = page.key("context_load") else {
            continue;
        };
        let indent = " ".repeat(load.indent);
        // What is over is loaded by nobody.
        if page.path.contains("completed") {
            continue;
        }
        let place = 1..=page.front_end().unwrap_or(1);
        match page.key("triggers") {
            Some(triggers) => {
                let lines = triggers.line..=triggers.end;
                out.page(
                    &page,
                    page.without(lines.clone()),
                    place.clone(),
                    "without triggers",
                );
                for empty in [
                    "triggers: []",
                    "triggers:",
                    "triggers: [\"\"]",
                    "triggers: # none yet",
                    "triggers: ~",
                ] {
                    let text = page.with_lines(lines.clone(), &format!("{indent}{empty}"));
                    out.page(&page, text, place.clone(), empty);
                }
            }
            None => {
                for word in [
                    "on-demand",
                    "on_demand",
                    "on demand",
                    "ondemand",
                    "\"on-demand\"",
                ] {
                    out.line(&page, load.line, &format!("{indent}context_load: {word}"));
                }
            }
        }
    }
}

fn document_too_large(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let words = page.text.split_whitespace().count();
        let is_over = page.statuses().iter().any(|status| {
            let word = status.word.to_lowercase();
            ["done", "complete", "superseded", "implemented", "abandoned"]
                .iter()
                .any(|over| word.starts_with(over))
        });
        if words < 60 || is_over || page.path.to_lowercase().ends_with("readme.md") {
            continue;
        }
        // A limit that the document is plainly above: no word is less than a token.
        for part in [1, 2, 4] {
            let config = format!(
                "[check.rules.document-too-large]\ntokens = {}\n",
                words / part
            );
            let changed = base.with(".planwright/config.toml", config);
            out.add(
                changed,
                page.path,
                ANYWHERE,
                format!("limit {}", words / part),
            );
        }
    }
}
