//! Which documents a search finds, in what order, and where.

use super::{Repository, Workspace};

fn found(workspace: &Workspace, words: &str) -> Vec<(String, u32)> {
    let hits = workspace.search(words, &|_| true, 10);
    assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
    hits.iter()
        .map(|hit| (workspace.entry(hit.entry).path.to_owned(), hit.line))
        .collect()
}

fn repository() -> Repository {
    let filler = "Nothing to see here, only words that fill the page.\n".repeat(20);
    Repository::new(&[
        (
            "docs/plans/login.md",
            &format!("# Login\n\n{filler}\nThe token expires.\n"),
        ),
        (
            "docs/plans/tokens.md",
            "# Tokens\n\nA token is a token.\n\nRefresh the token early.\n",
        ),
        (
            "docs/plans/queue.md",
            "# Queue\n\nRetry with a rate\nlimit, never a limit of rate.\n",
        ),
        (
            "docs/plans/umlaut.md",
            "# Über\r\n\r\nDie GRÖSSE der Größe.\r\nLetzte Zeile",
        ),
    ])
}

#[test]
fn the_document_that_says_it_most_comes_first_and_at_its_best_line() {
    let repository = repository();
    let workspace = repository.open();
    assert_eq!(
        found(&workspace, "token"),
        [
            ("docs/plans/tokens.md".to_owned(), 1),
            ("docs/plans/login.md".to_owned(), 24)
        ]
    );
    // The line that holds most of the words, not the first that holds one.
    assert_eq!(
        found(&workspace, "token refresh"),
        [("docs/plans/tokens.md".to_owned(), 5)]
    );
}

#[test]
fn documents_that_hold_some_words_come_where_none_holds_all() {
    let repository = repository();
    let workspace = repository.open();
    assert_eq!(found(&workspace, "expires retry").len(), 2);
    assert_eq!(
        found(&workspace, "token expires"),
        [("docs/plans/login.md".to_owned(), 24)]
    );
}

#[test]
fn phrases_may_be_wrapped() {
    let repository = repository();
    let workspace = repository.open();
    assert_eq!(
        found(&workspace, "\"rate limit\""),
        [("docs/plans/queue.md".to_owned(), 3)]
    );
    assert_eq!(found(&workspace, "\"limit rate\""), []);
}

#[test]
fn the_ranges_are_the_words() {
    let repository = repository();
    let workspace = repository.open();
    for (words, expected, line) in [
        ("größe", vec!["Größe"], 3),
        ("zeile", vec!["Zeile"], 4),
        ("token early", vec!["token", "early"], 5),
    ] {
        let hits = workspace.search(words, &|_| true, 1);
        let shown = hits[0]
            .ranges
            .iter()
            .map(|range| &hits[0].text[range.0..range.1]);
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        assert_eq!(hits[0].line, line);
    }
}

#[test]
fn the_filter_and_the_limit_hold() {
    let repository = repository();
    let workspace = repository.open();
    assert_eq!(
        workspace
            .search("token", &|entry| entry.path.contains("login"), 10)
            .len(),
        1
    );
    assert_eq!(workspace.search("token", &|_| true, 1).len(), 1);
    for words in ["", "  ", "\"\"", "absent"] {
        assert_eq!(workspace.search(words, &|_| true, 10), [], "{words:?}");
    }
}
