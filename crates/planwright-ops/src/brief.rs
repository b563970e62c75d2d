//! `plan brief`: what somebody who goes on with a plan, edits a file or begins a session has to know,
//! within a number of tokens.

mod bearing;
mod corpus;
mod part;
mod plan;
mod policy;
mod ranking;
mod related;
mod session;
mod touch;

use planwright_brief::pack::{self, Packed};
use planwright_brief::tokens;
use planwright_workspace::{Entry, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

pub use self::bearing::bearing;
pub(crate) use self::part::short;
pub use crate::check::Target;

use self::corpus::{Corpus, Question};
use self::part::Part;
use crate::hold::Board;
use crate::initiative::group;
use crate::reference::{self, target};
use crate::{ErrorKind, Hint, OpsError, Unreadable, answer, cards};

/// The smallest ceiling that leaves room for a name and what was left out.
pub const LEAST: u32 = 50;

/// The ceiling where none is given.
pub const USUAL: u32 = 4_000;

/// What to tell.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// A plan, or a place in one, and files that are going to be edited.
    pub targets: Vec<Target>,
    /// Tell what a new session has to know, too.
    pub session: bool,
    /// What it is wanted for, in free words.
    pub text: Option<String>,
    /// The most tokens that it may cost.
    pub budget: u32,
    /// Who works on what, where that is known.
    pub claims: Vec<Claim>,
    /// The day from which ages are counted, `YYYY-MM-DD`.
    pub today: String,
}

/// Somebody works on an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Claim {
    /// Reference of the item.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Path of its document.
    pub path: String,
    /// Who.
    pub holder: String,
    /// Until when, as it is to be shown.
    pub until: Option<String>,
}

/// A brief.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/brief@1"))]
    pub schema: &'static str,
    /// The brief, in Markdown.
    pub markdown: String,
    /// The most tokens that it might cost.
    pub budget: u32,
    /// What it costs, as estimated: high rather than low.
    pub tokens: u32,
    /// The budget at which nothing would be left out.
    pub whole: u32,
    /// What it is made of, in order.
    pub pieces: Vec<Piece>,
    /// What found no room.
    pub left_out: Vec<LeftOut>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A piece of a brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Piece {
    /// The part that it stands in: `plan`, `next`, `binds` ...
    pub part: &'static str,
    /// The file that it is about.
    pub path: Option<String>,
    /// Its first line there.
    pub line: Option<u32>,
    /// Its last line there, as far as it is shown.
    pub end_line: Option<u32>,
    /// What it costs.
    pub tokens: u32,
    /// True when only its beginning is shown.
    pub cut: bool,
    /// Why it is in.
    pub why: String,
}

/// Pieces of one part that found no room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The part.
    pub part: &'static str,
    /// How many.
    pub count: u32,
    /// The call that returns them.
    pub call: String,
}

/// What the request is about, found.
struct Subject {
    /// The plan, and a line in it.
    plan: Option<(usize, Option<u32>)>,
    /// Files and folders, from the root.
    paths: Vec<String>,
    session: bool,
}

/// What is known of the repository.
struct Scene<'a> {
    ws: &'a Workspace,
    entries: &'a [Entry<'a>],
    board: &'a Board<'a, 'a>,
    request: &'a Request,
}

/// Puts a brief together.
///
/// # Errors
/// When the budget is below [`LEAST`], or a target means nothing or more than one thing.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    if request.budget < LEAST {
        return Err(OpsError::new(
            ErrorKind::Usage,
            format!("{} tokens are too few for a brief", request.budget),
        )
        .with_hint(Hint::Note(format!("give it {LEAST} at least"))));
    }
    let subject = subject(ws, request)?;
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
    let mut parts = parts(&scene, &subject)?;
    if let [first, ..] = ws.unreadable() {
        let mut part = Part::new("unreadable", "", ("warning", "warnings"));
        let count = ws.unreadable().len();
        let text = format!(
            "{count} files could not be read, such as `{}` ({}).",
            first.path, first.reason
        );
        part.line(
            text,
            part::About::why("what it would have said is missing here"),
        );
        parts.insert(1.min(parts.len()), part);
    }
    let packed = packed(&scene, &subject, &parts);
    Ok(answer(ws, request, &parts, packed))
}

/// What the targets are: a document, or a path that need not be there yet.
fn subject(ws: &Workspace, request: &Request) -> Result<Subject, OpsError> {
    let mut subject = Subject {
        plan: None,
        paths: Vec::new(),
        session: request.session,
    };
    for target in &request.targets {
        let path = target.path.as_ref().filter(|path| !path.is_empty());
        let is_document = path.is_some_and(|path| ws.find(path).is_some());
        if let Some(path) = path.filter(|path| !is_document && ws.exists(path)) {
            subject.paths.push(path.clone());
            continue;
        }
        let found = match self::target(ws, &target.word) {
            Ok(reference::Target::Document(index)) => (index, None),
            Ok(reference::Target::Place(index, line)) => (index, Some(line)),
            // A file that is going to be written is bound by plans, too.
            Err(error) => {
                match path.filter(|path| is_file_name(path) && error.kind == ErrorKind::NotFound) {
                    Some(path) => {
                        subject.paths.push(path.clone());
                        continue;
                    }
                    None => return Err(error),
                }
            }
        };
        if subject.plan.is_some_and(|plan| plan != found) {
            return Err(OpsError::new(
                ErrorKind::Usage,
                format!(
                    "a brief is about one plan, and `{}` is a second one",
                    target.word
                ),
            )
            .with_hint(Hint::Run(request.call_for(&[&target.word], request.budget))));
        }
        subject.plan = Some(found);
    }
    let is_asked = subject.plan.is_some() || !subject.paths.is_empty() || request.text.is_some();
    subject.session |= !is_asked;
    Ok(subject)
}

/// True for a path whose last part has an ending.
fn is_file_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && !ending.is_empty()
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn parts(scene: &Scene<'_>, subject: &Subject) -> Result<Vec<Part>, OpsError> {
    let mut parts: Vec<Part> = Vec::new();
    let mut question = Question::default();
    if let Some(text) = &scene.request.text {
        question.add(text, 3.0);
    }
    let plan = match subject.plan {
        Some((index, line)) => Some(plan::Plan::read(scene, index, line)?),
        None => None,
    };
    if let Some(plan) = &plan {
        plan.ask(&mut question);
        parts.extend(plan.parts());
    }
    if subject.session {
        parts.extend(session::parts(scene)?);
    }
    for path in &subject.paths {
        question.add_path(path);
    }
    if question.is_empty() {
        return Ok(parts);
    }
    let corpus = Corpus::scan(scene, question, &subject.paths);
    let own = plan.as_ref().map_or(&[][..], |plan| plan.documents());
    parts.extend(touch::parts(scene, &corpus, &subject.paths));
    let mut more = related::parts(scene, &corpus, plan.as_ref(), own);
    if let Some(plan) = &plan {
        // What binds the work comes before what was noted about it.
        let at = more
            .iter()
            .position(|part| part.name != "binds")
            .unwrap_or(more.len());
        let later = more.split_off(at);
        parts.append(&mut more);
        parts.extend(plan.notes());
        more = later;
    }
    parts.append(&mut more);
    Ok(parts)
}

fn packed(scene: &Scene<'_>, subject: &Subject, parts: &[Part]) -> Packed {
    let groups: Vec<pack::Group> = parts.iter().map(|part| part.group.clone()).collect();
    let words: Vec<&str> = scene
        .request
        .targets
        .iter()
        .map(|target| target.word.as_str())
        .collect();
    let call = |whole: u32| {
        let mut call = scene.request.call_for(&words, whole);
        if subject.session && !scene.request.session && !words.is_empty() {
            call.push_str(" --session");
        }
        call
    };
    pack::pack(scene.request.budget, &groups, tokens::estimate, &call)
}

impl Request {
    /// The same call for other targets and with another budget.
    fn call_for(&self, words: &[&str], budget: u32) -> String {
        let mut call = "plan brief".to_owned();
        for word in words {
            call.push(' ');
            call.push_str(&quoted(word));
        }
        if self.session {
            call.push_str(" --session");
        }
        if let Some(text) = &self.text {
            call.push_str(" --for ");
            call.push_str(&quoted(text));
        }
        call + &format!(" --budget {budget}")
    }
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-#:@+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) && !word.starts_with('#') {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn answer(ws: &Workspace, request: &Request, parts: &[Part], packed: Packed) -> Answer {
    let pieces = packed.kept.iter().map(|kept| {
        let part = &parts[kept.group];
        let about = &part.about[kept.piece];
        Piece {
            part: part.name,
            path: about.path.clone(),
            line: about.line,
            // A heading of ours may stand for a line of the file.
            end_line: about.end_line.map(|end| match about.line {
                Some(line) if kept.is_cut => end.min(line + kept.lines),
                _ => end,
            }),
            tokens: kept.tokens,
            cut: kept.is_cut,
            why: about.why.clone(),
        }
    });
    let left_out = packed.left.iter().map(|left| LeftOut {
        part: parts[left.group].name,
        count: left.count,
        call: left.call.clone(),
    });
    Answer {
        schema: "planwright/brief@1",
        budget: request.budget,
        tokens: packed.tokens,
        whole: packed.whole,
        pieces: pieces.collect(),
        left_out: left_out.collect(),
        unreadable: answer::unreadable(ws),
        markdown: packed.text,
    }
}
#[cfg(test)]
mod tests;
