//! What follows from how far a card and its task are, and from how far both were.

use planwright_model::ItemState;

/// Which side is right where both changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What the plan says.
    Plan,
    /// What the board says.
    Board,
}

/// What is to be done about a card and its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// They say the same.
    Agreed,
    /// The card follows the task.
    Card(ItemState),
    /// The task follows the card.
    Task(ItemState),
    /// Both changed, each into something else.
    Conflict,
}

/// Compares both with what they agreed on last. A card that says nothing of that was made when there
/// was all to do.
pub(super) fn step(
    card: ItemState,
    task: ItemState,
    last: Option<ItemState>,
    right: Option<Side>,
) -> Step {
    let last = last.unwrap_or(ItemState::Todo);
    match right {
        _ if card == task => Step::Agreed,
        _ if card == last => Step::Card(task),
        _ if task == last => Step::Task(card),
        Some(Side::Plan) => Step::Card(task),
        Some(Side::Board) => Step::Task(card),
        None => Step::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use ItemState::{Done, InProgress, Todo};

    use super::*;

    #[test]
    fn the_side_that_changed_is_followed() {
        let none = |card, task, last| step(card, task, last, None);
        assert_eq!(none(Done, Done, Some(Todo)), Step::Agreed);
        assert_eq!(none(Todo, Done, Some(Todo)), Step::Card(Done));
        assert_eq!(none(Done, Todo, Some(Todo)), Step::Task(Done));
        assert_eq!(none(Todo, Done, Some(Done)), Step::Task(Todo));
        assert_eq!(none(InProgress, Done, Some(Todo)), Step::Conflict);
        assert_eq!(none(InProgress, Todo, None), Step::Task(InProgress));
    }

    #[test]
    fn where_both_changed_somebody_has_to_say_which_is_right() {
        let both = |right| step(InProgress, Done, Some(Todo), Some(right));
        assert_eq!(both(Side::Plan), Step::Card(Done));
        assert_eq!(both(Side::Board), Step::Task(InProgress));
        // Where one changed, it is not asked who is right.
        assert_eq!(
            step(Done, Todo, Some(Todo), Some(Side::Plan)),
            Step::Task(Done)
        );
    }
}
