//! Says what in the plans of a repository is not true.
//!
//! A [`Rule`] is one file in `rules/`: static data and a function that looks at one document or at
//! the whole [`Project`] and reports [`Finding`]s. Its page in the guide is its documentation, and
//! the examples on the page are its tests. [`check`] runs the rules that a [`Config`] asks for.
//! Nothing here knows a terminal, the environment or the clock: whoever calls says what day it is.

mod config;
mod coverage;
mod dates;
mod document;
mod engine;
mod facts;
mod finding;
pub mod fix;
mod form;
mod paths;
mod precision;
mod project;
mod prose;
mod reader;
pub mod registry;
mod rule;
mod rules;
mod sheet;
mod suppress;
mod tables;
mod text;
mod tokens;

pub use config::{Config, ConfigError, Context, Now, PATH as CONFIG_PATH, schema as config_schema};
pub use document::DocumentView;
pub use engine::{Report, Request, check};
pub use facts::Facts;
pub use finding::{Finding, Findings, Fix, Label, Place};
pub use form::Held;
pub use planwright_syntax::links::{Link, anchors};
pub use project::{Doc, Project, SourceFile, SourceText};
pub use rule::{Category, Check, Rule, Setting, Value, level_word};
pub use rules::{RULES, find, nearest, select};
pub use sheet::Reader;
