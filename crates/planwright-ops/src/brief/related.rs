//! What other documents say: those that bind the work, sections that answer, and a line for each of
//! the others.

use std::collections::HashMap;

use planwright_brief::pack::Piece;
use planwright_brief::section::{Section, split};
use planwright_brief::tokens::estimate;
use planwright_model::RelationType;
use planwright_workspace::Entry;

use super::Scene;
use super::corpus::{Corpus, Scanned};
use super::part::{About, Part, short};
use super::plan::Plan;
use super::policy::{Load, matches};
use super::ranking::{Scored, ranked};

/// Sections and lines that are held ready at most.
const MOST: usize = 100;

/// Sections that score less than this part of the best answer something else.
const WEAK: f64 = 0.1;

/// Texts of documents, read when they are asked for.
struct Texts<'a> {
    scene: &'a Scene<'a>,
    read: HashMap<usize, String>,
}

impl<'a> Texts<'a> {
    fn new(scene: &'a Scene<'a>) -> Self {
        Self {
            scene,
            read: HashMap::new(),
        }
    }

    fn of(&mut self, entry: usize) -> &str {
        let scene = self.scene;
        self.read.entry(entry).or_insert_with(|| {
            let bytes = scene.ws.read_bytes(scene.entries[entry].path);
            String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
        })
    }
}

/// A document that binds the work, and why.
struct Bound {
    entry: usize,
    /// Smaller is weightier.
    rank: (bool, u8, u8),
    why: String,
}

pub(super) fn parts(
    scene: &Scene<'_>,
    corpus: &Corpus,
    plan: Option<&Plan<'_>>,
    own: &[usize],
) -> Vec<Part> {
    let mut texts = Texts::new(scene);
    let paths = asked(scene);
    let bound = bound(scene, corpus, own, &paths);
    let ranked = ranked(scene, corpus, own);
    let binds = bind_all(scene, corpus, &bound, &mut texts).reserving(20);
    let mut inside = Part::new(
        "inside",
        "## From the plan",
        ("section of the plan", "sections of the plan"),
    );
    let mut related = Part::new(
        "related",
        "## Related",
        ("related section", "related sections"),
    );
    let best = ranked.first().map_or(0.0, |first| first.score);
    for scored in ranked.iter().filter(|scored| scored.score >= best * WEAK) {
        let document = &corpus.documents[scored.document];
        let is_bound = bound.iter().any(|bound| bound.entry == document.entry);
        let part = if own.contains(&document.entry) {
            let line = document.sections[scored.section].line;
            if plan.is_some_and(|plan| plan.shows(document.entry, line)) {
                continue;
            }
            &mut inside
        } else {
            &mut related
        };
        let place = (
            scene.entries[document.entry].path,
            document.sections[scored.section].line,
        );
        let is_here =
            |about: &About| (about.path.as_deref(), about.line) == (Some(place.0), Some(place.1));
        if binds.about.iter().any(is_here) {
            continue;
        }
        if part.group.pieces.len() < MOST {
            section(scene, corpus, scored, is_bound, &mut texts, part);
        }
    }
    let outline = outline(scene, corpus, &ranked, &bound, own);
    let inside = inside.reserving(10);
    let related = related.reserving(if plan.is_some() { 10 } else { 0 });
    [binds, inside, related, outline.reserving(15)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect()
}

/// What binds the files that are asked for, without what binds every work.
pub(super) fn binding(scene: &Scene<'_>, corpus: &Corpus) -> Part {
    let mut bound = bound(scene, corpus, &[], &asked(scene));
    bound.retain(|bound| {
        let document = corpus.of_entry(bound.entry);
        document.is_some_and(|document| document.is_live && document.policy.load != Load::Always)
    });
    bind_all(scene, corpus, &bound, &mut Texts::new(scene))
}

/// The paths of what is asked for.
fn asked(scene: &Scene<'_>) -> Vec<String> {
    let targets = scene.request.targets.iter();
    targets.filter_map(|target| target.path.clone()).collect()
}

fn bind_all(scene: &Scene<'_>, corpus: &Corpus, bound: &[Bound], texts: &mut Texts<'_>) -> Part {
    let mut binds = Part::new(
        "binds",
        "## Decisions, rules and specs",
        ("document that binds it", "documents that bind it"),
    );
    for bound in bound {
        if let Some(document) = corpus.of_entry(bound.entry) {
            bind(scene, corpus, document, bound, texts, &mut binds);
        }
    }
    binds
}

/// The documents that bind the work, the weightiest first.
fn bound(scene: &Scene<'_>, corpus: &Corpus, own: &[usize], paths: &[String]) -> Vec<Bound> {
    let mut found: Vec<Bound> = Vec::new();
    let mut add = |document: &Scanned, step: u8, why: String| {
        let entry = &scene.entries[document.entry];
        if own.contains(&document.entry) || document.policy.load == Load::Never {
            return;
        }
        let urgent = document.policy.priority.unwrap_or(2);
        let rank = (!document.is_live, step + weight(entry.kind), urgent);
        match found.iter_mut().find(|bound| bound.entry == document.entry) {
            Some(known) if known.rank <= rank => {}
            Some(known) => (known.rank, known.why) = (rank, why),
            None => found.push(Bound {
                entry: document.entry,
                rank,
                why,
            }),
        }
    };
    for document in &corpus.documents {
        if document.policy.load == Load::Always {
            add(document, 0, "always to be loaded".to_owned());
        } else if let Some(trigger) = corpus.triggered(document, paths) {
            add(
                document,
                1,
                format!("its trigger \"{trigger}\" is spoken of"),
            );
        }
    }
    let graph = scene.ws.graph();
    for from in own {
        for link in graph.outgoing(*from) {
            if let Some(document) = link.to.and_then(|to| corpus.of_entry(to)) {
                let label = link.relation.kind.as_str().replace('_', " ");
                add(
                    document,
                    strength(link.relation.kind),
                    format!("the plan's \"{label}\""),
                );
            }
        }
        for link in graph.incoming(*from) {
            if let Some(document) = corpus.of_entry(link.from) {
                let label = link.relation.kind.as_str().replace('_', " ");
                add(
                    document,
                    strength(link.relation.kind) + 1,
                    format!("it says \"{label}\" of the plan"),
                );
            }
        }
        for other in scene
            .board
            .home(*from)
            .into_iter()
            .flat_map(|home| &scene.board.initiatives[home].members)
        {
            if let Some(document) = corpus.of_entry(*other) {
                add(document, 1, "of the same undertaking".to_owned());
            }
        }
    }
    if !paths.is_empty() {
        for link in graph.links().iter().filter(|link| link.to.is_none()) {
            let document = corpus
                .of_entry(link.from)
                .filter(|document| is_law(scene.entries[document.entry].kind));
            let pattern = &link.relation.target;
            if let Some(document) = document
                && paths.iter().any(|path| matches(pattern, path))
            {
                add(document, 0, format!("it declares `{pattern}`"));
            }
        }
        for document in corpus
            .documents
            .iter()
            .filter(|document| !document.mentions.is_empty())
        {
            if is_law(scene.entries[document.entry].kind) {
                add(document, 1, "it names the path".to_owned());
            }
        }
    }
    found.sort_by(|a, b| {
        let path = |bound: &Bound| scene.entries[bound.entry].path;
        a.rank.cmp(&b.rank).then_with(|| path(a).cmp(path(b)))
    });
    found
}

/// What a kind weighs among those that bind; smaller is more.
fn weight(kind: &str) -> u8 {
    match kind {
        "constitution" | "rule" => 0,
        "adr" | "rfc" => 1,
        "spec" | "prd" | "srs" | "brs" | "urd" => 2,
        _ => 5,
    }
}

/// True for a document that is obeyed.
fn is_law(kind: &str) -> bool {
    weight(kind) < 5
}

const fn strength(kind: RelationType) -> u8 {
    match kind {
        RelationType::Implements | RelationType::DependsOn | RelationType::Input => 0,
        RelationType::Related | RelationType::RecordedIn | RelationType::Output => 2,
        _ => 1,
    }
}

/// The section of a document that answers best, else the one that says what it is about.
fn bind(
    scene: &Scene<'_>,
    corpus: &Corpus,
    document: &Scanned,
    bound: &Bound,
    texts: &mut Texts<'_>,
    part: &mut Part,
) {
    let entry = &scene.entries[document.entry];
    let sections = split(texts.of(document.entry));
    let law = [
        "decision",
        "decision outcome",
        "rule",
        "rules",
        "principles",
        "core principles",
        "requirements",
    ];
    let says = |section: &Section<'_>| body(section).is_some();
    let is_law_text = |section: &&Section<'_>| {
        let title = section.title.to_lowercase();
        let title = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
        law.contains(&title)
    };
    let scored = sections
        .iter()
        .zip(&document.sections)
        .filter(|(section, _)| says(section));
    let best = scored.max_by(|(_, a), (_, b)| {
        let order = corpus.score(a).total_cmp(&corpus.score(b));
        // Of equally good ones the first.
        order.then(b.line.cmp(&a.line))
    });
    let chosen = sections
        .iter()
        .filter(|section| says(section))
        .find(is_law_text)
        .or(best.map(|(section, _)| section));
    let Some(section) = chosen else {
        return;
    };
    let most = (scene.request.budget / 10).max(120);
    let always = document.policy.load == Load::Always;
    let most = document
        .policy
        .tokens
        .filter(|_| always)
        .map_or(most, |tokens| {
            most.max(tokens.min(scene.request.budget / 4))
        });
    push(entry, section, most, &bound.why, document.entry, part);
}

/// A section that answers.
fn section(
    scene: &Scene<'_>,
    corpus: &Corpus,
    scored: &Scored,
    is_bound: bool,
    texts: &mut Texts<'_>,
    part: &mut Part,
) {
    let document = &corpus.documents[scored.document];
    let entry = &scene.entries[document.entry];
    let sections = split(texts.of(document.entry));
    let Some(section) = sections.get(scored.section) else {
        return;
    };
    let why = if is_bound {
        format!(
            "{}, {:.1}, and it is declared",
            scored.reason.as_str(),
            scored.score
        )
    } else {
        format!("{}, {:.1}", scored.reason.as_str(), scored.score)
    };
    let most = (scene.request.budget / 8).max(300);
    let shortened;
    let section = if document.living[scored.section] {
        shortened = from_boundary(section, most);
        &shortened
    } else {
        section
    };
    push(entry, section, most, &why, document.entry, part);
}

/// The part of a list of work or of a log in which done ends and to do begins, where all of it is too
/// long: from the last lines before the first open box on, else the end.
fn from_boundary<'a>(section: &Section<'a>, most: u32) -> Section<'a> {
    if estimate(section.text) <= most {
        return *section;
    }
    let lines: Vec<&str> = section.text.split('\n').collect();
    let open = lines.iter().position(|line| line.contains("[ ] "));
    let mut start = open.map_or(lines.len(), |open| open.saturating_sub(2));
    // What stands before fills the room that is left.
    let tail = |start: usize| estimate(&lines[start..].join("\n"));
    while start > 1 && tail(start - 1) + 20 <= most {
        start -= 1;
    }
    let start = start.min(lines.len() - 1);
    if start <= 1 {
        return *section;
    }
    let skipped: usize = lines[..start].iter().map(|line| line.len() + 1).sum();
    Section {
        line: section.line + start as u32,
        text: &section.text[skipped..],
        level: 0,
        ..*section
    }
}

/// A section under a heading that says where it stands.
fn push(
    entry: &Entry<'_>,
    section: &Section<'_>,
    most: u32,
    why: &str,
    document: usize,
    part: &mut Part,
) {
    let Some(body) = body(section) else {
        return;
    };
    let (path, line) = (entry.path, section.line);
    let mut heading = format!("#### :{line}");
    if section.level != 1 && !section.title.is_empty() {
        heading.push(' ');
        heading.push_str(&short(section.title, 80));
    }
    let piece = Piece {
        text: format!("{heading}\n{body}"),
        most: Some(most),
        rest: format!("… `plan show {path}:{line}`"),
        document: Some(document),
        title: format!("### {} · `{path}`{}", short(entry.title, 80), said(entry)),
        place: line,
        ..Piece::default()
    };
    part.push(
        piece,
        About::at(entry.path, section.line, section.end_line, why),
    );
}

/// The text of a section below its heading; nothing where that is blank.
fn body<'a>(section: &Section<'a>) -> Option<&'a str> {
    let text = if section.level > 0 {
        section.text.split_once('\n').map_or("", |(_, text)| text)
    } else {
        section.text
    };
    let text = text.trim_start_matches(['\n', '\r']).trim_end();
    (!text.is_empty()).then_some(text)
}

/// Kind and state, where they are no surprise nothing.
fn said(entry: &Entry<'_>) -> String {
    let state = entry.native.map_or_else(
        || entry.state.as_str().replace('_', " "),
        |native| short(native, 30).to_lowercase(),
    );
    match (state.as_str(), entry.total) {
        ("unknown", 0) => format!(" · {}", entry.kind),
        ("unknown", total) => format!(" · {} {}/{total}", entry.kind, entry.done),
        (state, 0) => format!(" · {}, {state}", entry.kind),
        (state, total) => format!(" · {}, {state} {}/{total}", entry.kind, entry.done),
    }
}

/// A line for each document that answers, or is bound, and is not shown.
fn outline(
    scene: &Scene<'_>,
    corpus: &Corpus,
    ranked: &[Scored],
    bound: &[Bound],
    own: &[usize],
) -> Part {
    let mut part = Part::new(
        "outline",
        "## See also",
        ("further document", "further documents"),
    );
    part.group.once = true;
    let mut order: Vec<(usize, String)> = Vec::new();
    for bound in bound {
        order.push((bound.entry, bound.why.clone()));
    }
    let limit = ranked.first().map_or(0.0, |first| first.score) * WEAK;
    for scored in ranked.iter().filter(|scored| scored.score >= limit) {
        let entry = corpus.documents[scored.document].entry;
        let is_known = own.contains(&entry) || order.iter().any(|(known, _)| *known == entry);
        if !is_known && order.len() < MOST {
            let why = format!(
                "a section of it: {}, {:.1}",
                scored.reason.as_str(),
                scored.score
            );
            order.push((entry, why));
        }
    }
    for (index, why) in order {
        let entry = &scene.entries[index];
        let text = format!(
            "- `{}` {}{}",
            entry.path,
            short(entry.title, 60),
            said(entry)
        );
        let piece = Piece {
            text,
            document: Some(index),
            ..Piece::default()
        };
        part.push(piece, About::at(entry.path, 1, 1, why));
    }
    part
}
