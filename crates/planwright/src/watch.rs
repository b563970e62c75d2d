//! `plan check --watch`: checks again whenever something changes, until the process is ended.
//!
//! Ctrl-C ends it as it ends other programs that watch: by the signal, 130 for a shell.

use std::path::Path;

use planwright_ops::check::Reader;
use planwright_ops::{ErrorKind, Hint, OpsError};
use planwright_workspace::Workspace;
use planwright_workspace::watch::Watch;

use crate::app::{self, Said};
use crate::check::now;
use crate::cli::{CheckArgs, CheckFormat, Cli, Globals, Verb};
use crate::render::Style;
use crate::{failure, output, terminal};

/// Checks, waits, and checks again. Only an error ends it: of the system, or of the first check.
pub(crate) fn run(cli: &Cli, args: &CheckArgs) -> Result<Said, OpsError> {
    if !matches!(args.format, CheckFormat::Human | CheckFormat::Concise) {
        return Err(OpsError::new(
            ErrorKind::Usage,
            "--watch shows findings to people and has no other form",
        )
        .with_hint(Hint::Note(
            "use `--format human` or `--format concise`".to_owned(),
        )));
    }
    let globals = &cli.globals;
    let folder = app::folder(globals)?;
    let baseline = args.baseline.iter();
    let baseline = baseline.filter_map(|path| folder.join(path).canonicalize().ok());
    let mut watch = Watch::new(baseline.collect())?;
    let mut is_first = true;
    loop {
        let (workspace, reader) = opened(&mut watch, globals, &folder)?;
        let style = terminal::stdout(globals.color);
        if terminal::is_screen() {
            output::clear();
        }
        match checked(&workspace, &reader, cli, &folder, style) {
            Ok(()) => {}
            // What the command line names and is not there now may come yet; but not at first.
            Err(error) if is_first => return Err(error),
            Err(error) => {
                failure::fail(error, false, &terminal::stderr(globals.color));
            }
        }
        is_first = false;
        if !globals.quiet {
            output::tell("watching for changes; Ctrl-C ends\n", false);
        }
        watch.wait(&workspace)?;
    }
}

/// The repository as it is now, with all of its folders watched.
fn opened(
    watch: &mut Watch,
    globals: &Globals,
    folder: &Path,
) -> Result<(Workspace, Reader), OpsError> {
    loop {
        let reader = Reader::new(now()?);
        let workspace = app::open(globals, folder.to_owned(), Some(&reader))?;
        if !watch.follow(&workspace)? {
            return Ok((workspace, reader));
        }
    }
}

fn checked(
    ws: &Workspace,
    reader: &Reader,
    cli: &Cli,
    folder: &Path,
    style: Style,
) -> Result<(), OpsError> {
    let Some(verb @ Verb::Check(_)) = &cli.verb else {
        return Ok(());
    };
    let folder = folder.to_owned();
    let (said, style) = app::answer_from(ws, &cli.globals, folder, verb, style, Some(reader))?;
    app::print(&said.text, &style)
}
