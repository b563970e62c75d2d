//! Wiring into hosts: what is known of the machine.

use std::path::{Path, PathBuf};

use planwright_ops::OpsError;
use planwright_ops::setup::{self, Machine, Request};

use super::{Face, Said};
use crate::cli::SetupArgs;
use crate::output::Status;
use crate::render;

impl Face<'_> {
    pub(super) fn setup(&self, args: &SetupArgs) -> Result<Said, OpsError> {
        let machine = machine();
        let request = Request {
            hosts: &args.hosts,
            remove: args.remove,
            global: args.global,
            machine: &machine,
        };
        let answer = self.call(args.dry_run, |call| setup::run(self.ws, &request, call))?;
        let is_list = args.hosts.is_empty();
        let text = self.text(&answer, |answer| {
            if is_list {
                render::setup::list(answer, self.style)
            } else {
                render::setup::setup(answer, self.style)
            }
        })?;
        let mut said = Said::found(text);
        let left = render::setup::left(&answer);
        if !is_list && !left.is_empty() {
            let message = match left.len() {
                1 => "a file is left as it is".to_owned(),
                count => format!("{count} files are left as they are"),
            };
            said.status = Status::Nothing;
            said.notice = Some((message, left));
        }
        Ok(said)
    }
}

fn machine() -> Machine {
    let path = |name: &str| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
        std::path::absolute(PathBuf::from(value)).ok()
    };
    let mut machine = Machine {
        home: path(if cfg!(windows) { "USERPROFILE" } else { "HOME" }),
        claude: path("CLAUDE_CONFIG_DIR"),
        codex: path("CODEX_HOME"),
        config: path("XDG_CONFIG_HOME"),
        on_path: on_path(),
        present: Vec::new(),
    };
    machine.present = setup::present(&machine, Path::is_dir);
    machine
}

/// True where a host finds `plan`.
pub(super) fn on_path() -> bool {
    let name = format!("plan{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(&name).is_file())
}
