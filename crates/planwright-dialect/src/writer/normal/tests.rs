use super::*;
use crate::writer::tests::{NOW, dialects};

/// What becomes of a document, and that it is left alone afterwards.
fn normal(path: &str, text: &str) -> String {
    let dialects = dialects();
    let reading = dialects.read(path, text.as_bytes().to_vec());
    let normal = dialects.normalize(&reading, NOW);
    let again = dialects.read(path, normal.bytes.clone());
    assert_eq!(dialects.normalize(&again, NOW).bytes, normal.bytes);
    let told = normal.made.iter().map(|made| {
        let words = made.words.join(", ");
        format!("{} {} {words}\n", made.form.as_str(), made.count)
    });
    let told: String = told.collect();
    format!("{told}\n{}", String::from_utf8(normal.bytes).unwrap())
}

#[test]
fn space_goes_where_it_means_nothing() {
    let text = "# A plan \t\n\n\n\n## Tasks\n\n- [ ] one  \n  more   \n- [ ] two \n\n```sh\nls  \n\n\n\nls\n```\n\n\nEnd.  \n\n\n";
    let expected = "trailing_space 4 \nblank_lines 3 \n\n# A plan\n\n## Tasks\n\n- [ ] one  \n  more  \n- [ ] two\n\n```sh\nls  \n\n\n\nls\n```\n\nEnd.\n";
    assert_eq!(normal("docs/plans/a.md", text), expected);
}

#[test]
fn line_endings_are_those_of_most() {
    let text = "# A plan\r\n\r\n## Tasks\r\n\r\n- [ ] one\n- [x] two\r\n";
    let expected = "line_endings 1 \n\n# A plan\r\n\r\n## Tasks\r\n\r\n- [ ] one\r\n- [x] two\r\n";
    assert_eq!(normal("docs/plans/a.md", text), expected);
}

#[test]
fn boxes_are_written_alike_and_a_teams_own_marks_stay() {
    let text = "# A plan\n\n## Tasks\n\n* [X] one\n* [ ] two\n  * [x] deep\n* [~] three\n* [!] four\n\n## Notes\n\n* a word\n";
    let expected = "marks 3 \n\n# A plan\n\n## Tasks\n\n- [x] one\n- [ ] two\n  - [x] deep\n- [~] three\n- [!] four\n\n## Notes\n\n* a word\n";
    assert_eq!(normal("docs/plans/a.md", text), expected);
}

#[test]
fn words_and_days_are_spelled_as_the_form_does() {
    let text = "---\ntitle: Faster\nstatus: ACCEPTED\ntags: []\n---\n\n## Context\n\nWords.\n\n## Decision\n\nOne.\n\n## Alternatives Considered\n\n- None: because\n\n## Consequences\n\nGood.\n";
    let said = normal(".archcore/faster.adr.md", text);
    assert!(said.starts_with("states 1 accepted\n"), "{said}");
    assert!(said.contains("status: accepted\n"), "{said}");
    for (given, expected) in [
        ("2026/3/2", Some("2026-03-02")),
        ("March 2, 2026", Some("2026-03-02")),
        ("2 Mar 2026", Some("2026-03-02")),
        ("2026.03.02", Some("2026-03-02")),
        ("2026-03-02", None),
        ("03/02/2026", None),
        ("soon", None),
    ] {
        assert_eq!(spelling::day(given).as_deref(), expected, "{given}");
    }
}

#[test]
fn sections_that_are_owed_are_added_in_their_place() {
    let text = "# Replay webhooks\n\nThis ExecPlan is a living document.\n\n## Purpose / Big Picture\n\nNobody calls twice.\n\n## Progress\n\n- [x] (2026-02-01) One.\n- [ ] Two.\n\n## Decision Log\n\n- Decision: x\n  Rationale: y\n  Date/Author: 2026-02-01 / Ann\n";
    insta::assert_snapshot!(normal("docs/execplans/replay.md", text));
}

#[test]
fn keys_that_are_owed_are_added_in_their_place() {
    let text = "---\ntitle: \"Search: faster\"\nstatus: active\n---\n\n# Search: faster\n\n## Tasks\n\n- [ ] one\n";
    insta::assert_snapshot!(normal("docs/ai/plans/active/search.md", text));
}
