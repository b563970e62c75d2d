mod board;
mod claims;
mod convert;
mod edit;
mod new;
mod relocate;
mod resume;
mod setup;
mod verify;
mod write;

pub(crate) use write::git_user;

use std::path::{Path, PathBuf};

use planwright_ops::check::Reader;
use planwright_ops::claims::holders;
use planwright_ops::{
    ErrorKind, Hint, OpsError, dialects, doctor, explain, graph, links, list, next, schema, search,
    show, status,
};
use planwright_workspace::{Options, Workspace};
use serde::Serialize;

use crate::cli::{Cli, Color, DialectsVerb, Format, Globals, StatusArgs, Verb, WriteVerb};
use crate::output::{self, Status};
use crate::render::{self, Style};
use crate::{complete, failure, hook, mcp, paths, terminal, watch};

/// What a verb has to say.
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) status: Status,
    /// For standard error: what was not found and what to do about it.
    pub(crate) notice: Option<(String, Vec<String>)>,
}

impl Said {
    pub(crate) const fn found(text: String) -> Self {
        Self {
            text,
            status: Status::Fine,
            notice: None,
        }
    }

    fn nothing(text: String, message: String, hints: Vec<String>) -> Self {
        Self {
            text,
            status: Status::Nothing,
            notice: Some((message, hints)),
        }
    }
}

/// Runs one verb and says how it ended.
pub(crate) fn run(cli: &Cli) -> Status {
    let globals = &cli.globals;
    if let Some(Verb::Hook(args)) = &cli.verb {
        return hook::run(globals, args);
    }
    let result = match &cli.verb {
        Some(Verb::Check(args)) if args.watch => watch::run(cli, args),
        Some(Verb::Mcp(args)) => mcp::run(globals, args),
        _ => answer(cli).and_then(|(said, style)| print(&said.text, &style).map(|()| said)),
    };
    let style = || terminal::stderr(globals.color);
    match result {
        Ok(said) => {
            // In JSON the answer says itself that it is empty, and why.
            let is_told = !globals.quiet && !globals.json;
            if let Some((message, hints)) = said.notice.filter(|_| is_told) {
                let style = style();
                output::tell(
                    &render::error::notice(&message, &hints, &style),
                    style.color,
                );
            }
            said.status
        }
        Err(error) => failure::fail(error, globals.json, &style()),
    }
}

fn answer(cli: &Cli) -> Result<(Said, Style), OpsError> {
    let style = terminal::stdout(cli.globals.color);
    let default = Verb::Status(StatusArgs::default());
    let verb = cli.verb.as_ref().unwrap_or(&default);
    // These need no repository.
    match verb {
        Verb::Completions { shell } => return Ok((Said::found(complete::script(shell)?), style)),
        Verb::Schema { name } => return Ok((Said::found(schemas(name.as_deref())?), style)),
        Verb::Explain { rule } => {
            let text = explained(rule.as_deref(), cli.globals.json, &style)?;
            return Ok((Said::found(text), style));
        }
        _ => {}
    }
    let folder = folder(&cli.globals)?;
    if let Some(references) = references(verb) {
        let options = options(&cli.globals, folder.clone());
        let workspace = Workspace::open_for(&options, &references)?;
        let globals = &cli.globals;
        let answered = answer_from(&workspace, globals, folder.clone(), verb, style, None);
        // Where it took more than these references name, nothing was written.
        if answered.is_ok() || !workspace.has_strayed() {
            return answered;
        }
    }
    let style = terminal::stdout(cli.globals.color);
    let reader = reader(verb)?;
    let workspace = open(&cli.globals, folder.clone(), reader.as_ref())?;
    answer_from(
        &workspace,
        &cli.globals,
        folder,
        verb,
        style,
        reader.as_ref(),
    )
}

/// The answer of a verb that needs a repository.
pub(crate) fn answer_from(
    workspace: &Workspace,
    globals: &Globals,
    folder: PathBuf,
    verb: &Verb,
    mut style: Style,
    reader: Option<&Reader>,
) -> Result<(Said, Style), OpsError> {
    style.hyperlinks = terminal::root_url(workspace.root());
    let stands = std::env::current_dir()
        .and_then(|dir| dir.canonicalize())
        .ok();
    if let Some(stands) = &stands {
        style.stand = paths::stand(workspace.root(), stands);
    }
    let face = Face {
        ws: workspace,
        folder,
        stands: stands.filter(|_| globals.directory.is_some()),
        json: globals.json,
        quiet: globals.quiet,
        color: globals.color,
        style: &style,
        reader,
    };
    let mut said = face.answer(verb)?;
    let is_told = said.notice.is_none() && !matches!(verb, Verb::Doctor);
    if is_told && !globals.json && face.is_interrupted() {
        let message = "a change was interrupted: files may be changed in part".to_owned();
        let hint = "the next verb that changes anything brings it to an end".to_owned();
        said.notice = Some((message, vec![hint]));
    }
    Ok((said, style))
}

/// Writes an answer to standard output.
pub(crate) fn print(text: &str, style: &Style) -> Result<(), OpsError> {
    output::print(text, style.color)
        .map_err(|error| OpsError::new(ErrorKind::Io, format!("cannot write the answer: {error}")))
}

pub(crate) fn folder(globals: &Globals) -> Result<PathBuf, OpsError> {
    let given = globals.directory.as_deref().unwrap_or(Path::new("."));
    std::path::absolute(given).map_err(|error| {
        OpsError::new(
            ErrorKind::Io,
            format!("cannot tell where {} is: {error}", given.display()),
        )
    })
}

/// What a verb needs of documents that are read anyway while opening.
pub(crate) fn reader(verb: &Verb) -> Result<Option<Reader>, OpsError> {
    match verb {
        Verb::Check(_) => Ok(Some(Reader::new(crate::check::now()?))),
        _ => Ok(None),
    }
}

/// What a verb is about that needs no other documents than those that it names.
fn references(verb: &Verb) -> Option<Vec<String>> {
    let Verb::Write(verb) = verb else {
        return None;
    };
    Some(match verb {
        WriteVerb::Tick(args) => args.items.iter().chain(&args.waive).cloned().collect(),
        WriteVerb::Start(args)
        | WriteVerb::Block(args)
        | WriteVerb::Cancel(args)
        | WriteVerb::Reopen(args) => args.items.clone(),
        WriteVerb::Log(args) => vec![args.reference.clone()],
        WriteVerb::Add(args) => vec![args.reference.clone()],
        WriteVerb::Edit(args) => vec![args.item.clone()],
        _ => return None,
    })
}

fn options(globals: &Globals, dir: PathBuf) -> Options {
    let cache_dir = if globals.no_cache {
        None
    } else {
        paths::cache_dir(&|name| std::env::var_os(name))
    };
    Options { dir, cache_dir }
}

pub(crate) fn open(
    globals: &Globals,
    dir: PathBuf,
    reader: Option<&Reader>,
) -> Result<Workspace, OpsError> {
    let options = options(globals, dir);
    Ok(match reader {
        Some(reader) => Workspace::open_with(&options, reader)?,
        None => Workspace::open(&options)?,
    })
}

pub(crate) struct Face<'a> {
    pub(crate) ws: &'a Workspace,
    /// The folder that paths are given from: `-C`, else the current one.
    pub(crate) folder: PathBuf,
    /// The current folder, where it is not the same.
    stands: Option<PathBuf>,
    pub(crate) json: bool,
    quiet: bool,
    color: Color,
    pub(crate) style: &'a Style,
    /// What looked at documents while the workspace was opened.
    pub(crate) reader: Option<&'a Reader>,
}

impl Face<'_> {
    fn answer(&self, verb: &Verb) -> Result<Said, OpsError> {
        match verb {
            Verb::Status(args) => {
                let screen = (!args.all && !self.json).then_some(15);
                let limit = args.number.or(screen);
                let request = status::Request {
                    all: args.all,
                    limit,
                };
                let mut answer = status::run(self.ws, &request, &today())?;
                holders::in_status(&mut answer, &self.held()?);
                let style = self.as_long_as(args.all || args.number.is_some());
                Ok(Said::found(self.text(&answer, |answer| {
                    render::status::status(answer, &style)
                })?))
            }
            Verb::List(args) => {
                let answer = list::run(
                    self.ws,
                    &list::Request {
                        filter: args.filter(),
                    },
                )?;
                let text = self.text(&answer, |answer| render::list::list(answer, self.style))?;
                if answer.documents.is_empty() {
                    let (message, hints) = render::list::nothing(&answer);
                    return Ok(Said::nothing(text, message, hints));
                }
                Ok(Said::found(text))
            }
            Verb::Show { reference, all } => {
                let reference = &self.reference(reference);
                let path = paths::from_root(self.ws.root(), &self.folder, reference);
                let request = show::Request {
                    reference: reference.clone(),
                    path,
                };
                let mut answer = show::run(self.ws, &request)?;
                holders::in_show(&mut answer, &self.held()?);
                Ok(Said::found(self.text(&answer, |answer| match answer {
                    show::Answer::Document(found) => {
                        render::document::document(found, *all, self.style)
                    }
                    show::Answer::Item(found) => render::item::item(found, self.style),
                    show::Answer::Phase(found) => render::item::phase(found, self.style),
                    show::Answer::Section(found) => render::item::section(found, self.style),
                })?))
            }
            Verb::Next(args) => {
                let request = next::Request {
                    limit: Some(args.number.unwrap_or(10)),
                    owner: args.owner.clone(),
                    plan: args.plan.as_deref().map(|plan| self.reference(plan)),
                };
                let mut answer = next::run(self.ws, &request)?;
                holders::in_next(&mut answer, &self.held()?);
                let style = self.as_long_as(args.number.is_some());
                let text = self.text(&answer, |answer| render::next::next(answer, &style))?;
                if answer.tasks.is_empty() {
                    let (message, hints) = render::next::nothing(&answer);
                    return Ok(Said::nothing(text, message, hints));
                }
                Ok(Said::found(text))
            }
            Verb::Brief(args) => self.brief(args),
            Verb::Graph { reference, format } => {
                let request = graph::Request {
                    reference: reference.as_deref().map(|name| self.reference(name)),
                };
                let answer = graph::run(self.ws, &request)?;
                let text = self.text(&answer, |answer| match format {
                    Format::Tree => render::graph::tree(answer, self.style),
                    Format::Dot => render::graph::dot(answer),
                    Format::Mermaid => render::graph::mermaid(answer),
                })?;
                if answer.nodes.is_empty() {
                    let text = if self.json { text } else { String::new() };
                    let message = "no document refers to another".to_owned();
                    return Ok(Said::nothing(text, message, Vec::new()));
                }
                Ok(Said::found(text))
            }
            Verb::Search(args) => {
                let request = search::Request {
                    words: args.words.join(" "),
                    filter: args.filter.filter(),
                    limit: args.number,
                };
                let answer = search::run(self.ws, &request)?;
                let text =
                    self.text(&answer, |answer| render::search::search(answer, self.style))?;
                if answer.hits.is_empty() {
                    let message = format!("no document holds \"{}\"", request.words);
                    return Ok(Said::nothing(text, message, Vec::new()));
                }
                Ok(Said::found(text))
            }
            Verb::Links { reference, impact } => {
                let request = links::Request {
                    reference: self.reference(reference),
                    impact: *impact,
                };
                let answer = links::run(self.ws, &request)?;
                let found = !(answer.outgoing.is_empty() && answer.incoming.is_empty());
                if !found && !self.json {
                    let message = render::links::nothing(&answer);
                    return Ok(Said::nothing(String::new(), message, Vec::new()));
                }
                let text = self.text(&answer, |answer| render::links::links(answer, self.style))?;
                let status = if found { Status::Fine } else { Status::Nothing };
                Ok(Said {
                    text,
                    status,
                    notice: None,
                })
            }
            Verb::Dialects { verb: None } => {
                let answer = dialects::run(self.ws);
                Ok(Said::found(self.text(&answer, |answer| {
                    render::dialects::dialects(answer, self.style)
                })?))
            }
            Verb::Dialects {
                verb: Some(DialectsVerb::Show { name, file }),
            } => {
                let file = file.as_ref().map(|file| self.path(file)).transpose()?;
                let request = dialects::ShowRequest {
                    name: name.clone(),
                    file,
                };
                let answer = dialects::show(self.ws, &request)?;
                Ok(Said::found(self.text(&answer, |answer| {
                    render::dialects::show(answer, self.style)
                })?))
            }
            Verb::Check(args) => self.check(args),
            Verb::Doctor => {
                let answer = doctor::run(
                    self.ws,
                    self.is_interrupted(),
                    hook::log::faults(self.ws.root()).as_ref(),
                    setup::on_path(),
                );
                let text =
                    self.text(&answer, |answer| render::doctor::doctor(answer, self.style))?;
                let status = if answer.sound {
                    Status::Fine
                } else {
                    Status::Nothing
                };
                Ok(Said {
                    text,
                    status,
                    notice: None,
                })
            }
            Verb::Verify(args) => self.verify(args),
            Verb::Trust(args) => self.trust(args),
            Verb::Convert(args) => self.convert(args),
            Verb::Setup(args) => self.setup(args),
            Verb::Write(verb) => self.write(verb),
            Verb::Claim(verb) => self.claim(verb),
            Verb::Board(args) => self.board(args),
            Verb::Resume(args) => self.resume(args),
            Verb::Completions { .. }
            | Verb::Schema { .. }
            | Verb::Explain { .. }
            | Verb::Hook(_)
            | Verb::Mcp(_) => Ok(Said::found(String::new())),
        }
    }

    /// The style, without the limit of the screen where a number of rows was asked for.
    fn as_long_as(&self, asked: bool) -> Style {
        Style {
            height: self.style.height.filter(|_| !asked),
            ..self.style.clone()
        }
    }

    /// The answer as JSON where that was asked for, else as a page.
    pub(crate) fn text<T: Serialize>(
        &self,
        answer: &T,
        page: impl FnOnce(&T) -> String,
    ) -> Result<String, OpsError> {
        if self.json {
            json(answer)
        } else {
            Ok(page(answer))
        }
    }

    /// A reference as the user gave it. With `-C`, pages show paths from the current folder, and
    /// such a path is understood, too: it is turned into one from the root.
    pub(crate) fn reference(&self, given: &str) -> String {
        let turned = || {
            let stands = self.stands.as_ref()?;
            let end = given.find('#').or_else(|| {
                let (_, line) = given.rsplit_once(':')?;
                let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
                is_line.then(|| given.len() - line.len() - 1)
            });
            let (path, place) = given.split_at(end.unwrap_or(given.len()));
            let is_there = !path.is_empty() && stands.join(path).exists();
            let path = is_there
                .then(|| paths::from_root(self.ws.root(), stands, path))
                .flatten()?;
            Some(path + place)
        };
        turned().unwrap_or_else(|| given.to_owned())
    }

    /// A path that the user gave, from the root.
    fn path(&self, given: &str) -> Result<String, OpsError> {
        paths::from_root(self.ws.root(), &self.folder, given).ok_or_else(|| {
            let root = self.ws.root().display();
            OpsError::new(
                ErrorKind::Usage,
                format!("{given} is not in the repository {root}"),
            )
        })
    }
}

pub(crate) fn json<T: Serialize + ?Sized>(answer: &T) -> Result<String, OpsError> {
    let text = serde_json::to_string_pretty(answer).map_err(|error| {
        OpsError::new(ErrorKind::Internal, format!("cannot write JSON: {error}"))
    })?;
    Ok(text + "\n")
}

/// The schema of one contract, or the names of all.
fn schemas(name: Option<&str>) -> Result<String, OpsError> {
    let contracts = &schema::CONTRACTS;
    let Some(name) = name else {
        let lines = contracts
            .iter()
            .map(|contract| format!("{:10}{}", contract.name, contract.command));
        return Ok(lines.collect::<Vec<String>>().join("\n") + "\n");
    };
    let wanted = if name == "show" { "document" } else { name };
    let found = contracts
        .iter()
        .find(|contract| contract.name == wanted || contract.id() == wanted);
    if let Some(contract) = found {
        return json(&contract.schema());
    }
    let known: Vec<&str> = contracts.iter().map(|contract| contract.name).collect();
    Err(
        OpsError::new(ErrorKind::Usage, format!("there is no schema `{name}`"))
            .with_hint(Hint::Note(format!("there are: {}", known.join(", ")))),
    )
}

/// One rule, or all of them.
fn explained(rule: Option<&str>, as_json: bool, style: &Style) -> Result<String, OpsError> {
    if let Some(rule) = rule {
        let answer = explain::run(rule)?;
        return if as_json {
            json(&answer)
        } else {
            Ok(render::explain::rule(&answer))
        };
    }
    let answer = explain::list();
    if as_json {
        json(&answer)
    } else {
        Ok(render::explain::rules(&answer, style))
    }
}

/// The day from which ages are counted: `PLANWRIGHT_TODAY`, else the local date.
pub(crate) fn today() -> String {
    std::env::var("PLANWRIGHT_TODAY")
        .ok()
        .filter(|day| !day.is_empty())
        .unwrap_or_else(|| jiff::Zoned::now().date().to_string())
}
