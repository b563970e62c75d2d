use planwright_model::Progress;

use super::line::{Line, Paint};
use super::style::Style;

/// A bar of some columns. It is full only when everything is done and empty only when nothing is.
pub(crate) fn bar(progress: Progress, columns: usize, style: &Style) -> Line {
    let signs = style.signs();
    let Progress { done, total } = progress;
    if columns == 0 {
        return Line::new();
    }
    if total == 0 {
        return Line::new().dim(signs.bar_empty.repeat(columns));
    }
    let (done, total) = (done.min(total) as usize, total as usize);
    let halves = (2 * columns * done / total).max(usize::from(done > 0));
    let halves = if done < total {
        halves.min((2 * columns).saturating_sub(1))
    } else {
        halves
    };
    let (full, half) = (halves / 2, halves % 2);
    let paint = if done == total {
        Paint::Good
    } else {
        Paint::Note
    };
    let filled = signs.bar_full.repeat(full) + if half == 1 { signs.bar_half } else { "" };
    Line::new()
        .paint(paint, filled)
        .dim(signs.bar_empty.repeat(columns - full - half))
}

/// `12/31`, or a dash where there is nothing to measure.
pub(crate) fn ratio(progress: Progress) -> String {
    match progress.total {
        0 => "-".to_owned(),
        total => format!("{}/{total}", progress.done),
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Page;
    use super::*;

    #[test]
    fn a_bar_is_full_only_when_all_is_done() {
        let style = Style::plain(80);
        let cases = [
            (0, 0, "────"),
            (0, 9, "────"),
            (1, 900, "╸───"),
            (1, 2, "━━──"),
            (899, 900, "━━━╸"),
            (9, 9, "━━━━"),
            (12, 9, "━━━━"),
        ];
        for (done, total, expected) in cases {
            let mut page = Page::new();
            page.push(bar(Progress { done, total }, 4, &style));
            assert_eq!(page.finish(&style).trim_end(), expected, "{done}/{total}");
        }
    }
}
