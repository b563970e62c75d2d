//! Inputs that would take minutes if anything were quadratic: each must be read to its end.

use std::fmt::Write;

use planwright_dialect::Dialects;
use planwright_model::Document;

/// Reads a text as a plan, whole and as a summary, which must agree.
fn read(text: String) -> Document {
    let (dialects, _) = Dialects::load(&[]);
    let document = dialects
        .read("docs/plans/large-plan.md", text.clone().into_bytes())
        .document;
    let Some(summary) = dialects.summarise("docs/plans/large-plan.md", text.into_bytes()) else {
        panic!("a plan is listed");
    };
    assert_eq!(summary.items.len(), document.items.len());
    assert_eq!(summary.phases, document.phases);
    document
}

fn lines(head: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(head.to_owned(), |mut text, n| {
        let _ = writeln!(text, "{}", line(n));
        text
    })
}

#[test]
fn ten_thousand_tasks_that_depend_on_each_other() {
    let text = lines("# Plan\n\n## Tasks\n\n", 10_000, |n| {
        format!(
            "- [ ] T{n:05} Do part {n} (depends on T{:05})",
            n.saturating_sub(1)
        )
    });
    let document = read(text);
    assert_eq!(document.items.len(), 10_000);
    assert_eq!(document.items[9_999].depends_on, ["T09998"]);
}

#[test]
fn ten_thousand_headings() {
    let text = lines("# Plan\n\n", 10_000, |n| {
        format!("# Part {n}\n\nWords of part {n}.\n")
    });
    assert_eq!(read(text).sections.len(), 10_001);
}

#[test]
fn thousands_of_task_headings_with_steps() {
    let text = lines("# Plan\n\n## Tasks\n\n", 4_000, |n| {
        format!(
            "### Task {n}: Build part {n}\n\n**Depends on:** Task {}\n\n- [x] first\n- [ ] second\n",
            n / 2
        )
    });
    assert_eq!(read(text).items.len(), 12_000);
}

#[test]
fn headings_beside_each_other_without_ids() {
    let text = lines("# Plan\n\n## Tasks\n\n", 6_000, |n| {
        format!("### Build part {n}\n\nWords.\n")
    });
    assert_eq!(read(text).sections.len(), 6_002);
}

#[test]
fn thousands_of_phases_and_of_lines_that_order_them() {
    let text = lines("# Plan\n\n", 3_000, |n| {
        format!("## Phase {n}: Build part {n}\n\n**Goal**: part {n}\n")
    });
    let text = lines(&format!("{text}\n## Dependencies\n\n"), 3_000, |n| {
        format!("- Phase {n} depends on Phase {}", n.saturating_sub(1))
    });
    let document = read(text);
    assert_eq!(document.phases.len(), 3_000);
    assert_eq!(
        document.phases[7].depends_on,
        [format!("phase:{}", document.phases[6].line)]
    );
}

#[test]
fn dated_headings_of_a_log() {
    let text = lines("# Plan\n\n## Progress\n\n", 5_000, |n| {
        format!("### 2026-01-02 Part {n}\n\nWords.\n")
    });
    assert_eq!(read(text).log.len(), 5_000);
}

#[test]
fn one_paragraph_of_two_megabytes() {
    for word in [
        "word ",
        "T001 - ",
        ".",
        "- ",
        "**a**: b ",
        "`a` ",
        "[[a]] ",
        "(2026-01-02) ",
        "(",
        "~",
    ] {
        let text = format!("# Plan\n\nT001 {}\n", word.repeat(2_000_000 / word.len()));
        assert_eq!(read(text).title.text, "Plan", "{word}");
    }
}

#[test]
fn the_same_text_in_one_task_and_under_dependencies() {
    for word in [
        "word ",
        "T001",
        "T001 - ",
        ".",
        "→",
        "Phase 1, ",
        "US1 ",
        "depends on ",
        "before ",
    ] {
        let long = word.repeat(300_000 / word.len());
        let text = format!(
            "# Plan\n\n## Phase 1: Setup\n\n- [ ] T001 depends on T002 {long}\n- [ ] T002 x\n\n## Dependencies\n\n- T001 {long}\n"
        );
        assert_eq!(read(text).items.len(), 2, "{word}");
    }
}

#[test]
fn thousands_of_brackets() {
    for mark in ["[", "![", "](", "**", "`", "<", "~~"] {
        let text = format!(
            "# Plan\n\n- [ ] {}\n\n{}\n",
            mark.repeat(20_000),
            mark.repeat(50_000)
        );
        assert_eq!(read(text).title.text, "Plan", "{mark}");
    }
}

#[test]
fn a_thousand_levels_of_lists_and_quotes() {
    let text = lines("# Plan\n\n## Tasks\n\n", 1_000, |n| {
        format!("{}- [ ] task {n}", "  ".repeat(n))
    });
    assert!(!read(text).items.is_empty());
    assert_eq!(
        read(format!("# Plan\n\n{} words\n", ">".repeat(10_000)))
            .title
            .text,
        "Plan"
    );
}

#[test]
fn thousands_of_links() {
    let text = lines("# Plan\n\n## Related\n\n", 10_000, |n| {
        format!("- [part {n}](part-{n}.md)")
    });
    assert_eq!(read(text).relations.len(), 10_000);
}
