//! Words.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::{Heading, Page};
use super::super::repository::{ARCHCORE, Repository};

const ONLY: &[&str] = &[ARCHCORE];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("vague-word", ONLY, vague_word),
    Operator::new("open-ended-list", ONLY, open_ended_list),
    Operator::new("ambiguous-alternative", ONLY, ambiguous_alternative),
    Operator::new("overlong-clause", ONLY, overlong_clause),
    Operator::new("compound-requirement", ONLY, compound_requirement),
    Operator::new(
        "condition-after-obligation",
        ONLY,
        condition_after_obligation,
    ),
    Operator::new("misplaced-modal", ONLY, misplaced_modal),
    Operator::new("subjectless-obligation", ONLY, subjectless_obligation),
    Operator::new("restated-text", ONLY, restated_text),
    Operator::new("unenforced-rule", ONLY, unenforced_rule),
    Operator::new("unweighed-decision", ONLY, unweighed_decision),
    Operator::new("document-length", ONLY, document_length),
    Operator::new("pasted-code", ONLY, pasted_code),
    Operator::new("foreign-section", ONLY, foreign_section),
    Operator::new("relation-in-prose", ONLY, relation_in_prose),
];

fn kind<'a>(page: &Page<'a>) -> &'a str {
    page.stem().rsplit('.').next().unwrap_or_default()
}

/// The sections of numbered requirements of rules and specs.
fn requirements<'a>(page: &Page<'a>) -> Vec<Heading<'a>> {
    let titles: &[&str] = match kind(page) {
        "rule" => &["Rule"],
        "spec" => &["Normative Behavior", "Failure Behavior"],
        _ => &[],
    };
    titles
        .iter()
        .filter_map(|title| page.heading(title))
        .collect()
}

/// Adds each sentence as a further numbered line of the requirements, and in place of each one.
fn clauses(base: &Repository, out: &mut Mutants<'_>, sentences: &[&str]) {
    for page in base.pages() {
        for section in requirements(&page) {
            let numbered = (section.line..=section.end)
                .filter(|line| page.line(*line).starts_with(|c: char| c.is_ascii_digit()));
            for number in numbered {
                for sentence in sentences {
                    out.line(
                        &page,
                        number,
                        &format!("{}. {sentence}", &page.line(number)[..1]),
                    );
                    out.after(&page, number, &format!("9. {sentence}"));
                }
            }
        }
    }
}

fn vague_word(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A handler in `src/desk/` MUST return an appropriate code.",
            "A handler in `src/desk/` MUST be robust.",
            "A printer in `src/desk/` MUST react in a timely manner.",
            "A printer in `src/desk/` MUST keep various slips.",
            "A printer in `src/desk/` MUST print as needed.",
            "A desk in `src/desk/` MUST be user-friendly.",
            "A desk in `src/desk/` MUST answer efficiently.",
            "A desk in `src/desk/` MUST keep a reasonable number of slips.",
            "A desk in `src/desk/` MUST work seamlessly with the printer.",
        ],
    );
}

fn open_ended_list(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A desk in `src/desk/` MUST print the name, the day, etc.",
            "A desk in `src/desk/` MUST print the name, the day etc.",
            "A desk in `src/desk/` MUST print the name, the day, and so on.",
            "A desk in `src/desk/` MUST print the name, the day...",
            "A desk in `src/desk/` MUST print the name, the day, …",
            "A desk in `src/desk/` MUST print the name, the day, and more.",
            "A desk in `src/desk/` MUST print the name, the day, and so forth.",
        ],
    );
}

fn ambiguous_alternative(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A desk in `src/desk/` MUST print and/or send the slip.",
            "A desk in `src/desk/` MUST keep the name and / or the number.",
            "A desk in `src/desk/` MUST NOT print names And/Or numbers.",
        ],
    );
}

fn overlong_clause(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A desk in `src/desk/` that lends a tool to a member who has no card MUST print a slip with the name of the member, the number of the tool, the day of return and the hour at which the counter closes.",
            "WHEN a member brings a tool back on the day after the day of return and the counter is already closed for the night, the desk in `src/desk/` MUST keep the tool outside of the shelf until somebody looks at it.",
        ],
    );
    for page in base
        .pages()
        .into_iter()
        .filter(|page| kind(page) == "guide")
    {
        let Some(section) = page.heading("Steps") else {
            continue;
        };
        for number in section.line..=section.end {
            let line = page.line(number);
            if line.starts_with(|c: char| c.is_ascii_digit()) {
                let long = format!(
                    "{}. Walk to the back of the house, take the ladder from the wall beside the green door, carry it around the house to the side of the street, lean it against the wall below the lamp, climb up to the fourth rung, and turn the switch on the left to the right until the lamp goes out.",
                    &line[..1]
                );
                out.line(&page, number, &long);
            }
        }
    }
}

fn compound_requirement(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A desk in `src/desk/` MUST print a slip and MUST keep a copy.",
            "A desk in `src/desk/` MUST print a slip and MUST NOT show the price.",
            "A desk in `src/desk/` MUST print a slip, and SHOULD keep a copy.",
            "A desk in `src/desk/` MUST print a slip. It MAY keep a copy.",
            "A desk in `src/desk/` MUST print a slip; the printer MUST cut it.",
        ],
    );
}

fn condition_after_obligation(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A desk in `src/desk/` MUST print a slip when a tool is lent.",
            "A desk in `src/desk/` MUST print a slip if a tool is lent.",
            "A desk in `src/desk/` MUST NOT lend a tool while it is broken.",
            "A desk in `src/desk/` MUST refuse a card unless it is paid.",
            "A desk in `src/desk/` MUST print a slip, if the tool is dear.",
            "A desk in `src/desk/` MUST print a slip WHEN a tool is lent.",
        ],
    );
}

fn misplaced_modal(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A desk in `src/desk/` should print a slip.",
            "A desk in `src/desk/` could print a slip.",
            "A desk in `src/desk/` SHALL print a slip.",
            "It is recommended that a desk in `src/desk/` prints a slip.",
            "A desk in `src/desk/` SHALL NOT print a price.",
            "A desk in `src/desk/` should not print a price.",
        ],
    );
    for page in base.pages() {
        let section = match kind(&page) {
            "guide" => page.heading("Steps"),
            "plan" => page.heading("Tasks"),
            _ => None,
        };
        let Some(section) = section else {
            continue;
        };
        for number in section.line + 1..=section.end {
            let line = page.line(number);
            if !line.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let before = &line[..3];
            for sentence in [
                "The desk MUST stop at night.",
                "The desk SHOULD stop at night.",
                "Everybody MUST NOT smoke.",
            ] {
                out.line(&page, number, &format!("{before}{sentence}"));
            }
        }
    }
}

fn subjectless_obligation(base: &Repository, out: &mut Mutants<'_>) {
    clauses(
        base,
        out,
        &[
            "A slip in `src/desk/` MUST be printed.",
            "Slips in `src/desk/` MUST NOT be kept.",
            "The price in `src/desk/` MUST be shown on the slip.",
            "All loans in `src/desk/` SHOULD be written down.",
            "WHEN a tool is lent, a slip MUST be printed for `src/desk/`.",
            "Cards in `src/desk/` MUST be read twice.",
        ],
    );
}

fn restated_text(base: &Repository, out: &mut Mutants<'_>) {
    let relations = base.text(".archcore/.sync-state.json").replace('\n', " ");
    let words: Vec<&str> = relations.split('"').collect();
    let pages = base.pages();
    for (at, word) in words.iter().enumerate() {
        if *word != "source" {
            continue;
        }
        let rest = &words[at..];
        let [source, target, what] =
            [rest.get(2), rest.get(6), rest.get(10)].map(|word| word.copied().unwrap_or_default());
        if !["implements", "extends"].contains(&what) {
            continue;
        }
        let find = |path: &str| {
            pages
                .iter()
                .find(|page| page.path == format!(".archcore/{path}"))
        };
        let (Some(source), Some(target)) = (find(source), find(target)) else {
            continue;
        };
        for statement in [
            "Nine of ten tools come back to the counter on the day that the slip names",
            "The counter lends a drill within two minutes to every member who shows a card",
            "A listener votes once in an hour and hears the record within the next one",
        ] {
            let add = |page: &Page<'_>, text: &str| {
                let headings = page.headings();
                let list = headings.iter().find(|heading| {
                    [
                        "Requirements",
                        "Acceptance Criteria",
                        "Risks and Constraints",
                        "Surface",
                        "Open Questions",
                    ]
                    .contains(&heading.title)
                });
                let end = list.map_or(page.count(), |list| list.end);
                let end = (1..=end)
                    .rev()
                    .find(|line| !page.line(*line).is_empty())
                    .unwrap_or(end);
                (page.with_after(end, &format!("- {text}")), end + 1)
            };
            let (first, _) = add(target, statement);
            let words: Vec<&str> = statement.split(' ').collect();
            let without = format!("{} {}", words[..5].join(" "), words[6..].join(" "));
            let again = [
                statement.to_owned(),
                format!("{statement}."),
                format!("**{statement}**"),
                without,
                statement.replace("every ", "each "),
                statement.to_lowercase(),
            ];
            for copy in again {
                let (second, line) = add(source, &copy);
                let changed = base.with(target.path, &first).with(source.path, second);
                out.add(changed, source.path, line..=line, copy);
            }
        }
    }
}

fn unenforced_rule(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(|page| kind(page) == "rule") {
        let (Some(rule), Some(enforcement)) = (page.heading("Rule"), page.heading("Enforcement"))
        else {
            continue;
        };
        for words in [
            "Everybody takes care.",
            "We remind each other.",
            "People know it.",
            "It is a matter of honour.",
            "Nobody has broken it so far.",
        ] {
            let text = page.with_lines(enforcement.line + 2..=enforcement.line + 2, words);
            out.page(&page, text, enforcement.line..=enforcement.end, words);
        }
        for clause in [
            "1. Loans MUST have a day of return.",
            "1. Everybody MUST knock.",
            "1. Desks MUST be tidy.",
        ] {
            let lines: Vec<String> = (rule.line + 2..=rule.end)
                .map(|number| page.line(number).to_owned())
                .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
                .collect();
            let text = page.with_lines(rule.line + 2..=rule.line + 1 + lines.len(), clause);
            out.page(&page, text, rule.line..=rule.end, clause);
        }
    }
}

fn unweighed_decision(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(|page| kind(page) == "adr") {
        let Some(section) = page.heading("Alternatives") else {
            continue;
        };
        let entries: Vec<usize> = (section.line..=section.end)
            .filter(|line| page.line(*line).starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        for number in &entries {
            out.page(
                &page,
                page.without(*number..=*number),
                section.line..=section.end,
                "one alternative only",
            );
            for words in [
                "**Do nothing**",
                "**Do nothing**: everything stays.",
                "Do nothing.",
                "**A cloud service** (hosted)",
                "**Do nothing** – as today.",
            ] {
                out.line(
                    &page,
                    *number,
                    &format!("{}. {words}", &page.line(*number)[..1]),
                );
            }
        }
    }
}

fn document_length(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(end) = page.front_end() else {
            continue;
        };
        let has_length = ["rule", "spec", "guide", "adr", "prd", "plan"].contains(&kind(&page));
        if !has_length {
            continue;
        }
        // Begun, and never written.
        for body in [
            "## Goal\n\nLater.",
            "Nothing yet.",
            "## Rule\n\n1. A desk MUST be open.",
            "See the wiki.",
        ] {
            let text = page.with_lines(end + 1..=page.count(), &format!("\n{body}"));
            out.page(&page, text, ANYWHERE, body);
        }
        if kind(&page) == "spec" {
            for count in [130, 300] {
                let lines: String = (1..=count).fold(String::new(), |lines, number| {
                    format!("{lines}- Word {number}\n")
                });
                let text = page.with_after(page.count(), &format!("\n{lines}"));
                out.page(&page, text, ANYWHERE, format!("{count} lines more"));
            }
        }
    }
}

fn pasted_code(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        if !["adr", "prd", "plan"].contains(&kind(&page)) {
            continue;
        }
        let line = page
            .headings()
            .iter()
            .find(|heading| heading.level == 2)
            .map_or(page.count(), |first| first.end);
        for (language, code) in [
            ("python", "def build(number):\n    return number + 1\n"),
            (
                "rust",
                "fn build(number: u32) -> u32 {\n    number + 1\n}\n",
            ),
            (
                "ts",
                "export function build(n: number) {\n  return n + 1;\n}\n",
            ),
            ("go", "func build(n int) int {\n\treturn n + 1\n}\n"),
            ("sql", "SELECT name\nFROM members\nWHERE born < 1990;\n"),
            ("sh", "for f in *.txt; do\n  cat \"$f\"\ndone\n"),
        ] {
            let block = format!("```{language}\n{}```\n", code.repeat(12));
            let lines = block.lines().count();
            let text = page.with_after(line, &format!("{block}\n"));
            out.page(
                &page,
                text,
                line + 1..=line + lines,
                format!("{lines} lines of {language}"),
            );
        }
    }
}

fn foreign_section(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let sections: &[&str] = match kind(&page) {
            "prd" => &[
                "Milestones",
                "Tasks",
                "Alternatives Considered",
                "Normative Behavior",
                "Conformance",
            ],
            "adr" => &["Tasks", "Milestones", "Normative Behavior", "Conformance"],
            "rule" | "spec" => &["Tasks", "Milestones", "Alternatives Considered"],
            "guide" => &[
                "Tasks",
                "Milestones",
                "Alternatives Considered",
                "Normative Behavior",
            ],
            "plan" => &[
                "Alternatives Considered",
                "Normative Behavior",
                "Conformance",
            ],
            _ => &[],
        };
        for section in sections {
            for body in ["- The first one\n- The second one", "A few words on it."] {
                let text = page.with_after(page.count(), &format!("\n## {section}\n\n{body}"));
                out.page(&page, text, page.count() + 2..=page.count() + 2, *section);
            }
        }
    }
}

fn relation_in_prose(base: &Repository, out: &mut Mutants<'_>) {
    let pages = base.pages();
    // Ideas and stories may tell what they like.
    for page in pages.iter().filter(|page| kind(page) != "idea") {
        for other in pages.iter().filter(|other| other.path != page.path) {
            let depth = page.folder().split('/').count();
            let shared = page
                .folder()
                .split('/')
                .zip(other.path.split('/'))
                .take_while(|(a, b)| a == b)
                .count();
            let rest: Vec<&str> = other.path.split('/').skip(shared).collect();
            let path = format!("{}{}", "../".repeat(depth - shared), rest.join("/"));
            let prose = page.texts().find(|(_, line)| {
                line.starts_with(|c: char| c.is_alphabetic()) && line.ends_with('.')
            });
            let Some((number, line)) = prose else {
                continue;
            };
            for link in [
                format!("[it]({path})"),
                format!("[it](./{path})"),
                format!("[it]({path}#goal)"),
            ] {
                out.line(page, number, &format!("{line} See {link}."));
            }
        }
    }
}
