use planwright_dialect::Dialects;

use super::*;

fn document(tasks: &str) -> Document {
    let text = format!("---\nstatus: active\n---\n\n# Search\n\n## Tasks\n\n{tasks}");
    let (dialects, _) = Dialects::load(&[]);
    dialects
        .read("docs/plans/search.md", text.into_bytes())
        .document
}

/// Cards of the tasks of a document.
fn origins(document: &Document) -> Vec<Origin> {
    let tasks = tasks(document).into_iter();
    tasks
        .map(|task| Origin {
            path: document.path.clone(),
            item: item_name(document, task),
            text: Some(task.text.clone()),
            state: Some(task.state),
        })
        .collect()
}

/// Which tasks of `after` the cards of `before` belong to.
fn check(before: &str, after: &str, both: &[(usize, usize)], new: &[usize], gone: &[usize]) {
    let origins = origins(&document(before));
    let cards: Vec<Known<'_>> = origins
        .iter()
        .map(|origin| Known {
            title: "Another name",
            origin: Some(origin),
        })
        .collect();
    let expected = Pairs {
        both: both.to_vec(),
        new: new.to_vec(),
        gone: gone.to_vec(),
    };
    assert_eq!(pair(&cards, &document(after)), expected);
}

#[test]
fn an_id_is_known_again_whatever_the_task_says() {
    let before = "- [ ] T001 Choose words\n- [ ] T002 Build it\n";
    check(
        before,
        "- [ ] T002 Something else\n- [ ] T001 Choose words\n",
        &[(1, 0), (0, 1)],
        &[],
        &[],
    );
    check(
        before,
        "- [ ] T001 Choose words\n- [ ] T003 Build them\n",
        &[(0, 0)],
        &[1],
        &[1],
    );
}

#[test]
fn words_are_known_again_though_edited_or_numbered() {
    let before = "- [ ] Choose the words\n- [ ] Build the index\n";
    check(
        before,
        "- [ ] Build the whole index\n- [ ] Tell the shop\n- [ ] Choose the words\n",
        &[(1, 0), (0, 2)],
        &[1],
        &[],
    );
    check(
        before,
        "- [ ] T001 Choose the words\n- [ ] T002 Build the index\n",
        &[(0, 0), (1, 1)],
        &[],
        &[],
    );
    check(before, "- [ ] Something else\n", &[], &[0], &[0, 1]);
}

#[test]
fn tasks_of_the_same_words_have_a_card_each() {
    let before = "- [ ] Write tests\n- [ ] Build it\n- [ ] Write tests\n";
    check(before, before, &[(0, 0), (1, 1), (2, 2)], &[], &[]);
    check(
        before,
        "- [ ] Write tests\n- [ ] Build it\n",
        &[(0, 0), (1, 1)],
        &[],
        &[2],
    );
}

#[test]
fn a_card_that_somebody_wrote_is_the_card_of_a_task() {
    let document = document("- [ ] T001 Choose **the** words\n- [-] T002 Print it\n");
    let cards = [
        Known {
            title: "Something",
            origin: None,
        },
        Known {
            title: "choose the words.",
            origin: None,
        },
    ];
    let pairs = pair(&cards, &document);
    assert_eq!(pairs.both, [(1, 0)]);
    assert!(pairs.new.is_empty() && pairs.gone.is_empty());
}

#[test]
fn a_paragraph_is_cut_for_a_title() {
    let long = "word ".repeat(60);
    let short = title(long.trim());
    assert!(short.ends_with("word…") && short.chars().count() <= 120);
    assert_eq!(title("Short"), "Short");
}
