use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::*;

fn run_in(folder: &Path, text: &str, timeout: u64) -> Outcome {
    let job = Job {
        call: Call::new(text, None),
        folder: folder.to_owned(),
        timeout: Duration::from_millis(timeout),
    };
    run(&job, &AtomicBool::new(false))
}

fn run_text(text: &str) -> Outcome {
    run_in(Path::new("/"), text, 20_000)
}

#[test]
fn it_ends_as_it_ended() {
    assert_eq!(run_text("true").end, End::Exit(0));
    assert_eq!(run_text("exit 3").end, End::Exit(3));
    assert_eq!(run_text("kill -9 $$").end, End::Signal(9));
    assert_eq!(
        run_text("no-such-program --x").end,
        End::NotStarted("`no-such-program` was not found".to_owned())
    );
    assert_eq!(run_text("false\ntrue").end, End::Exit(1));
}

#[test]
fn both_outputs_are_told_in_their_order_and_there_is_no_input() {
    let said = run_text("echo a; echo b >&2; cat; echo c");
    assert_eq!((said.tail.as_str(), said.is_cut), ("a\nb\nc", false));
}

#[test]
fn it_runs_where_it_should() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().canonicalize().unwrap();
    std::fs::write(folder.join("x.sh"), "echo here").unwrap();
    assert_eq!(run_in(&folder, "sh x.sh", 20_000).tail, "here");
}

#[test]
fn what_says_much_or_no_text_is_told_in_part() {
    let said = run_text("yes 0123456789 | head -c 50000000; printf 'end \\377\\n'");
    assert_eq!(said.end, End::Exit(0));
    assert!(said.is_cut && said.tail.len() < 32 * 1024);
    assert!(said.tail.ends_with("end \u{fffd}"), "{}", said.tail);
}

/// The processes that run with a word in their command line, without the one that looks.
#[cfg(target_os = "linux")]
fn alive(word: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| {
        let line = std::fs::read(process.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        line.contains(word).then_some(line)
    });
    lines.count()
}

#[cfg(target_os = "linux")]
#[test]
fn when_its_time_is_up_all_of_it_ends() {
    let begun = Instant::now();
    let said = run_in(
        Path::new("/"),
        "echo begun; sh -c 'sleep 97.125 & sleep 97.125'",
        300,
    );
    assert_eq!((said.end, said.tail.as_str()), (End::TimedOut, "begun"));
    assert!(begun.elapsed() < Duration::from_secs(10));
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(alive("97.125"), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn who_does_not_want_to_end_is_made_to() {
    let said = run_in(
        Path::new("/"),
        "trap '' TERM; sleep 97.25; sleep 97.25",
        200,
    );
    assert_eq!(said.end, End::TimedOut);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(alive("97.25"), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_left_in_the_background_is_not_waited_for() {
    let begun = Instant::now();
    let said = run_text("sleep 97.5 & echo done");
    assert_eq!((said.end, said.tail.as_str()), (End::Exit(0), "done"));
    assert!(begun.elapsed() < Duration::from_secs(10));
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(alive("97.5"), 0);
}

#[test]
fn the_user_ends_it() {
    let interrupted = AtomicBool::new(false);
    let job = Job {
        call: Call::new("sleep 60", None),
        folder: "/".into(),
        timeout: Duration::from_mins(2),
    };
    let begun = Instant::now();
    let said = std::thread::scope(|scope| {
        let runs = scope.spawn(|| run(&job, &interrupted));
        std::thread::sleep(Duration::from_millis(100));
        interrupted.store(true, std::sync::atomic::Ordering::Relaxed);
        runs.join().unwrap()
    });
    assert_eq!(said.end, End::Interrupted);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn no_folder_leads_out() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap().join("repo");
    std::fs::create_dir_all(root.join("api")).unwrap();
    std::fs::write(root.join("file"), "").unwrap();
    assert_eq!(folder(&root, ""), Ok(root.clone()));
    assert_eq!(folder(&root, "api/../api"), Ok(root.join("api")));
    assert!(folder(&root, "..").is_err());
    assert!(folder(&root, "/").is_err());
    assert!(folder(&root, "file").is_err());
    assert!(folder(&root, "none").is_err());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/", root.join("link")).unwrap();
        assert!(folder(&root, "link").is_err());
    }
}

fn key(text: &str, directory: &str) -> Key {
    Key {
        text: text.to_owned(),
        directory: directory.to_owned(),
        shell: None,
    }
}

#[test]
fn trust_is_for_exactly_one_text_in_one_folder_of_one_repository() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = |root: &str| {
        crate::write::Writer::new(Path::new(root), dir.path())
            .ledger()
            .unwrap()
    };
    let (ledger, other) = (ledger("/repo/a"), ledger("/repo/b"));
    assert_eq!(ledger.trust(&[key("make", "")], 7).unwrap(), [true]);
    assert_eq!(ledger.trust(&[key("make", "")], 8).unwrap(), [false]);
    let trusts = |ledger: &Ledger, key: &Key| {
        let trusted = ledger.trusted().unwrap();
        trusted.iter().any(|known| known.key == *key)
    };
    assert!(trusts(&ledger, &key("make", "")));
    assert!(!trusts(&ledger, &key("make ", "")));
    assert!(!trusts(&ledger, &key("make", "api")));
    assert!(!trusts(&other, &key("make", "")));
    assert_eq!(ledger.revoke(|key| key.text == "make").unwrap().len(), 1);
    assert!(!trusts(&ledger, &key("make", "")));
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_what_is_trusted() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(Path::new("/repo"), dir.path()).unwrap();
    ledger.trust(&[key("make", "")], 7).unwrap();
    let file = dir.path().join("trust.json");
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_repository_cannot_trust_itself() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    assert!(Ledger::new(&root, &root.join("state/deep")).is_err());
}

#[test]
fn what_is_damaged_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(Path::new("/repo"), dir.path()).unwrap();
    ledger.trust(&[key("make", "")], 7).unwrap();
    std::fs::write(dir.path().join("trust.json"), "{").unwrap();
    assert!(ledger.trusted().is_err());
    assert!(ledger.trust(&[key("test", "")], 7).is_err());
}

#[test]
fn the_last_outcome_of_a_command_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(Path::new("/repo"), dir.path()).unwrap();
    let record = |text: &str, time| Record {
        key: key(text, ""),
        files: Vec::new(),
        time,
        end: End::Exit(0),
        milliseconds: 3,
        commit: None,
        dirty: false,
        content: None,
    };
    ledger.record(vec![record("a", 1), record("b", 1)]).unwrap();
    ledger.record(vec![record("a", 2)]).unwrap();
    let times = ledger.records().unwrap().into_iter();
    let times: Vec<_> = times.map(|found| (found.key.text, found.time)).collect();
    assert_eq!(times, [("b".to_owned(), 1), ("a".to_owned(), 2)]);
}

#[test]
fn content_is_told_from_other_content() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    std::fs::create_dir_all(root.join("src")).unwrap();
    std::fs::write(root.join("src/a.rs"), "a").unwrap();
    std::fs::write(root.join(".gitignore"), "*.log\n").unwrap();
    let now = |paths: &[&str]| {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        fingerprint(&root, &paths)
    };
    let before = now(&["src"]);
    assert!(before.is_some());
    std::fs::write(root.join("src/x.log"), "x").unwrap();
    assert_eq!(now(&["src"]), before);
    std::fs::write(root.join("src/a.rs"), "b").unwrap();
    assert_ne!(now(&["src/"]), before);
    assert_eq!(now(&["none"]), None);
    assert_eq!(now(&["../"]), None);
}
