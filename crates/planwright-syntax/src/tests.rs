use proptest::prelude::*;

use crate::splice::{Edit, SpliceError, apply};
use crate::yaml::ValueKind;
use crate::{Kind, LineEnding, Parsed, ProblemKind, Span};

fn kinds(parsed: &Parsed) -> Vec<ProblemKind> {
    parsed.problems.iter().map(|problem| problem.kind).collect()
}

fn parse(text: &str) -> Parsed {
    Parsed::new(text.as_bytes().to_vec())
}

#[test]
fn front_matter_keeps_scalars_as_written() {
    let parsed =
        parse("---\nid: 01\ndone: yes\nstatus: [a | b]\ndate: 2026-03-01 # when\n---\n# T\n");
    let matter = parsed.front_matter.as_ref().unwrap();
    assert_eq!(matter.get("id").unwrap().as_str(), Some("01"));
    assert_eq!(matter.get("done").unwrap().as_str(), Some("yes"));
    assert_eq!(matter.get("date").unwrap().as_str(), Some("2026-03-01"));
    assert!(matches!(
        matter.get("status").unwrap().kind,
        ValueKind::Sequence(_)
    ));
    let span = matter.get("date").unwrap().span;
    assert_eq!(parsed.text(span), "2026-03-01");
}

#[test]
fn invalid_front_matter_is_reported_and_its_plain_lines_are_kept() {
    let parsed = parse("---\ntitle: A plan\nowner: @ana\nstatus: active\n---\n# T\n");
    let matter = parsed.front_matter.as_ref().unwrap();
    assert!(!matter.valid);
    assert_eq!(matter.get("status").unwrap().as_str(), Some("active"));
    assert_eq!(parsed.text(matter.get("owner").unwrap().span), "@ana");
    let problem = &parsed.problems[0];
    assert_eq!(problem.kind, ProblemKind::FrontMatterInvalid);
    assert_eq!(parsed.source.line(problem.span.start), 3);
}

#[test]
fn a_rule_at_the_top_is_not_front_matter() {
    for text in ["---\n\nSome prose.\n\n---\n\n# T\n", "---\n# T\n", "---"] {
        let parsed = parse(text);
        assert!(parsed.front_matter.is_none(), "{text:?}");
        assert!(
            parsed.problems.is_empty(),
            "{text:?}: {:?}",
            parsed.problems
        );
    }
}

#[test]
fn damage_is_named() {
    assert_eq!(
        kinds(&parse("---\ntitle: x\n# T\n")),
        [ProblemKind::FrontMatterUnclosed]
    );
    assert_eq!(
        kinds(&parse("---\na: 1\na: 2\n---\n")),
        [ProblemKind::DuplicateKey]
    );
    assert_eq!(
        kinds(&parse("# T\n```sh\n- [ ] x\n")),
        [ProblemKind::UnclosedFence]
    );
    assert_eq!(kinds(&parse("# T\n```sh\n- [ ] x\n```\n")), []);
    assert_eq!(
        kinds(&parse("one\r\ntwo\n")),
        [ProblemKind::MixedLineEndings]
    );
    assert_eq!(kinds(&parse("old â†’ new\n")), [ProblemKind::Mojibake]);
    assert_eq!(kinds(&parse("a\0b\n")), [ProblemKind::Nul]);
    assert_eq!(
        kinds(&Parsed::new(b"caf\xe9\n".to_vec())),
        [ProblemKind::NotUtf8]
    );
    assert_eq!(
        kinds(&Parsed::new(b"\xff\xfea\0".to_vec()))[0],
        ProblemKind::Utf16
    );
}

#[test]
fn lines_end_in_any_of_three_ways() {
    let parsed = parse("a\r\nb\rc\n");
    assert_eq!(parsed.source.line(3), 2);
    assert_eq!(parsed.source.line(5), 3);
    assert_eq!(parsed.source.line_text(2), "b");
    assert_eq!(parse("a\r\nb\r\n").source.line_ending(), LineEnding::CrLf);
}

#[test]
fn bytes_that_are_not_utf8_keep_their_place() {
    let parsed = Parsed::new(b"\xef\xbb\xbf# caf\xe9 t\n".to_vec());
    assert_eq!(parsed.source.bytes(), b"\xef\xbb\xbf# caf\xe9 t\n");
    let heading = parsed.tree.nodes()[0];
    assert_eq!(heading.kind, Kind::Heading(1));
    assert_eq!(heading.span.start, 3);
    assert_eq!(parsed.text(heading.span).trim_end(), "# caf? t");
}

#[test]
fn edits_are_disjoint_and_in_bounds() {
    let edit = |start, end| Edit::replace(Span { start, end }, "x");
    assert_eq!(apply(b"abc", &[edit(2, 3), edit(0, 1)]).unwrap(), b"xbx");
    assert_eq!(apply(b"abc", &[edit(1, 1)]).unwrap(), b"axbc");
    assert!(matches!(
        apply(b"abc", &[edit(0, 2), edit(1, 3)]),
        Err(SpliceError::Overlap(..))
    ));
    assert!(matches!(
        apply(b"abc", &[edit(2, 9)]),
        Err(SpliceError::OutOfBounds(_))
    ));
    assert!(matches!(
        apply(b"abc", &[edit(2, 1)]),
        Err(SpliceError::OutOfBounds(_))
    ));
}

#[test]
fn a_thousand_levels_of_nesting_are_read() {
    for level in ["> ", "- ", "1. "] {
        let text = format!("{}deep\n", level.repeat(1000));
        let parsed = parse(&text);
        assert!(!parsed.tree.nodes().is_empty());
    }
    let yaml = format!("---\na: {}\n---\n", "[".repeat(1000));
    assert_eq!(kinds(&parse(&yaml)), [ProblemKind::FrontMatterInvalid]);
}

/// Text that is likely to hit the places where a parser changes its mind.
fn markdown_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "# ", "## ", "- [ ] ", "- [x] ", "1. ", "> ", "```", "~~~", "---\n", "\n", "\r\n", "\r",
        "  ", "\t", "**", "~~", "`", "|", "|-|\n", "[a](b)", "<!--", "-->", "key: v\n", ":",
        "\u{feff}", "é", "✅", "word", " ", "[x]: y\n", "\0", "[^1]", "&amp;", "\\",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn check_tree(parsed: &Parsed) {
    let len = parsed.source.bytes().len() as u32;
    let nodes = parsed.tree.nodes();
    for (at, node) in nodes.iter().enumerate() {
        assert!(node.span.start <= node.span.end && node.span.end <= len);
        assert!(node.next as usize > at && node.next as usize <= nodes.len());
        assert!(
            parsed.source.text().get(node.span.range()).is_some(),
            "spans fall between characters"
        );
    }
    for problem in &parsed.problems {
        assert!(problem.span.end <= len);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_and_given_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let parsed = Parsed::new(bytes.clone());
        prop_assert_eq!(parsed.source.bytes(), &bytes[..]);
        prop_assert_eq!(apply(parsed.source.bytes(), &[]).unwrap(), bytes);
        check_tree(&parsed);
    }

    #[test]
    fn any_markdown_is_read_and_given_back(text in markdown_like()) {
        let parsed = parse(&text);
        prop_assert_eq!(parsed.source.bytes(), text.as_bytes());
        check_tree(&parsed);
    }

    #[test]
    fn a_splice_changes_nothing_outside_its_range(
        text in markdown_like(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
        with in "[a-z\\n]{0,8}",
    ) {
        let bytes = text.as_bytes();
        let (a, b) = (a.index(bytes.len() + 1), b.index(bytes.len() + 1));
        let (start, end) = (a.min(b), a.max(b));
        let out = apply(bytes, &[Edit::replace(Span::new(start, end), with.as_bytes())]).unwrap();
        prop_assert_eq!(&out[..start], &bytes[..start]);
        prop_assert_eq!(&out[start..start + with.len()], with.as_bytes());
        prop_assert_eq!(&out[start + with.len()..], &bytes[end..]);
    }

    #[test]
    fn lines_and_offsets_agree(text in markdown_like()) {
        let parsed = parse(&text);
        for line in 1..=parsed.source.line_count() {
            let span = parsed.source.line_span(line);
            prop_assert_eq!(parsed.source.line(span.start), line);
            prop_assert!(!parsed.source.slice(span).contains('\n'));
        }
    }
}
