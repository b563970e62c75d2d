//! Who runs the program: a session, not a name.
//!
//! A session is what goes on between two ends of a conversation or a terminal, and runs the program
//! many times. Whoever starts it may name it in `PLANWRIGHT_ACTOR`; else it is known by the name that
//! an agent's host gives it, which it keeps when it is taken up again, and else by the process that the
//! shells, which come and go, belong to.

use std::path::Path;

use planwright_coord::Actor;

/// Programs that start others and end with them.
const SHELLS: [&str; 18] = [
    "ash", "bash", "bun", "busybox", "cargo", "dash", "env", "fish", "just", "ksh", "make", "nice",
    "nohup", "nu", "sh", "sudo", "timeout", "zsh",
];

/// Variables in which hosts tell commands, and some of them servers, the name of the session.
const SESSIONS: [&str; 3] = [
    "CLAUDE_CODE_SESSION_ID",
    "CODEX_THREAD_ID",
    "COPILOT_AGENT_SESSION_ID",
];

/// How far up shells are looked through.
const MOST: usize = 64;

/// The actor: `given` as a name or `name/session`, else `PLANWRIGHT_ACTOR`, else `user` in a session
/// of this machine.
pub(crate) fn actor(
    given: Option<&str>,
    var: &dyn Fn(&str) -> Option<String>,
    user: impl FnOnce() -> Option<String>,
) -> Actor {
    let named = var("PLANWRIGHT_ACTOR").filter(|actor| !actor.trim().is_empty());
    let (own_name, own_session) = named.as_deref().map_or((None, None), split);
    let (name, session) = given.map_or((None, None), split);
    let user = || user().or_else(|| var("USER")).or_else(|| var("USERNAME"));
    Actor {
        name: name
            .or(own_name)
            .or_else(user)
            .unwrap_or_else(|| "somebody".to_owned()),
        session: session.or(own_session).unwrap_or_else(|| {
            let told = SESSIONS
                .iter()
                .find_map(|name| var(name).filter(|id| !id.is_empty()));
            told.map_or_else(|| here(var), |id| planwright_coord::digits(&id))
        }),
    }
}

fn split(actor: &str) -> (Option<String>, Option<String>) {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    match actor.split_once('/') {
        Some((name, session)) => (some(name), some(session)),
        None => (some(actor), None),
    }
}

/// What tells this session from others, here and on other machines: eight hexadecimal digits.
fn here(var: &dyn Fn(&str) -> Option<String>) -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let host = var("HOSTNAME")
        .or_else(|| var("COMPUTERNAME"))
        .unwrap_or_default();
    let machine = [
        read("/proc/sys/kernel/hostname"),
        read("/proc/sys/kernel/random/boot_id"),
        read("/etc/machine-id"),
        host,
    ];
    let terminal = var("TERM_SESSION_ID").or_else(|| var("WT_SESSION"));
    let process = parent().or(terminal).unwrap_or_else(fallback);
    planwright_coord::digits(&format!("{}\n{process}", machine.join("\n")))
}

/// The nearest process above this one that is no shell, by its number and the moment it began.
fn parent() -> Option<String> {
    let mut process = std::process::id();
    for _ in 0..MOST {
        let above = Process::read(process)?.parent;
        let found = Process::read(above)?;
        if found.parent == 0 || !SHELLS.contains(&found.name.as_str()) {
            return Some(format!("{above} {}", found.began));
        }
        process = above;
    }
    None
}

#[cfg(unix)]
fn fallback() -> String {
    std::os::unix::process::parent_id().to_string()
}

#[cfg(not(unix))]
fn fallback() -> String {
    String::new()
}

/// What the system tells of a process.
struct Process {
    name: String,
    parent: u32,
    began: String,
}

impl Process {
    fn read(id: u32) -> Option<Self> {
        let stat = std::fs::read(Path::new("/proc").join(id.to_string()).join("stat")).ok()?;
        Self::parse(&String::from_utf8_lossy(&stat))
    }

    /// `<pid> (<name>) <state> <parent> ... <moment it began, the 22nd> ...`
    fn parse(stat: &str) -> Option<Self> {
        let (before, rest) = stat.rsplit_once(')')?;
        let (_, name) = before.split_once('(')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        Some(Self {
            name: name.to_owned(),
            parent: fields.get(1)?.parse().ok()?,
            began: (*fields.get(19)?).to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_named_by_the_line_then_by_the_environment() {
        let who = |given: Option<&str>, named: Option<&str>| {
            let var = |name: &str| match name {
                "PLANWRIGHT_ACTOR" => named.map(str::to_owned),
                _ => None,
            };
            actor(given, &var, || Some("ann".to_owned()))
        };
        assert_eq!(who(Some("robin/7"), Some("x/1")).to_string(), "robin/7");
        assert_eq!(who(Some("robin"), Some("x/1")).to_string(), "robin/1");
        assert_eq!(who(None, Some("x/1")).to_string(), "x/1");
        let plain = who(None, None);
        assert_eq!((plain.name.as_str(), plain.session.len()), ("ann", 8));
        assert_eq!(plain, who(None, Some(" ")));
        let told = |name: &str| (name == "CODEX_THREAD_ID").then(|| "0199-aa".to_owned());
        let told = actor(None, &told, || Some("ann".to_owned()));
        assert_eq!(told.session, planwright_coord::digits("0199-aa"));
    }

    #[test]
    fn a_process_may_have_any_name() {
        let stat = "12 (a) b (c) S 7 1 1 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 1";
        let process = Process::parse(stat).unwrap();
        assert_eq!(
            (
                process.name.as_str(),
                process.parent,
                process.began.as_str()
            ),
            ("a) b (c", 7, "4711")
        );
        assert!(Process::parse("").is_none());
    }
}
