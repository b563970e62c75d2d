use std::collections::{BTreeSet, HashSet};

use planwright_model::Document;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_workspace::path::{decode, join, parent, relative};

use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::form::{is_for_agents, is_of_findings, is_put_away};
use crate::paths::{Candidate, is_in_submodule, moved};
use crate::project::{Doc, Project, is_markdown};
use crate::rule::{Category, Check, Rule, page};
use crate::text::nearest;
use planwright_syntax::links::{Link, anchors};

pub(super) static RULE: Rule = Rule {
    code: "PW301",
    name: "dangling-link",
    category: Category::References,
    reason: "the reader who follows it arrives nowhere",
    page: page!("dangling-link"),
    fixable: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// Where a link leads.
enum Target {
    /// To a file or folder, and a place in it.
    Path(String, String),
    /// Out of the repository, or to what nobody can know.
    Elsewhere,
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let docs: Vec<Doc<'_>> = project.docs().filter(|doc| is_suspect(project, doc)).collect();
    findings.in_each(&docs, |doc, findings| in_document(project, doc, findings));
}

/// True for a document with a link that may lead nowhere.
fn is_suspect(project: &Project<'_>, doc: &Doc<'_>) -> bool {
    let claims = &doc.facts().claims;
    let mut links = claims.links.iter();
    claims.has_strange_links
        || links.any(|(path, has_anchor)| *has_anchor || !project.exists(path))
}

/// Where the links of a document lead that leave it, and whether to a heading there.
pub(super) fn links(doc: &DocumentView) -> Vec<(String, bool)> {
    let targets = targets(doc).map(|(_, path, anchor)| {
        let is_own = path == doc.path();
        (path, !is_own && is_heading(&anchor), is_own)
    });
    let left = targets.filter(|(_, _, is_own)| !is_own);
    let left: BTreeSet<(String, bool)> = left.map(|(path, has_anchor, _)| (path, has_anchor)).collect();
    left.into_iter().collect()
}

/// True for a document with a link to a heading of its own that is not there.
pub(super) fn has_strange_links(doc: &DocumentView) -> bool {
    let mut own = targets(doc).filter(|(_, path, anchor)| path == doc.path() && is_heading(anchor)).peekable();
    own.peek().is_some() && {
        let known = anchors(doc.parsed());
        own.any(|(_, _, anchor)| !is_known(&known, &heading(&anchor)))
    }
}

/// The links that lead to files, each destination once.
fn targets(doc: &DocumentView) -> impl Iterator<Item = (Link<'_>, String, String)> {
    let mut seen = HashSet::new();
    // A definition is reported once, however often it is referred to.
    let is_elsewhere = is_copied(doc.path()) || is_for_agents(doc.path());
    let links = doc.links().filter(move |_| !is_elsewhere);
    links.filter_map(move |link| match target(doc, &link) {
        Target::Path(path, anchor) if seen.insert(link.place) => Some((link, path, anchor)),
        _ => None,
    })
}

fn in_document(project: &Project<'_>, doc: &DocumentView, findings: &mut Findings) {
    for (link, path, anchor) in targets(doc) {
        if project.exists(&path) {
            if is_to_come(doc, &link) {
                continue;
            }
            check_anchor(project, doc, &link, &path, &anchor, findings);
        } else if is_meant(doc, &link) && !project.is_ignored(&path) && !is_in_submodule(project, &path) {
            missing(project, doc, &link, &path, findings);
        }
    }
}

fn target(doc: &DocumentView, link: &Link<'_>) -> Target {
    let written = link.destination;
    let is_url = written.split(['/', '#', '?']).next().is_some_and(|head| head.contains(':'));
    // `/x` is the root of a site, and which folder that is only the site knows.
    // `<ann@example.org>`
    let is_mail = written.contains('@') && !written.contains('/') && !is_markdown(written);
    if written.is_empty() || is_url || is_mail || written.starts_with(['/', '\\']) {
        return Target::Elsewhere;
    }
    let (path, anchor) = written.split_once('#').unwrap_or((written, ""));
    let path = path.split('?').next().unwrap_or(path);
    if stands_for_another(path) {
        return Target::Elsewhere;
    }
    if path.is_empty() {
        return Target::Path(doc.path().to_owned(), anchor.to_owned());
    }
    // `../../issues/7` leads out of the files and on the forge it works.
    join(doc.folder(), &decode(path)).map_or(Target::Elsewhere, |path| {
        Target::Path(path, anchor.to_owned())
    })
}

/// True for a file that is laid out elsewhere, or was made by a machine from others: its links lead
/// where it is used.
fn is_copied(path: &str) -> bool {
    const FOLDERS: [&str; 14] = [
        "generated", "payload", "_payload", "scaffold", "scaffolding", "bootstrap", "fixtures", "__fixtures__",
        "testdata", "snapshots", "__snapshots__", "vendor", "third_party", "exports",
    ];
    parent(path).split('/').any(|folder| FOLDERS.contains(&folder))
}

/// True for a link that is there to be followed now.
fn is_meant(doc: &DocumentView, link: &Link<'_>) -> bool {
    !is_quoted(doc, link) && !is_to_come(doc, link) && !is_shown(doc, link)
}

/// True for a link in words that are quoted: `add links in the form "See [x](x.md)"`.
fn is_quoted(doc: &DocumentView, link: &Link<'_>) -> bool {
    let line = doc.parsed().source.line_span(doc.line(link.span.start));
    if !line.contains(link.span) {
        return false;
    }
    let before = doc.text(Span::new(line.start as usize, link.span.start as usize));
    let after = doc.text(Span::new(link.span.end as usize, line.end as usize));
    let opens = |text: &str| text.matches('"').count() % 2 == 1;
    opens(before) && opens(after) || before.matches('“').count() > before.matches('”').count()
}

/// True behind the beginning of a document that is shown within a fence, where that document has fences
/// of its own: the first of them ends the outer one, and what follows is its text all the same.
fn is_shown(doc: &DocumentView, link: &Link<'_>) -> bool {
    let source = &doc.parsed().source;
    let mut outer = false;
    for line in 1..doc.line(link.span.start) {
        let text = source.line_text(line);
        match text.trim_end() {
            "```markdown" | "```md" => outer = true,
            "```" => outer = false,
            inner if outer && inner.starts_with("```") => return true,
            _ => {}
        }
    }
    false
}

/// True where words beside a link say that what it leads to is still to be written, there or where the
/// document links to it again.
fn is_to_come(doc: &DocumentView, link: &Link<'_>) -> bool {
    let mut same = doc.links().filter(|other| other.destination == link.destination);
    same.any(|other| is_announced(doc, &other))
}

fn is_announced(doc: &DocumentView, link: &Link<'_>) -> bool {
    const BEHIND: [&str; 12] = [
        "tbd", "(planned)", "coming soon", "to be written", "to be created", "to be added", "not yet written", "(future)", "(todo)",
        "**create**", "(new)", "(create)",
    ];
    const BEFORE: [&str; 7] =
        ["to be authored", "to be written", "to be created", "to be added", "to be defined", "possibly", "will live in"];
    let line = doc.parsed().source.line_span(doc.line(link.span.start));
    if !line.contains(link.span) {
        return false;
    }
    let after = doc.text(Span::new(link.span.end as usize, line.end as usize)).to_lowercase();
    let after: String = after.chars().take(60).collect();
    let before = doc.text(Span::new(line.start as usize, link.span.start as usize)).to_lowercase();
    let before: String = before.chars().rev().take(30).collect::<Vec<char>>().into_iter().rev().collect();
    BEHIND.iter().any(|words| after.contains(words)) || BEFORE.iter().any(|words| before.contains(words))
}

/// True for what an example puts where a path would stand.
fn stands_for_another(path: &str) -> bool {
    let is_named = path.contains(' ') && is_markdown(path);
    path.contains(['<', '>', '{', '}', '*', '$', '[', ']', '|'])
        || path.contains(' ') && !is_named
        || path.contains("...")
        || path.contains('…')
        || path.contains("XXX")
        || path.contains("NNN")
        || path.contains("YYYY")
        || matches!(path, "url" | "link" | "path" | "file" | "URL" | "..." | "TBD" | "todo")
        || path.starts_with("path/to/")
        || path.starts_with("./path/to/")
        || path.ends_with("plan-name.md")
}

fn missing(
    project: &Project<'_>,
    doc: &DocumentView,
    link: &Link<'_>,
    path: &str,
    findings: &mut Findings,
) {
    let written = link.destination.split(['#', '?']).next().unwrap_or_default();
    let finding = findings.at(
        doc,
        link.place,
        format!("this links to `{path}`, which is not there"),
    );
    let rest = &link.destination[written.len()..];
    let fix = |relative: &str| {
        let new = format!("{relative}{rest}");
        Fix::new(
            doc.path(),
            format!("link to `{relative}`"),
            vec![Edit::replace(link.place, new)],
        )
    };
    if let Some((found, how)) = known_to_git(project, doc, written, path) {
        let mut relative = relative(doc.folder(), &found);
        if written.ends_with('/') {
            relative.push('/');
        }
        finding.help(format!("{how}: link to `{relative}`"));
        if link.written {
            finding.fix(fix(&relative));
        }
        return;
    }
    // `docs/x.md` in a document of `docs/` is written as if from the root.
    if let Some(root) = join("", &decode(written)).filter(|root| root.as_str() != path && project.exists(root)) {
        let mut relative = relative(doc.folder(), &root);
        if written.ends_with('/') {
            relative.push('/');
        }
        finding.help(format!("from here `{root}` is `{relative}`"));
        if link.written {
            finding.fix(fix(&relative));
        }
        return;
    }
    let Some(Candidate { path: found, moved }) = project.files().like(path) else {
        finding.help("put the file back, or remove the link");
        finding.sure_if(!is_to_be_made(project, doc, path) && !is_history(doc, path));
        return;
    };
    let relative = relative(doc.folder(), &found);
    if moved {
        finding.help(format!("`{found}` has the same name: did it move?"));
        if link.written {
            finding.fix(fix(&relative));
        }
    } else {
        finding.help(format!("did you mean `{relative}`?"));
    }
}

/// True for a file of its own undertaking that was never there, in a document that is not over: it may
/// be one of those that the work is to bring.
fn is_to_be_made(project: &Project<'_>, doc: &DocumentView, path: &str) -> bool {
    let document = doc.document();
    let is_open = !document.state.value.is_closed() && !is_put_away(doc.folder());
    let is_planned = document.holds_work() || matches!(document.kind.as_str(), "spec" | "prd" | "research");
    let was_there = project.history().is_some_and(|history| !history.touches(path).is_empty());
    let unit = document.initiative.as_str();
    let is_own = unit != document.path && path.strip_prefix(unit).is_some_and(|rest| rest.starts_with('/'));
    // What was found out may be about code that lies beside the repository.
    let is_elsewhere = is_of_findings(doc.path()) && !is_markdown(path);
    // A plan names code that it is to bring.
    let is_code = project.history().is_some() && is_surely_plan(document) && !is_markdown(path) && !path.ends_with('/');
    !was_there && (is_elsewhere || is_open && (is_planned && is_own || is_code))
}

/// True for code that a record of what was done names: it was there then.
fn is_history(doc: &DocumentView, path: &str) -> bool {
    let stem = doc.stem().to_lowercase();
    let is_record = ["history", "completed", "changelog", "retrospective", "postmortem"].iter().any(|word| stem.contains(word));
    !is_markdown(path) && (is_record || doc.document().state.value.is_closed() || is_put_away(doc.folder()))
}

/// True for a plan by what it holds or by its name.
fn is_surely_plan(document: &Document) -> bool {
    let words = format!("{} {}", document.path, document.title.text).to_lowercase();
    document.holds_work() || document.kind == "plan" || words.contains("plan") || words.contains("roadmap")
}

/// Where the file is that a link led to, and how it came that it does not any more: the file was
/// moved, or the document.
fn known_to_git(
    project: &Project<'_>,
    doc: &DocumentView,
    written: &str,
    path: &str,
) -> Option<(String, String)> {
    let history = project.history()?;
    if let Some(found) = moved(project, path) {
        return Some(found);
    }
    let mut name = doc.path();
    for commit in history.touches(doc.path()) {
        let mut paths = commit.paths();
        let Some(before) = paths.find(|to| to.path == name).and_then(|to| to.from) else {
            continue;
        };
        name = before;
        let Some(was) = join(parent(before), &decode(written)) else {
            continue;
        };
        if project.exists(&was) {
            let id = commit.id().short();
            return Some((was, format!("this document was `{before}` before {id}")));
        }
        if let Some(found) = moved(project, &was) {
            return Some(found);
        }
    }
    None
}

fn check_anchor(
    project: &Project<'_>,
    doc: &DocumentView,
    link: &Link<'_>,
    path: &str,
    anchor: &str,
    findings: &mut Findings,
) {
    if !is_markdown(path) || !is_heading(anchor) {
        return;
    }
    let anchor = heading(anchor);
    let Some(file) = project.file(path) else {
        return;
    };
    let known = anchors(&file);
    if is_known(&known, &anchor) {
        return;
    }
    let place = if path == doc.path() {
        "this document".to_owned()
    } else {
        format!("`{path}`")
    };
    let finding = findings.at(
        doc,
        link.place,
        format!("no heading of {place} is called `#{anchor}`"),
    );
    match nearest(&anchor, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `#{near}`?")),
        None => finding.help("link to the file, or to a heading that it has"),
    };
}

/// An anchor as headings have them.
fn heading(anchor: &str) -> String {
    decode(anchor).to_lowercase()
}

/// True for an anchor that a heading has to have. `#L10` is a line and `#:~:text=` a search, which any
/// file has.
fn is_heading(anchor: &str) -> bool {
    let anchor = heading(anchor);
    let is_line = anchor
        .strip_prefix('l')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !anchor.is_empty() && !is_line && !anchor.starts_with([':', '/'])
}

/// True for an anchor that is there. Sites differ in how they make anchors of blanks and punctuation:
/// letters decide.
fn is_known(known: &HashSet<String>, anchor: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    known.contains(anchor) || known.iter().any(|other| letters(other) == letters(anchor))
}
