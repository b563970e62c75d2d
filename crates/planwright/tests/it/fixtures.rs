//! What the program says about each fixture.

use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn archcore() {
    let repo = Repo::of("archcore");
    assert_snapshot!(repo.plan(""), @r"
    exit code: 0
    ----- stdout -----
    ● Label printing                            approved    ━━╸───────     2/7
      label-printing.plan · archcore · 2/3 Deliver
      → 2.1 Queue labels per depot
    ○ Returns at the counter                    draft       ──────────     0/3
      returns.plan · archcore
      ◷ waits for label-printing.plan: approved, 2 of 7 tasks done

    plans  1 draft · 1 approved
    tasks  8 open · 3 ready
    ");
    assert_snapshot!(repo.plan("list"), @r"
    exit code: 0
    ----- stdout -----
    REF                  KIND  STATE     PROGRESS  TITLE
    one-label-size.adr   adr   approved  –         One label size
    label-printing.plan  plan  approved  2/7       Label printing
    label-printing.prd   prd   approved  –         Labels that every depot can print
    returns.plan         plan  draft     0/3       Returns at the counter

    4 documents
    ");
    assert_snapshot!(repo.plan("show label-printing.plan"), @r#"
    exit code: 0
    ----- stdout -----
    ● Label printing
      .archcore/parcels/label-printing.plan.md · label-printing.plan

      kind       plan, archcore
      state      approved  "accepted"  :3
      progress   ━━━━━╸────────────── 2 of 7 tasks
      tags       depot, printing

      Print labels of one size from one service, and switch the old drivers off.

    Phase 1: Render                                                        2/2    15
      ✓ 1.1 Draw the label from a parcel record in `src/label/draw.rs`            17
      ✓ 1.2 Compare ten labels with the old ones by eye                           18

    Phase 2: Deliver                                                       0/3    20
      ○ 2.1 Queue labels per depot                                                22
      ○ 2.2 Retry a label that the printer refused                                23
      ○ 2.3 Drop a label after a day                                              24

    Phase 3: Switch over                                                   0/2    26
      ○ 3.1 Move the Lyon depot                                                   28
      ○ 3.2 Remove the old drivers from `src/driver/`                             29

    Acceptance criteria                                                    0/2
      ○ criterion.1 A label leaves the printer within two seconds in every        33
        depot
      ○ criterion.2 No label is printed twice                                     34

    Relations
      depends on     .archcore/parcels/label-printing.prd.md                      38
      implements     .archcore/parcels/label-printing.prd.md                       4
      related        .archcore/decisions/one-label-size.adr.md                    14

    Missing code  1 of 3 paths named
      ✗ src/driver/                                                               29
    "#);
    assert_snapshot!(repo.plan("next"), @r"
    exit code: 0
    ----- stdout -----
     1 ○ Queue labels per depot
         label-printing.plan#2.1 · Label printing · Deliver
         the plan is approved, phase 2 of 3
     2 ○ Retry a label that the printer refused
         label-printing.plan#2.2 · Label printing · Deliver
         the plan is approved, phase 2 of 3
     3 ○ Drop a label after a day
         label-printing.plan#2.3 · Label printing · Deliver
         the plan is approved, phase 2 of 3

    ◷ returns.plan waits for label-printing.plan (approved, 2 of 7 tasks done)
    ");
    assert_snapshot!(repo.plan("graph"), @r"
    exit code: 0
    ----- stdout -----
    returns.plan  Returns at the counter  plan, draft, 0/3
    └─ depends on label-printing.plan  Label printing  plan, approved, 2/7
       ├─ implements label-printing.prd  Labels that every depot can print  prd, ap…
       ├─ depends on label-printing.prd  Labels that every depot can print  prd, ap…
       └─ related one-label-size.adr  One label size  adr, approved
    ");
    assert_snapshot!(repo.plan("links label-printing.prd --impact"), @r"
    exit code: 0
    ----- stdout -----
    Labels that every depot can print  label-printing.prd

      implemented by  label-printing.plan  Label printing  :4
      needed by       label-printing.plan  Label printing  :38

    2 documents depend on it, the nearest first:
      label-printing.plan  depends on  Label printing
        returns.plan  depends on  Returns at the counter
    ");
}

#[test]
fn ai_docs() {
    let repo = Repo::of("ai-docs");
    assert_snapshot!(repo.plan(""), @r"
    exit code: 0
    ----- stdout -----
    ● Search index                              active      ━━━───────     2/6   11d
      PLAN-004 · ai-docs · 1/2 Writer (1 week)
      → 1.3 Rebuild the index without downtime
      ■ blocked: The new disk has not arrived (owner: @jon, ETA: 2026-04-02)
    ● Comments under articles                   active      ━━━━━━━━━━     3/3   3mo
      PLAN-003 · ai-docs
      ▲ says active, all 3 tasks are done
    ○ Dark theme                                draft       ──────────     0/2    4w
      themes · ai-docs
      → 0.1 Collect the colours

    plans  1 draft · 2 active · 1 done
    tasks  6 open · 3 ready · 1 begun
    ▲ 1 closed plan contradicts itself: PLAN-002  plan status --all
    ");
    assert_snapshot!(repo.plan("status --all"), @r"
    exit code: 0
    ----- stdout -----
    ● Search index                              active      ━━━───────     2/6   11d
      PLAN-004 · ai-docs · 1/2 Writer (1 week)
      → 1.3 Rebuild the index without downtime
      ■ blocked: The new disk has not arrived (owner: @jon, ETA: 2026-04-02)
    ● Comments under articles                   active      ━━━━━━━━━━     3/3   3mo
      PLAN-003 · ai-docs
      ▲ says active, all 3 tasks are done
    ○ Dark theme                                draft       ──────────     0/2    4w
      themes · ai-docs
      → 0.1 Collect the colours
    ✓ Login with a passkey                      done        ━━━━━━╸───     2/3   6mo
      PLAN-002 · ai-docs
      ▲ says completed, 1 of 3 tasks is open

    plans  1 draft · 2 active · 1 done
    tasks  6 open · 3 ready · 1 begun
    ");
    assert_snapshot!(repo.plan("list --all"), @r"
    exit code: 0
    ----- stdout -----
    REF       KIND      STATE       PROGRESS  TITLE
    0003      adr       approved    –         One index for all languages
    PLAN-003  plan      active      3/3       Comments under articles
    PLAN-004  plan      active      2/6       Search index
    PLAN-002  plan      done        2/3       Login with a passkey
    themes    plan      draft       0/2       Dark theme
    PLAN-NNN  template  [draft | …  0/1       [Plan title]

    6 documents
    ");
    assert_snapshot!(repo.plan("list --owner mira"), @r"
    exit code: 0
    ----- stdout -----
    REF       KIND  STATE   PROGRESS  TITLE
    PLAN-004  plan  active  2/6       Search index
    PLAN-002  plan  done    2/3       Login with a passkey

    2 documents
    ");
    assert_snapshot!(repo.plan("show PLAN-004"), @r"
    exit code: 0
    ----- stdout -----
    ● Search index
      docs/plans/active/search-index.md · PLAN-004

      kind       plan, ai-docs
      state      active  :4
      progress   ━━━━━━╸───────────── 2 of 6 tasks
      owner      @mira
      dates      created 2026-01-12, updated 2026-03-20
      priority   high
      tags       search, backend

      Readers find an article by any of its words within a tenth of a second.

    Phase 1: Writer (1 week)                                               2/3    29
      ✓ 1.1 Choose the tokenizer                                                  31
      ✓ 1.2 Write documents in batches                                            32
      ◐ 1.3 Rebuild the index without downtime                                    33

    Phase 2: Reader (2 weeks)                                              0/3    35
      ○ 2.1 Rank by words in the title                                            39
      ○ 2.2 Highlight the words that were found                                   40
      ○ 2.3 Measure the slowest hundred queries                                   41

    Open questions
      ? Do drafts belong in the index?                                            58
      · 1 answered

    Blockers
      ■ The new disk has not arrived (owner: @jon, ETA: 2026-04-02)               63

    Risks
      ▲ The index outgrows the disk                                               54
        probability Medium, impact High, owner @jon
        mitigation: Watch its size daily

    Metrics
      Median query                                                                47
        900 ms → 100 ms, by search log
      Articles missing                                                            48
        4 % → 0 %, by nightly count

    Decisions
      2026-01-20  One index for all languages. Rationale: two would drift         67
                  apart.
      2026-02-11  Batches of five hundred documents.                              68

    Relations
      touches        src/search                                                   11
      touches        ✗ src/index/writer.py  not found                             12
      depends on     docs/plans/completed/2025/login.md                           14
    ");
    assert_snapshot!(repo.plan("show PLN-004#2"), @r"
    exit code: 0
    ----- stdout -----
    Phase 2: Reader (2 weeks)
      docs/plans/active/search-index.md:35 · PLAN-004#2

      in         Search index
      progress   ──────────────────── 0 of 3 tasks
      duration   2 weeks
      needs      Phase 1: Writer (1 week)  :29

      ○ 2.1 Rank by words in the title                                            39
      ○ 2.2 Highlight the words that were found                                   40
      ○ 2.3 Measure the slowest hundred queries                                   41
    ");
    assert_snapshot!(repo.plan("next"), @r"
    exit code: 0
    ----- stdout -----
     1 ◐ Rebuild the index without downtime
         PLAN-004#1.3 · Search index · Writer (1 week)
         already begun, the plan is active, plan priority high, phase 1 of 2
     2 ○ Collect the colours
         themes#0.1 · Dark theme
         the plan is a draft, planned since 2026-02-28
     3 ○ Switch by the system's setting
         themes#0.2 · Dark theme
         the plan is a draft, planned since 2026-02-28
    ");
    assert_snapshot!(repo.plan("search index"), @r"
    exit code: 0
    ----- stdout -----
    ● One index for all languages  0003  adr · approved
      docs/adr/0003-one-index.md:2  title: One index for all languages
    ● Search index  PLAN-004  plan · active
      docs/plans/active/search-index.md:2  title: Search index
    ");
}

#[test]
fn execplan() {
    let repo = Repo::of("execplan");
    assert_snapshot!(repo.plan(""), @r"
    exit code: 0
    ----- stdout -----
    ● Export a report while it is being compu…  active      ━━━━━─────     2/4    4w
      streaming-export · execplan
      → 0.3 Send a heartbeat while a row takes long (completed: server side; remain…

    plans  1 active · 1 done
    tasks  2 open · 2 ready · 1 begun
    ");
    assert_snapshot!(repo.plan("show streaming-export"), @r#"
    exit code: 0
    ----- stdout -----
    ● Export a report while it is being computed
      docs/execplans/streaming-export.md · streaming-export

      kind       plan, execplan
      state      active  "In Progress"  :6
      progress   ━━━━━━━━━━────────── 2 of 4 tasks

      Somebody who exports a large report sees its first row within a second and
      does not lose it when the connection drops.

    Milestone 1: rows leave as they come                                          40

    Milestone 2: resuming                                                         44

    Tasks                                                                  2/4
      ✓ 0.1 Write rows as they are computed.  2026-03-02 09:10Z                   15
      ✓ 0.2 Resume an export from a row number.  2026-03-03 15:40Z                16
      ◐ 0.3 Send a heartbeat while a row takes long (completed: server side;      17
        remaining: client side).
      ○ 0.4 Remove the old exporter.                                              18

    Discoveries
      the proxy buffers 64 KiB before it sends anything.                          22
      evidence: the first row arrived after 1,300 rows in the staging log.

    Decisions
      2026-03-02  number rows instead of hashing them.                            27
                  why: a hash cannot be compared before the row is complete.
      2026-03-03  keep an unfinished export for one hour.                         30
                  why: nobody came back later than that in a month of logs.
    "#);
    assert_snapshot!(repo.plan("next"), @r"
    exit code: 0
    ----- stdout -----
     1 ◐ Send a heartbeat while a row takes long (completed: server side; remaining…
         streaming-export#0.3 · Export a report while it is being computed
         already begun, the plan is active     docs/execplans/streaming-export.md:17
     2 ○ Remove the old exporter.
         streaming-export#0.4 · Export a report while it is being computed
         the plan is active                    docs/execplans/streaming-export.md:18
    ");
    // Its rules follow, which are the dialect's own business.
    let said = repo.plan("dialects show --file docs/execplans/smaller-images.md");
    let first = "docs/execplans/smaller-images.md is read as execplan (plan)";
    assert!(said.contains(first), "{said}");
}

#[test]
fn dev_ops() {
    let repo = Repo::of("dev-ops");
    assert_snapshot!(repo.plan(""), @r"
    exit code: 0
    ----- stdout -----
    ● Hourly readings                           active      ━━━━━─────     2/4    8w
      PLN-001 · dev-ops
      → 0.3 Write a reading into the day's file
    ○ Board                                     no state    ━━━───────     1/3
      .dev_ops/board · dev-ops · index
      → TASK-002 Store a reading every hour

    plans  1 active · 1 no state
    tasks  4 open · 3 ready · 2 begun
    ");
    assert_snapshot!(repo.plan("list"), @r"
    exit code: 0
    ----- stdout -----
    REF             KIND      STATE     PROGRESS  TITLE
    .dev_ops/board  index     no state  1/3       Board
    PLN-001         plan      active    2/4       Hourly readings
    RES-001         research  done      –         Range of the radio

    3 documents
    ");
    assert_snapshot!(repo.plan("show PLN-001"), @r"
    exit code: 0
    ----- stdout -----
    ● Hourly readings
      .dev_ops/plans/PLN-001-hourly-readings.md · PLN-001

      kind       plan, dev-ops
      state      active  :4
      progress   ━━━━━━━━━━────────── 2 of 4 tasks
      dates      created 2026-02-02

      Every meter is read once an hour, and a silent meter is noticed within three.

    Tasks                                                                  2/4
      ✓ 0.1 Open one channel for all meters of a street                           21
      ✓ 0.2 Read a meter again when its checksum is wrong                         22
      ◐ 0.3 Write a reading into the day's file                                   26
      ○ 0.4 Close the file at midnight                                            27

    Acceptance criteria                                                    0/2
      ○ criterion.1 `make test` passes                                            31
      ○ criterion.2 A day of readings of one street is complete                   32

    Relations
      depends on     .dev_ops/research/RES-001-radio-range.md                      6
      delivered by   ✗ TASK-001  not found                                         8
      delivered by   ✗ TASK-002  not found                                         8
      delivered by   ✗ TASK-003  not found                                         8
    ");
    assert_snapshot!(repo.plan("next"), @r"
    exit code: 0
    ----- stdout -----
     1 ◐ Write a reading into the day's file
         PLN-001#0.3 · Hourly readings
         already begun, the plan is active, planned since 2026-02-02
     2 ◐ TASK-002 Store a reading every hour
         .dev_ops/board#TASK-002 · Board · rosa
         already begun, priority high, TASK-001 is done       .dev_ops/board.json:21
     3 ○ Close the file at midnight
         PLN-001#0.4 · Hourly readings
         the plan is active, planned since 2026-02-02
    ");
}

#[test]
fn spec_kit() {
    let repo = Repo::of("spec-kit");
    assert_snapshot!(repo.plan(""), @r"
    exit code: 0
    ----- stdout -----
    ○ Book a crossing                           draft       ━━━━──────     3/7    8w
      001-book-a-crossing/plan · spec-kit · 2/4 Foundational
      → T004 Replicate a booking before it is confirmed (depends on T003)

    plans  1 draft
    tasks  4 open · 1 ready
    ");
    assert_snapshot!(repo.plan("list"), @r"
    exit code: 0
    ----- stdout -----
    REF                        KIND      STATE     PROGRESS  TITLE
    constitution               constit…  no state  –         Ferry Booking Constitu…
    001-book-a-crossing/plan   plan      no state  –         Book a crossing
    001-book-a-crossing/spec   spec      draft     –         Book a crossing
    001-book-a-crossing/tasks  tasks     no state  3/7       Book a crossing

    4 documents
    ");
    assert_snapshot!(repo.plan("next"), @r"
    exit code: 0
    ----- stdout -----
     1 ○ T004 Replicate a booking before it is confirmed (depends on T003)
         001-book-a-crossing/tasks#T004 · Book a crossing · Foundational
         the plan is a draft, phase 2 of 4, T003 is done
    ");
    assert_snapshot!(repo.plan("graph specs/001-book-a-crossing/tasks.md"), @r"
    exit code: 0
    ----- stdout -----
    001-book-a-crossing/tasks  Tasks: Book a crossing  tasks, 3/7
    ├─ depends on 001-book-a-crossing/plan  Implementation Plan: Book a crossing  p…
    │  └─ implements 001-book-a-crossing/spec  Feature Specification: Book a crossi…
    └─ depends on 001-book-a-crossing/spec  Feature Specification: Book a crossing …

    Phase 1: Setup
      ✓ T001 Create the service in service/
      ✓ T002 Set up the database in service/db/
    Phase 2: Foundational  needs Phase 1: Setup
      ✓ T003 Write the deck model in service/deck.kt
      ○ T004 Replicate a booking before it is confirmed (depends on T003)  needs T0…
    Phase 3: User Story 1 - Book a place for a car (Priority: P1)
      ○ T005 Test that a long car is refused in service/test/long.kt
      ○ T006 Book a place in service/book.kt (depends on T004)  needs T004
    Phase 4: User Story 2 - Cancel a booking (Priority: P2)
      ○ T007 Cancel a booking in service/cancel.kt (depends on T006)  needs T006
    ");
    assert_snapshot!(repo.plan("graph specs/001-book-a-crossing/tasks.md --format mermaid"), @r#"
    exit code: 0
    ----- stdout -----
    flowchart LR
      n0["001-book-a-crossing/plan<br/>Implementation Plan: Book a crossing"]
      n1["001-book-a-crossing/spec<br/>Feature Specification: Book a crossing"]
      n2["001-book-a-crossing/tasks<br/>Tasks: Book a crossing"]
      n3[["Phase 1: Setup"]]
      n2 --- n3
      n4[["Phase 2: Foundational"]]
      n2 --- n4
      n5[["Phase 3: User Story 1 - Book a place for a car (Priority: P1)"]]
      n2 --- n5
      n6[["Phase 4: User Story 2 - Cancel a booking (Priority: P2)"]]
      n2 --- n6
      n7("T001<br/>Create the service in service/")
      n3 --- n7
      n8("T002<br/>Set up the database in service/db/")
      n3 --- n8
      n9("T003<br/>Write the deck model in service/deck.kt")
      n4 --- n9
      n10("T004<br/>Replicate a booking before it is confirmed (depends on T003)")
      n4 --- n10
      n11("T005<br/>Test that a long car is refused in service/test/long.kt")
      n5 --- n11
      n12("T006<br/>Book a place in service/book.kt (depends on T004)")
      n5 --- n12
      n13("T007<br/>Cancel a booking in service/cancel.kt (depends on T006)")
      n6 --- n13
      n0 -->|"implements"| n1
      n2 -->|"depends on"| n0
      n2 -->|"depends on"| n1
      n4 -->|"depends on"| n3
      n10 -->|"depends on"| n9
      n12 -->|"depends on"| n10
      n13 -->|"depends on"| n12
    "#);
}

#[test]
fn generic() {
    let repo = Repo::of("generic");
    assert_snapshot!(repo.plan(""), @"
    exit code: 0
    ----- stdout -----
    ○ To do before the release                  no state    ━━────────     1/5
      TODO · generic
      → 0.2 Check the error texts

    plans  1 no state
    tasks  4 open · 4 ready
    ");
    assert_snapshot!(repo.plan("show TODO.md"), @"
    exit code: 0
    ----- stdout -----
    ○ To do before the release
      TODO.md · TODO

      kind       tasks, generic
      state      no state
      progress   ━━━━──────────────── 1 of 5 tasks

    Tasks                                                                  1/5
      ✓ 0.1 Remove the debug switch                                                5
      ○ 0.2 Check the error texts                                                  6
      ○ 0.3 Sign the archive                                                       7
      ○ 0.4 Write the release notes                                               11
      ○ 0.5 Update the screenshots                                                12
    ");
    assert_snapshot!(repo.plan("show README.md"), @r"
    exit code: 0
    ----- stdout -----
    ○ Pebble
      README.md · README

      kind       guide, generic
      state      no state
      progress   nothing to measure
    ");
}

#[test]
fn json_agrees_with_its_name() {
    let repo = Repo::of("ai-docs");
    for (line, schema) in [
        ("status", "status"),
        ("list", "list"),
        ("show PLAN-004", "document"),
        ("show PLAN-004#1", "phase"),
        ("next", "next"),
        ("graph", "graph"),
        ("search index", "search"),
        ("links PLAN-004", "links"),
        ("dialects", "dialects"),
        ("dialects show ai-docs", "dialect"),
    ] {
        let said = repo.plan(&format!("{line} --json"));
        let name = format!("{{\n  \"schema\": \"planwright/{schema}@1\"");
        assert!(said.contains(&name), "{line}: {said}");
    }
}

#[test]
fn an_unknown_reference_names_its_neighbours() {
    assert_snapshot!(Repo::of("ai-docs").plan("show serch-index"), @r"
    exit code: 2
    ----- stderr -----
    error: nothing answers to `serch-index`
      did you mean: PLAN-004
      try: plan list --all
    ");
}

#[test]
fn no_cache_gives_the_same_answers() {
    let repo = Repo::of("ai-docs");
    for line in ["status", "list --all", "next", "show PLAN-004"] {
        let cold = repo.plan(line);
        assert_eq!(repo.plan(line), cold, "{line}");
        assert_eq!(repo.plan(&format!("--no-cache {line}")), cold, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_counted() {
    use std::os::unix::fs::PermissionsExt as _;

    let repo = Repo::of("ai-docs");
    let path = repo.path().join("docs/plans/active/comments.md");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        return; // Permissions do not bind the super-user.
    }
    for line in ["status", "list", "next"] {
        let said = repo.plan(line);
        assert!(said.contains("1 file could not be read"), "{line}: {said}");
    }
}

/// What the overview counts as ready is what `next` lists; what was begun it lists, too.
#[test]
fn the_overview_counts_what_next_lists() {
    for fixture in [
        "archcore", "ai-docs", "execplan", "dev-ops", "spec-kit", "generic",
    ] {
        let repo = Repo::of(fixture);
        let listed = repo.plan("next -n 1000 --json").matches("\"why\":").count();
        let status = repo.plan("status --json");
        let tasks = status.rsplit_once("\"tasks\": {").unwrap().1;
        let number = |name: &str| -> usize {
            let rest = tasks.split_once(&format!("\"{name}\": ")).unwrap().1;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap()
        };
        let ready = number("ready");
        assert!(
            (ready..=ready + number("in_progress")).contains(&listed),
            "{fixture}: {ready} ready, {listed} listed"
        );
    }
}

#[test]
fn a_card_that_repeats_a_plan_is_counted_once() {
    let repo = Repo::of("dev-ops");
    let board = repo.path().join(".dev_ops/board.json");
    let text = std::fs::read_to_string(&board).unwrap();
    std::fs::write(
        &board,
        text.replace("Store a reading every hour", "Hourly readings"),
    )
    .unwrap();
    assert_snapshot!(repo.plan(""), @r"
    exit code: 0
    ----- stdout -----
    ● Hourly readings                           active      ━━━━━─────     2/4    8w
      PLN-001 · dev-ops
      → 0.3 Write a reading into the day's file
    ○ Board                                     no state    ━━━━━─────     1/2
      .dev_ops/board · dev-ops · index

    plans  1 active · 1 no state
    tasks  3 open · 2 ready · 1 begun
    ");
    let next = repo.plan("next");
    assert!(!next.contains("TASK-002"), "{next}");
}
