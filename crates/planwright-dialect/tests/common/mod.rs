//! Shows what was read from a document, line by line: a head, then the file with a margin.
//!
//! The margin says what the reader made of each line. It is empty where a line says nothing to it.
//!
//! ```text
//! task #1.2 done in:9 under:14     an item: role, ref (or the author's id), state,
//!                                  line of its phase, line of the task it belongs to
//! phase 2 · log decision 2026-01-02 · relation implements x.prd.md (front matter) · ! diagnostic
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;

use planwright_dialect::Reading;
use planwright_model::{Document, Estimate, FieldValue, Item, Phase};

/// The reading of a file, as text for a snapshot.
pub(crate) fn margin(reading: &Reading) -> String {
    let document = &reading.document;
    let notes = notes(document);
    let mut out = head(reading);
    for note in notes.get(&0).into_iter().flatten() {
        let _ = writeln!(out, "elsewhere: {note}");
    }
    out.push('\n');
    let source = &reading.parsed.source;
    let width = notes
        .values()
        .flatten()
        .map(|note| note.chars().count())
        .max()
        .unwrap_or(0);
    for line in 1..=source.line_count() {
        let mut text = source
            .line_text(line)
            .trim_start_matches('\u{feff}')
            .trim_end();
        let none = Vec::new();
        let here = notes.get(&line).unwrap_or(&none);
        for at in 0..here.len().max(1) {
            let note = here.get(at).map_or("", String::as_str);
            let row = format!("{line:>3} {note:<width$} │ {text}");
            let _ = writeln!(out, "{}", row.trim_end());
            text = "";
        }
    }
    out
}

fn head(reading: &Reading) -> String {
    let Reading {
        document,
        recognition,
        ..
    } = reading;
    let state = &document.state;
    let mut out = format!("{} {}", document.dialect, document.kind);
    for (flag, word) in [
        (document.template, ", a form"),
        (document.archived, ", archived"),
        (!recognition.listed, ", not listed"),
    ] {
        out.push_str(if flag { word } else { "" });
    }
    let _ = write!(out, " | state {}", state.value);
    if let (Some(native), Some(line)) = (&state.native, state.line) {
        let _ = write!(out, " \"{native}\" line {line}");
    }
    let _ = match document.title.line {
        Some(line) => write!(out, " | title line {line}"),
        None => write!(out, " | title \"{}\" from the path", document.title.text),
    };
    let _ = writeln!(
        out,
        " | {} of {} | ref {}",
        document.progress.done, document.progress.total, document.reference
    );
    for reason in &recognition.reasons {
        let _ = writeln!(out, "because: {reason}");
    }
    if document.aliases.len() > 1 {
        let _ = writeln!(out, "also: {}", document.aliases[1..].join(", "));
    }
    if document.initiative != document.path {
        let _ = writeln!(out, "initiative: {}", document.initiative);
    }
    for (name, value) in &document.fields {
        let _ = match value {
            FieldValue::One(value) => writeln!(out, "{name}: {value}"),
            FieldValue::Many(values) => writeln!(out, "{name}: [{}]", values.join(", ")),
        };
    }
    if let Some(review) = &document.review {
        let parts = [
            ("last", review.last.as_ref().map(|time| &time.value)),
            ("next", review.next.as_ref().map(|time| &time.value)),
            ("cadence", review.cadence.as_ref()),
            ("expires", review.expires.as_ref().map(|time| &time.value)),
        ];
        let _ = writeln!(out, "review:{}", values(parts));
    }
    out
}

/// What was read, by line.
fn notes(document: &Document) -> BTreeMap<u32, Vec<String>> {
    let mut notes: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut note = |line: u32, text: String| notes.entry(line).or_default().push(text);
    if let Some(line) = document.title.line {
        note(line, "title".to_owned());
    }
    for claim in &document.state_claims {
        let source = claim.source.map_or_else(String::new, |source| {
            format!(" ({source:?})").to_lowercase()
        });
        note(
            claim.line.unwrap_or(0),
            format!("state {}{source}", claim.value),
        );
    }
    for section in &document.sections {
        if let Some(role) = &section.role {
            let empty = if section.empty { ", empty" } else { "" };
            note(section.line, format!("section {role}{empty}"));
        }
    }
    for phase in &document.phases {
        note(phase.line, phase_note(phase));
    }
    for item in &document.items {
        note(item.line, item_note(item));
    }
    for entry in &document.log {
        let parts = [
            ("", entry.time.as_ref()),
            ("by", entry.author.as_ref()),
            ("why", entry.rationale.as_ref()),
        ];
        note(
            entry.line,
            format!("log {}{}", entry.role.as_str(), values(parts)),
        );
    }
    for relation in &document.relations {
        note(
            relation.line,
            format!(
                "relation {} {} ({})",
                relation.kind, relation.target, relation.source
            ),
        );
    }
    for code in &document.code_refs {
        note(code.line, format!("code {}", code.path));
    }
    for command in &document.commands {
        note(command.line, format!("command {}", command.text));
    }
    for risk in &document.risks {
        let parts = [
            ("p", risk.probability.as_ref()),
            ("impact", risk.impact.as_ref()),
            ("mitigation", risk.mitigation.as_ref()),
            ("owner", risk.owner.as_ref()),
        ];
        note(risk.line, format!("risk{}", values(parts)));
    }
    for metric in &document.metrics {
        let parts = [
            ("baseline", metric.baseline.as_ref()),
            ("target", metric.target.as_ref()),
            ("by", metric.measurement.as_ref()),
        ];
        note(metric.line, format!("metric{}", values(parts)));
    }
    for milestone in &document.milestones {
        let parts = [
            ("date", milestone.date.as_ref()),
            ("needs", milestone.depends_on.as_ref()),
            ("status", milestone.status.as_ref()),
        ];
        note(milestone.line, format!("milestone{}", values(parts)));
    }
    for blocker in &document.blockers {
        let parts = [
            ("impact", blocker.impact.as_ref()),
            ("owner", blocker.owner.as_ref()),
            ("eta", blocker.eta.as_ref()),
        ];
        let over = if blocker.resolved { " resolved" } else { "" };
        note(blocker.line, format!("blocker{over}{}", values(parts)));
    }
    for question in &document.questions {
        let answered = if question.answered { " answered" } else { "" };
        let by = values([("by", question.deadline.as_ref())]);
        note(question.line, format!("asked{answered}{by}"));
    }
    for requirement in &document.requirements {
        note(requirement.line, format!("requirement {}", requirement.id));
    }
    for placeholder in &document.placeholders {
        note(placeholder.line, format!("fill in {}", placeholder.text));
    }
    for diagnostic in &document.diagnostics {
        // After a colon follow the words of the YAML reader, which are its own affair.
        let what = diagnostic.message.split(": ").next().unwrap_or_default();
        note(diagnostic.line, format!("! {}: {what}", diagnostic.code));
    }
    notes
}

fn phase_note(phase: &Phase) -> String {
    let name = phase.reference.rsplit_once('#').map_or("", |(_, id)| id);
    let mut out = format!("phase {name}");
    if let Some(state) = phase.state {
        let _ = write!(out, " {state}");
    }
    if let Some(parent) = phase.parent {
        let _ = write!(out, " in:{parent}");
    }
    let needs = (!phase.depends_on.is_empty()).then(|| phase.depends_on.join(","));
    let duration = phase.duration.as_ref().map(estimate);
    let parts = [
        ("needs", needs.as_ref()),
        ("priority", phase.priority.as_ref()),
        ("takes", duration.as_ref()),
        ("goal", phase.goal.as_ref()),
    ];
    out + &values(parts) + if phase.parallel { " parallel" } else { "" }
}

fn item_note(item: &Item) -> String {
    let name = item.reference.rsplit_once('#').map_or("", |(_, id)| id);
    let mut out = format!("{} ", item.role);
    match &item.id {
        Some(id) if id == name => out.push_str(id),
        Some(id) => {
            let _ = write!(out, "{id} (#{name})");
        }
        None => {
            let _ = write!(out, "#{name}");
        }
    }
    let _ = write!(out, " {}", item.state);
    let list = |words: &[String]| (!words.is_empty()).then(|| words.join(","));
    let phase = item.phase.map(|line| line.to_string());
    let parent = item.parent.map(|line| line.to_string());
    let needs = list(&item.depends_on);
    let files = list(&item.files);
    let covers = list(&item.covers);
    let estimated = item.estimate.as_ref().map(estimate);
    let parts = [
        ("in", phase.as_ref()),
        ("under", parent.as_ref()),
        ("owner", item.owner.as_ref()),
        ("estimate", estimated.as_ref()),
        ("needs", needs.as_ref()),
        ("files", files.as_ref()),
        ("covers", covers.as_ref()),
        ("priority", item.priority.as_ref()),
        ("stage", item.stage.as_ref()),
    ];
    out += &values(parts);
    for (flag, word) in [(item.parallel, " parallel"), (item.ready, " ready")] {
        out.push_str(if flag { word } else { "" });
    }
    out
}

/// `1-2 days (8-16 h)`: the author's words, and hours where they are a duration.
fn estimate(estimate: &Estimate) -> String {
    match (estimate.hours_min, estimate.hours_max) {
        (Some(least), Some(most)) => format!("{} ({least}-{most} h)", estimate.native),
        _ => estimate.native.clone(),
    }
}

/// ` name:value` of each value that is there.
fn values<const N: usize>(parts: [(&str, Option<&String>); N]) -> String {
    let mut out = String::new();
    for (name, value) in parts {
        if let Some(value) = value {
            let colon = if name.is_empty() { "" } else { ":" };
            let _ = write!(out, " {name}{colon}{value}");
        }
    }
    out
}
