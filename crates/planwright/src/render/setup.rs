use planwright_ops::setup::{Answer, Did, HostAnswer, How, PartAnswer, Scope, State};

use super::diff;
use super::line::{Line, Page, Paint};
use super::style::Style;
use super::table::Table;

/// What was put into files or taken out of them, a line for each file; for a dry run the diff.
pub(crate) fn setup(answer: &Answer, style: &Style) -> String {
    if answer.dry_run && !answer.files.is_empty() {
        let files = answer.files.iter();
        return files.map(|file| diff::diff(&file.diff, style)).collect();
    }
    let mut files: Vec<(&str, Vec<&PartAnswer>)> = Vec::new();
    for part in answer.hosts.iter().flat_map(|host| &host.parts) {
        match files.iter_mut().find(|(path, _)| *path == part.path) {
            Some((_, parts)) => parts.push(part),
            None => files.push((&part.path, vec![part])),
        }
    }
    let mut table = Table::new(&[60, 0]);
    for (path, parts) in files {
        let path = match answer.scope {
            Scope::Project => Line::new().path(Paint::Plain, path, style),
            Scope::Global => Line::new().plain(path),
        };
        if let Some(said) = became(&parts) {
            table.row([path, said]);
        }
    }
    let mut page = Page::new();
    let lines = table.lines(style);
    if lines.is_empty() {
        page.push(Line::new().dim("nothing of it was there"));
    }
    page.extend(lines);
    if !answer.notes.is_empty() {
        page.gap();
    }
    for note in &answer.notes {
        page.push(Line::new().dim(note));
    }
    page.finish(style)
}

/// What became of the parts of one file; `None` where there is nothing to say.
fn became(parts: &[&PartAnswer]) -> Option<Line> {
    let which = |is: &dyn Fn(&PartAnswer) -> bool| {
        let mut words: Vec<&str> = Vec::new();
        for part in parts.iter().filter(|part| is(part)) {
            if !words.contains(&part.purpose) {
                words.push(part.purpose);
            }
        }
        (!words.is_empty()).then(|| words.join(" and "))
    };
    if let Some(words) = which(&|part| part.standing == How::Unreadable) {
        return Some(Line::new().paint(Paint::Warn, format!("left as it is, without {words}")));
    }
    for (did, word, paint) in [
        (Did::Added, "added", Paint::Good),
        (Did::Renewed, "renewed", Paint::Good),
        (Did::Removed, "removed", Paint::Good),
    ] {
        if let Some(words) = which(&|part| part.did == Some(did)) {
            return Some(Line::new().plain(words).paint(paint, format!(" {word}")));
        }
    }
    if let Some(words) = which(&|part| part.standing == How::Own) {
        return Some(Line::new().dim(format!("{words} there, written by somebody else")));
    }
    let words = which(&|part| part.standing != How::Absent)?;
    Some(Line::new().dim(format!("{words} there already")))
}

/// What could not be understood, in plain words.
pub(crate) fn left(answer: &Answer) -> Vec<String> {
    let mut left: Vec<String> = Vec::new();
    for part in answer.hosts.iter().flat_map(|host| &host.parts) {
        if let (Some(problem), Some(line)) = (&part.problem, part.line) {
            let said = format!("{}:{line}: {problem}", part.path);
            if !left.contains(&said) {
                left.push(said);
            }
        }
    }
    left
}

/// The hosts, and how they stand.
pub(crate) fn list(answer: &Answer, style: &Style) -> String {
    let mut table = Table::new(&[12, 24, 14, 0]);
    for host in &answer.hosts {
        let (word, paint) = match host.state {
            State::Wired => ("wired", Paint::Good),
            State::Partly => ("wired in part", Paint::Warn),
            State::NotWired => ("not wired", Paint::Dim),
        };
        let traces = match (host.detected, host.installed) {
            (true, true) => "used here and by you",
            (true, false) => "used here",
            (false, true) => "used by you",
            (false, false) => "",
        };
        let missing: Vec<&str> = host
            .parts
            .iter()
            .filter(|part| {
                host.state == State::Partly && !matches!(part.standing, How::Current | How::Own)
            })
            .map(|part| part.path.as_str())
            .collect();
        let said = match missing.as_slice() {
            [] => Line::new().dim(traces),
            paths => Line::new().dim(format!("not as it should be: {}", paths.join(", "))),
        };
        table.row([
            Line::new().strong(host.name),
            Line::new().plain(host.title),
            Line::new().paint(paint, word),
            said,
        ]);
    }
    let mut page = Page::new();
    page.extend(table.lines(style));
    let in_use = |host: &&HostAnswer| host.detected || host.installed;
    let open = |host: &&HostAnswer| host.state != State::Wired;
    let wanted: Vec<&str> = answer
        .hosts
        .iter()
        .filter(in_use)
        .filter(open)
        .map(|host| host.name)
        .collect();
    if !wanted.is_empty() {
        page.gap();
        let call = format!("plan setup {}", wanted.join(" "));
        page.push(Line::new().dim("wire  ").plain(call));
    }
    page.finish(style)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn part(purpose: &'static str, path: &str, standing: How, did: Option<Did>) -> PartAnswer {
        PartAnswer {
            purpose,
            path: path.to_owned(),
            standing,
            did,
            problem: (standing == How::Unreadable).then(|| "expected comma".to_owned()),
            line: (standing == How::Unreadable).then_some(3),
        }
    }

    fn answer(state: State, parts: Vec<PartAnswer>) -> Answer {
        let host = HostAnswer {
            name: "gemini-cli",
            title: "Gemini CLI",
            detected: true,
            installed: false,
            state,
            parts,
        };
        Answer {
            schema: "planwright/setup@1",
            dry_run: false,
            scope: Scope::Project,
            hosts: vec![host],
            files: Vec::new(),
            notes: vec!["Trust the folder".to_owned()],
        }
    }

    #[test]
    fn a_line_for_each_file() {
        let answer = answer(
            State::Partly,
            vec![
                part(
                    "server",
                    ".gemini/settings.json",
                    How::Current,
                    Some(Did::Added),
                ),
                part(
                    "hooks",
                    ".gemini/settings.json",
                    How::Current,
                    Some(Did::Added),
                ),
                part("skill", "SKILL.md", How::Current, Some(Did::Renewed)),
                part("server", "mcp.json", How::Unreadable, None),
                part("server", "config.toml", How::Own, None),
                part("instructions", "GEMINI.md", How::Current, None),
            ],
        );
        assert_snapshot!(setup(&answer, &Style::plain(80)));
        assert_eq!(left(&answer), ["mcp.json:3: expected comma"]);
        assert_snapshot!(list(&answer, &Style::plain(120)));
    }

    #[test]
    fn nothing_to_remove() {
        let mut answer = answer(
            State::NotWired,
            vec![part("skill", "SKILL.md", How::Absent, None)],
        );
        answer.notes.clear();
        assert_snapshot!(setup(&answer, &Style::plain(80)), @"nothing of it was there");
        assert_snapshot!(list(&answer, &Style::plain(80)), @"
        gemini-cli  Gemini CLI  not wired  used here

        wire  plan setup gemini-cli
        ");
    }
}
