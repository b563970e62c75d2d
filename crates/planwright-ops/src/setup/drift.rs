//! What `plan doctor` says of hosts that are wired.

use planwright_hosts::{HOSTS, Standing};
use planwright_workspace::Workspace;

use super::answer::purpose;

/// Something to be said of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Drift {
    /// All of it is as it should be.
    Fine(&'static str),
    /// Something is not, perhaps on purpose: what, and what to do.
    Changed(String, String),
    /// Something is not, and does not work so.
    Broken(String, String),
}

/// How the hosts stand that are wired into a repository.
pub(crate) fn drift(ws: &Workspace) -> Vec<Drift> {
    let mut said = Vec::new();
    for host in HOSTS {
        let parts = host.project.iter().map(|part| {
            let there = part.paths.iter().find(|path| ws.exists(path));
            let path = there.or(part.paths.last()).copied().unwrap_or_default();
            let bytes = ws.read_bytes(path).ok();
            (part, path, part.standing(host.name, bytes.as_deref()))
        });
        let parts: Vec<_> = parts.collect();
        let is_ours = |standing: &Standing| !matches!(standing, Standing::Absent | Standing::Own);
        if !parts
            .iter()
            .any(|(_, _, standing)| standing.as_ref().is_ok_and(is_ours))
        {
            continue;
        }
        let before = said.len();
        let (name, title) = (host.name, host.title);
        for (part, path, standing) in &parts {
            let what = purpose(part.purpose);
            let right = format!("`plan setup {name}` puts it right");
            said.push(match standing {
                Ok(Standing::Current | Standing::Own) => continue,
                Ok(Standing::Absent) => Drift::Broken(
                    format!("{path} lacks the {what} for {title}"),
                    format!("{right}; `plan setup {name} --remove` does without"),
                ),
                Ok(Standing::Partly) => Drift::Broken(
                    format!("{path} lacks some of the {what} for {title}"),
                    format!("{right}; `plan setup {name} --remove` does without"),
                ),
                Ok(Standing::Older) => Drift::Broken(
                    format!("{path} holds the {what} for {title} from another version"),
                    right,
                ),
                Ok(Standing::Edited) => Drift::Changed(
                    format!("{path} holds the {what} for {title}, changed by somebody"),
                    format!("nothing need be done if that is on purpose; {right}"),
                ),
                Err(problem) => Drift::Broken(
                    format!(
                        "{path}:{}: {}, so {title} may not read it",
                        problem.line, problem.message
                    ),
                    format!("put the file right, then `plan setup {name}`"),
                ),
            });
        }
        if said.len() == before {
            said.push(Drift::Fine(title));
        }
    }
    said
}
