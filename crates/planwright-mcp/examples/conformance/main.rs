//! The server with the tools, resources and prompts in front that the official conformance suite
//! calls: `cargo run --package planwright-mcp --example conformance`. Transport, sessions and whatever
//! the suite does not name are those of `plan mcp`, over an empty repository.
//!
//! Prints the address that it listens on, and ends when standard input does.

mod asking;
mod contents;
mod fixture;

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use planwright_coord::Actor;
use planwright_mcp::{Host, Listen};
use planwright_ops::check::Now;
use planwright_ops::{ErrorKind, OpsError};

use fixture::{Fixture, Listeners};

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join(".git"))?;
    // Whoever started this is gone, or wants an end.
    std::thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let listen = Listen {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        token: None,
    };
    let listeners = Listeners::default();
    planwright_mcp::serve_http_with(
        host(folder.path().to_owned()),
        listen,
        move |server| Fixture::new(server, &listeners),
        |address| {
            let _ = writeln!(io::stdout(), "http://{address}/mcp");
        },
    )
}

fn host(dir: PathBuf) -> Host {
    Host {
        cache_dir: None,
        state_dir: Some(dir.join("state")),
        dir,
        now: || -> Result<Now, OpsError> {
            let message = "no fixture asks for the time";
            Err(OpsError::new(ErrorKind::Internal, message))
        },
        author: None,
        actor: Actor {
            name: "suite".to_owned(),
            session: "0".to_owned(),
        },
        model: None,
        is_named: false,
        is_verifying: false,
    }
}
