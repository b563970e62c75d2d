//! Any program that reads `AGENTS.md` (<https://agents.md>) and the skills beside it.

use super::{AGENTS_MD, SHARED_SKILL, SHARED_SKILL_GLOBAL};
use crate::host::Host;

pub(super) static HOST: Host = Host {
    name: "agents-md",
    title: "any reader of AGENTS.md",
    traces: &["AGENTS.md"],
    home: None,
    project: &[AGENTS_MD, SHARED_SKILL],
    global: &[SHARED_SKILL_GLOBAL],
    after: &[],
    after_global: &[],
};
