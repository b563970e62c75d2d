//! What bears on a file, for somebody who is about to edit it and knows the plan already.

use planwright_brief::{pack, tokens};
use planwright_workspace::{Entry, Workspace};

use super::corpus::{Corpus, Question};
use super::part::Part;
use super::{Request, Scene, related, touch};
use crate::hold::Board;
use crate::initiative::group;
use crate::{answer, cards};

/// The live documents that touch the files a request names, and the decisions, rules and specs that
/// bind them, in Markdown. `None` where there are none: nothing is said then of what is only like it,
/// or is always to be loaded.
pub fn bearing(ws: &Workspace, request: &Request) -> Option<String> {
    let targets = request.targets.iter();
    let paths: Vec<String> = targets.filter_map(|target| target.path.clone()).collect();
    let mut question = Question::default();
    for path in &paths {
        question.add_path(path);
    }
    let mut entries: Vec<Entry<'_>> = answer::entries(ws);
    let boards = cards::boards(ws, &entries);
    cards::take_out(&mut entries, &boards);
    let groups = group(&entries);
    let board = Board::new(&entries, &groups);
    let scene = Scene {
        ws,
        entries: &entries,
        board: &board,
        request,
    };
    let corpus = Corpus::scan(&scene, question, &paths);
    let touching = touch::parts(&scene, &corpus, &paths);
    let touching = touching.map(|part| live(part, &corpus)).into_iter();
    let parts = touching.chain([related::binding(&scene, &corpus)]);
    let parts: Vec<Part> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return None;
    }
    let groups: Vec<pack::Group> = parts.into_iter().map(|part| part.group).collect();
    let call = |_: u32| format!("plan brief {}", paths.join(" "));
    Some(pack::pack(request.budget, &groups, tokens::estimate, &call).text)
}

/// Without the documents that no longer speak for the present, and without the line that says that
/// there are none.
fn live(part: Part, corpus: &Corpus) -> Part {
    let mut kept = part.clone();
    kept.group.pieces.clear();
    kept.about.clear();
    for (piece, about) in part.group.pieces.into_iter().zip(part.about) {
        let document = piece.document.and_then(|entry| corpus.of_entry(entry));
        if document.is_some_and(|document| document.is_live) {
            kept.push(piece, about);
        }
    }
    kept
}
