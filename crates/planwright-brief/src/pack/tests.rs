use proptest::prelude::*;

use super::*;
use crate::tokens::estimate;

fn piece(text: &str) -> Piece {
    Piece {
        text: text.to_owned(),
        ..Piece::default()
    }
}

fn group(heading: &str, texts: &[&str]) -> Group {
    Group {
        heading: heading.to_owned(),
        pieces: texts.iter().map(|text| piece(text)).collect(),
        noun: ("piece", "pieces"),
        ..Group::default()
    }
}

fn packed(budget: u32, groups: &[Group]) -> Packed {
    pack(budget, groups, estimate, &|whole| format!("more {whole}"))
}

#[test]
fn what_fits_stands_in_the_order_of_its_groups() {
    let groups = [
        group("", &["# Title"]),
        group("## Next", &["- a", "- b"]),
        group("## None", &[]),
    ];
    let found = packed(1000, &groups);
    assert_eq!(found.text, "# Title\n\n## Next\n\n- a\n- b\n");
    assert_eq!(found.left, []);
}

#[test]
fn what_finds_no_room_is_counted_with_its_call() {
    let long = "word ".repeat(100);
    let mut groups = [
        group("", &["# Title"]),
        group("## Next", &["- a", &long, &long]),
    ];
    groups[1].call = Some("show x".to_owned());
    let found = packed(160, &groups);
    assert_eq!(
        found.text,
        "# Title\n\n## Next\n\n- a\n\n## Left out\n\n- 2 pieces: `show x`\n"
    );
    assert!(found.tokens <= 160);
    let whole = packed(found.whole, &groups);
    assert_eq!(whole.left, []);
}

#[test]
fn a_later_group_keeps_its_part() {
    let long = "word ".repeat(20);
    let mut groups = [
        group("## A", &[long.as_str(); 9]),
        group("## B", &["- one", "- two"]),
    ];
    let without = packed(200, &groups);
    assert!(!without.text.contains("- one") || without.left.len() == 1);
    groups[1].reserve = 20;
    assert!(packed(200, &groups).text.contains("- one\n- two"));
}

#[test]
fn a_long_piece_is_cut_after_a_line_and_says_where_the_rest_is() {
    let mut groups = [group(
        "",
        &["one\n```\ntwo\nthree and more of it\n```\nfour"],
    )];
    groups[0].pieces[0].most = Some(13);
    groups[0].pieces[0].rest = "(more: x)".to_owned();
    let found = packed(100, &groups);
    assert_eq!(found.text, "one\n```\ntwo\n```\n(more: x)\n");
    assert!(found.kept[0].is_cut && found.left.is_empty());
}

#[test]
fn a_document_that_is_shown_is_not_named_again() {
    let mut groups = [group("", &["section"]), group("", &["- a", "- b"])];
    groups[0].pieces[0].document = Some(7);
    groups[1].pieces[0].document = Some(7);
    groups[1].once = true;
    let found = packed(100, &groups);
    assert_eq!(
        (found.text.as_str(), found.left.len()),
        ("section\n\n- b\n", 0)
    );
}

#[test]
fn pieces_of_one_document_stand_together_under_its_title() {
    let mut groups = [group("## More", &["b2", "a7", "b1", "a3"])];
    for (piece, place) in groups[0].pieces.iter_mut().zip([2, 7, 1, 3]) {
        let name = &piece.text[..1];
        piece.title = format!("# {name}");
        piece.document = Some(usize::from(name == "b"));
        piece.place = place;
    }
    let found = packed(100, &groups);
    assert_eq!(found.text, "## More\n\n# b\nb1\nb2\n# a\na3\na7\n");
    assert_eq!(found.tokens, estimate(&found.text));
    let order: Vec<usize> = found.kept.iter().map(|kept| kept.piece).collect();
    assert_eq!(order, [2, 0, 3, 1]);
}

#[test]
fn what_is_vital_comes_before_what_others_keep_free() {
    let long = "word ".repeat(20);
    let mut groups = [
        group("", &["# Title"]),
        group("## Next", &[long.as_str()]),
        group("## More", &[long.as_str(); 3]),
    ];
    groups[1].pieces[0].vital = true;
    groups[2].reserve = 90;
    assert!(packed(80, &groups).text.contains("## Next"));
}

fn any_group() -> impl Strategy<Value = Group> {
    let piece = (
        "(\\PC|\n|```\n|word ){0,60}",
        prop::option::of(0_u32..60),
        "[a-z ]{0,12}",
        0_usize..4,
        0_u32..4,
        any::<bool>(),
    );
    let piece = piece.prop_map(|(text, most, rest, document, place, vital)| Piece {
        text,
        most,
        rest,
        title: document
            .checked_sub(1)
            .map_or(String::new(), |at| format!("# {at}")),
        document: Some(document),
        place,
        vital,
    });
    let group = (
        "(## [a-z]{1,20})?",
        0_u32..50,
        prop::collection::vec(piece, 0..8),
        prop::option::of("[a-z ]{1,80}"),
        any::<bool>(),
    );
    group.prop_map(|(heading, reserve, pieces, call, once)| Group {
        heading,
        reserve,
        pieces,
        noun: ("piece", "pieces"),
        call,
        once,
    })
}

proptest! {
    #[test]
    fn no_brief_costs_more_than_its_ceiling(
        groups in prop::collection::vec(any_group(), 0..6),
        budget in 50_u32..600,
    ) {
        let found = packed(budget, &groups);
        prop_assert!(found.tokens <= budget, "{} > {budget}", found.tokens);
        prop_assert_eq!(estimate(&found.text), found.tokens);
        // Everything is in, left out and counted, or needless.
        for (number, group) in groups.iter().enumerate().filter(|(_, group)| !group.once) {
            let kept = found.kept.iter().filter(|kept| kept.group == number).count();
            let left = found.left.iter().find(|left| left.group == number);
            prop_assert_eq!(kept + left.map_or(0, |left| left.count as usize), group.pieces.len());
        }
    }
}
