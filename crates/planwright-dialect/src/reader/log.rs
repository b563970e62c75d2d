//! Living sections: progress, decisions, discoveries, outcomes, updates.

use planwright_model::{LogEntry, LogRole};

use crate::outline::{ListItem, Outline, Para};
use crate::times;
use crate::words::{is_nothing, one_line, strip_prefix_ignore_case};

fn role_of(role: &str) -> Option<LogRole> {
    Some(match role {
        "progress" => LogRole::Progress,
        "decisions" => LogRole::Decision,
        "discoveries" => LogRole::Discovery,
        "outcomes" => LogRole::Outcome,
        "update_log" => LogRole::Update,
        _ => return None,
    })
}

/// For each section the log that it belongs to, looking upwards past headings of no known purpose,
/// and the section of that log.
fn logs(outline: &Outline<'_>) -> Vec<Option<(LogRole, usize)>> {
    let mut logs: Vec<Option<(LogRole, usize)>> = Vec::with_capacity(outline.sections.len());
    for (at, section) in outline.sections.iter().enumerate() {
        logs.push(match section.role {
            Some(role) => role_of(role).map(|role| (role, at)),
            None => logs.get(section.parent).copied().flatten(),
        });
    }
    logs
}

/// Reads the log of a document.
pub(crate) fn read(outline: &Outline<'_>, kind: &str) -> Vec<LogEntry> {
    let mut log = Vec::new();
    let logs = logs(outline);
    for item in &outline.items {
        if let Some((role, home)) = logs[item.section]
            && (item.parent.is_none() || role == LogRole::Outcome)
        {
            of_item(outline, item, role, home, kind, &mut log);
        }
    }
    for para in &outline.paras {
        of_para(outline, para, logs[para.section], &mut log);
    }
    for (at, section) in outline.sections.iter().enumerate().skip(1) {
        let Some((role, home)) = logs[at].filter(|(_, home)| *home != at) else {
            of_label(outline, at, &mut log);
            continue;
        };
        if section.level >= outline.sections[home].level.saturating_add(3) && section.level <= 6 {
            continue;
        }
        let dated = times::leading(&section.title)
            .map(|(time, _)| time)
            .or_else(|| times::trailing(&section.title));
        if let Some(time) = dated {
            log.retain(|entry| {
                entry.role != role
                    || !(section.line..=super::phases::end_line(outline, at)).contains(&entry.line)
            });
            let mut entry = entry(section.line, role, &section.title);
            entry.set_time(Some(time));
            log.push(entry);
        }
    }
    log.sort_by_key(|entry| entry.line);
    log.dedup_by_key(|entry| (entry.line, entry.role));
    log
}

fn of_item(
    outline: &Outline<'_>,
    item: &ListItem<'_>,
    role: LogRole,
    home: usize,
    kind: &str,
    log: &mut Vec<LogEntry>,
) {
    let said = strip_prefix_ignore_case(&item.text, "observation:")
        .or_else(|| strip_prefix_ignore_case(&item.text, "decision:"))
        .unwrap_or(&item.text);
    if is_nothing(said) || strip_prefix_ignore_case(said.trim_start(), "none yet").is_some() {
        return;
    }
    let block = outline.parsed.text(item.span);
    let (time, used) = match times::leading(&item.text) {
        Some((time, used)) => (Some(time), used),
        None => (time_inside(&item.text, block, role), 0),
    };
    // `Rationale: ...` and `Date/Author: ...` as bullets of their own belong to the decision above.
    let part = matches!(role, LogRole::Decision | LogRole::Discovery)
        && [
            "rationale",
            "date/author",
            "date",
            "author",
            "evidence",
            "impact",
            "alternatives",
            "consequence",
            "implication",
        ]
        .iter()
        .any(|word| {
            strip_prefix_ignore_case(&item.text, word)
                .is_some_and(|rest| rest.trim_start().starts_with(':'))
        });
    if part {
        if let Some(entry) = log.iter_mut().rev().find(|entry| entry.role == role)
            && outline.upwards(item.section).any(|up| up == home)
        {
            let before = entry.text.clone();
            details(block, entry);
            entry.text = before;
            if entry.time.is_none() {
                entry.set_time(time);
            }
        }
        return;
    }
    let keep = match role {
        // A box without a stamp is a task and nothing else.
        LogRole::Progress => {
            (item.mark.is_none() || time.is_some()) && (kind == "plan" || time.is_some())
        }
        LogRole::Outcome => time.is_some(),
        LogRole::Decision | LogRole::Discovery => item.mark.is_none() || time.is_some(),
        LogRole::Update => true,
    };
    // Under a heading inside the log that carries the date, the heading is the entry.
    let dated_above = outline
        .upwards(item.section)
        .take_while(|up| *up != home)
        .any(|up| times::leading(&outline.sections[up].title).is_some());
    // In `Progress`, lists below headings of no known purpose belong to the text there.
    if !keep || dated_above {
        return;
    }
    let mut entry = entry(item.line, role, &item.text);
    details(block, &mut entry);
    if used > 0 {
        item.text[used..].clone_into(&mut entry.text);
    }
    entry.set_time(time);
    log.push(entry);
}

fn of_para<'a>(
    outline: &Outline<'a>,
    para: &Para<'a>,
    home: Option<(LogRole, usize)>,
    log: &mut Vec<LogEntry>,
) {
    // Most paragraphs are no entries, and most can be told so by one character.
    let notes =
        |c: char| !c.is_ascii() || matches!(c, 'r' | 'R' | 'u' | 'U' | 'p' | 'P' | 'c' | 'C');
    if home.is_none() && !para.quoted && !outline.opening(para).is_some_and(notes) {
        return;
    }
    let plain = outline.text(para);
    if is_nothing(plain) {
        return;
    }
    // `Revision note (2026-01-04): ...` and `Plan update note: ...` stand alone anywhere.
    let noted = [
        "revision note",
        "update note",
        "plan revision",
        "change note",
        "plan update",
    ]
    .iter()
    .any(|word| strip_prefix_ignore_case(plain, word).is_some());
    let quoted_note = para.quoted
        && para.lead.as_ref().is_some_and(|lead| {
            let lead = lead.to_lowercase();
            lead.starts_with("note") || lead.starts_with("update")
        });
    let quoted_outcome = para.quoted
        && para
            .lead
            .as_ref()
            .is_some_and(|lead| lead.to_lowercase().starts_with("outcome"));
    let dated = times::leading(plain).map(|(time, _)| time);
    let role = match home {
        Some((LogRole::Update, _)) => Some(LogRole::Update),
        Some((LogRole::Outcome, _)) => Some(LogRole::Outcome),
        Some((role, _)) if dated.is_some() => Some(role),
        _ if noted || quoted_note => Some(LogRole::Update),
        _ if quoted_outcome => Some(LogRole::Outcome),
        _ => None,
    };
    let Some(role) = role else { return };
    let time = dated.or_else(|| match role {
        LogRole::Outcome => first_sentence_time(plain),
        _ => times::anywhere(plain),
    });
    if time.is_none() && !noted {
        return;
    }
    // Several notes may stand in one paragraph, a line each.
    let block = outline.parsed.text(para.span);
    let lines: Vec<&str> = block.lines().collect();
    let again: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| strip_prefix_ignore_case(line.trim(), "revision note").is_some())
        .map(|(n, _)| n)
        .collect();
    if again.len() > 1 {
        for n in again {
            let text = one_line(lines[n]);
            let mut entry = entry(para.line + n as u32, role, &text);
            entry.set_time(times::anywhere(&text));
            log.push(entry);
        }
        return;
    }
    let mut entry = entry(para.line, role, plain);
    entry.set_time(time);
    log.push(entry);
}

/// A date in the opening of a paragraph dates it; one far inside is a fact in it.
fn first_sentence_time(text: &str) -> Option<planwright_model::Time> {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    times::anywhere(&text[..end.min(text.len())])
}

/// A heading of its own: `Revision note (2026-01-04)`.
fn of_label(outline: &Outline<'_>, at: usize, log: &mut Vec<LogEntry>) {
    let section = &outline.sections[at];
    if section.role != Some("update_log") || section.level <= 6 && !section.title.contains("20") {
        return;
    }
    let Some(time) = times::anywhere(&section.title) else {
        return;
    };
    let mut entry = entry(section.line, LogRole::Update, &section.title);
    entry.set_time(Some(time));
    log.push(entry);
}

fn entry(line: u32, role: LogRole, text: &str) -> LogEntry {
    LogEntry {
        line,
        role,
        time: None,
        time_native: None,
        instant: None,
        text: text.to_owned(),
        rationale: None,
        author: None,
    }
}

/// When an entry without a leading stamp was made: its `Date/Author:` line, a stamp in parentheses
/// at its end; for updates and outcomes any date in it.
fn time_inside(text: &str, block: &str, role: LogRole) -> Option<planwright_model::Time> {
    if let Some(rest) = after_label(block, "date/author")
        .or_else(|| after_label(block, "date / author"))
        .or_else(|| after_label(block, "date"))
        && let Some(time) =
            times::anywhere(rest.lines().next().unwrap_or(rest)).or_else(|| times::anywhere(rest))
    {
        return Some(time);
    }
    // A title may carry it: `Decision (2026-01-02): ...`, `D1 — 2026-01-02 — ...`.
    let opening = text
        .char_indices()
        .nth(48)
        .map_or(text, |(at, _)| &text[..at]);
    if let Some(time) = times::anywhere(opening).filter(|_| role != LogRole::Discovery) {
        return Some(time);
    }
    times::trailing(text)
        .or_else(|| {
            (role != LogRole::Outcome)
                .then(|| times::trailing(block))
                .flatten()
        })
        .or_else(|| {
            matches!(role, LogRole::Update)
                .then(|| times::anywhere(block))
                .flatten()
        })
        .or_else(|| {
            matches!(role, LogRole::Outcome)
                .then(|| times::anywhere(text))
                .flatten()
        })
}

/// The text behind a label inside an entry: `Rationale: ...`.
fn after_label<'a>(block: &'a str, label: &str) -> Option<&'a str> {
    // Colons are far rarer than the letters that labels begin with.
    memchr::memchr_iter(b':', block.as_bytes()).find_map(|colon| {
        let before = block[..colon].trim_end_matches(['*', '_', ' ']);
        let start = before.len().checked_sub(label.len())?;
        let is_label = before.get(start..)?.eq_ignore_ascii_case(label);
        let is_part = before[..start].ends_with(char::is_alphanumeric);
        (is_label && !is_part).then(|| block[colon + 1..].trim_start_matches(['*', '_', ' ']))
    })
}

/// Text up to the first of some labels, each of which begins with one of three letters.
fn before_labels<'a>(text: &'a str, letters: [u8; 3], labels: &[&str]) -> &'a str {
    let [one, two, three] = letters;
    memchr::memchr3_iter(one, two, three, text.as_bytes())
        .find(|at| labels.iter().any(|label| text[*at..].starts_with(label)))
        .map_or(text, |at| &text[..at])
}

/// Rationale or evidence, and author, where the entry labels them.
fn details(block: &str, entry: &mut LogEntry) {
    for label in ["rationale", "evidence"] {
        if let Some(rest) = after_label(block, label) {
            let next = ["Date/Author", "Date:", "Evidence:", "Alternatives"];
            let own = before_labels(rest, *b"DEA", &next);
            entry.rationale = Some(one_line(own.trim_end_matches(['*', '-', ' ', '\n'])));
            break;
        }
    }
    if let Some(rest) = after_label(block, "date/author") {
        let line = rest.lines().next().unwrap_or("");
        let author = line
            .split_once(['/', ',', ';'])
            .map(|(_, author)| author.trim().trim_end_matches('.').to_owned())
            .filter(|author| !author.is_empty());
        entry.author = author;
    }
    if let Some(rest) = strip_prefix_ignore_case(&entry.text, "decision:")
        .or_else(|| strip_prefix_ignore_case(&entry.text, "observation:"))
    {
        let next = ["Rationale:", "Evidence:", "Date/Author:"];
        entry.text = before_labels(rest.trim(), *b"RED", &next).trim().to_owned();
    }
}
