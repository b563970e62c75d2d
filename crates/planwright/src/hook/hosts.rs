//! The programs that agents run in: where what they send holds what, and in which form they take an
//! answer. One file each.

mod claude_code;
mod codex;
mod copilot;
mod cursor;
mod gemini_cli;
mod opencode;

use planwright_ops::hook::{Answer, Event};

/// Stands for the text in a form.
const TEXT: &str = "\"$TEXT\"";

/// What is known of a host. Of several names that a thing goes by, the first that is there counts.
#[derive(Debug)]
pub(crate) struct Host {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its own name for a session.
    pub(crate) session: &'static [&'static str],
    /// Its own name for an agent that works for the session and knows nothing of what that was told.
    pub(crate) agent: &'static [&'static str],
    /// The variable in which commands of the session find its name.
    pub(crate) variable: Option<&'static str>,
    /// Variables of other hosts that run the hooks of this one beside their own.
    pub(crate) inside: &'static [&'static str],
    /// The folder that the session works in, or a list of which the first is it.
    pub(crate) folder: &'static [&'static str],
    /// The model.
    pub(crate) model: &'static [&'static str],
    /// Why the agent does not stop for good: what came of an earlier answer before a stop, or a list of
    /// what goes on. `true`, more than 0, or not empty.
    pub(crate) again: &'static [&'static str],
    /// The tool that is used.
    pub(crate) tool: &'static [&'static str],
    /// Those of its tools that change files.
    pub(crate) edits: &'static [&'static str],
    /// What the tool is given: an object, or one as text.
    pub(crate) arguments: &'static [&'static str],
    /// The file among it.
    pub(crate) files: &'static [&'static str],
    /// A patch among it.
    pub(crate) patches: &'static [&'static str],
    /// The most characters of a text that reach the agent as they are.
    pub(crate) characters: usize,
    /// The most tokens, as we estimate them.
    pub(crate) tokens: u32,
    /// The form of what is said, in the order of [`Event::ALL`]; none where nothing can be said.
    pub(crate) says: [Option<&'static str>; 4],
    /// The form of a refusal before an edit.
    pub(crate) refuses: &'static str,
}

const HOSTS: [&Host; 6] = [
    &claude_code::HOST,
    &codex::HOST,
    &cursor::HOST,
    &gemini_cli::HOST,
    &copilot::HOST,
    &opencode::HOST,
];

impl Host {
    /// The host of a name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        HOSTS.into_iter().find(|host| host.name == name)
    }

    /// The form of what is said at a moment.
    pub(crate) fn form(&self, event: Event) -> Option<&'static str> {
        let place = Event::ALL.iter().position(|other| *other == event)?;
        *self.says.get(place)?
    }

    /// An answer in the host's own form. `None` where there is nothing to say.
    pub(crate) fn reply(&self, event: Event, answer: &Answer) -> Option<String> {
        let form = if answer.refuses {
            self.refuses
        } else {
            self.form(event)?
        };
        let text = self.shortened(answer.text.trim_end());
        let text = serde_json::to_string(text).ok()?;
        (!answer.text.is_empty()).then(|| form.replace(TEXT, &text) + "\n")
    }

    fn shortened<'a>(&self, text: &'a str) -> &'a str {
        let end = text.char_indices().nth(self.characters);
        end.map_or(text, |(end, _)| &text[..end])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_form_is_json_and_holds_the_text() {
        for host in HOSTS {
            let forms = host.says.iter().flatten().chain([&host.refuses]);
            for form in forms {
                let filled = form.replace(TEXT, "\"said\"");
                assert!(filled.contains("\"said\""), "{}: {form}", host.name);
                serde_json::from_str::<Value>(&filled).unwrap();
            }
        }
    }

    #[test]
    fn a_text_is_as_long_as_the_host_takes_it() {
        for host in HOSTS {
            let answer = Answer {
                text: "ü\"".repeat(host.characters),
                refuses: true,
            };
            let reply = host.reply(Event::BeforeEdit, &answer).unwrap();
            assert_eq!(reply.matches('ü').count() * 2, host.characters);
            serde_json::from_str::<Value>(&reply).unwrap();
        }
    }

    #[test]
    fn nothing_to_say_is_no_answer() {
        for host in HOSTS {
            for event in Event::ALL {
                assert_eq!(host.reply(event, &Answer::default()), None);
            }
        }
    }
}
