use insta::assert_snapshot;
use planwright_ops::write::verify::Proves;

use super::*;

fn check(line: u32, text: &str) -> Check {
    let mut check = Check::default();
    check.line = line;
    check.text = text.to_owned();
    check
}

fn passed(stale: bool) -> LastRun {
    LastRun {
        time: "2026-03-02T09:20:00Z".to_owned(),
        ended: Ended::Passed,
        code: Some(0),
        milliseconds: 12_300,
        commit: Some("1a2b3c4d5e".to_owned()),
        dirty: stale,
        stale,
    }
}

fn answer(commands: Vec<Check>) -> Answer {
    Answer {
        schema: "planwright/verify@1",
        reference: "auth".to_owned(),
        path: "docs/auth.md".to_owned(),
        title: "Auth".to_owned(),
        ran: false,
        commands,
        done: Vec::new(),
        files: Vec::new(),
        unrecorded: None,
    }
}

#[test]
fn every_command_is_shown_whole_with_what_is_known_of_it() {
    let mut fresh = check(40, "cargo test");
    fresh.trusted = true;
    fresh.last = Some(passed(false));
    fresh.item = Some(Proves {
        reference: "auth#gate.1".to_owned(),
        line: 40,
        text: "All tests pass".to_owned(),
    });
    let mut stale = check(42, "make lint");
    stale.trusted = true;
    stale.directory = "api".to_owned();
    stale.last = Some(passed(true));
    let script = check(44, "for f in *.sh; do\n  shellcheck $f\ndone");
    let mut open = check(50, "curl <host>");
    open.obstacle = Some("`<host>` is to be filled in".to_owned());
    let answer = answer(vec![fresh, stale, script, open]);
    assert_snapshot!(list(&answer, &Style::plain(80)));
}

#[test]
fn what_failed_is_told_with_its_last_words() {
    let mut bad = check(40, "cargo test");
    bad.now = Some(ThisRun {
        ended: Ended::Failed,
        code: Some(101),
        reason: None,
        milliseconds: 65_000,
        output: "thread panicked\nerror: test failed".to_owned(),
        output_is_cut: true,
    });
    let mut good = check(41, "make lint");
    good.now = Some(ThisRun {
        ended: Ended::Passed,
        code: Some(0),
        reason: None,
        milliseconds: 5,
        output: "said nothing of note".to_owned(),
        output_is_cut: false,
    });
    let answer = answer(vec![bad, good, check(42, "npm test")]);
    assert_snapshot!(ran(&answer, &Style::plain(80)));
}
