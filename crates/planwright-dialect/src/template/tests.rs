//! What forms mean, on small forms of our own. The built-in ones are tested in `tests/templates.rs`.

use std::sync::LazyLock;

use proptest::prelude::*;

use planwright_model::{ItemRole, Section};
use planwright_syntax::Parsed;

use super::*;
use crate::{DialectFolder, Dialects};

static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);

/// Reads a form in the words that all dialects share.
fn form(text: &str) -> Template {
    let generic = DIALECTS.get("generic").unwrap();
    generic.parse_template("plan", text)
}

fn problems(text: &str) -> Vec<(u32, String)> {
    let found = form(text).diagnostics;
    found
        .into_iter()
        .map(|found| (found.line, found.message))
        .collect()
}

#[test]
fn the_value_of_a_key_says_what_it_is() {
    let form = form(
        "---\n\
         title: \"{{title}}\"\n\
         status: [draft | active]\n\
         mood: \"[calm | brisk]\" # optional\n\
         due: [YYYY-MM-DD]\n\
         created: {{date}}\n\
         budget: 2500\n\
         owner: [Team or person]\n\
         code: []\n\
         parents: [{{parent}}]\n\
         ai: # optional\n\
         \x20 load: [always | never]\n\
         \x20 triggers:\n\
         \x20   - [word]\n\
         ---\n",
    );
    let keys = form.front_matter.unwrap().keys;
    let found: Vec<(&str, &ValueRule, bool)> = keys
        .iter()
        .map(|key| (key.name.as_str(), &key.value, key.required))
        .collect();
    let choice = |words: [&str; 2]| ValueRule::Choice(words.map(str::to_owned).to_vec());
    assert_eq!(
        found,
        [
            ("title", &ValueRule::Text, true),
            ("status", &choice(["draft", "active"]), true),
            ("mood", &choice(["calm", "brisk"]), false),
            ("due", &ValueRule::Date, true),
            ("created", &ValueRule::Date, true),
            ("budget", &ValueRule::Number, true),
            ("owner", &ValueRule::Text, true),
            ("code", &ValueRule::List, true),
            ("parents", &ValueRule::List, true),
            ("ai", &ValueRule::Mapping, false),
            ("ai.load", &choice(["always", "never"]), false),
            ("ai.triggers", &ValueRule::List, false),
        ]
    );
    assert_eq!(form.diagnostics, []);
}

const SECTIONS: &str = "\
# {{title}}

**Status:** [Draft | Done]
**Owner:** {{author}} <!-- optional -->

## Goal

[What is to be the case.]

## Tasks
<!-- items -->

### Phase 1: [Name]

- [ ] [A piece of work]

## Options
<!-- optional; also: Choices -->

### Money

## Risks

### Register
<!-- required -->

| Risk | Owner |
|------|-------|
| [What] | [Who] |
";

#[test]
fn the_highest_sections_are_owed_and_marks_say_otherwise() {
    let form = form(SECTIONS);
    let found: Vec<(&str, bool)> = form
        .sections
        .iter()
        .map(|section| (section.title.as_str(), section.required))
        .collect();
    assert_eq!(
        found,
        [
            ("Goal", true),
            ("Tasks", true),
            ("Options", false),
            ("Money", false),
            ("Risks", true),
            ("Register", true),
        ]
    );
    assert!(form.phases);
    assert_eq!(form.holds, [ItemRole::Task]);
    assert_eq!(form.sections[1].holds, [ItemRole::Task]);
    assert_eq!(form.sections[2].also, ["Choices"]);
    assert_eq!(form.sections[5].tables, [["Risk", "Owner"]]);
    let labels: Vec<(&str, bool)> = form
        .labels
        .iter()
        .map(|label| (label.name.as_str(), label.required))
        .collect();
    assert_eq!(labels, [("Status", true), ("Owner", false)]);
    assert_eq!(form.diagnostics, []);
}

#[test]
fn what_a_document_lacks() {
    let form = form(SECTIONS);
    let lacks = |text: &str| {
        let reading = DIALECTS.read("plans/x-plan.md", text.as_bytes().to_vec());
        let missing = form.missing_sections(&reading.document);
        missing.map(|rule| rule.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(lacks("# X\n\n## Goal\n"), ["Tasks", "Risks", "Register"]);
    // Other words of the same role, and further words behind them, serve as well.
    let text =
        "# X\n\n## Objective\n\n## To-Do\n\n## Risks & Mitigations\n\n### Register of risks\n";
    assert_eq!(lacks(text), [""; 0]);
}

#[test]
fn a_section_is_met_by_its_words_alone() {
    let form = form("# x\n\n## Surface\n<!-- also: Contract Surface -->\n");
    let meets = |title: &str| {
        let section = Section {
            line: 1,
            end_line: 1,
            level: 2,
            title: title.to_owned(),
            role: None,
            empty: false,
        };
        form.sections[0].is_met_by(&section)
    };
    assert!(meets("2. Surface (public)"));
    assert!(meets("Contract surface"));
    assert!(meets("Surface & Ports"));
    assert!(!meets("Surfaces"));
    assert!(!meets("The Surface"));
}

#[test]
fn front_matter_may_be_optional_as_a_whole() {
    let owed = form("---\ntitle: \"{{title}}\"\nnote: x # optional\n---\n");
    let free = form("---\n# optional\ntitle: \"{{title}}\"\n---\n");
    let lacks = |form: &Template, text: &str| {
        let parsed = Parsed::new(text.as_bytes().to_vec());
        let missing = form.missing_keys(parsed.front_matter.as_ref());
        missing
            .iter()
            .map(|key| key.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(lacks(&owed, "# X\n"), ["title"]);
    assert_eq!(lacks(&free, "# X\n"), [""; 0]);
    assert_eq!(lacks(&free, "---\nx: y\n---\n"), ["title"]);
    assert_eq!(lacks(&owed, "---\nTitle: y\n---\n"), [""; 0]);
}

#[test]
fn filling_in_chooses_quotes_and_leaves_the_rest_to_a_person() {
    let form = form(
        "---\n\
         title: \"{{title}}\"\n\
         note: '{{title}}'\n\
         plain: {{title}}\n\
         created: {{date}} # optional\n\
         status: [draft | in review]\n\
         mood: [calm | brisk] # my own words\n\
         parents: [{{parent}}]\n\
         owner: [Team or person]\n\
         ---\n\
         \n\
         <!-- file: plans/{{slug}}.md -->\n\
         \n\
         # {{title}} by {{author}}\n\
         \n\
         **State:** [Open | Closed] <!-- optional -->\n\
         \n\
         ## Goal\n\
         <!-- optional -->\n\
         \n\
         <!-- say it in one sentence -->\n\
         [The goal] of {{title}}, {{branch}}.\n\
         \n\
         | {{title}} |\n\
         |---|\n",
    );
    let values = Values::new()
        .with("title", "It's \"a | b\": c")
        .with("date", "2026-03-01")
        .with("mood", "brisk")
        .with_list("parent", vec!["a.md".to_owned(), "b, c".to_owned()])
        .with("author", "");
    insta::assert_snapshot!(form.fill(&values), @r#"
    ---
    title: "It's \"a | b\": c"
    note: 'It''s "a | b": c'
    plain: "It's \"a | b\": c"
    created: 2026-03-01
    status: draft
    mood: brisk # my own words
    parents: [a.md, "b, c"]
    owner: [Team or person]
    ---

    # It's "a | b": c by 

    **State:** Open

    ## Goal

    <!-- say it in one sentence -->
    [The goal] of It's "a | b": c, {{branch}}.

    | It's "a \| b": c |
    |---|
    "#);
}

#[test]
fn damage_is_told_with_its_line_and_the_rest_is_read() {
    let text = "\
---
title: \"{{titel}}\"
status: [draft | ]
---

<!-- file: /plans/{{slug}}.md; kind: plan; optionall -->
<!-- file: ../{{name}}.md -->

Words.

<!-- optional -->

## Goal
<!-- optional; perhaps -->

## Tasks

## Tasks
";
    insta::assert_debug_snapshot!(problems(text), @r#"
    [
        (
            2,
            "nothing fills in `{{titel}}`",
        ),
        (
            3,
            "a word of `status` is empty: [draft | ]",
        ),
        (
            6,
            "`optionall` is no mark",
        ),
        (
            7,
            "`../{{name}}.md` has a folder without a name",
        ),
        (
            11,
            "this mark belongs to nothing",
        ),
        (
            14,
            "`perhaps` is no mark",
        ),
        (
            18,
            "`Tasks` is owed twice",
        ),
    ]
    "#);
    assert_eq!(form(text).sections.len(), 3);
    assert_eq!(problems("---\ntitle: x\n")[0].0, 1);
    assert_eq!(problems("---\ntitle: @x\n---\n")[0].0, 2);
    assert_eq!(problems(""), []);
}

#[test]
fn places() {
    let place = |text: &str| Place::parse(text).unwrap();
    let values = Values::new()
        .with("slug", "gift-cards")
        .with("number", "7")
        .with("date", "2026-03-01");
    for (text, path) in [
        (
            "specs/{{nnn}}-{{slug}}/plan.md",
            "specs/007-gift-cards/plan.md",
        ),
        (
            ".archcore/**/{{slug}}.adr.md",
            ".archcore/shop/gift-cards.adr.md",
        ),
        ("docs/{{date}}-{{slug}}.md", "docs/2026-03-01-gift-cards.md"),
    ] {
        assert_eq!(place(text).path("shop/", &values).as_deref(), Some(path));
        assert!(place(text).matches(path), "{text}");
    }
    assert_eq!(
        place("a/**/b.md").path("", &values).as_deref(),
        Some("a/b.md")
    );
    assert_eq!(place("a/**/b.md").path("../..", &values), None);
    assert_eq!(place("a/*.md").path("", &values), None);
    assert_eq!(place("{{slug}}.md").path("", &Values::new()), None);
    assert_eq!(place("{{nnnn}}.md").digits(), Some(4));
    for (text, path, fits) in [
        ("**/{{slug}}.plan.md", "use-queue.plan.md", true),
        ("**/{{slug}}.plan.md", "a/b/use-queue.plan.md", true),
        ("**/{{slug}}.plan.md", "a/Use_Queue.plan.md", false),
        ("**/{{slug}}.plan.md", "a/-queue.plan.md", false),
        ("**/TASK-{{nnn}}*.md", "x/TASK-0012.md", true),
        ("**/TASK-{{nnn}}*.md", "x/TASK-12-a.md", false),
        ("a/*.md", "a/b/c.md", false),
    ] {
        assert_eq!(place(text).matches(path), fits, "{text} {path}");
    }
    for text in [
        "/a.md",
        "a//b.md",
        "a/../b.md",
        "a**/b.md",
        "**",
        "{{x}}.md",
        "{{slug.md",
    ] {
        assert!(Place::parse(text).is_err(), "{text}");
    }
}

fn team(manifest: &str, templates: &[(&str, &str)]) -> DialectFolder {
    DialectFolder {
        name: "archcore".to_owned(),
        origin: ".planwright/dialects/archcore".to_owned(),
        manifest: manifest.to_owned(),
        templates: templates
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
            .collect(),
    }
}

#[test]
fn a_teams_template_wins_and_the_others_stay() {
    let text = "---\ntitle: \"{{title}}\"\n---\n\n## Our Goal\n\n## {{x}}\n";
    let folder = team("", &[("README.md", "# Notes"), ("templates/plan.md", text)]);
    let (dialects, diagnostics) = Dialects::load(&[folder]);
    assert_eq!(diagnostics, []);
    let plan = dialects.template("archcore", "plan").unwrap();
    assert_eq!(
        plan.origin,
        ".planwright/dialects/archcore/templates/plan.md"
    );
    assert_eq!(plan.sections[0].title, "Our Goal");
    // Where it goes it does not say; the built-in one does.
    let file = plan.file.as_ref().map(Place::as_str);
    assert_eq!(file, Some(".archcore/**/{{slug}}.plan.md"));
    assert_eq!(
        dialects.template("archcore", "adr").unwrap().origin,
        "built-in"
    );
    assert_eq!(
        dialects
            .template("archcore", "readme")
            .map(|form| &form.name),
        None
    );
    // What is wrong with it is told with its place.
    let wrong = dialects.template_diagnostics();
    assert_eq!(wrong.len(), 1);
    assert_eq!(
        (wrong[0].0.as_str(), wrong[0].1.line),
        (plan.origin.as_str(), 7)
    );
    // The dialect itself is the built-in one.
    assert_eq!(dialects.get("archcore").unwrap().origin, "built-in");
}

#[test]
fn a_folder_without_a_manifest_has_to_name_a_dialect() {
    let folder = DialectFolder {
        name: "rollout".to_owned(),
        ..team("", &[("plan.md", "# x")])
    };
    let (dialects, diagnostics) = Dialects::load(&[folder]);
    assert!(dialects.get("rollout").is_none());
    assert_eq!(
        diagnostics[0].1.message,
        "there is no dialect.toml in this folder"
    );
}

#[test]
fn a_document_is_held_against_the_form_of_its_path_or_kind() {
    for (path, text, name) in [
        (
            "specs/001-x/checklists/ux.md",
            "# Checklist: X\n",
            Some("checklist"),
        ),
        (
            "specs/001-x/data-model.md",
            "# Data Model: X\n",
            Some("data-model"),
        ),
        ("specs/001-x/contracts/api.md", "# API\n", None),
        (".archcore/x.rnd.md", "---\ntitle: X\n---\n", Some("rnd")),
        (
            ".archcore/Bad_Name.plan.md",
            "---\ntitle: X\n---\n",
            Some("plan"),
        ),
        (
            ".archcore/x.plan.md",
            "---\ntitle: \"{{title}}\"\n---\n",
            None,
        ),
    ] {
        let document = DIALECTS.read(path, text.as_bytes().to_vec()).document;
        let found = DIALECTS.template_of(&document);
        assert_eq!(found.map(|form| form.name.as_str()), name, "{path}");
    }
}

proptest! {
    /// Whatever a form says, reading it and filling it in come to an end.
    #[test]
    fn any_form_is_read(text in "([#|<>{}\\[\\]:;*\\- \n\"'a-z]|---\n|<!-- |-->|\\{\\{title\\}\\}|optional|file: |## ){0,60}") {
        let form = form(&text);
        let values = Values::new().with("title", "x: \"y\"");
        form.fill(&values);
        for found in &form.diagnostics {
            prop_assert!(found.line >= 1);
        }
    }

    /// YAML reads back what was filled in, however the form quotes it.
    #[test]
    fn a_value_is_read_back(title in "\\PC{1,30}") {
        let form = form("---\na: \"{{title}}\"\nb: '{{title}}'\nc: {{title}}\nd: [x, {{title}}]\ne: \"x {{title}}\"\n---\n");
        let wanted = crate::words::one_line(&title);
        prop_assume!(!wanted.is_empty());
        let text = form.fill(&Values::new().with("title", title));
        let parsed = Parsed::new(text.clone().into_bytes());
        // A title may look as if it had been encoded twice.
        let mut problems = parsed.problems.iter();
        let is_read = problems.all(|problem| problem.kind == planwright_syntax::ProblemKind::Mojibake);
        prop_assert!(is_read, "{text:?} {:?}", parsed.problems);
        let matter = parsed.front_matter.unwrap();
        for key in ["a", "b", "c"] {
            prop_assert_eq!(matter.get(key).unwrap().as_str(), Some(wanted.as_str()), "{}", &text);
        }
        let planwright_syntax::yaml::ValueKind::Sequence(items) = &matter.get("d").unwrap().kind else {
            panic!("{text}");
        };
        prop_assert_eq!(items[1].as_str(), Some(wanted.as_str()));
        prop_assert_eq!(items.len(), 2);
        let e = format!("x {wanted}");
        prop_assert_eq!(matter.get("e").unwrap().as_str(), Some(e.as_str()));
    }
}
