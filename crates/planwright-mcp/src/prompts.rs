//! Prompts: the five moments of work with a plan, in words that a person can pick.

use rmcp::model::{Prompt, PromptArgument, PromptMessage, Role};
use serde_json::{Map, Value};

struct Form {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    /// The argument's name, what it is, and whether the prompt needs it.
    argument: (&'static str, &'static str, bool),
    /// `{}` stands for the argument; the text before `||` is used where there is none.
    text: &'static str,
}

const FORMS: [Form; 5] = [
    Form {
        name: "plan",
        title: "Plan a piece of work",
        about: "Write a plan for something, in the form that the repository uses",
        argument: ("goal", "What is to be reached", true),
        text: "Plan this: {}\n\nFirst call `context` with the goal as `for`, and `find` for plans, specs and \
               decisions that touch it; say so if one covers it already. Then `create` the document in the \
               repository's own form with relations to what it follows from, fill what is left open in it, \
               and run `check` on it. Do not begin the work itself.",
    },
    Form {
        name: "review",
        title: "Review a plan",
        about: "Read a plan against its repository",
        argument: ("ref", "The plan", true),
        text: "Review the plan `{}`.\n\nCall `get` for it, `impact` to see what depends on it, and `check` on it. \
               Compare what it claims with the code it names. Tell what is missing, contradicts itself or \
               cannot be verified, with lines, most important first. Change nothing.",
    },
    Form {
        name: "next",
        title: "Do the next task",
        about: "Take the next ready task and do it",
        argument: ("plan", "Only of this plan", false),
        text: "Call `next` and take its first task.||Call `next` with plan `{}` and take its first task.",
    },
    Form {
        name: "resume",
        title: "Go on with a plan",
        about: "Find out where work on a plan stands, and go on",
        argument: ("ref", "The plan", true),
        text: "Go on with the plan `{}`. What the sessions before did and left stands below.\n\nCall `context` \
               for it. Say in three sentences what is done, what was \
               decided and what comes next, then do the next ready task: `start` it, work, `log` decisions and \
               discoveries as they come, run what verifies it, `tick` it.",
    },
    Form {
        name: "close",
        title: "Close a plan",
        about: "Finish a plan, or tell what is missing",
        argument: ("ref", "The plan", true),
        text: "Close the plan `{}`.\n\nCall `get` for it and run the commands that verify it. Tick only what you \
               have seen to hold. `log` the outcome, then `update` with `complete`. If it is refused, tell what is \
               missing; do not waive anything without being told to. Run `check` on it at the end.",
    },
];

pub(crate) fn list() -> Vec<Prompt> {
    let prompt = |form: &Form| {
        let (name, about, required) = form.argument;
        let argument = PromptArgument::new(name)
            .with_description(about)
            .with_required(required);
        Prompt::new(form.name, Some(form.about), Some(vec![argument])).with_title(form.title)
    };
    FORMS.iter().map(prompt).collect()
}

/// The plan whose earlier sessions a prompt tells of.
pub(crate) fn resumes(name: &str, arguments: Option<&Map<String, Value>>) -> Option<String> {
    let plan = arguments?.get("ref")?.as_str()?.trim();
    (name == "resume" && !plan.is_empty()).then(|| plan.to_owned())
}

/// The words of a prompt, and `told` below them; `Err` says what is wrong with the request.
pub(crate) fn get(
    name: &str,
    arguments: Option<&Map<String, Value>>,
    told: Option<&str>,
) -> Result<PromptMessage, String> {
    let form = FORMS.iter().find(|form| form.name == name);
    let form = form.ok_or_else(|| format!("there is no prompt `{name}`"))?;
    let (key, _, required) = form.argument;
    let given = arguments
        .and_then(|arguments| arguments.get(key))
        .and_then(Value::as_str);
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    if required && given.is_none() {
        return Err(format!("the prompt `{name}` needs `{key}`"));
    }
    let (without, with) = form.text.split_once("||").unwrap_or((form.text, form.text));
    let text = given.map_or_else(|| without.to_owned(), |given| with.replace("{}", given));
    let text = if form.name == "next" {
        text + "\n\nRead it with `get`, `start` it with `update`, and do it. `log` what you decide and find \
                out, run what verifies it, and `tick` it only when you have seen it hold."
    } else {
        text
    };
    let text = told.map_or_else(|| text.clone(), |told| format!("{text}\n\n{told}"));
    Ok(PromptMessage::new_text(Role::User, text))
}

/// True for a prompt's argument that is a reference.
pub(crate) fn takes_reference(name: &str, argument: &str) -> bool {
    let form = FORMS.iter().find(|form| form.name == name);
    form.is_some_and(|form| form.argument.0 == argument && argument != "goal")
}
