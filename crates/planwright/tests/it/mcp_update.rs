//! What `update` does for agents, and for whom.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::mcp::{Client, PATIENCE, PLAN, shop};
use crate::runner::Repo;

fn plan(repo: &Repo) -> String {
    fs::read_to_string(repo.path().join("docs/plans/active/search.md")).unwrap()
}

#[test]
fn documents_grow_and_are_related() {
    let repo = shop();
    let other = PLAN.replace("# Search", "# Shelf");
    fs::write(repo.path().join("docs/plans/active/shelf.md"), other).unwrap();
    let mut client = Client::discovered(&repo);
    let mut done = |arguments: Value| {
        let (told, is_error) = client.text("update", arguments);
        assert!(!is_error, "{told}");
        told
    };
    let after = "search#T003";
    done(
        json!({"op": "add", "refs": ["search"], "what": "task", "text": "Warm it", "after": after}),
    );
    assert!(
        plan(&repo).contains("- [ ] T004 Warm it"),
        "{}",
        plan(&repo)
    );
    done(
        json!({"op": "edit", "refs": ["search#T004"], "text": "Warm it up", "depends_on": ["T003"]}),
    );
    assert!(
        plan(&repo).contains("T004 Warm it up (depends on T003)"),
        "{}",
        plan(&repo)
    );
    let link = json!({"op": "link", "refs": ["search"], "relation": "depends-on", "to": ["shelf"]});
    let dry = json!({"op": "link", "refs": ["search"], "relation": "depends_on", "to": ["shelf"], "dry_run": true});
    assert!(done(dry).contains("nothing was written"));
    done(link);
    assert!(plan(&repo).contains("shelf"), "{}", plan(&repo));
    done(json!({"op": "unlink", "refs": ["search"], "relation": "depends_on", "to": ["shelf"]}));
    assert!(!plan(&repo).contains("shelf"), "{}", plan(&repo));
}

#[test]
fn an_operation_takes_what_is_its_own() {
    let repo = shop();
    let mut client = Client::discovered(&repo);
    let mut refused = |arguments: Value, why: &str| {
        let (told, is_error) = client.text("update", arguments);
        assert!(is_error && told.contains(why), "{told}");
    };
    refused(json!({"refs": ["search"]}), "missing field `op`");
    refused(
        json!({"op": "tick", "refs": ["search#T002"], "by": "x"}),
        "unknown field `by`",
    );
    refused(
        json!({"op": "takeover", "refs": ["search#T002"]}),
        "missing field `reason`",
    );
    refused(
        json!({"op": "log", "refs": ["search"]}),
        "missing field `text`",
    );
    refused(
        json!({"op": "edit", "refs": ["a", "b"], "text": "x"}),
        "`edit` takes one ref",
    );
    let risk = json!({"op": "add", "refs": ["search"], "what": "risk", "text": "x", "details": {"odds": "1"}});
    refused(risk, "choose from: probability, impact, mitigation, eta");
    let link = json!({"op": "link", "refs": ["search"], "relation": "likes", "to": ["x"]});
    refused(link, "there is no relation `likes`");
    assert_eq!(plan(&repo), PLAN);
}

#[test]
fn an_agent_runs_what_a_person_has_trusted() {
    let repo = shop();
    let commands = "## Verification\n\n```sh\ntest -e .git && echo proved\n```\n\n## Update Log";
    let text = PLAN.replace("## Update Log", commands);
    fs::write(repo.path().join("docs/plans/active/search.md"), text).unwrap();
    let mut client = Client::discovered(&repo);
    let (told, is_error) = client.text("update", json!({"op": "verify", "refs": ["search"]}));
    assert!(
        !is_error && told.contains("not trusted | verification"),
        "{told}"
    );
    assert!(told.contains("a person trusts commands"), "{told}");
    let run = json!({"op": "verify", "refs": ["search"], "run": true});
    let (told, is_error) = client.text("update", run.clone());
    assert!(
        is_error && told.contains("no command of `search` is trusted"),
        "{told}"
    );
    assert!(
        told.contains("ask a person to run `plan trust search`"),
        "{told}"
    );

    let trusted = repo.plan("trust search --yes");
    assert!(trusted.starts_with("exit code: 0"), "{trusted}");
    let (told, is_error) = client.text("update", run);
    assert!(
        !is_error && told.contains("| passed |") && told.contains("proved"),
        "{told}"
    );
    assert!(plan(&repo).contains("passed"), "{}", plan(&repo));
}

/// A server that listens for HTTP.
struct Served {
    child: Child,
    address: String,
}

/// What a client of it keeps from call to call.
#[derive(Clone, Default)]
struct Kept {
    session: Option<String>,
}

impl Served {
    fn start(repo: &Repo) -> Self {
        let mut command = repo.command(&["mcp", "--http", "--no-token"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        stderr.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap();
        let address = address.split('/').next().unwrap().to_owned();
        Self { child, address }
    }

    /// Sends a message; the headers and the first message of the answer.
    fn post(&self, headers: &str, message: &Value) -> (String, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let body = message.to_string();
        write!(
            stream,
            "POST /mcp HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nConnection: close\r\n\
             Accept: application/json, text/event-stream\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let said = body
            .lines()
            .map(|line| line.strip_prefix("data:").unwrap_or(line));
        let mut messages = said.filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let message = messages.find(Value::is_object).unwrap_or_default();
        (head.to_lowercase(), message)
    }

    /// A client that begins a session.
    fn session(&self) -> Kept {
        let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        }});
        let (head, _) = self.post("", &hello);
        let session = head
            .lines()
            .find_map(|line| line.strip_prefix("mcp-session-id:"));
        let session = Some(session.unwrap().trim().to_owned());
        let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        let header = format!("Mcp-Session-Id: {}\r\n", session.as_deref().unwrap());
        self.post(&header, &ready);
        Kept { session }
    }

    /// The text of an update, and whether it is an error.
    fn update(&self, kept: &Kept, arguments: Value) -> (String, bool) {
        let mut params = json!({"name": "update"});
        params["arguments"] = arguments;
        let headers = if let Some(session) = &kept.session {
            format!("Mcp-Session-Id: {session}\r\nMCP-Protocol-Version: 2025-11-25\r\n")
        } else {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"},
            });
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: update\r\n"
                .to_owned()
        };
        let call = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params});
        let (head, message) = self.post(&headers, &call);
        let result = &message["result"];
        let text = result["content"][0]["text"].as_str();
        let text = text
            .unwrap_or_else(|| panic!("{head}\n{message}"))
            .to_owned();
        (text, result["isError"] == json!(true))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_session_over_http_holds_its_own() {
    let repo = shop();
    let served = Served::start(&repo);
    let (one, other) = (served.session(), served.session());
    let on = |op: &str| json!({"op": op, "refs": ["search#T002"]});
    let (told, is_error) = served.update(&one, on("claim"));
    assert!(!is_error && !told.contains("\"actor\""), "{told}");
    for op in ["claim", "renew", "release", "tick"] {
        let (told, is_error) = served.update(&other, on(op));
        assert!(is_error && told.contains("held by"), "{op}: {told}");
    }
    assert!(!served.update(&one, on("renew")).1);
    assert!(!served.update(&one, on("release")).1);
    assert!(!served.update(&other, on("claim")).1);
}

#[test]
fn a_client_without_a_session_passes_on_who_it_is() {
    let repo = shop();
    let served = Served::start(&repo);
    let nobody = Kept::default();
    let on = |op: &str, actor: Option<&str>| {
        let mut call = json!({"op": op, "refs": ["search#T002"]});
        if let Some(actor) = actor {
            call["actor"] = actor.into();
        }
        call
    };
    let (told, is_error) = served.update(&nobody, on("claim", None));
    assert!(!is_error, "{told}");
    let actor = told.split("\"actor\": \"").nth(1).unwrap();
    let actor = actor.split('"').next().unwrap().to_owned();
    // Whoever says nothing is nobody who was there before.
    for op in ["claim", "release", "tick"] {
        let (told, is_error) = served.update(&nobody, on(op, None));
        assert!(is_error && told.contains("held by"), "{op}: {told}");
        let (told, is_error) = served.update(&nobody, on(op, Some("new")));
        assert!(is_error && told.contains("held by"), "{op}: {told}");
    }
    // Names that clients choose are names that two of them choose.
    for made_up in ["agent", "agent/1", "/0123456789abcdef", ""] {
        let (told, is_error) = served.update(&nobody, on("claim", Some(made_up)));
        assert!(
            is_error && told.contains("no actor that a claim told"),
            "{told}"
        );
    }
    for op in ["renew", "start", "tick"] {
        let (told, is_error) = served.update(&nobody, on(op, Some(&actor)));
        assert!(!is_error, "{op}: {told}");
    }
}

#[test]
fn sessions_behind_one_client_are_kept_apart() {
    let repo = shop();
    let mut client = Client::initialized(&repo, "2025-06-18");
    let claim = json!({"op": "claim", "refs": ["search#T002"], "actor": "new"});
    let (told, is_error) = client.text("update", claim.clone());
    assert!(!is_error && told.contains("\"actor\": \""), "{told}");
    let (told, is_error) = client.text("update", json!({"op": "tick", "refs": ["search#T002"]}));
    assert!(is_error && told.contains("held by"), "{told}");
    assert!(client.text("update", claim).1);
}
