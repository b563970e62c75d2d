//! The verbs that change documents.

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCompleter;
use planwright_model::LogRole;

use super::{
    AddArgs, ArchiveArgs, EditArgs, FmtArgs, LinkArgs, NewArgs, RegistryArgs, RelocateArgs,
    RenameArgs, RenumberArgs,
};
use crate::complete::references;

#[derive(Debug, Subcommand)]
pub(crate) enum WriteVerb {
    /// A new document, from the form of its kind
    #[command(
        after_help = "It goes where the repository keeps such documents, named as they are, in the dialect \
        they are written in. Numbers that other branches, other work trees and other processes have \
        taken are left out. What is left to fill in is what `plan check` reports.\n\n\
        Examples:\n  \
        plan new plan \"Find it faster\"\n  \
        plan new plan \"Find it faster\" --implements search.prd --owner ann\n  \
        plan new adr \"Keep the index in Redis\" --supersedes adr-004\n  \
        plan new spec \"Gift cards\"               specs/013-gift-cards/spec.md\n  \
        plan new tasks \"Gift cards\" --from 013   in the same folder\n  \
        plan new prd \"Returns\" --dialect archcore --dry-run"
    )]
    New(NewArgs),
    /// A document or feature gets another number
    #[command(
        after_help = "Its file or folder is renamed, its id and title changed, and what refers to it \
        rewritten as far as it is proved; the rest is listed. Of two documents with one number, name \
        the one to change by its path.\n\n\
        Examples:\n  \
        plan renumber docs/plans/PLAN-012-search.md\n  \
        plan renumber specs/012-search --to 20\n  \
        plan renumber specs/012-search --dry-run"
    )]
    Renumber(RenumberArgs),
    /// Items are done
    #[command(
        after_help = "The box gets the mark that the document uses; nothing else changes. Criteria \
        below a task have to be ticked before, and what it names under Outputs has to be there. What \
        need not be is waived for a reason, which the document keeps.\n\n\
        Examples:\n  \
        plan tick auth#T012\n  \
        plan tick auth#2.1 auth#2.2    both, or none of them\n  \
        plan tick auth#T012 --dry-run  what would change, as a diff\n  \
        plan tick auth#T012 --waive docs/keys.md --reason \"in the wiki\""
    )]
    Tick(TickArgs),
    /// Somebody works on items
    #[command(after_help = "Examples:\n  \
        plan start auth#T012")]
    Start(ItemArgs),
    /// Items wait for something
    #[command(after_help = "Examples:\n  \
        plan block auth#T012 --reason \"no access to the staging database\"")]
    Block(ItemArgs),
    /// Items are not going to be done
    #[command(after_help = "Examples:\n  \
        plan cancel auth#T012 --reason \"the old login stays\"")]
    Cancel(ItemArgs),
    /// Items are to be done after all
    #[command(after_help = "Examples:\n  \
        plan reopen auth#T012")]
    Reopen(ItemArgs),
    /// Documents are agreed
    #[command(after_help = "Examples:\n  \
        plan approve auth")]
    Approve(MoveArgs),
    /// Documents are worked on
    #[command(
        after_help = "A document that is done is taken up again for a --reason.\n\n\
        Examples:\n  \
        plan activate auth\n  \
        plan activate auth --reason \"the tokens leak\""
    )]
    Activate(MoveArgs),
    /// Documents are put aside
    #[command(after_help = "Examples:\n  \
        plan pause auth --reason \"after the release\"")]
    Pause(MoveArgs),
    /// Documents are done: refused with what is missing
    #[command(
        after_help = "Every task has to be done or cancelled, every box of criteria and gates \
        ticked, every blocker resolved. What need not be is waived for a reason, which the document \
        keeps.\n\n\
        Examples:\n  \
        plan complete auth\n  \
        plan complete auth --waive auth#T012 --reason \"covered by the proxy\""
    )]
    Complete(MoveArgs),
    /// Another document takes the place of documents
    #[command(after_help = "Both sides are written.\n\n\
        Examples:\n  \
        plan supersede auth --by auth-2")]
    Supersede(MoveArgs),
    /// Documents are given up
    #[command(
        after_help = "The reason goes into the log that the document keeps.\n\n\
        Examples:\n  \
        plan abandon auth --reason \"we buy it\""
    )]
    Abandon(MoveArgs),
    /// Documents are decided against
    #[command(after_help = "Examples:\n  \
        plan reject auth --reason \"too slow\"")]
    Reject(MoveArgs),
    /// An entry in a log of a document
    #[command(
        after_help = "The entry stands where the newest ones stand and looks as they do; times are in \
        UTC unless the document's own are not. A log that is missing is made.\n\n\
        Examples:\n  \
        plan log auth \"Moved the sessions to Redis\"\n  \
        plan log auth \"Keep the cookies\" --as decision --rationale \"no logout needed\"\n  \
        plan log auth \"Redis evicts early\" --as discovery --evidence \"load test, 3 May\""
    )]
    Log(EntryArgs),
    /// Put a document, or the folder of a feature, elsewhere
    #[command(
        after_help = "Links, relations, entries of lists and paths in comments that lead to it are \
        rewritten in the style that they have, and its own with them. What cannot be proved to lead \
        there is listed.\n\n\
        Examples:\n  \
        plan move auth docs/plans/2026/             into a folder\n  \
        plan move auth docs/plans/auth-plan.md      to a path\n  \
        plan move specs/001-auth specs/done/        a feature, with all of its files\n  \
        plan move auth docs/plans/2026/ --dry-run   what would change, as a diff"
    )]
    Move(RelocateArgs),
    /// Give a document, or a feature, another title and file name
    #[command(
        after_help = "Ids, numbers and dates in the name stay. A name without blanks and capitals \
        (`sign-in`) is given to the file alone.\n\n\
        Examples:\n  \
        plan rename auth \"Sign in with a passkey\"\n  \
        plan rename PLAN-004 sign-in\n  \
        plan rename 001-auth sign-in                the folder of a feature"
    )]
    Rename(RenameArgs),
    /// Put documents into the archive
    #[command(
        after_help = "The archive is the folder `archive`, `_archive` ... in or beside the one where \
        the document lies, else the one for what is completed, else the one that the dialect has.\n\n\
        Examples:\n  \
        plan archive auth\n  \
        plan archive 001-auth 002-search --dry-run"
    )]
    Archive(ArchiveArgs),
    /// Make the lists of plans true again
    #[command(
        after_help = "A line in the wrong list moves to the one for its state (`Active`, \
        `Completed`), a plan that is left out is added in the style of the others, and their order \
        stays. Lines of plans that are not there are listed. What lies between \
        `<!-- planwright:begin plans -->` and `<!-- planwright:end -->` is made anew; \
        `state=open|closed|STATE` and `folder=DIR` behind `plans` choose.\n\n\
        Examples:\n  \
        plan registry                     every index\n  \
        plan registry docs/plans/README.md --dry-run\n  \
        plan registry --check             in a pipeline\n  \
        plan registry --prune             without the plans that are gone"
    )]
    Registry(RegistryArgs),
    /// A new task, phase, criterion, risk, question or blocker
    #[command(
        after_help = "It looks as its neighbours do: mark, numbering, indentation, rows of a table. \
        Numbers go on behind the last; none is given twice. A line that the form left to be filled in is \
        filled in first.\n\n\
        Examples:\n  \
        plan add task auth \"Rotate the keys\"\n  \
        plan add task auth \"Rotate the keys\" --phase 2 --depends-on T011\n  \
        plan add task auth \"Open the file\" \"Read it\" --parent T012\n  \
        plan add phase auth \"Roll out\"\n  \
        plan add risk auth \"Tokens leak\" --impact High --mitigation \"short lives\""
    )]
    Add(AddArgs),
    /// Another text, owner, estimate, dependency or place for an item
    #[command(
        after_help = "Its id stays, wherever it goes, and what stands below it goes along.\n\n\
        Examples:\n  \
        plan edit auth#T012 --text \"Rotate the keys daily\"\n  \
        plan edit auth#T012 --owner ann --estimate 2h\n  \
        plan edit auth#T012 --depends-on T010,T011 --no-depends-on T009\n  \
        plan edit auth#T012 --before T010"
    )]
    Edit(EditArgs),
    /// Relate documents, or items of a document
    #[command(
        after_help = "Written where the dialect keeps it: the front matter, a line at the head, a \
        section, .archcore/.sync-state.json. Where it has a field for each side, both are written.\n\n\
        Examples:\n  \
        plan link auth implements auth.prd\n  \
        plan link auth depends-on sessions keys\n  \
        plan link auth#T012 depends-on T010"
    )]
    Link(LinkArgs),
    /// Take relations back
    #[command(after_help = "Examples:\n  \
        plan unlink auth implements auth.prd\n  \
        plan unlink auth#T012 depends-on T010")]
    Unlink(LinkArgs),
    /// Bring documents into the form of their dialect
    #[command(
        after_help = "White space, line endings, boxes, the spelling of states, days; keys and sections \
        that the dialect owes are added, to be filled in. What would be read as anything else stays. \
        Without --normalize nothing is written, and the exit code is 1 where something would change.\n\n\
        Examples:\n  \
        plan fmt auth              what would change, as a diff\n  \
        plan fmt auth --normalize"
    )]
    Fmt(FmtArgs),
    /// Take back the last change
    #[command(after_help = "Refused where one of the files has changed since.\n\n\
        Examples:\n  \
        plan undo\n  \
        plan undo --dry-run")]
    Undo {
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ItemArgs {
    /// The items: `auth#T012`, `auth#2.3`, `docs/auth.md:40`
    #[arg(value_name = "ITEM", required = true, add = ArgValueCompleter::new(references))]
    pub(crate) items: Vec<String>,
    /// Why they are blocked or cancelled
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct TickArgs {
    /// The items: `auth#T012`, `auth#2.3`, `docs/auth.md:40`
    #[arg(value_name = "ITEM", required = true, add = ArgValueCompleter::new(references))]
    pub(crate) items: Vec<String>,
    /// A criterion that need not be met, or an artifact that need not be there
    #[arg(long, value_name = "WHAT", requires = "reason", add = ArgValueCompleter::new(references))]
    pub(crate) waive: Vec<String>,
    /// Why it is waived
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct MoveArgs {
    /// The documents
    #[arg(value_name = "REF", required = true, add = ArgValueCompleter::new(references))]
    pub(crate) documents: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The document that takes their place
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) by: Option<String>,
    /// An item that need not be done
    #[arg(long, value_name = "ITEM", requires = "reason", add = ArgValueCompleter::new(references))]
    pub(crate) waive: Vec<String>,
    /// The word to write, instead of the one that the dialect has
    #[arg(long, value_name = "WORD")]
    pub(crate) word: Option<String>,
    /// Leave the file in its folder, also where that is one for another state
    #[arg(long)]
    pub(crate) stay: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct EntryArgs {
    /// The document
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: String,
    /// What happened
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    /// The log it belongs to [default: progress where the document keeps it, else update]
    #[arg(long = "as", value_name = "LOG")]
    pub(crate) role: Option<LogAs>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) rationale: Option<String>,
    /// What else was considered
    #[arg(long, value_name = "TEXT")]
    pub(crate) alternatives: Option<String>,
    /// What shows it
    #[arg(long, value_name = "TEXT")]
    pub(crate) evidence: Option<String>,
    /// Who says so [default: the user that git knows]
    #[arg(long, value_name = "WHO")]
    pub(crate) author: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogAs {
    Progress,
    Decision,
    Discovery,
    Outcome,
    Update,
}

impl From<LogAs> for LogRole {
    fn from(log: LogAs) -> Self {
        match log {
            LogAs::Progress => Self::Progress,
            LogAs::Decision => Self::Decision,
            LogAs::Discovery => Self::Discovery,
            LogAs::Outcome => Self::Outcome,
            LogAs::Update => Self::Update,
        }
    }
}
