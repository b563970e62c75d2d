use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, RangedU64ValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use planwright_model::Level;
use planwright_ops::filter::Filter;

use crate::complete::{references, rules};

mod board;
mod brief;
mod claims;
mod convert;
mod edit;
mod fmt;
mod groups;
mod hook;
mod mcp;
mod new;
mod relocate;
mod resume;
mod setup;
mod verify;
mod write;

pub(crate) use board::{BoardArgs, BoardVerb, PreferredSide};
pub(crate) use brief::BriefArgs;
pub(crate) use claims::{ClaimVerb, ClaimsArgs, Who};
pub(crate) use convert::ConvertArgs;
pub(crate) use edit::{AddArgs, EditArgs, LinkArgs};
pub(crate) use fmt::FmtArgs;
pub(crate) use groups::grouped;
pub(crate) use hook::HookArgs;
pub(crate) use mcp::McpArgs;
pub(crate) use new::{NewArgs, RenumberArgs};
pub(crate) use relocate::{ArchiveArgs, RegistryArgs, RelocateArgs, RenameArgs};
pub(crate) use resume::ResumeArgs;
pub(crate) use setup::SetupArgs;
pub(crate) use verify::{TrustArgs, VerifyArgs};
pub(crate) use write::{EntryArgs, ItemArgs, MoveArgs, TickArgs, WriteVerb};

/// The plans of a repository: what is planned, how far it is, what can be done next.
#[derive(Debug, Parser)]
#[command(
    name = "plan",
    version,
    long_about = "The plans of a repository: what is planned, how far it is, what can be done next.\n\n\
        Planwright reads the Markdown plans that a repository already keeps, in the dialect they \
        are written in, and needs no configuration. Without a verb, `plan` shows the overview.",
    after_help = "Examples:\n  \
        plan                          the overview\n  \
        plan next                     what can be done now\n  \
        plan show docs/plans/auth.md  one plan\n  \
        plan -C ../app list --json    another repository, for a program",
    after_long_help = "References (REF):\n  \
        A path, a slug, an id (PLAN-001, also PLN-001), a number (012) or a slug of\n  \
        the title, as long as only one document answers to it. A feature's folder is\n  \
        its plan. `x#T012`, `x#2.3`, `x#2` and `x#risks` name an item, a phase or a\n  \
        section, and so does `path:line`.\n\n\
        Exit codes:\n  \
        0  there is an answer\n  \
        1  nothing was found, or what a plan says stands against it\n  \
        2  the command line makes no sense, or REF names nothing or too much\n  \
        3  the system refused, or Planwright is at fault\n  \
        Errors go to standard error; with --json they are JSON, too.\n\n\
        Environment:\n  \
        NO_COLOR              no colour\n  \
        CLICOLOR_FORCE        colour even into a pipe\n  \
        COLUMNS               width of the output\n  \
        PLANWRIGHT_CACHE_DIR  where snapshots are kept; delete them at any time\n  \
        PLANWRIGHT_STATE_DIR  where locks are kept, and what `plan undo` takes back\n  \
        PLANWRIGHT_MCP_TOKEN  what clients of `plan mcp --http` have to show\n  \
        PLANWRIGHT_ACTOR      who you are for `plan claim`: a name, or name/session\n  \
        PLANWRIGHT_HOOK_LIMIT milliseconds after which `plan hook` gives up\n  \
        PLANWRIGHT_TODAY      the day from which ages are counted, as YYYY-MM-DD\n\n\
        Examples:\n  \
        plan                          the overview\n  \
        plan next                     what can be done now\n  \
        plan show docs/plans/auth.md  one plan\n  \
        plan -C ../app list --json    another repository, for a program",
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

/// Flags of every verb.
#[derive(Args, Clone, Debug)]
pub(crate) struct Globals {
    /// Look at the repository of this folder
    #[arg(short = 'C', value_name = "DIR", global = true, value_hint = ValueHint::DirPath, help_heading = "Global options")]
    pub(crate) directory: Option<PathBuf>,
    /// Answer in JSON (see `plan schema`)
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// When to use colour
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        help_heading = "Global options"
    )]
    pub(crate) color: Color,
    /// Read every file anew and keep no snapshot
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_cache: bool,
    /// Say nothing but the answer
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// What a command line asks for before it is understood: help and errors of the parser, and a fault
/// of the program, are told in the same way as answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Early {
    pub(crate) color: Color,
    pub(crate) json: bool,
}

impl Early {
    /// Looks through the arguments, the program's name left out.
    pub(crate) fn find(args: impl Iterator<Item = OsString>) -> Self {
        let mut early = Self::default();
        let mut args = args
            .map(|arg| arg.to_string_lossy().into_owned())
            .take_while(|arg| arg != "--");
        while let Some(arg) = args.next() {
            let value = match arg.as_str() {
                "--json" => {
                    early.json = true;
                    continue;
                }
                "--color" => args.next(),
                arg => arg.strip_prefix("--color=").map(str::to_owned),
            };
            if let Some(color) = value.and_then(|value| Color::from_str(&value, false).ok()) {
                early.color = color;
            }
        }
        early
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// The whole repository at a glance (the default)
    #[command(after_help = "Examples:\n  \
        plan                the most pressing plans\n  \
        plan status --all   every plan, closed ones too\n  \
        plan status --json  the same for a program")]
    Status(StatusArgs),
    /// The documents, filtered
    #[command(
        after_help = "Several values of one filter are alternatives; different filters must all hold. \
            Exits with 1 when nothing matches.\n\n\
            Examples:\n  \
            plan list                              all documents\n  \
            plan list plan --state active          plans that are active\n  \
            plan list --state open --owner ann     what Ann still has\n  \
            plan list adr rfc --path 'docs/**'     decisions below docs"
    )]
    List(FilterArgs),
    /// A document, or a phase, item or section of it
    #[command(after_help = "Examples:\n  \
        plan show auth             by slug\n  \
        plan show PLAN-001         by id\n  \
        plan show docs/x.md        by path, also a file that is no plan\n  \
        plan show auth#T012        one task\n  \
        plan show docs/x.md:40     what stands on a line\n  \
        plan show auth#2 --json    one phase, for a program")]
    Show {
        /// What to show: a path, slug, id or number; `plan --help` tells more
        #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
        reference: String,
        /// Show the whole goal and every record, not only the latest of each kind
        #[arg(long)]
        all: bool,
    },
    /// The tasks that can be done now, best first, and why
    #[command(
        after_help = "Work that has begun comes first; then the state of the plan, priority, \
        phase and age decide. Exits with 1 when nothing is ready, and says why.\n\n\
        Examples:\n  \
        plan next                  the ten best\n  \
        plan next -n 1 --json      the best, for a program\n  \
        plan next --owner ann      Ann's\n  \
        plan next --plan auth      of one plan"
    )]
    Next(NextArgs),
    /// What has to be known to go on, within a number of tokens
    #[command(
        after_help = "Of a plan: where done ends and to do begins, the next task with what it is \
        measured by, what it waits for, and the decisions, rules and specs that bind it. Of a file: \
        the plans, decisions and rules that touch it. What finds no room is counted, with the call \
        that returns it.\n\n\
        Examples:\n  \
        plan brief                          a new session\n  \
        plan brief auth --budget 2000       a plan, in 2,000 tokens at most\n  \
        plan brief auth#T012                a task of it\n  \
        plan brief src/auth/token.rs        before an edit\n  \
        plan brief --for \"rotate tokens\"    what is written about something\n  \
        plan brief auth --explain           why each piece is in"
    )]
    Brief(BriefArgs),
    /// How documents, or the tasks of one plan, hang together
    #[command(
        after_help = "Without REF the whole repository is drawn; with it, the document, what \
        is joined to it, and its phases and tasks.\n\n\
        Examples:\n  \
        plan graph                              the repository\n  \
        plan graph auth                         one plan\n  \
        plan graph --format dot | dot -Tsvg     a picture\n  \
        plan graph auth --format mermaid        for a Markdown page"
    )]
    Graph {
        /// The document in the centre
        #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
        reference: Option<String>,
        /// How to draw
        #[arg(long, value_name = "FORMAT", default_value = "tree")]
        format: Format,
    },
    /// Documents that hold some words, best first
    #[command(after_help = "Exits with 1 when nothing is found.\n\n\
        Examples:\n  \
        plan search refresh token\n  \
        plan search rollback --kind plan --state open")]
    Search(SearchArgs),
    /// What in the plans is not true
    #[command(
        after_help = "Exits with 0 when nothing is found at the level of --fail-on or above, else \
        with 1. Levels, thresholds and exceptions are configured in .planwright/config.toml.\n\n\
        Examples:\n  \
        plan check                          everything\n  \
        plan check docs/plans auth          a folder and a document\n  \
        plan check --select state,PW301     some rules\n  \
        plan check --fix --dry-run          what can be fixed, as a diff\n  \
        plan check --format concise         a line for each finding"
    )]
    Check(CheckArgs),
    /// What a rule of `check` looks at, and the way out
    #[command(after_help = "Examples:\n  \
        plan explain                    all rules\n  \
        plan explain state-disagrees    one, by name\n  \
        plan explain PW201              or by code")]
    Explain {
        /// A rule's name or code
        #[arg(value_name = "RULE", add = ArgValueCompleter::new(rules))]
        rule: Option<String>,
    },
    /// What a document is joined to, in both directions
    #[command(after_help = "Exits with 1 when it is joined to nothing.\n\n\
        Examples:\n  \
        plan links auth\n  \
        plan links auth.prd --impact    all that a change of it can reach")]
    Links {
        /// The document
        #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
        reference: String,
        /// Also show everything that depends on it
        #[arg(long)]
        impact: bool,
    },
    /// The dialects that are read, and why a file was taken for one
    #[command(after_help = "Examples:\n  \
        plan dialects\n  \
        plan dialects show execplan\n  \
        plan dialects show --file docs/x.md    how a file was recognised")]
    Dialects {
        #[command(subcommand)]
        verb: Option<DialectsVerb>,
    },
    /// Whether the repository, the cache, git and hooks are sound
    #[command(after_help = "Exits with 1 when something is to be repaired.\n\n\
        Examples:\n  \
        plan doctor\n  \
        plan doctor --json    for a program")]
    Doctor,
    /// The commands that verify a plan, and what comes of them
    #[command(
        after_help = "Lists the commands of its verification, acceptance criteria and gates. With \
        --run those are run that a person has trusted with exactly this text, in the repository's \
        root or the folder that the plan names; what came of it is written into the plan. Exits \
        with 1 when one did not pass or was not run.\n\n\
        Examples:\n  \
        plan verify auth                     what there is to run\n  \
        plan verify auth --run               run what is trusted\n  \
        plan verify auth#2 --run --tick      of one phase, and tick what it proves\n  \
        plan verify auth --run --timeout 1h  for slow tests"
    )]
    Verify(VerifyArgs),
    /// Let Planwright run commands of a plan
    #[command(
        after_help = "Asks about each command. What is trusted is its exact text in one folder of \
        this repository, not the programs and scripts that it calls. A changed command has to be \
        trusted again.\n\n\
        Examples:\n  \
        plan trust auth            asks about each\n  \
        plan trust --list          what is trusted here\n  \
        plan trust auth --revoke   no longer"
    )]
    Trust(TrustArgs),
    /// A document in another dialect, and what is lost by it
    #[command(
        after_help = "Text stays as it is; headings and head become those of the other dialect's form, \
        wherever the same is read as before. What has no place there keeps its own heading or key. \
        Where something is lost, it is shown first and nothing is written without a yes. The document \
        itself stays unless --replace is given.\n\n\
        Examples:\n  \
        plan convert auth --to execplan --dry-run          what would be lost and written\n  \
        plan convert auth --to archcore\n  \
        plan convert auth --to ai-docs --out docs/auth.md  into another file\n  \
        plan convert auth --to dev-ops --replace --yes"
    )]
    Convert(ConvertArgs),
    /// Serve the plans to coding agents (Model Context Protocol)
    #[command(
        long_about = "Serve the plans to coding agents over the Model Context Protocol: eight tools, the \
            documents as resources, five prompts.\n\n\
            Standard input and output serve the one client that started the process. `--http` listens \
            for clients at /mcp instead and asks for a token: that of PLANWRIGHT_MCP_TOKEN, else one \
            that is made and shown on standard error.",
        after_help = "Examples:\n  \
            plan mcp              for a host that starts the server itself\n  \
            plan mcp --http 8080  http://127.0.0.1:8080/mcp, with a token"
    )]
    Mcp(McpArgs),
    /// Tell an agent what it has to know at a moment of its session
    #[command(
        long_about = "Tell an agent what it has to know at a moment of its session: called by the program \
            that the agent runs in, which sends JSON to standard input and is answered in its own form. \
            Says nothing where there is nothing to say, and exits with 0 whatever happens; what went \
            wrong is what `plan doctor` tells.",
        after_help = "Examples:\n  \
            plan hook claude-code session-start   the plans, and what is claimed\n  \
            plan hook codex before-edit           what binds the files\n  \
            plan hook cursor after-edit           what does not hold now\n  \
            plan hook copilot before-stop         what is left open"
    )]
    Hook(HookArgs),
    /// Which cards stand in which stage of a board
    #[command(
        after_help = "Of a board its columns, of a plan how far its tasks are, of a repository without \
        boards how far its plans are; who holds what and what it waits for.\n\n\
        Examples:\n  \
        plan board            the boards, else the plans\n  \
        plan board auth       the tasks of a plan\n  \
        plan board move board#TASK-012 Verify\n  \
        plan board import auth     a card for each of its tasks\n  \
        plan board sync"
    )]
    Board(BoardArgs),
    /// What was done, decided, tried and left by the sessions before
    #[command(
        after_help = "Of a plan: the sessions that worked on it, with what each ticked and noted and which \
        files it edited; the latest decisions, discoveries and outcomes; what came of the commands that \
        prove it; files of it that are not committed; who holds what; and the next task. Exits with 1 \
        when no REF is given and no session is known.\n\n\
        Examples:\n  \
        plan resume              what the last session worked on\n  \
        plan resume auth         a plan\n  \
        plan resume auth#T012    a task of it"
    )]
    Resume(ResumeArgs),
    /// Wire Planwright into programs that run coding agents
    #[command(
        long_about = "Wire Planwright into programs that run coding agents: the MCP server, hooks where \
            they have them, an Agent Skill, and lines between markers in the file with instructions that \
            they read.\n\nEverything else in their files stays as it is, to the byte, and --remove gives \
            the file from before. Without HOST it is told which hosts are here and how they stand.",
        after_help = "Examples:\n  \
            plan setup                        the hosts, and how they stand\n  \
            plan setup claude-code            in this repository\n  \
            plan setup codex opencode         several\n  \
            plan setup claude-code --dry-run  what would change, as a diff\n  \
            plan setup codex --global         in the user's own configuration\n  \
            plan setup codex --remove         as it was before"
    )]
    Setup(SetupArgs),
    #[command(flatten)]
    Write(WriteVerb),
    #[command(flatten)]
    Claim(ClaimVerb),
    /// Completions for a shell
    #[command(after_help = "Examples:\n  \
        plan completions bash > ~/.local/share/bash-completion/completions/plan\n  \
        plan completions zsh > ~/.zfunc/_plan\n  \
        plan completions fish > ~/.config/fish/completions/plan.fish")]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL", value_parser = PossibleValuesParser::new(["bash", "elvish", "fish", "powershell", "zsh"]))]
        shell: String,
    },
    /// The JSON Schema of an answer
    #[command(after_help = "Examples:\n  \
        plan schema           the names\n  \
        plan schema list      of `plan list --json`")]
    Schema {
        /// A verb, or the name of an answer
        #[arg(value_name = "VERB")]
        name: Option<String>,
    },
}

/// A number of things to show: none of them is no answer.
fn at_least_one() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..)
}

#[derive(Args, Debug, Default)]
pub(crate) struct StatusArgs {
    /// Show every plan, closed ones too
    #[arg(long)]
    pub(crate) all: bool,
    /// Show at most so many plans [default: 15 or what fits; in JSON all]
    #[arg(short, long, value_name = "N", conflicts_with = "all", value_parser = at_least_one())]
    pub(crate) number: Option<usize>,
}

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct CheckArgs {
    /// Files, folders or references; everything where there are none
    #[arg(value_name = "PATH|REF", value_hint = ValueHint::AnyPath, add = ArgValueCompleter::new(references))]
    pub(crate) targets: Vec<String>,
    /// Run only these rules: names, codes or their beginnings, categories
    #[arg(long, value_name = "RULES", value_delimiter = ',', add = ArgValueCompleter::new(rules))]
    pub(crate) select: Vec<String>,
    /// Check only what differs from HEAD, or from where REV and HEAD part
    #[arg(long, value_name = "REV", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub(crate) changed: Option<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULES", value_delimiter = ',', add = ArgValueCompleter::new(rules))]
    pub(crate) ignore: Vec<String>,
    /// How to show findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: CheckFormat,
    /// Put right what the machine can put right
    #[arg(long)]
    pub(crate) fix: bool,
    /// Show as a diff what --fix would change
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
    /// Leave out the findings that this file knows
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what is found into this file, to be left out from now on
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["baseline", "fix", "changed", "targets"])]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Count the findings of each rule instead of showing them
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Show every finding, also where many say the same
    #[arg(long)]
    pub(crate) all: bool,
    /// Check again whenever something changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["fix", "write_baseline", "json"])]
    pub(crate) watch: bool,
    /// Exit with 1 at findings of this level or above
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub(crate) fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Source lines with the findings in them
    Human,
    /// One line for each finding
    Concise,
    /// The same as the flag --json
    Json,
    /// For code scanning of forges, and for editors
    Sarif,
    /// Commands of GitHub Actions
    Github,
    /// Code quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
}

impl From<FailOn> for Level {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct FilterArgs {
    /// Kinds: plan, tasks, spec, adr ...; `template` for templates
    #[arg(value_name = "KIND")]
    kinds: Vec<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args, Debug)]
struct Common {
    /// A state: draft, active, done ..., `open`, `closed`, or the author's own word
    #[arg(long = "state", value_name = "STATE")]
    states: Vec<String>,
    /// A dialect, as `plan dialects` names it
    #[arg(long = "dialect", value_name = "NAME")]
    dialects: Vec<String>,
    /// An owner, by name or handle
    #[arg(long = "owner", value_name = "WHO")]
    owners: Vec<String>,
    /// A tag
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// A folder, or a glob over paths from the root
    #[arg(long = "path", value_name = "GLOB")]
    paths: Vec<String>,
    /// Look into archives too
    #[arg(long)]
    archived: bool,
    /// Look at everything: archives and templates too
    #[arg(long)]
    all: bool,
}

impl Common {
    fn filter(&self, kinds: &[String]) -> Filter {
        Filter {
            kinds: kinds.to_vec(),
            states: self.states.clone(),
            dialects: self.dialects.clone(),
            owners: self.owners.clone(),
            tags: self.tags.clone(),
            paths: self.paths.clone(),
            archived: self.archived,
            all: self.all,
        }
    }
}

impl FilterArgs {
    pub(crate) fn filter(&self) -> Filter {
        self.common.filter(&self.kinds)
    }
}

#[derive(Args, Debug)]
pub(crate) struct NextArgs {
    /// Show at most so many tasks [default: 10 or what fits]
    #[arg(short, long, value_name = "N", value_parser = at_least_one())]
    pub(crate) number: Option<usize>,
    /// Only tasks of this person
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// Only tasks of this plan
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) plan: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    /// The words
    #[arg(value_name = "WORD", required = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) filter: SearchFilter,
    /// Show at most so many documents
    #[arg(short, long, value_name = "N", default_value_t = 20, value_parser = at_least_one())]
    pub(crate) number: usize,
}

#[derive(Args, Debug)]
pub(crate) struct SearchFilter {
    /// A kind: plan, tasks, spec, adr ...
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<String>,
    #[command(flatten)]
    common: Common,
}

impl SearchFilter {
    pub(crate) fn filter(&self) -> Filter {
        self.common.filter(&self.kinds)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum DialectsVerb {
    /// A dialect as this repository uses it, and how a file was recognised
    #[command(after_help = "Examples:\n  \
        plan dialects show execplan\n  \
        plan dialects show --file docs/x.md\n  \
        plan dialects show execplan --file docs/x.md")]
    Show {
        /// The dialect
        #[arg(value_name = "NAME", required_unless_present = "file")]
        name: Option<String>,
        /// Explain how this file was recognised
        #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
        file: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Tree,
    Dot,
    Mermaid,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_has_examples() {
        fn check(command: &clap::Command) {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(help.contains("Examples:"), "{}", command.get_name());
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }

    #[test]
    fn colour_and_json_are_known_before_the_line_is_understood() {
        let find = |line: &str| {
            let early = Early::find(line.split(' ').map(OsString::from));
            (early.color, early.json)
        };
        assert_eq!(find("bogus --color always"), (Color::Always, false));
        assert_eq!(find("--color=never --json x"), (Color::Never, true));
        assert_eq!(find("--color sometimes"), (Color::Auto, false));
        assert_eq!(
            find("search -- --json --color=always"),
            (Color::Auto, false)
        );
    }

    #[test]
    fn global_flags_come_first_or_last() {
        for line in ["plan -C x show y --json", "plan --json show y -C x"] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert!(
                cli.globals.json && cli.globals.directory == Some("x".into()),
                "{line}"
            );
        }
    }
}
