use super::*;

const BOARD: &str = "{\n  \"columns\": [\n    {\"id\": \"c1\", \"name\": \"Backlog\", \"taskIds\": [\"T-1\"]},\n    {\"id\": \"c2\", \"name\": \"Understand\", \"taskIds\": []},\n    {\"id\": \"c3\", \"name\": \"Shipped\", \"taskIds\": []}\n  ],\n  \"items\": [\n    {\"id\": \"T-1\", \"columnId\": \"c1\", \"title\": \"Write it\"}\n  ]\n}\n";

const PATH: &str = ".dev_ops/board.json";

fn origin() -> Origin {
    Origin {
        path: "docs/plan.md".to_owned(),
        item: "T001".to_owned(),
        text: Some("Write \"it\"".to_owned()),
        state: Some(ItemState::Todo),
    }
}

fn dialects() -> Dialects {
    Dialects::load(&[]).0
}

/// The lines that an edit of the only card makes others, or why it is not made.
fn edited(board: &str, edit: &CardEdit<'_>) -> String {
    let dialects = dialects();
    let reading = dialects.read(PATH, board.as_bytes().to_vec());
    let columns = dialects.columns(&reading);
    let line = reading.document.items.first().map_or(1, |item| item.line);
    match dialects.edit_card(&reading, &columns, line, edit) {
        Ok(new) => {
            let new = String::from_utf8(new).unwrap();
            let old: Vec<&str> = board.lines().collect();
            let lines = new.lines().filter(|line| !old.contains(line));
            lines.flat_map(|line| [line.trim(), "\n"]).collect()
        }
        Err(refusal) => format!("refused: {refusal}"),
    }
}

fn state(state: ItemState) -> CardEdit<'static> {
    CardEdit {
        state: Some(state),
        ..CardEdit::default()
    }
}

#[test]
fn columns_say_how_far_cards_are() {
    let dialects = dialects();
    let reading = dialects.read(PATH, BOARD.as_bytes().to_vec());
    let means: Vec<ItemState> = dialects
        .columns(&reading)
        .iter()
        .map(|column| column.means)
        .collect();
    // The last is the end, where none is called so.
    assert_eq!(
        means,
        [ItemState::Todo, ItemState::InProgress, ItemState::Done]
    );
}

#[test]
fn a_card_moves_with_its_state_and_the_lists() {
    assert_eq!(
        edited(BOARD, &state(ItemState::Done)),
        "{\"id\": \"c1\", \"name\": \"Backlog\", \"taskIds\": []},\n\
         {\"id\": \"c3\", \"name\": \"Shipped\", \"taskIds\": [\"T-1\"]}\n\
         {\"id\": \"T-1\", \"columnId\": \"c3\", \"title\": \"Write it\"}\n"
    );
    // No column is for it.
    assert_eq!(
        edited(BOARD, &state(ItemState::InProgress)),
        "{\"id\": \"T-1\", \"columnId\": \"c1\", \"title\": \"Write it\", \"status\": \"in_progress\"}\n"
    );
    assert_eq!(edited(BOARD, &state(ItemState::Todo)), "");
}

#[test]
fn a_card_says_what_it_was_made_from() {
    let origin = origin();
    let edit = CardEdit {
        title: Some("Write all"),
        origin: Some(&origin),
        ..CardEdit::default()
    };
    assert_eq!(
        edited(BOARD, &edit),
        "{\"id\": \"T-1\", \"columnId\": \"c1\", \"title\": \"Write all\", \"source\": {\"type\": \"plan\", \"planFile\": \"docs/plan.md\", \"taskId\": \"T001\", \"text\": \"Write \\\"it\\\"\", \"state\": \"todo\"}}\n"
    );
    let other = BOARD.replace("\"Write it\"", "\"Write it\", \"source\": \"mail\"");
    assert!(edited(&other, &edit).starts_with("refused: "));
    let none = BOARD.replace("\"Write it\"", "\"Write it\", \"source\": null");
    assert!(edited(&none, &edit).contains("\"source\": {\"type\""));
    let old = BOARD.replace(
        "\"Write it\"",
        "\"Write it\", \"source\": {\"type\": \"plan\", \"planFile\": \"old.md\", \"at\": 3}",
    );
    assert!(edited(&old, &edit).contains("\"planFile\": \"docs/plan.md\", \"at\": 3, \"taskId\""));
    let tight = BOARD.replace(": ", ":").replace(", ", ",");
    assert!(
        edited(&tight, &edit).contains("\"title\":\"Write all\",\"source\":{\"type\":\"plan\",")
    );
}

#[test]
fn a_file_holds_a_card_and_the_board_its_id() {
    let dialects = dialects();
    let board = dialects.read(PATH, BOARD.as_bytes().to_vec());
    let columns = dialects.columns(&board);
    let origin = origin();
    let card = Card {
        id: "T-2",
        title: "Test it",
        time: "2026-03-01T00:00:00.000Z",
        state: ItemState::Done,
        origin: Some(&origin),
    };
    let text = dialects.card_file(&columns, &card).unwrap();
    let file = dialects.read(".dev_ops/tasks/T-2/task.json", text.clone().into_bytes());
    let read = dialects.card(&file, &columns).unwrap();
    assert_eq!(read.source, Some(origin));
    assert_eq!(board::how_far(&columns, &read), ItemState::Done);
    let listed = dialects.list_card(&board, "T-2", "c3").unwrap();
    let listed = String::from_utf8(listed).unwrap();
    assert!(
        listed.contains("\"Shipped\", \"taskIds\": [\"T-2\"]"),
        "{listed}"
    );
    let back = dialects
        .edit_card(&file, &columns, read.line, &state(ItemState::Todo))
        .unwrap();
    let back = String::from_utf8(back).unwrap();
    assert!(back.contains("\"columnId\": \"c1\""), "{back}");
    assert!(back.contains("\"status\": \"todo\""), "{back}");
}

#[test]
fn a_board_without_cards_gets_its_first() {
    let empty = BOARD.replace(
        "[\n    {\"id\": \"T-1\", \"columnId\": \"c1\", \"title\": \"Write it\"}\n  ]",
        "[]",
    );
    let dialects = dialects();
    let board = dialects.read(PATH, empty.into_bytes());
    let origin = origin();
    let card = Card {
        id: "T-1",
        title: "Write it",
        time: "now",
        state: ItemState::Todo,
        origin: Some(&origin),
    };
    let new = dialects.add_card(&board, &card).unwrap();
    let new = String::from_utf8(new).unwrap();
    let expected = "  \"items\": [\n    {\n      \"id\": \"T-1\",\n      \"columnId\": \"c1\",\n      \"title\": \"Write it\",\n      \"updatedAt\": \"now\",\n      \"status\": \"todo\",\n      \"source\": {\n        \"type\": \"plan\",\n        \"planFile\": \"docs/plan.md\",\n        \"taskId\": \"T001\",\n        \"text\": \"Write \\\"it\\\"\",\n        \"state\": \"todo\"\n      }\n    }\n  ]\n}\n";
    assert!(new.ends_with(expected), "{new}");
}
