//! Git's own servers on loopback: the daemon, and the HTTP back end behind a server that knows just
//! enough of HTTP and CGI to run it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};

/// The HTTP server. It ends with the program.
#[derive(Clone, Debug)]
pub(super) struct Http {
    pub(super) port: u16,
    /// True while it answers nobody.
    pub(super) is_cut: Arc<AtomicBool>,
}

impl Http {
    /// Serves the repositories below a folder.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let is_cut = Arc::new(AtomicBool::new(false));
        let server = Self { port, is_cut };
        let (folder, cut) = (folder.to_owned(), Arc::clone(&server.is_cut));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, cut) = (folder.clone(), Arc::clone(&cut));
                std::thread::spawn(move || {
                    if !cut.load(Ordering::SeqCst) {
                        // A client that has gone away is none of our business.
                        let _ = answer(&stream, &folder);
                    }
                });
            }
        });
        Ok(server)
    }
}

fn answer(stream: &TcpStream, folder: &PathBuf) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, target) = (
        words.next().unwrap_or_default().to_owned(),
        words.next().unwrap_or_default().to_owned(),
    );
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut command = Command::new("git");
    command
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REMOTE_USER", "race")
        .env("REQUEST_METHOD", &method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let (mut length, mut is_chunked) = (0, false);
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        let Some((name, value)) = header.trim().split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap_or(0),
            "content-type" => drop(command.env("CONTENT_TYPE", value)),
            "content-encoding" => drop(command.env("HTTP_CONTENT_ENCODING", value)),
            "git-protocol" => drop(command.env("GIT_PROTOCOL", value)),
            "transfer-encoding" => is_chunked = value.eq_ignore_ascii_case("chunked"),
            "expect" => write!(&*stream, "HTTP/1.1 100 Continue\r\n\r\n")?,
            _ => {}
        }
    }
    let mut body = Vec::new();
    if is_chunked {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size)?;
            let size = u64::from_str_radix(size.trim(), 16).unwrap_or(0);
            (&mut reader).take(size).read_to_end(&mut body)?;
            reader.read_line(&mut String::new())?;
            if size == 0 {
                break;
            }
        }
    } else {
        (&mut reader).take(length).read_to_end(&mut body)?;
    }
    let mut child = command
        .env("CONTENT_LENGTH", body.len().to_string())
        .spawn()?;
    let stdin = child.stdin.take();
    let writer = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&body)));
    let mut said = Vec::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_end(&mut said)?;
    }
    let _ = writer.join();
    child.wait()?;
    let end = said.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, content) = said.split_at(end.map_or(0, |end| end + 4));
    let head = String::from_utf8_lossy(head);
    let status = head
        .lines()
        .find_map(|line| line.strip_prefix("Status: "))
        .unwrap_or("200 OK");
    let mut out = stream;
    write!(out, "HTTP/1.1 {status}\r\nConnection: close\r\n")?;
    for line in head.lines().filter(|line| !line.is_empty()) {
        if !line.starts_with("Status: ") {
            write!(out, "{line}\r\n")?;
        }
    }
    write!(out, "Content-Length: {}\r\n\r\n", content.len())?;
    out.write_all(content)?;
    Ok(())
}

/// Git's daemon; ended when it is dropped.
#[derive(Debug)]
pub(super) struct Daemon {
    pub(super) port: u16,
    child: Child,
}

impl Daemon {
    pub(super) fn start(folder: &Path) -> Result<Self> {
        // The port is free now, and hardly anybody takes it before the daemon does.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let child = Command::new("git")
            .args([
                "daemon",
                "--reuseaddr",
                "--listen=127.0.0.1",
                "--export-all",
            ])
            .args(["--enable=receive-pack", "--max-connections=0"])
            .arg(format!("--port={port}"))
            .arg(format!("--base-path={}", folder.display()))
            .stderr(Stdio::null())
            .spawn()
            .context("git daemon cannot be started")?;
        let daemon = Self { port, child };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Ok(daemon)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // `git daemon` is a process below `git`, which passes the signal on when it is asked to end.
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}
