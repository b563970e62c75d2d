//! `plan new`: from flags to a request, and to the editor.

use std::path::Path;
use std::process::Command;

use planwright_ops::write::{create, renumber};
use planwright_ops::{ErrorKind, Hint, OpsError};

use super::{Face, Said, today};
use crate::cli::{NewArgs, RenumberArgs};
use crate::{paths, render};

impl Face<'_> {
    pub(super) fn new_document(&self, args: &NewArgs) -> Result<Said, OpsError> {
        let one = |name: &Option<String>| name.as_deref().map(|name| self.reference(name));
        let all = |names: &[String]| names.iter().map(|name| self.reference(name)).collect();
        let request = create::Request {
            kind: args.kind.clone(),
            title: args.title.join(" "),
            dialect: args.dialect.clone(),
            implements: one(&args.implements),
            from: one(&args.from),
            depends_on: all(&args.depends_on),
            supersedes: all(&args.supersedes),
            owner: args.owner.clone(),
            author: self.git_user(),
            dir: args
                .dir
                .as_deref()
                .map(|dir| self.target(dir))
                .transpose()?,
            today: today(),
        };
        let answer = self.call(args.dry_run, |call| create::run(self.ws, &request, call))?;
        if args.edit {
            edit(&self.ws.root().join(&answer.path))?;
        }
        let text = self.text(&answer, |answer| render::new::new(answer, self.style))?;
        Ok(Said::found(text))
    }

    pub(super) fn renumber(&self, args: &RenumberArgs) -> Result<Said, OpsError> {
        let request = renumber::Request {
            reference: self.reference(&args.reference),
            to: args.to,
        };
        let answer = self.call(args.dry_run, |call| renumber::run(self.ws, &request, call))?;
        let text = self.text(&answer, |answer| render::new::renumber(answer, self.style))?;
        Ok(Said::found(text))
    }

    /// A folder that the user gave, from the root; empty for the root itself.
    fn target(&self, given: &str) -> Result<String, OpsError> {
        if paths::is_root(self.ws.root(), &self.folder, given) {
            return Ok(String::new());
        }
        self.path(given)
    }
}

/// Opens a file in the user's editor and waits for it.
fn edit(path: &Path) -> Result<(), OpsError> {
    let var = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let failed = |why: String| {
        let message = format!("{} is written, and was not opened: {why}", path.display());
        OpsError::new(ErrorKind::Io, message)
    };
    let editor = var("VISUAL").or_else(|| var("EDITOR")).ok_or_else(|| {
        failed("no editor is known".to_owned())
            .with_hint(Hint::Note("name one in VISUAL or EDITOR".to_owned()))
    })?;
    // `code --wait`: the first word is the program.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let status = Command::new(program).args(words).arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(format!("`{editor}` ended with {status}"))),
        Err(error) => Err(failed(format!("`{editor}` cannot be run: {error}"))),
    }
}
