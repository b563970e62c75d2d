use planwright_ops::write::trust;
use planwright_ops::write::verify::{Answer, Check, Ended, LastRun, ThisRun, duration};

use super::line::{Line, Page, Paint};
use super::style::Style;

/// The commands of a document, what they prove, and what came of them.
pub(crate) fn list(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    page.push(head(answer, style));
    page.gap();
    for check in &answer.commands {
        command(&mut page, sign(check, style), check, style);
        page.extend(details(answer, check, style));
    }
    page.gap();
    page.push(counts(answer));
    page.finish(style)
}

fn head(answer: &Answer, style: &Style) -> Line {
    Line::new()
        .paint(Paint::Note, &answer.reference)
        .plain("  ")
        .strong(&answer.title)
        .plain("  ")
        .path(Paint::Dim, &answer.path, style)
}

/// All of a command: what is trusted has to be seen.
fn command(page: &mut Page, sign: Line, check: &Check, style: &Style) {
    let mut lines = check.text.lines();
    let first = sign.plain(" ").strong(lines.next().unwrap_or_default());
    let folder = match check.directory.as_str() {
        "" => None,
        folder => Some(folder),
    };
    page.push(match folder {
        Some(folder) => first.dim("  in ").path(Paint::Dim, folder, style),
        None => first,
    });
    page.extend(lines.map(|line| Line::indent(2).strong(line)));
}

fn sign(check: &Check, style: &Style) -> Line {
    let signs = style.signs();
    let (paint, sign) = match &check.last {
        _ if check.obstacle.is_some() => (Paint::Bad, signs.warning),
        _ if !check.trusted => (Paint::Warn, "?"),
        Some(last) if last.ended != Ended::Passed => (Paint::Bad, signs.cross),
        Some(last) if last.stale => (Paint::Warn, signs.wait),
        Some(_) => (Paint::Good, signs.done),
        None => (Paint::Dim, signs.dot),
    };
    Line::new().paint(paint, sign)
}

fn details(answer: &Answer, check: &Check, style: &Style) -> Vec<Line> {
    let proves = check.item.as_ref().map(|item| {
        let line = Line::indent(2)
            .dim("proves ")
            .paint(Paint::Note, &item.reference)
            .plain("  ")
            .plain(&item.text);
        style
            .width
            .map_or(line.clone(), |columns| line.cut(columns, style))
    });
    let line = Line::indent(2);
    let line = match (&check.obstacle, check.trusted) {
        (Some(obstacle), _) => line.paint(Paint::Bad, "is not run: ").plain(obstacle),
        (None, false) => line.paint(Paint::Warn, "not trusted"),
        (None, true) => line.plain("trusted"),
    };
    let line = match &check.last {
        Some(last) => line.plain("; ").append(told(last)),
        None => line.dim("; never run"),
    };
    let line = line.plain("  ").place(&answer.path, check.line, style);
    proves.into_iter().chain([line]).collect()
}

fn told(last: &LastRun) -> Line {
    let paint = match last.ended {
        Ended::Passed if last.stale => Paint::Warn,
        Ended::Passed => Paint::Good,
        _ => Paint::Bad,
    };
    // `2026-03-02T09:20:00Z`
    let time = last.time.get(..16).unwrap_or(&last.time).replace('T', " ");
    let line = Line::new()
        .paint(paint, last.ended.words(last.code))
        .plain(format!(" {time}Z"));
    let line = match &last.commit {
        Some(commit) => line.plain(format!(" at {}", commit.get(..7).unwrap_or(commit))),
        None => line,
    };
    let line = if last.dirty {
        line.plain(" with uncommitted changes")
    } else {
        line
    };
    if last.stale {
        line.paint(Paint::Warn, ", its files changed since")
    } else {
        line
    }
}

fn counts(answer: &Answer) -> Line {
    let all = answer.commands.len();
    let trusted = answer.commands.iter().filter(|check| check.trusted).count();
    let word = if all == 1 { "command" } else { "commands" };
    let line = Line::new().dim(format!("{all} {word}, {trusted} trusted"));
    let can_be = |check: &Check| !check.trusted && check.obstacle.is_none();
    if answer.commands.iter().any(can_be) {
        line.dim(format!(
            "; `plan trust {}` asks about the rest",
            answer.reference
        ))
    } else {
        line.dim(format!(
            "; `plan verify {} --run` runs them",
            answer.reference
        ))
    }
}

/// What is run now.
pub(crate) fn running(check: &Check, style: &Style) -> String {
    let mut page = Page::new();
    let first = check.text.lines().next().unwrap_or_default();
    page.push(Line::new().dim("running ").plain(first));
    page.finish(style)
}

/// What came of the commands that were run, with the end of what those said that failed.
pub(crate) fn ran(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    for check in &answer.commands {
        if let Some(run) = &check.now {
            outcome(&mut page, check, run, style);
            continue;
        }
        let why = match &check.obstacle {
            Some(obstacle) => obstacle.as_str(),
            None if check.trusted => "interrupted before",
            None => "not trusted",
        };
        let sign = Line::new().paint(Paint::Warn, "?");
        command(&mut page, sign, check, style);
        page.push(
            Line::indent(2)
                .plain("was not run: ")
                .plain(why)
                .plain("  ")
                .place(&answer.path, check.line, style),
        );
    }
    for done in &answer.done {
        page.push(super::change::line(done, style));
    }
    page.finish(style)
}

fn outcome(page: &mut Page, check: &Check, run: &ThisRun, style: &Style) {
    let signs = style.signs();
    let passed = run.ended == Ended::Passed;
    let (paint, sign) = if passed {
        (Paint::Good, signs.done)
    } else {
        (Paint::Bad, signs.cross)
    };
    command(page, Line::new().paint(paint, sign), check, style);
    let line = Line::indent(2)
        .paint(paint, run.ended.words(run.code))
        .plain(format!(" ({})", duration(run.milliseconds)));
    page.push(match &run.reason {
        Some(reason) => line.plain(": ").plain(reason),
        None => line,
    });
    if passed || run.output.is_empty() {
        return;
    }
    if run.output_is_cut {
        page.push(Line::indent(4).dim(signs.ellipsis));
    }
    let lines = run.output.lines();
    page.extend(lines.map(|line| Line::indent(4).dim(line)));
}

/// A command and, where a person is asked, the question.
pub(crate) fn question(answer: &Answer, check: &Check, asks: bool, style: &Style) -> String {
    let mut page = Page::new();
    command(&mut page, Line::new().paint(Paint::Warn, "?"), check, style);
    if let Some(item) = &check.item {
        page.push(
            Line::indent(2)
                .dim("proves ")
                .paint(Paint::Note, &item.reference)
                .plain("  ")
                .plain(&item.text),
        );
    }
    page.push(Line::indent(2).place(&answer.path, check.line, style));
    let shown = page.finish(style);
    if asks {
        format!("{shown}  Trust it? [y]es, [n]o, [q]uit: ")
    } else {
        shown
    }
}

/// Commands that are trusted, or that were or are no longer.
pub(crate) fn trust(answer: &trust::Answer, style: &Style) -> String {
    let mut page = Page::new();
    let sign = match answer.did {
        "revoke" => (Paint::Dim, style.signs().cross),
        _ => (Paint::Good, style.signs().done),
    };
    for command in &answer.commands {
        let mut lines = command.text.lines();
        let first = lines.next().unwrap_or_default();
        let line = Line::new().paint(sign.0, sign.1).plain(" ").strong(first);
        let line = match command.directory.as_str() {
            "" => line,
            folder => line.dim("  in ").path(Paint::Dim, folder, style),
        };
        let said = match answer.did {
            "revoke" => "trusted no longer".to_owned(),
            "list" => format!("since {}", command.since.get(..10).unwrap_or_default()),
            _ => "trusted".to_owned(),
        };
        page.push(line.dim(format!("  {said}")));
        page.extend(lines.map(|line| Line::indent(2).strong(line)));
    }
    page.finish(style)
}

#[cfg(test)]
mod tests;
