//! The JSON Schemas of the answers.

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};

use crate::{
    ErrorAnswer, board, brief, check, claims, dialects, doctor, explain, graph, links, list, next,
    resume, search, setup, show, status, write,
};

/// The schema of one contract.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Name of the contract: `document` for `planwright/document@1`.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
    /// Where it comes from: as a rule a command line.
    pub command: &'static str,
    generate: fn() -> Schema,
}

/// Every contract, in the order of the commands' help.
pub const CONTRACTS: [Contract; 30] = [
    contract::<status::Answer>("status", "plan status --json"),
    contract::<list::Answer>("list", "plan list --json"),
    contract::<show::DocumentAnswer>("document", "plan show --json"),
    contract::<show::ItemAnswer>("item", "plan show --json"),
    contract::<show::PhaseAnswer>("phase", "plan show --json"),
    contract::<show::SectionAnswer>("section", "plan show --json"),
    contract::<next::Answer>("next", "plan next --json"),
    contract::<brief::Answer>("brief", "plan brief --json"),
    contract::<board::Answer>("board", "plan board --json"),
    contract::<graph::Answer>("graph", "plan graph --json"),
    contract::<search::Answer>("search", "plan search --json"),
    contract::<links::Answer>("links", "plan links --json"),
    contract::<check::Answer>("check", "plan check --json"),
    contract::<explain::Answer>("rules", "plan explain --json"),
    contract::<explain::RuleAnswer>("rule", "plan explain --json"),
    contract::<dialects::Answer>("dialects", "plan dialects --json"),
    contract::<dialects::ShowAnswer>("dialect", "plan dialects show --json"),
    contract::<doctor::Answer>("doctor", "plan doctor --json"),
    contract::<write::create::Answer>("new", "plan new --json"),
    contract::<write::renumber::Answer>("renumber", "plan renumber --json"),
    contract::<write::Answer>("change", "plan tick --json, and every verb that writes"),
    contract::<write::verify::Answer>("verify", "plan verify --json"),
    contract::<write::trust::Answer>("trust", "plan trust --json"),
    contract::<write::convert::Answer>("convert", "plan convert --json"),
    contract::<claims::Answer>("claim", "plan claim --json, renew, release, takeover"),
    contract::<claims::ListAnswer>("claims", "plan claims --json"),
    contract::<resume::Answer>("resume", "plan resume --json"),
    contract::<setup::Answer>("setup", "plan setup --json"),
    contract::<ErrorAnswer>("error", "any of them, on standard error"),
    Contract {
        name: "config",
        version: 1,
        command: planwright_check::CONFIG_PATH,
        generate: config,
    },
];

const fn contract<T: JsonSchema>(name: &'static str, command: &'static str) -> Contract {
    Contract {
        name,
        version: 1,
        command,
        generate: generate::<T>,
    }
}

impl Contract {
    /// The name that answers carry: `planwright/list@1`.
    pub fn id(&self) -> String {
        format!("planwright/{}@{}", self.name, self.version)
    }

    /// The JSON Schema (draft 2020-12).
    pub fn schema(&self) -> Schema {
        let mut schema = (self.generate)();
        schema.insert("title".to_owned(), self.id().into());
        schema
    }

    /// Name of its file without the extension: `list@1`.
    pub fn file_stem(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

fn config() -> Schema {
    // What is not an object is no schema; this one is.
    Schema::try_from(planwright_check::config_schema()).unwrap_or_default()
}

fn generate<T: JsonSchema>() -> Schema {
    // Answers are written, never read back: a field that is always written is always there.
    SchemaGenerator::new(SchemaSettings::draft2020_12().for_serialize()).into_root_schema_for::<T>()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn schemas_are_up_to_date() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
        let update = std::env::var_os("PLANWRIGHT_UPDATE_SCHEMAS").is_some();
        let mut stale = Vec::new();
        let mut names = BTreeSet::new();
        for contract in &CONTRACTS {
            let path = folder.join(format!("{}.json", contract.file_stem()));
            names.insert(format!("{}.json", contract.file_stem()));
            // The rules write theirs; see the tests of planwright-check.
            if contract.name == "config" {
                continue;
            }
            let text = serde_json::to_string_pretty(&contract.schema()).unwrap() + "\n";
            if update {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &text).unwrap();
            } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                stale.push(path);
            }
        }
        assert!(
            stale.is_empty(),
            "run `PLANWRIGHT_UPDATE_SCHEMAS=1 cargo test -p planwright-ops schemas`: {stale:?}"
        );
        let found: BTreeSet<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(
            found, names,
            "a schema without a contract, or a contract without a schema"
        );
    }
}
