//! What programs read, held against the schemas that they may rely on.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

use crate::runner::Repo;

const FIXTURES: [&str; 6] = [
    "ai-docs", "archcore", "dev-ops", "execplan", "generic", "spec-kit",
];

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn validator(path: &str) -> Validator {
    jsonschema::validator_for(&read(path)).unwrap()
}

/// SARIF's schema without a pattern that is no regular expression to those who read it strictly.
fn sarif() -> Validator {
    let mut schema = read("tests/schemas/sarif-2.1.0.json");
    for holder in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][holder]["properties"]["language"];
        let pattern = language.as_object_mut().unwrap().remove("pattern");
        assert_eq!(
            pattern,
            Some("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$".into())
        );
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// What `plan` prints as JSON.
fn json(repo: &Repo, line: &str) -> Value {
    let args: Vec<&str> = line.split_whitespace().collect();
    let output = repo.command(&args).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn holds(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

/// A repository whose findings have everything that findings can have.
fn varied() -> Repo {
    let repo = Repo::empty();
    let docs = repo.path().join("docs/plans and [more]");
    fs::create_dir_all(&docs).unwrap();
    fs::write(repo.path().join("docs/ranking.md"), "# Ranking\n").unwrap();
    fs::write(
        docs.join("sëarch#1.md"),
        "---\nstatus: active\nowner: ann\nowner: ann\n---\n\n# Search\n\n**Status:** Completed\n\n\
         See the [ranking](ranking.md).\n\n## Tasks\n\n- [x] Build\n- [ ] Rank\n",
    )
    .unwrap();
    repo
}

#[test]
fn sarif_is_sarif() {
    let validator = sarif();
    let log = json(&varied(), "check --format sarif");
    holds(&validator, &log, "varied");
    let text = log.to_string();
    for part in [
        "\"fixes\"",
        "\"relatedLocations\"",
        "plans%20and%20%5Bmore%5D/s%C3%ABarch%231.md",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for name in FIXTURES {
        holds(
            &validator,
            &json(&Repo::of(name), "check --format sarif"),
            name,
        );
    }
    holds(
        &validator,
        &json(&Repo::empty(), "check --format sarif"),
        "nothing found",
    );

    let mut wrong = log;
    wrong["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&wrong), "the schema refuses nothing");
}

#[test]
fn answers_keep_their_schemas() {
    let verbs = [
        ("status", "status --all"),
        ("list", "list --all"),
        ("next", "next"),
        ("graph", "graph"),
        ("search", "search the"),
        ("check", "check"),
        ("rules", "explain"),
        ("rule", "explain PW201"),
        ("dialects", "dialects"),
        ("doctor", "doctor"),
        ("new", "new plan Title --dry-run --dialect generic"),
    ];
    for (schema, line) in verbs {
        let validator = validator(&format!("../../schemas/{schema}@1.json"));
        for name in FIXTURES {
            let answer = json(&Repo::of(name), &format!("{line} --json"));
            assert_eq!(answer["schema"], format!("planwright/{schema}@1"));
            holds(&validator, &answer, line);
        }
    }
    let validator = validator("../../schemas/check@1.json");
    holds(&validator, &json(&varied(), "check --json"), "check");
}
