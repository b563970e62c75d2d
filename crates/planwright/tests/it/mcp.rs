//! The server, spoken to as clients of each revision do.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::runner::Repo;

/// Longer than a loaded machine takes.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) const PLAN: &str = "\
---
status: active
last_updated: 2026-01-05
---

# Search

## Tasks

- [x] T001 Build the index
- [ ] T002 Rank by stock
- [ ] T003 Switch over (depends on T002)

## Exit gate

- [ ] Tests pass

## Update Log

- 2026-01-05: Begun.
";

pub(crate) fn shop() -> Repo {
    let repo = Repo::empty();
    let docs = repo.path().join("docs/plans/active");
    fs::create_dir_all(&docs).unwrap();
    fs::write(docs.join("search.md"), PLAN).unwrap();
    repo
}

/// A client on standard input and output.
pub(crate) struct Client {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<Value>,
    /// The revision that every request names, where the client has no session.
    stateless: Option<&'static str>,
    last: u64,
    notified: Vec<Value>,
}

impl Client {
    fn start(repo: &Repo) -> Self {
        let mut command = repo.command(&["mcp"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let message = serde_json::from_str(&line).unwrap();
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            stdin,
            lines,
            stateless: None,
            last: 0,
            notified: Vec::new(),
        }
    }

    /// A client that begins with `initialize`.
    pub(crate) fn initialized(repo: &Repo, revision: &str) -> Self {
        let mut client = Self::start(repo);
        let hello = client.ask(
            "initialize",
            json!({
                "protocolVersion": revision,
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            }),
        );
        assert_eq!(hello["protocolVersion"], revision);
        assert!(hello["instructions"].as_str().unwrap().len() < 1500);
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    /// A client that asks what there is and keeps no session.
    pub(crate) fn discovered(repo: &Repo) -> Self {
        let mut client = Self::start(repo);
        client.stateless = Some("2026-07-28");
        let found = client.ask("server/discover", json!({}));
        let known = found["supportedVersions"].as_array().unwrap();
        assert!(known.contains(&json!("2026-07-28")), "{found}");
        client
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.stdin, "{message}").unwrap();
        self.stdin.flush().unwrap();
    }

    fn request(&mut self, method: &str, mut params: Value) -> u64 {
        if let Some(revision) = self.stateless {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": revision,
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            });
        }
        self.last += 1;
        let id = self.last;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The answer to a request: its result, or the whole message of an error.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        loop {
            let message = self.lines.recv_timeout(PATIENCE).unwrap();
            if message["id"] == json!(id) {
                return message.get("result").cloned().unwrap_or(message);
            }
            self.notified.push(message);
        }
    }

    /// The result of a tool.
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let mut params = json!({"name": tool});
        params["arguments"] = arguments;
        self.ask("tools/call", params)
    }

    /// The text of a tool's result, and whether it is an error.
    pub(crate) fn text(&mut self, tool: &str, arguments: Value) -> (String, bool) {
        let result = self.call(tool, arguments);
        let text = result["content"][0]["text"].as_str();
        let text = text.unwrap_or_else(|| panic!("{result}")).to_owned();
        (text, result["isError"] == json!(true))
    }

    /// Waits for a notification.
    fn told(&mut self, method: &str) -> Value {
        let is = |message: &Value| message["method"] == json!(method);
        if let Some(at) = self.notified.iter().position(is) {
            return self.notified.remove(at);
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let message = self.lines.recv_timeout(left).unwrap();
            if is(&message) {
                return message;
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_revision_is_served_the_same_tools() {
    let repo = shop();
    let names = |client: &mut Client| {
        let tools = client.ask("tools/list", json!({}));
        let tools = tools["tools"].as_array().unwrap().clone();
        let names: Vec<String> = tools.iter().map(|tool| tool["name"].to_string()).collect();
        names
    };
    let mut stateless = Client::discovered(&repo);
    let known = names(&mut stateless);
    assert!(
        known.len() <= 8 && known.contains(&"\"update\"".to_owned()),
        "{known:?}"
    );
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        assert_eq!(
            names(&mut Client::initialized(&repo, revision)),
            known,
            "{revision}"
        );
    }
}

#[test]
fn work_is_found_done_and_closed_through_tools_alone() {
    let repo = shop();
    let mut client = Client::discovered(&repo);
    let next = client.call("next", json!({}));
    let rows = &next["structuredContent"]["rows"];
    assert!(
        rows[0]
            .as_str()
            .unwrap()
            .starts_with("search#T002 | todo | Rank by stock"),
        "{next}"
    );

    let (page, _) = client.text("get", json!({"ref": "search#T002"}));
    assert!(page.contains("[ ] #T002 Rank by stock"), "{page}");
    let revision = page
        .split("revision ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();

    let started = client.call(
        "update",
        json!({"op": "start", "refs": ["search#T002"], "expect": [revision]}),
    );
    assert_eq!(started["isError"], json!(false), "{started}");
    // What was read is no longer there.
    let (told, is_error) = client.text(
        "update",
        json!({"op": "tick", "refs": ["search#T002"], "expect": [revision]}),
    );
    assert!(
        is_error && told.contains("changed since it was read"),
        "{told}"
    );

    let logged = json!({"op": "log", "refs": ["search"], "text": "Stock first", "as": "update"});
    assert!(!client.text("update", logged).1);
    let (told, is_error) = client.text("update", json!({"op": "complete", "refs": ["search"]}));
    assert!(
        is_error && told.contains("missing: task search#T002"),
        "{told}"
    );
    assert!(told.contains("try: update {\"op\":\"tick\""), "{told}");

    let all = json!(["search#T002", "search#T003", "search#gate.1"]);
    let (told, is_error) = client.text("update", json!({"op": "tick", "refs": all}));
    assert!(!is_error && told.contains("todo -> done"), "{told}");
    let (told, is_error) = client.text("update", json!({"op": "complete", "refs": ["search"]}));
    assert!(!is_error, "{told}");
    let plan = fs::read_to_string(repo.path().join("docs/plans/active/search.md"));
    let plan =
        plan.or_else(|_| fs::read_to_string(repo.path().join("docs/plans/completed/search.md")));
    let plan = plan.unwrap();
    assert!(
        plan.contains("status: completed") && !plan.contains("- [ ]"),
        "{plan}"
    );
    assert!(plan.contains("Stock first"), "{plan}");
}

#[test]
fn what_makes_no_sense_is_told_with_the_way_out() {
    let repo = shop();
    let mut client = Client::initialized(&repo, "2025-06-18");
    let (told, is_error) = client.text("get", json!({"ref": "serch"}));
    assert!(is_error && told.contains("nearest: search"), "{told}");
    let (told, is_error) = client.text("update", json!({"op": "tik", "refs": ["search#T002"]}));
    assert!(is_error && told.contains("tick"), "{told}");
    let (told, is_error) = client.text("find", json!({"word": "x"}));
    assert!(is_error && told.contains("unknown field `word`"), "{told}");
    let unknown = client.ask("tools/call", json!({"name": "delete", "arguments": {}}));
    assert!(
        unknown["error"]["message"]
            .as_str()
            .unwrap()
            .contains("there are: "),
        "{unknown}"
    );
}

#[test]
fn documents_are_resources_and_other_files_are_not() {
    let repo = shop();
    fs::write(repo.path().join("secret.txt"), "x").unwrap();
    let mut client = Client::initialized(&repo, "2025-11-25");
    let listed = client.ask("resources/list", json!({}));
    let uri = "plan://document/docs/plans/active/search.md";
    let resources = listed["resources"].as_array().unwrap();
    assert!(
        resources.iter().any(|resource| resource["uri"] == uri),
        "{listed}"
    );
    let read = client.ask("resources/read", json!({"uri": uri}));
    assert_eq!(read["contents"][0]["text"], PLAN);
    let page = client.ask("resources/read", json!({"uri": "plan://ref/search%23T002"}));
    assert!(
        page["contents"][0]["text"]
            .as_str()
            .unwrap()
            .contains("Rank by stock"),
        "{page}"
    );
    for path in [
        "secret.txt",
        "../secret.txt",
        "..%2F..%2Fsecret.txt",
        "/etc/hostname",
    ] {
        let read = client.ask(
            "resources/read",
            json!({"uri": format!("plan://document/{path}")}),
        );
        assert!(read["error"].is_object(), "{read}");
    }
    let completed = client.ask(
        "completion/complete",
        json!({
            "ref": {"type": "ref/resource", "uri": "plan://ref/{+ref}"},
            "argument": {"name": "ref", "value": "sea"},
        }),
    );
    assert_eq!(completed["completion"]["values"], json!(["search"]));
}

#[test]
fn five_prompts_say_which_tools_to_call() {
    let repo = shop();
    let mut client = Client::initialized(&repo, "2025-11-25");
    let listed = client.ask("prompts/list", json!({}));
    assert_eq!(listed["prompts"].as_array().unwrap().len(), 5);
    let close = client.ask(
        "prompts/get",
        json!({"name": "close", "arguments": {"ref": "search"}}),
    );
    let text = close["messages"][0]["content"]["text"].as_str().unwrap();
    assert!(text.starts_with("Close the plan `search`."), "{text}");
    let without = client.ask("prompts/get", json!({"name": "close"}));
    assert!(
        without["error"]["message"]
            .as_str()
            .unwrap()
            .contains("needs `ref`"),
        "{without}"
    );
}

#[test]
fn clients_hear_of_changes() {
    let repo = shop();
    let folder = repo.path().join("docs/plans/active");
    let uri = "plan://document/docs/plans/active/search.md";
    let mut old = Client::initialized(&repo, "2025-06-18");
    old.ask("resources/subscribe", json!({"uri": uri}));
    let mut new = Client::discovered(&repo);
    let filter = json!({"resourcesListChanged": true, "resourceSubscriptions": [uri]});
    new.request("subscriptions/listen", json!({"notifications": filter}));
    new.told("notifications/subscriptions/acknowledged");
    // The watch begins with the first listener, aside from the messages.
    let mut round = 0;
    let mut heard = |client: &mut Client, change: &dyn Fn(u32), method: &str| {
        let until = Instant::now() + PATIENCE;
        loop {
            round += 1;
            change(round);
            let wait = Instant::now() + Duration::from_secs(2);
            while let Ok(message) = client
                .lines
                .recv_timeout(wait.saturating_duration_since(Instant::now()))
            {
                if message["method"] == json!(method) {
                    return message;
                }
            }
            assert!(Instant::now() < until, "{method} did not come");
        }
    };
    let edit =
        |round: u32| fs::write(folder.join("search.md"), format!("{PLAN}- {round}\n")).unwrap();
    for client in [&mut old, &mut new] {
        let told = heard(client, &edit, "notifications/resources/updated");
        assert_eq!(told["params"]["uri"], uri);
    }
    let add = |round: u32| fs::write(folder.join(format!("n{round}.md")), PLAN).unwrap();
    for client in [&mut old, &mut new] {
        heard(client, &add, "notifications/resources/list_changed");
    }
}

#[test]
fn no_answer_is_longer_than_eight_kilobytes_unless_asked_for() {
    let repo = shop();
    let folder = repo.path().join("docs/plans/active");
    let mut tasks = String::new();
    for number in 10..400 {
        let again = "and again ".repeat(12);
        let _ = writeln!(tasks, "- [ ] T{number} Do \"it\" once more, {again}");
        fs::write(
            folder.join(format!("search-{number}.md")),
            PLAN.replace("# Search", &format!("# Search {number}")),
        )
        .unwrap();
    }
    fs::write(
        folder.join("search.md"),
        PLAN.replace("## Exit gate", &format!("{tasks}\n## Exit gate")),
    )
    .unwrap();
    let mut client = Client::discovered(&repo);
    let calls = [
        ("find", json!({})),
        ("find", json!({"words": "rank by stock"})),
        ("get", json!({"ref": "docs/plans/active/search.md"})),
        ("next", json!({})),
        ("next", json!({"limit": 200})),
        ("check", json!({})),
        ("impact", json!({"ref": "docs/plans/active/search.md"})),
    ];
    for (tool, arguments) in calls {
        let result = client.call(tool, arguments.clone());
        assert_eq!(result["isError"], json!(false), "{result}");
        for form in ["content", "structuredContent"] {
            let size = result.get(form).map_or(0, |form| form.to_string().len());
            assert!(
                size <= 8 * 1024,
                "{tool} {arguments}: {form} has {size} bytes"
            );
        }
    }
    // What was left out is had by the call that the answer names.
    let (page, _) = client.text("get", json!({"ref": "docs/plans/active/search.md"}));
    let call = page
        .lines()
        .last()
        .unwrap()
        .split("get ")
        .nth(1)
        .unwrap()
        .to_owned();
    let (rest, _) = client.text("get", serde_json::from_str(&call).unwrap());
    assert!(rest.contains("Do \"it\" once more"), "{rest}");
}

#[test]
fn over_http_only_who_has_the_token_is_answered() {
    let repo = shop();
    let mut command = repo.command(&["mcp", "--http"]);
    command
        .env("PLANWRIGHT_MCP_TOKEN", "sesame")
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    let address = line
        .split("http://")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    assert!(!line.contains("sesame"), "{line}");
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"},
    }})
    .to_string();
    let ask = |extra: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\nContent-Length: {}\r\n{extra}\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = vec![0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    };
    assert_eq!(ask(""), "HTTP/1.1 401");
    assert_eq!(ask("Authorization: Bearer other\r\n"), "HTTP/1.1 401");
    assert_eq!(ask("Authorization: Bearer sesame\r\n"), "HTTP/1.1 200");
    assert_eq!(
        ask("Authorization: Bearer sesame\r\nOrigin: https://example.org\r\n"),
        "HTTP/1.1 403"
    );
    let local = format!("Authorization: Bearer sesame\r\nOrigin: http://{address}\r\n");
    assert_eq!(ask(&local), "HTTP/1.1 200");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn who_breaks_off_a_request_is_served_again() {
    let repo = shop();
    let mut client = Client::initialized(&repo, "2025-06-18");
    let id = client.request("tools/call", json!({"name": "check", "arguments": {}}));
    let params = json!({"requestId": id, "reason": "changed my mind"});
    client.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}));
    assert!(!client.text("next", json!({})).1);
}

#[test]
fn the_server_ends_with_its_client() {
    let repo = shop();
    let mut command = repo.command(&["mcp"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    for message in [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "next"}}),
    ] {
        writeln!(stdin, "{message}").unwrap();
    }
    // What was asked is still answered.
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("Rank by stock"), "{said}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
}

#[test]
fn an_address_that_others_reach_needs_a_token() {
    let repo = shop();
    let said = repo.plan("mcp --http 0.0.0.0:0 --no-token");
    assert!(said.starts_with("exit code: 3"), "{said}");
    assert!(said.contains("a token is needed"), "{said}");
}
