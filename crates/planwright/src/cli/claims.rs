//! The verbs of who works on what.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Debug, Subcommand)]
pub(crate) enum ClaimVerb {
    /// Take a task that nobody holds
    #[command(
        after_help = "Whoever comes second is refused. A claim ends with `tick`, `complete` or \
        `release`, or is free for others some time after --ttl. Exits with 1 when it is not to be \
        had: somebody holds it, tasks that it needs are open, or what it names under Inputs is not \
        there. --waive lets one of these be, for a reason, which `plan resume` tells.\n\n\
        Examples:\n  \
        plan claim auth#T012            one task\n  \
        plan claim auth                 a whole document\n  \
        plan claim --next --as robin    the best task that nobody holds\n  \
        plan claim auth#T012 --ttl 30m\n  \
        plan claim auth#T012 --waive auth#T011 --reason \"done on paper\""
    )]
    Claim(ClaimArgs),
    /// Hold claims for longer
    #[command(after_help = "Examples:\n  \
        plan renew              all that this session holds\n  \
        plan renew auth#T012 --ttl 4h")]
    Renew(HoldArgs),
    /// Give claims back
    #[command(after_help = "Examples:\n  \
        plan release              all that this session holds\n  \
        plan release auth#T012")]
    Release(ReleaseArgs),
    /// Who works on what
    #[command(after_help = "Examples:\n  \
        plan claims\n  \
        plan claims --all                      also those that were given back or are done\n  \
        plan claims --unlanded origin/main     a check that keeps out what was not landed")]
    Claims(ClaimsArgs),
    /// Push work and end its claim, both or neither
    #[command(
        after_help = "For claims that are shared over a remote. HEAD becomes the branch of the remote, \
        and the claim is done in the same step: whoever lost the claim lands nothing.\n\n\
        Examples:\n  \
        plan land auth#T012\n  \
        plan land auth#T012 --to main"
    )]
    Land {
        #[command(flatten)]
        who: Who,
        /// The item or document
        #[arg(value_name = "ITEM", add = ArgValueCompleter::new(references))]
        item: String,
        /// The branch of the remote [default: the one that is checked out here]
        #[arg(long, value_name = "BRANCH")]
        to: Option<String>,
    },
    /// Take a task that somebody else holds
    #[command(after_help = "Whoever held it can no longer tick it.\n\n\
        Examples:\n  \
        plan takeover auth#T012 --reason \"its session has crashed\"")]
    Takeover {
        #[command(flatten)]
        who: Who,
        /// The item or document
        #[arg(value_name = "ITEM", add = ArgValueCompleter::new(references))]
        item: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// For how long: `90s`, `30m`, `2h`, `1d`
        #[arg(long, value_name = "TIME", default_value = "2h", value_parser = lease)]
        ttl: u32,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Who {
    /// Who you are: a name, or a name and a session (`robin/7`)
    #[arg(long = "as", value_name = "ACTOR")]
    pub(crate) actor: Option<String>,
    /// The model that you are, for the record
    #[arg(long, value_name = "NAME")]
    pub(crate) model: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ClaimsArgs {
    /// Show claims too that nobody holds any more
    #[arg(long)]
    pub(crate) all: bool,
    /// Forget claims that nobody has held for 30 days
    #[arg(long)]
    pub(crate) prune: bool,
    /// Show only claims that stand against what was done since REV; exits with 1 where there are some
    #[arg(long, value_name = "REV", conflicts_with_all = ["all", "prune"])]
    pub(crate) unlanded: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ClaimArgs {
    #[command(flatten)]
    pub(crate) who: Who,
    /// The item or document: `auth#T012`, `auth#2.3`, `auth`
    #[arg(value_name = "ITEM", required_unless_present = "next", add = ArgValueCompleter::new(references))]
    pub(crate) item: Option<String>,
    /// The best task that can be done now and nobody holds
    #[arg(long, conflicts_with = "item")]
    pub(crate) next: bool,
    /// For how long: `90s`, `30m`, `2h`, `1d`
    #[arg(long, value_name = "TIME", default_value = "2h", value_parser = lease)]
    pub(crate) ttl: u32,
    /// A task that need not be done before, or an artifact that need not be there
    #[arg(long, value_name = "WHAT", requires = "reason", conflicts_with = "next", add = ArgValueCompleter::new(references))]
    pub(crate) waive: Vec<String>,
    /// Why it is waived
    #[arg(long, value_name = "TEXT", requires = "waive")]
    pub(crate) reason: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct HoldArgs {
    #[command(flatten)]
    pub(crate) who: Who,
    /// The item or document [default: all that this session holds]
    #[arg(value_name = "ITEM", add = ArgValueCompleter::new(references))]
    pub(crate) item: Option<String>,
    /// For how long from now
    #[arg(long, value_name = "TIME", default_value = "2h", value_parser = lease)]
    pub(crate) ttl: u32,
}

#[derive(Args, Debug)]
pub(crate) struct ReleaseArgs {
    #[command(flatten)]
    pub(crate) who: Who,
    /// The item or document [default: all that this session holds]
    #[arg(value_name = "ITEM", add = ArgValueCompleter::new(references))]
    pub(crate) item: Option<String>,
}

/// A length of time in seconds: `90s`, `30m`, `2h`, `1d`; at most 30 days.
fn lease(given: &str) -> Result<u32, String> {
    const MOST: u32 = 30 * 24 * 3600;
    let text = given.trim();
    let unit = text.chars().last().unwrap_or_default();
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 24 * 3600,
        _ => {
            return Err("a time is a number and s, m, h or d: `90s`, `30m`, `2h`, `1d`".to_owned());
        }
    };
    let number = text.trim_end_matches(unit).trim_end().parse::<u32>();
    let lease = number.ok().and_then(|number| number.checked_mul(seconds));
    match lease {
        Some(lease @ 1..=MOST) => Ok(lease),
        Some(_) => Err("a claim is held between one second and 30 days".to_owned()),
        None => Err("a time is a number and s, m, h or d: `90s`, `30m`, `2h`, `1d`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_and_units() {
        assert_eq!(lease("2h"), Ok(7200));
        assert_eq!(lease("90s"), Ok(90));
        assert_eq!(lease("1d"), Ok(86400));
        for wrong in ["", "2", "h", "2w", "-1h", "0s", "31d", "99999999h", "2é"] {
            assert!(lease(wrong).is_err(), "{wrong}");
        }
    }
}
