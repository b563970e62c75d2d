use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn help_of_the_program() {
    assert_snapshot!(Repo::empty().plan("--help"), @r"
    exit code: 0
    ----- stdout -----
    The plans of a repository: what is planned, how far it is, what can be done
    next.

    Planwright reads the Markdown plans that a repository already keeps, in the
    dialect they are written in, and needs no configuration. Without a verb, `plan`
    shows the overview.

    Usage: plan [OPTIONS] [COMMAND]

    Read:
      status       The whole repository at a glance (the default)
      list         The documents, filtered
      show         A document, or a phase, item or section of it
      next         The tasks that can be done now, best first, and why
      board        Which cards stand in which stage of a board
      brief        What has to be known to go on, within a number of tokens
      graph        How documents, or the tasks of one plan, hang together
      search       Documents that hold some words, best first
      links        What a document is joined to, in both directions

    Check:
      check        What in the plans is not true
      explain      What a rule of `check` looks at, and the way out
      verify       The commands that verify a plan, and what comes of them
      trust        Let Planwright run commands of a plan

    Change what a plan holds:
      new          A new document, from the form of its kind
      add          A new task, phase, criterion, risk, question or blocker
      edit         Another text, owner, estimate, dependency or place for an item
      tick         Items are done
      start        Somebody works on items
      block        Items wait for something
      cancel       Items are not going to be done
      reopen       Items are to be done after all
      log          An entry in a log of a document
      link         Relate documents, or items of a document
      unlink       Take relations back
      undo         Take back the last change

    Change how far it is:
      approve      Documents are agreed
      activate     Documents are worked on
      pause        Documents are put aside
      complete     Documents are done: refused with what is missing
      supersede    Another document takes the place of documents
      abandon      Documents are given up
      reject       Documents are decided against

    Change where and how it is written:
      move         Put a document, or the folder of a feature, elsewhere
      rename       Give a document, or a feature, another title and file name
      renumber     A document or feature gets another number
      archive      Put documents into the archive
      registry     Make the lists of plans true again
      convert      A document in another dialect, and what is lost by it
      fmt          Bring documents into the form of their dialect

    Work together:
      claim        Take a task that nobody holds
      renew        Hold claims for longer
      release      Give claims back
      takeover     Take a task that somebody else holds
      claims       Who works on what
      land         Push work and end its claim, both or neither
      resume       What was done, decided, tried and left by the sessions before

    Agents:
      setup        Wire Planwright into programs that run coding agents
      mcp          Serve the plans to coding agents (Model Context Protocol)
      hook         Tell an agent what it has to know at a moment of its session

    This program:
      dialects     The dialects that are read, and why a file was taken for one
      doctor       Whether the repository, the cache, git and hooks are sound
      completions  Completions for a shell
      schema       The JSON Schema of an answer

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Global options:
      -C <DIR>
              Look at the repository of this folder

          --json
              Answer in JSON (see `plan schema`)

          --color <WHEN>
              When to use colour
              
              [default: auto]
              [possible values: auto, always, never]

          --no-cache
              Read every file anew and keep no snapshot

      -q, --quiet
              Say nothing but the answer

    References (REF):
      A path, a slug, an id (PLAN-001, also PLN-001), a number (012) or a slug of
      the title, as long as only one document answers to it. A feature's folder is
      its plan. `x#T012`, `x#2.3`, `x#2` and `x#risks` name an item, a phase or a
      section, and so does `path:line`.

    Exit codes:
      0  there is an answer
      1  nothing was found, or what a plan says stands against it
      2  the command line makes no sense, or REF names nothing or too much
      3  the system refused, or Planwright is at fault
      Errors go to standard error; with --json they are JSON, too.

    Environment:
      NO_COLOR              no colour
      CLICOLOR_FORCE        colour even into a pipe
      COLUMNS               width of the output
      PLANWRIGHT_CACHE_DIR  where snapshots are kept; delete them at any time
      PLANWRIGHT_STATE_DIR  where locks are kept, and what `plan undo` takes back
      PLANWRIGHT_MCP_TOKEN  what clients of `plan mcp --http` have to show
      PLANWRIGHT_ACTOR      who you are for `plan claim`: a name, or name/session
      PLANWRIGHT_HOOK_LIMIT milliseconds after which `plan hook` gives up
      PLANWRIGHT_TODAY      the day from which ages are counted, as YYYY-MM-DD

    Examples:
      plan                          the overview
      plan next                     what can be done now
      plan show docs/plans/auth.md  one plan
      plan -C ../app list --json    another repository, for a program
    ");
}

#[test]
fn help_of_a_verb() {
    assert_snapshot!(Repo::empty().plan("list --help"), @r"
    exit code: 0
    ----- stdout -----
    The documents, filtered

    Usage: plan list [OPTIONS] [KIND]...

    Arguments:
      [KIND]...  Kinds: plan, tasks, spec, adr ...; `template` for templates

    Options:
          --state <STATE>   A state: draft, active, done ..., `open`, `closed`, or
                            the author's own word
          --dialect <NAME>  A dialect, as `plan dialects` names it
          --owner <WHO>     An owner, by name or handle
          --tag <TAG>       A tag
          --path <GLOB>     A folder, or a glob over paths from the root
          --archived        Look into archives too
          --all             Look at everything: archives and templates too
      -h, --help            Print help

    Global options:
      -C <DIR>            Look at the repository of this folder
          --json          Answer in JSON (see `plan schema`)
          --color <WHEN>  When to use colour [default: auto] [possible values: auto,
                          always, never]
          --no-cache      Read every file anew and keep no snapshot
      -q, --quiet         Say nothing but the answer

    Several values of one filter are alternatives; different filters must all hold.
    Exits with 1 when nothing matches.

    Examples:
      plan list                              all documents
      plan list plan --state active          plans that are active
      plan list --state open --owner ann     what Ann still has
      plan list adr rfc --path 'docs/**'     decisions below docs
    ");
}

#[test]
fn version() {
    let said = Repo::empty().plan("--version");
    assert_eq!(
        said,
        format!(
            "exit code: 0\n----- stdout -----\nplan {}\n",
            env!("CARGO_PKG_VERSION")
        )
    );
}

#[test]
fn every_shell_has_completions() {
    let repo = Repo::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = repo.plan(&format!("completions {shell}"));
        assert!(said.starts_with("exit code: 0\n"), "{said}");
        assert!(said.contains("PLANWRIGHT_COMPLETE"), "{said}");
    }
}

#[test]
fn a_shell_that_asks_is_answered() {
    let repo = Repo::empty();
    let mut command = repo.command(&["--", "plan", "sea"]);
    command
        .env("PLANWRIGHT_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "1");
    command.env("_CLAP_IFS", "\n");
    assert_snapshot!(repo.run(&mut command), @r"
    exit code: 0
    ----- stdout -----
    search
    ");
}

#[test]
fn schemas_are_printed() {
    let repo = Repo::empty();
    assert_snapshot!(repo.plan("schema"), @r"
    exit code: 0
    ----- stdout -----
    status    plan status --json
    list      plan list --json
    document  plan show --json
    item      plan show --json
    phase     plan show --json
    section   plan show --json
    next      plan next --json
    brief     plan brief --json
    board     plan board --json
    graph     plan graph --json
    search    plan search --json
    links     plan links --json
    check     plan check --json
    rules     plan explain --json
    rule      plan explain --json
    dialects  plan dialects --json
    dialect   plan dialects show --json
    doctor    plan doctor --json
    new       plan new --json
    renumber  plan renumber --json
    change    plan tick --json, and every verb that writes
    verify    plan verify --json
    trust     plan trust --json
    convert   plan convert --json
    claim     plan claim --json, renew, release, takeover
    claims    plan claims --json
    resume    plan resume --json
    setup     plan setup --json
    error     any of them, on standard error
    config    .planwright/config.toml
    ");
    let said = repo.plan("schema list");
    assert!(said.contains("\"const\": \"planwright/list@1\""), "{said}");
}
