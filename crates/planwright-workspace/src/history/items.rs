//! What commits did to the boxes of a document.

use super::History;
use super::boxes::{BoxLine, BoxState};
use super::commit::Commit;

/// A commit changed a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemEvent<'a> {
    /// The commit. [`Commit::paths`] says what else it touched.
    pub commit: Commit<'a>,
    /// The document, under the name that it had then.
    pub path: &'a str,
    /// The text of the line, as [`BoxLine`] has it.
    pub text: &'a str,
    /// The text before; the same where it was not rewritten.
    pub was: &'a str,
    /// What the box said before. `None` when there was no such line.
    pub before: Option<BoxState>,
    /// What the box says since. `None` when the line was removed.
    pub after: Option<BoxState>,
}

impl ItemEvent<'_> {
    /// True when an item that was there and not done became done.
    pub fn is_ticked(&self) -> bool {
        self.after == Some(BoxState::Done)
            && self.before.is_some_and(|before| before != BoxState::Done)
    }

    /// True when an item came into the document as done: written down afterwards, or with a file
    /// that was copied or imported.
    pub fn is_added_done(&self) -> bool {
        self.after == Some(BoxState::Done) && self.before.is_none()
    }

    /// True when an item was taken up again.
    pub fn is_reopened(&self) -> bool {
        self.before == Some(BoxState::Done)
            && self.after.is_some_and(|after| after != BoxState::Done)
    }
}

impl History {
    /// What commits did to the boxes of a document, through its renames, the youngest first.
    pub fn item_events(&self, path: &str) -> Vec<ItemEvent<'_>> {
        let mut events = Vec::new();
        for touch in self.followed(path) {
            if touch.is_source {
                continue;
            }
            let number = self.facts.change(touch.change as usize).path;
            let texts = self.facts.texts();
            let of_change = self.facts.events(touch.change as usize).iter();
            events.extend(of_change.map(|event| ItemEvent {
                commit: self.at(touch.place),
                path: self.shown(number).unwrap_or_default(),
                text: texts.get(event.text),
                was: texts.get(event.was),
                before: event.before,
                after: event.after,
            }));
        }
        events
    }
}

/// Of the events of a document, the one that made a line done: the last that turned its box, or
/// that brought it into the document as done. The text of the line is followed back through its
/// rewritings. `None` for a line without a box that is done, and for one that is not committed.
///
/// `events` are from [`History::item_events`].
pub fn done_by<'e, 'a>(events: &'e [ItemEvent<'a>], line: &str) -> Option<&'e ItemEvent<'a>> {
    let line = BoxLine::parse(line)?;
    if line.state != BoxState::Done {
        return None;
    }
    let mut text = line.text.as_str();
    for event in events {
        if event.text != text || event.after.is_none() {
            continue;
        }
        if event.after != Some(BoxState::Done) {
            return None;
        }
        if event.before != Some(BoxState::Done) {
            return Some(event);
        }
        text = event.was;
    }
    None
}
