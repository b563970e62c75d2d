//! `plan mcp`: from flags to a server.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use planwright_mcp::{Host, Listen};
use planwright_ops::{ErrorKind, Hint, OpsError};
use planwright_workspace::verify::INSIDE;

use crate::app::{self, Said};
use crate::cli::{Globals, McpArgs};
use crate::{actor, check, output, paths};

/// The variable that holds the token; a new one is made where it is not set.
const TOKEN: &str = "PLANWRIGHT_MCP_TOKEN";

/// Serves until the client leaves, or Ctrl-C.
pub(crate) fn run(globals: &Globals, args: &McpArgs) -> Result<Said, OpsError> {
    let folder = app::folder(globals)?;
    // What is wrong with the repository is said at once, and not to the first client.
    let workspace = app::open(globals, folder.clone(), None)?;
    let var = |name: &str| std::env::var_os(name);
    let word = |name: &str| std::env::var(name).ok();
    let author = app::git_user(workspace.root());
    let host = Host {
        actor: actor::actor(None, &word, || author.clone()),
        is_named: word("PLANWRIGHT_ACTOR").is_some_and(|actor| !actor.trim().is_empty()),
        model: word("PLANWRIGHT_MODEL").filter(|model| !model.is_empty()),
        dir: folder,
        cache_dir: paths::cache_dir(&var).filter(|_| !globals.no_cache),
        state_dir: paths::state_dir(&var),
        now: check::now,
        author,
        is_verifying: var(INSIDE).is_some(),
    };
    drop(workspace);
    let served = match &args.http {
        None => planwright_mcp::serve_stdio(host),
        Some(address) => {
            let listen = Listen {
                address: parsed(address)?,
                token: if args.no_token { None } else { Some(token()?) },
            };
            let shown = listen.token.clone();
            planwright_mcp::serve_http(host, listen, |address| {
                let mut told = format!("listening on http://{address}/mcp; Ctrl-C ends\n");
                if let Some(token) = shown.filter(|_| std::env::var_os(TOKEN).is_none()) {
                    let _ = writeln!(told, "Authorization: Bearer {token}");
                }
                output::tell(&told, false);
            })
        }
    };
    served.map_err(|error| OpsError::new(ErrorKind::Io, format!("cannot serve: {error}")))?;
    Ok(Said::found(String::new()))
}

/// `8080` is a port of this machine; anything else names the address, too.
fn parsed(address: &str) -> Result<SocketAddr, OpsError> {
    if let Ok(port) = address.parse() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    address.parse().map_err(|_| {
        OpsError::new(
            ErrorKind::Usage,
            format!("`{address}` is no address to listen on"),
        )
        .with_hint(Hint::Note(
            "an address is a port, or an IP address with one: 127.0.0.1:8080".to_owned(),
        ))
    })
}

/// The token of the environment, else 32 digits that nobody can guess.
fn token() -> Result<String, OpsError> {
    if let Some(given) = std::env::var(TOKEN).ok().filter(|token| !token.is_empty()) {
        return Ok(given);
    }
    let number = getrandom::u64().and_then(|high| Ok((high, getrandom::u64()?)));
    number
        .map(|(high, low)| format!("{high:016x}{low:016x}"))
        .map_err(|error| OpsError::new(ErrorKind::Io, format!("cannot make a token: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_one_of_this_machine() {
        assert_eq!(parsed("8080").unwrap().to_string(), "127.0.0.1:8080");
        assert_eq!(parsed("0").unwrap().to_string(), "127.0.0.1:0");
        assert_eq!(parsed("[::1]:80").unwrap().to_string(), "[::1]:80");
        assert_eq!(parsed("example.org").unwrap_err().kind, ErrorKind::Usage);
    }

    #[test]
    fn two_tokens_differ() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
