//! Front matter, sections, names.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];
const WITH_FRONT: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("front-matter-invalid", WITH_FRONT, front_matter_invalid),
    Operator::new("duplicate-key", WITH_FRONT, duplicate_key),
    Operator::new("unclosed-fence", ALL, unclosed_fence),
    Operator::new("placeholder-left", ALL, placeholder_left),
    Operator::new("front-matter-unclosed", WITH_FRONT, front_matter_unclosed),
    Operator::new("missing-key", &[ARCHCORE, AI_DOCS, DEV_OPS], missing_key),
    Operator::new(
        "value-unknown",
        &[ARCHCORE, AI_DOCS, DEV_OPS],
        value_unknown,
    )
    .also(&["state-unknown"]),
    Operator::new(
        "value-invalid",
        &[AI_DOCS, EXECPLAN, DEV_OPS, GENERIC],
        value_invalid,
    ),
    Operator::new(
        "missing-section",
        &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS],
        missing_section,
    ),
    Operator::new(
        "empty-section",
        &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS],
        empty_section,
    ),
    Operator::new("misnamed-file", &[ARCHCORE], misnamed_file),
    Operator::new(
        "nothing-to-measure",
        &[EXECPLAN, SPEC_KIT],
        nothing_to_measure,
    ),
];

fn front_matter_invalid(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(end) = page.front_end() else {
            continue;
        };
        for line in [
            "owner: @maria",
            "reviewer: *ida",
            "note: `make all`",
            "progress: %50",
            "note: see: below",
            "tags: [one, two",
            "note: \"half a quotation",
            "note: 'it's done'",
            "\tnote: a tab",
            "note: {a: b",
        ] {
            let text = page.with_after(end - 1, line);
            out.page(&page, text, 1..=end + 1, line);
        }
        // A title that is a sentence with a colon is the usual way.
        if let Some(title) = page.key("title") {
            let line = format!("title: {}: the second part", title.value.trim_matches('"'));
            let text = page.with_line(title.line, &line);
            out.page(&page, text, 1..=end, line);
        }
    }
}

fn duplicate_key(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(end) = page.front_end() else {
            continue;
        };
        for key in page.keys() {
            if key.value.is_empty() || key.indent > 0 {
                continue;
            }
            // Added at the end by somebody who did not look, or left by a merge.
            let again = format!("{}: {}", key.name, key.value);
            let text = page.with_after(end - 1, &again);
            out.page(&page, text, end..=end, again.clone());
            let text = page.with_after(key.line, &again);
            out.page(&page, text, key.line + 1..=key.line + 1, again);
            let other = format!("{}: other", key.name);
            let text = page.with_after(end - 1, &other);
            out.page(&page, text, end..=end, other);
        }
        for key in page
            .keys()
            .iter()
            .filter(|key| key.indent > 0 && !key.value.is_empty())
        {
            let again = format!("{}{}: low", " ".repeat(key.indent), key.name);
            out.after(&page, key.line, &again);
        }
    }
}

/// The lines behind which a new block can stand: blank ones between blocks of text.
fn gaps(page: &Page<'_>) -> Vec<usize> {
    let texts: Vec<(usize, &str)> = page.texts().collect();
    let pairs = texts.windows(2).filter(|pair| {
        let (next, text) = (pair[1].0, pair[1].1);
        pair[0].1.is_empty() && pair[0].0 + 1 == next && !text.starts_with([' ', '\t'])
    });
    pairs.map(|pair| pair[0].0).collect()
}

fn unclosed_fence(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let has_code = page.text.contains("```");
        for (at, gap) in gaps(&page).into_iter().enumerate().filter(|_| !has_code) {
            let fence = [
                "```sh\nmake test\n",
                "```\nmake test\n",
                "~~~\nmake test\n",
                "```json\n{}\n``\n",
                "````markdown\n# Example\n```\n",
                "```rust\nfn main() {}\n~~~\n",
            ][at % 6];
            let text = page.with_after(gap, &format!("{fence}\n"));
            out.page(&page, text, gap + 1..=gap + 1, fence);
        }
        // The last closing fence goes.
        let mut fences = (1..=page.count()).filter(|line| page.line(*line).starts_with("```"));
        if let (Some(last), Some(open)) = (fences.next_back(), fences.next_back()) {
            out.page(
                &page,
                page.without(last..=last),
                open..=open,
                "closing fence removed",
            );
        }
    }
}

fn placeholder_left(base: &Repository, out: &mut Mutants<'_>) {
    const TEXTS: [&str; 14] = [
        "[What does the user gain?]",
        "[Describe the problem in one paragraph]",
        "[Feature name]",
        "[TODO: fill in]",
        "[NEEDS CLARIFICATION: which users?]",
        "[e.g., Python 3.11, Swift 5.9 or NEEDS CLARIFICATION]",
        "{{summary}}",
        "{{ description }}",
        "- [ACTION ITEM]",
        "- [First thing that has to be done, with its owner]",
        "**Begins:** YYYY-MM-DD",
        "**Owner**: [Name]",
        "**Deadline:** [DATE]",
        "**Input**: User description: \"$ARGUMENTS\"",
    ];
    for (number, page) in base.pages().into_iter().enumerate() {
        for (at, gap) in gaps(&page).into_iter().enumerate().skip(1) {
            // The argument of a command is left by the commands of spec-kit alone.
            let count = TEXTS.len() - usize::from(base.dialect != SPEC_KIT);
            let text = TEXTS[(at + number * 3) % count];
            let new = page.with_after(gap, &format!("{text}\n\n"));
            out.page(&page, new, gap + 1..=gap + 1, text);
        }
        for key in page.keys() {
            let value = match key.name {
                "owner" => "\"[Team or person]\"",
                "created" | "date" | "last_updated" => "YYYY-MM-DD",
                "status" => "[draft | active | completed]",
                _ => continue,
            };
            out.line(&page, key.line, &format!("{}: {value}", key.name));
        }
    }
}

fn front_matter_unclosed(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(end) = page.front_end() else {
            continue;
        };
        if page.texts().any(|(_, line)| line.trim() == "---") {
            continue;
        }
        out.page(
            &page,
            page.without(end..=end),
            1..=1,
            "closing `---` removed",
        );
        for close in ["--", "- - -", "—", "--- end", "___"] {
            out.page(&page, page.with_line(end, close), 1..=1, close);
        }
    }
}

fn missing_key(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        // Keys that the forms of these dialects ask of every document that has front matter.
        let owed: &[&str] = match base.dialect {
            DEV_OPS => &["id", "status"],
            // A heading is title enough.
            AI_DOCS => &["status"],
            _ => &["title", "status"],
        };
        if page.statuses().len() > 1 || page.path.ends_with("index.md") {
            continue;
        }
        for key in page.keys().iter().filter(|key| owed.contains(&key.name)) {
            let place = ANYWHERE;
            out.page(
                &page,
                page.without(key.line..=key.line),
                place.clone(),
                key.name,
            );
            let empty = format!("{}:", key.name);
            out.page(
                &page,
                page.with_line(key.line, &empty),
                place.clone(),
                empty,
            );
            let quoted = format!("{}: \"\"", key.name);
            out.page(
                &page,
                page.with_line(key.line, &quoted),
                place.clone(),
                quoted,
            );
            let comment = format!("# {}: {}", key.name, key.value);
            out.page(
                &page,
                page.with_line(key.line, &comment),
                place.clone(),
                comment,
            );
            let typo = format!("{}x: {}", key.name, key.value);
            out.page(&page, page.with_line(key.line, &typo), place, typo);
        }
        if base.dialect == ARCHCORE
            && let Some(end) = page.front_end()
        {
            out.page(&page, page.without(1..=end), ANYWHERE, "no front matter");
        }
    }
}

fn value_unknown(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for key in page.keys() {
            // Research has a state or none.
            if page.path.contains("RES-") {
                continue;
            }
            let values: &[&str] = match (base.dialect, key.name) {
                (ARCHCORE, "status") => &[
                    "Accepted",
                    "DRAFT",
                    "done",
                    "in-progress",
                    "acepted",
                    "\"approved\"",
                    "active",
                    "proposed",
                    "wip",
                ],
                (AI_DOCS, "priority") => &["urgent", "p1", "hihg", "1", "normal"],
                (AI_DOCS, "context_load") => &["sometimes", "alway", "on-demnad", "lazy", "eager"],
                (DEV_OPS, "priority") => &["urgent", "P0", "meduim", "1"],
                (DEV_OPS, "column") => &["col-doing", "build", "col-bulid"],
                (DEV_OPS, "status") => &["Actvie", "nearly", "Stage 2", "50%"],
                _ => continue,
            };
            for value in values {
                let line = format!("{}{}: {value}", " ".repeat(key.indent), key.name);
                out.line(&page, key.line, &line);
            }
        }
    }
}

fn value_invalid(base: &Repository, out: &mut Mutants<'_>) {
    const DAYS: [&str; 10] = [
        "2026-02-30",
        "2026-13-01",
        "last week",
        "soon",
        "tomorrow",
        "31.12.2025",
        "2026-1",
        "Q1",
        "\"early in January\"",
        "[2026-01-02, 2026-01-09]",
    ];
    for (number, page) in base.pages().into_iter().enumerate() {
        for (at, key) in page.keys().iter().enumerate() {
            let indent = " ".repeat(key.indent);
            match key.name {
                "created" | "date" | "last_updated" | "updated" | "updated_at" | "reviewed"
                | "expires" | "completed" | "started" | "next_review" | "updated_date"
                | "created_date" => {
                    for step in 0..5 {
                        let value = DAYS[(at + number + step * 3) % DAYS.len()];
                        out.line(&page, key.line, &format!("{indent}{}: {value}", key.name));
                    }
                }
                "token_budget" => {
                    for value in ["small", "a few", "many tokens", "[1000, 2000]"] {
                        out.line(&page, key.line, &format!("{indent}{}: {value}", key.name));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The sections that every document of its kind has in these dialects.
fn owed(page: &Page<'_>, dialect: &str) -> Vec<super::super::page::Heading<'static>> {
    let kind = page.stem().rsplit('.').next().unwrap_or_default();
    let prefix = page.stem().split('-').next().unwrap_or_default();
    let names: &[&str] = match (dialect, kind) {
        (ARCHCORE, "plan") => &["Goal", "Acceptance Criteria"],
        (ARCHCORE, "adr") => &["Context", "Decision", "Alternatives", "Consequences"],
        (ARCHCORE, "rule") => &["Rule", "Rationale", "Enforcement"],
        (ARCHCORE, "spec") => &["Purpose & Scope", "Normative Behavior", "Conformance"],
        (ARCHCORE, "guide") => &["Prerequisites", "Steps", "Verification"],
        (ARCHCORE, "prd") => &["Vision", "Problem Statement", "Goals and", "Requirements"],
        (ARCHCORE, "idea") => &["Idea", "Value", "Risks and Constraints"],
        (AI_DOCS, _) if page.path.contains("/adr/") => &["Context", "Decision"],
        (EXECPLAN, _) if page.path.contains("execplans/") => &[
            "Purpose",
            "Progress",
            "Surprises",
            "Decision Log",
            "Outcomes",
        ],
        (DEV_OPS, _) => match prefix {
            "PRD" => &["Vision", "Goals"],
            "ADR" => &["Context", "Decision", "Consequences"],
            "BUG" => &["Description"],
            "STORY" => &["User Story", "Acceptance Criteria"],
            _ => &[],
        },
        _ => &[],
    };
    let headings = names.iter().filter_map(|name| {
        let heading = page.heading(name)?;
        Some(super::super::page::Heading {
            line: heading.line,
            level: heading.level,
            title: "",
            end: heading.end,
        })
    });
    headings.collect()
}

fn missing_section(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        // What is over owes no section any more.
        let is_over = page.path.contains("completed/") && base.dialect != DEV_OPS;
        if page.text.contains("status: superseded") || is_over {
            continue;
        }
        for heading in owed(&page, base.dialect) {
            let title = page.line(heading.line);
            let text = page.without(heading.line..=heading.end);
            out.page(&page, text, ANYWHERE, format!("without `{title}`"));
            for other in ["## Misc", "## Appendix", "## Thoughts"] {
                let text = page.with_line(heading.line, other);
                out.page(&page, text, ANYWHERE, format!("`{title}` became `{other}`"));
            }
            if !title.starts_with("## Progress") {
                // Somebody removed the heading and left its text behind.
                let text = page.without(heading.line..=heading.line);
                out.page(&page, text, ANYWHERE, format!("`{title}` gone, text kept"));
            }
        }
    }
}

fn empty_section(base: &Repository, out: &mut Mutants<'_>) {
    const NOTHING: [&str; 8] = [
        "",
        "TBD",
        "<!-- what is it for? -->",
        "(To be updated)",
        "TODO",
        "...",
        "_TBD_",
        "- TBD",
    ];
    for (number, page) in base.pages().into_iter().enumerate() {
        let is_over = page.text.contains("COMPLETE") || page.text.contains("Status**: Completed");
        for (at, heading) in owed(&page, base.dialect).into_iter().enumerate() {
            let title = page.line(heading.line);
            let is_log = ["Surprises", "Decision Log", "Outcomes"];
            let is_log = is_log.iter().any(|log| title.contains(log));
            // A log is empty until there is something to write, and a plan without steps is told
            // as such.
            let is_progress = title.contains("Progress");
            if base.dialect == EXECPLAN && (is_log || is_progress) && !is_over {
                continue;
            }
            for step in 0..4 {
                let nothing = NOTHING[(at + number + step) % NOTHING.len()];
                let new = format!("{title}\n\n{nothing}\n\n");
                let mut text = page.with_lines(heading.line..=heading.end, new.trim_end());
                // The blank line before the next heading went with the section.
                text = text.replace(new.trim_end(), new.trim_end_matches('\n'));
                let at = heading.line..=heading.line + 2;
                out.page(&page, text, at, format!("{title}: `{nothing}`"));
            }
        }
    }
}

fn misnamed_file(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let name = page.path.rsplit('/').next().unwrap_or_default();
        let Some((slug, kind)) = name.split_once('.') else {
            continue;
        };
        let words: Vec<&str> = slug.split('-').collect();
        let capital = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let camel: Vec<String> = words.iter().map(|word| capital(word)).collect();
        let names = [
            format!("{}_x.{kind}", words.join("_")),
            format!("{}.{kind}", camel.join("")),
            format!("{} x.{kind}", words.join(" ")),
            format!("{}.{kind}", camel.join("-")),
        ];
        for new in names {
            let path = format!("{}/{new}", page.folder());
            out.add(base.moved(page.path, &path), &path, ANYWHERE, path.clone());
        }
    }
}

fn nothing_to_measure(base: &Repository, out: &mut Mutants<'_>) {
    const INSTEAD: [&str; 5] = [
        "The first step is done, and the second has begun.",
        "TBD",
        "We are nearly there.",
        "See the board.",
        "No tasks yet.",
    ];
    for page in base.pages() {
        let is_task_file = page.path.ends_with("tasks.md");
        let is_active = page.path.contains("execplans/") && !page.path.contains("completed/");
        if page.path.contains("index") || page.path.contains("002-pump") {
            continue;
        }
        if !is_task_file && (!is_active || base.dialect != EXECPLAN) {
            continue;
        }
        for instead in INSTEAD {
            let mut text = String::new();
            let mut is_in_item = false;
            let mut first = true;
            for number in 1..=page.count() {
                let line = page.line(number);
                let bare = line.trim_start();
                if bare.starts_with("- [") || bare.starts_with("* [") {
                    is_in_item = !bare.contains("]: ") && !bare.contains("](");
                    if is_in_item && first {
                        text.push_str(instead);
                        text.push('\n');
                        first = false;
                    }
                } else if !line.starts_with(' ') {
                    is_in_item = false;
                }
                if !is_in_item {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            out.page(&page, text, ANYWHERE, instead);
        }
    }
}
