//! What a list item is for: its role, by where it stands and what it says.

use planwright_model::ItemRole;

use super::attributes::attribute;
use super::verdicts::starts_with_verdict;
use super::{Home, Reader, sorts};
use crate::outline::{BOLD, LABEL, ListItem};
use crate::reader::{item_state, lead};
use crate::words::{is_nothing, is_symbol, normalise, strip_prefix_ignore_case};

impl Reader<'_> {
    /// The role of a box.
    pub(super) fn boxed(
        &self,
        item: &ListItem<'_>,
        home: &Home<'_>,
        above: Option<usize>,
    ) -> Option<ItemRole> {
        if item.text.trim().is_empty() && item.raw.trim().is_empty() {
            return None;
        }
        if let Some(above) = above {
            let above = self.items[above].role;
            return Some(if above.is_work() {
                ItemRole::Subtask
            } else {
                above
            });
        }
        let numbered = || {
            lead::read(&item.text).id.is_some_and(|id| {
                id.len() > 2
                    && id.starts_with('T')
                    && id[1..].starts_with(|c: char| c.is_ascii_digit())
            })
        };
        let work = if home.task.is_some() {
            ItemRole::Subtask
        } else {
            ItemRole::Task
        };
        let in_list = self.kind == "tasks" || self.kind == "task";
        if in_list && numbered() {
            return Some(work);
        }
        // `4.1` under `## 4. Tests` is a task of that list, whatever its heading sorts it as.
        let sorted = matches!(
            home.role,
            Some("verification" | "notes" | "review" | "progress_tracking" | "prerequisites")
        );
        if sorted && in_list && self.counts_on(item) {
            return Some(work);
        }
        Some(match home.role {
            Some("criteria" | "metrics") => ItemRole::Criterion,
            Some("gates" | "governance") => ItemRole::Gate,
            Some("deliverables") => ItemRole::Deliverable,
            Some("questions") => ItemRole::Question,
            Some("tasks" | "steps" | "approach" | "concrete_steps" | "phase") => work,
            Some("progress") if self.rules.progress_boxes_are_tasks.unwrap_or(false) => work,
            _ if numbered() => work,
            // What a task's own `Validation:` demands is no piece of it.
            Some("verification")
                if home.task.is_some()
                    && self.outline.sections[home.at].level >= BOLD
                    && self.validates(home.at) =>
            {
                ItemRole::Criterion
            }
            // In a list of tasks, `Tests` and `Documentation` inside a phase group its tasks.
            Some(_) if in_list && (home.phase.is_some() || home.task.is_some()) => work,
            Some(_) if self.sorts_work(home.at) => work,
            Some("verification") if self.validates(home.at) => ItemRole::Criterion,
            Some("progress_tracking") if self.rules.progress_boxes_are_tasks.unwrap_or(false) => {
                work
            }
            // A list of tasks without phases groups them by whatever its headings say.
            Some(role) if in_list && !sorts_checks(role) && !self.has_phases => work,
            // Beside the numbered tasks of its phases, a box in a part of its own is a check.
            None if in_list && home.phase.is_none() && self.numbered_phases => ItemRole::Check,
            None if in_list || self.rules.unknown_boxes_are_tasks.unwrap_or(false) => work,
            _ if home.task.is_some() && home.role.is_none() => work,
            _ => ItemRole::Check,
        })
    }

    /// What a box is for that stands below `Acceptance criteria:`, a bullet of a task, and the task.
    pub(super) fn labelled(&self, item: &ListItem<'_>) -> Option<(ItemRole, usize)> {
        item.mark.as_ref()?;
        let bullet = &self.outline.items[item.parent?];
        if self.made[item.parent?].is_some() || bullet.mark.is_some() {
            return None;
        }
        let task = self.made[bullet.parent?]?;
        let label = bullet.text.strip_suffix([':', '：'])?;
        let role = match self.words.section(&normalise(label))? {
            "criteria" => ItemRole::Criterion,
            "gates" => ItemRole::Gate,
            "deliverables" => ItemRole::Deliverable,
            _ => return None,
        };
        self.items[task].role.is_work().then_some((role, task))
    }

    /// The role of a list item without a box, where it has one.
    pub(super) fn plain(
        &self,
        item: &ListItem<'_>,
        home: &Home<'_>,
        above: Option<usize>,
    ) -> Option<ItemRole> {
        if above.is_none() && self.is_step(item, home) {
            return self.task_or_part(item, home);
        }
        // Most lists stand where nothing is planned.
        if above.is_none() && item.parent.is_none() && home.role.is_none()
            || item.quoted
            || is_nothing(&item.text)
        {
            return None;
        }
        let text = &*item.text;
        if let Some(above) = above {
            let part = text.split_once(':').is_some_and(|(lead, _)| {
                lead.split_once(' ').is_some_and(|(word, number)| {
                    matches!(word, "Slice" | "Step" | "Part" | "Subtask") && number.len() <= 3
                })
            });
            if part && self.items[above].role.is_work() {
                return Some(ItemRole::Subtask);
            }
            let words = ["task:", "subtask:", "任务:", "任务：", "задача:", "tarea:"];
            let named = words.iter().any(|word| {
                strip_prefix_ignore_case(text, word).is_some() || text.starts_with(word)
            });
            if named && self.items[above].role.is_work() {
                return Some(ItemRole::Subtask);
            }
            // A mark of its own among boxes: `⏸️ skipped case`.
            let marked = text.starts_with(['✅', '⏸', '❌', '🔄', '🚧', '🚫'])
                && self.outline.items[item.parent?].mark.is_some();
            return marked.then(|| match self.items[above].role {
                role if role.is_work() => ItemRole::Subtask,
                role => role,
            });
        }
        if let Some(parent) = item.parent {
            // `Acceptance gate:` as a bullet, and what it demands below.
            let label = self.outline.items[parent].text.strip_suffix([':', '：'])?;
            if self.outline.items[parent].mark.is_some()
                || self.outline.items[parent].parent.is_some()
            {
                return None;
            }
            return match self.words.section(&normalise(label))? {
                "gates" => Some(ItemRole::Gate),
                "criteria" => Some(ItemRole::Criterion),
                "deliverables" => Some(ItemRole::Deliverable),
                "questions" => Some(ItemRole::Question),
                _ => None,
            };
        }
        let plans = matches!(self.kind, "plan" | "tasks");
        let explains = self.titled.contains(&item.section);
        match home.role? {
            "criteria" => Some(ItemRole::Criterion),
            "verification"
                if self.kind == "plan"
                    && home.phase.is_none()
                    && matches!(
                        self.outline.sections[home.at].norm.as_str(),
                        "verification" | "validation" | "verification criteria"
                    ) =>
            {
                let mut memo = self.conditions.borrow_mut();
                memo.entry(item.section)
                    .or_insert_with(|| {
                        let all = self.outline.items_of(item.section).iter();
                        all.filter(|other| other.parent.is_none())
                            .all(|other| states_condition(&other.text))
                    })
                    .then_some(ItemRole::Criterion)
            }
            "deliverables" if self.kind != "spec" => Some(ItemRole::Deliverable),
            "questions" => Some(ItemRole::Question),
            "gates" => self
                .directly_in(item.section, home)
                .then_some(ItemRole::Gate),
            "governance" => (item_state::verdict(text).is_some()
                && !self.below_verdict(item.section))
            .then_some(ItemRole::Gate),
            "steps" if self.boxed_work => None,
            "tasks" | "steps"
                if plans
                    && !explains
                    && !self.only_boxes
                    && !self.boxes[home.at]
                    && self.steps_of_work(home) =>
            {
                self.task_or_part(item, home)
            }
            "phase"
                if plans
                    && !explains
                    && !self.only_boxes
                    && !self.boxes[home.at]
                    && self.directly_in(item.section, home) =>
            {
                self.task_or_part(item, home)
            }
            "phase" | "tasks" if plans && !self.only_boxes => {
                // `T001 [P] ...` without its box among boxes.
                let id = lead::read(text).id?;
                (id.starts_with('T') && id.len() >= 4).then_some(ItemRole::Task)
            }
            _ => None,
        }
    }

    /// True for a numbered step right under a heading that is a task without boxes.
    fn is_step(&self, item: &ListItem<'_>, home: &Home<'_>) -> bool {
        let Some(task) = home.task else { return false };
        let section = &self.outline.sections[item.section];
        let direct = item.section == task
            || section.parent == task && matches!(section.role, Some("steps" | "tasks"));
        direct
            && item.parent.is_none()
            && !item.quoted
            && !self.boxes[task]
            && !is_nothing(&item.text)
            && self
                .outline
                .parsed
                .text(item.span)
                .starts_with(|c: char| c.is_ascii_digit())
    }

    /// True when a heading such as `Tests` or `Documentation` sorts the planned work.
    fn sorts_work(&self, at: usize) -> bool {
        let section = &self.outline.sections[at];
        section.level <= 6
            && section.role.is_some_and(sorts)
            && self
                .outline
                .upwards(section.parent)
                .find(|up| self.is_phase[*up] || self.outline.sections[*up].role.is_some())
                .is_some_and(|up| {
                    let above = &self.outline.sections[up];
                    !self.is_phase[up] && matches!(above.role, Some("approach" | "tasks"))
                })
    }

    /// True for a box `4.1` below a heading `4. Tests`.
    fn counts_on(&self, item: &ListItem<'_>) -> bool {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let title = &*self.outline.sections[item.section].title;
        let number = digits(title);
        let own = item.text.strip_prefix(&title[..number]);
        number > 0
            && title[number..].starts_with(['.', ')'])
            && own
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|rest| digits(rest) > 0)
    }

    /// True for validation and verification, false for plain tests.
    fn validates(&self, at: usize) -> bool {
        let norm = &self.outline.sections[at].norm;
        norm.contains("validation") || norm.contains("verification") || norm.contains("验证")
    }

    /// True when no heading of its own stands between a list and its phase, or a task's heading.
    fn directly_in(&self, section: usize, home: &Home<'_>) -> bool {
        if home.task.is_some() {
            return true;
        }
        // Where a label names the phase's tasks, its other lists are something else.
        let phase = &self.outline.sections[home.at];
        let named = *self.named.borrow_mut().entry(home.at).or_insert_with(|| {
            self.outline.sections[home.at + 1..phase.next]
                .iter()
                .any(|section| section.role == Some("tasks"))
        });
        !named
            && self
                .outline
                .upwards(section)
                .take_while(|up| *up != home.at)
                .all(|up| self.outline.sections[up].level > 6)
    }

    /// A label `Steps:` heads work only where work is planned; under a description it explains.
    fn steps_of_work(&self, home: &Home<'_>) -> bool {
        let section = &self.outline.sections[home.at];
        if section.level < BOLD || section.role == Some("tasks") {
            return true;
        }
        let above = self.home(section.parent);
        above.phase.is_some()
            || above.task.is_some()
            || matches!(above.role, Some("tasks" | "steps" | "approach"))
    }

    /// True when all bullets of a section are `**Key**: value`: they describe the task above.
    fn describes(&self, item: &ListItem<'_>) -> bool {
        let mut memo = self.describing.borrow_mut();
        *memo.entry(item.section).or_insert_with(|| {
            let beside = self.outline.items_of(item.section).iter();
            beside.filter(|other| other.parent.is_none()).all(|other| {
                other.raw.strip_prefix("**").is_some_and(|rest| {
                    rest.split_once("**").is_some_and(|(key, rest)| {
                        key.split(' ').count() <= 3
                            && (key.ends_with(':') || rest.trim_start().starts_with(':'))
                    })
                })
            })
        })
    }

    fn task_or_part(&self, item: &ListItem<'_>, home: &Home<'_>) -> Option<ItemRole> {
        if let Some(task) = home.task {
            // Below a task only what stands directly under its heading is a piece of it.
            let direct = item.section == task
                || self.outline.sections[item.section].role == Some("tasks")
                || self.outline.sections[item.section].role == Some("steps");
            let section = &self.outline.sections[task];
            let over = section.struck || section.title.contains("~~");
            // `T007 Move these:` and what they are.
            let lined = section.level == LABEL && section.title.starts_with('T');
            if self.describes(item) {
                return None;
            }
            let validates = ["validation", "verification", "acceptance"]
                .iter()
                .any(|word| section.norm.ends_with(word));
            return match direct && !over && !lined {
                true if validates => Some(ItemRole::Criterion),
                true => Some(ItemRole::Subtask),
                false => None,
            };
        }
        if let Some((label, words)) = item.text.split_once([':', '：'])
            && label.split_whitespace().count() <= 3
            && let Some(role) = self.words.section(&normalise(label))
        {
            // `Exit criteria: the page loads`, among the tasks of a phase.
            let role = match role {
                "gates" => ItemRole::Gate,
                "criteria" => ItemRole::Criterion,
                "deliverables" => ItemRole::Deliverable,
                _ => ItemRole::Task,
            };
            if role != ItemRole::Task {
                return (!words.trim().is_empty()).then_some(role);
            }
        }
        let key = attribute(&item.text).map(|(key, _)| key);
        let says = key.is_some_and(|key| {
            matches!(
                key.as_str(),
                "owner"
                    | "estimate"
                    | "effort"
                    | "duration"
                    | "priority"
                    | "depends on"
                    | "dependencies"
                    | "files"
                    | "file"
                    | "purpose"
                    | "status"
                    | "input"
                    | "inputs"
                    | "input artifacts"
                    | "output"
                    | "outputs"
                    | "output artifacts"
                    | "rationale"
            )
        });
        if says || self.settles(item.section, item.line) {
            return None;
        }
        Some(ItemRole::Task)
    }

    /// `After validation, decide whether:` asks; what follows are answers to choose from.
    fn settles(&self, section: usize, line: u32) -> bool {
        let title = &self.outline.sections[section].title;
        if self.outline.sections[section].level < LABEL
            || self.outline.sections[section].line > line
        {
            return false;
        }
        let lower = title.to_lowercase();
        lower.contains("whether")
            || lower.contains("options are")
            || lower.contains("for example")
            || lower.contains("e.g.")
            || lower.contains("such as")
    }

    /// True when the section, or one above it, is a principle that was judged as a whole.
    fn below_verdict(&self, section: usize) -> bool {
        let section = &self.outline.sections[section];
        section.level >= BOLD && starts_with_verdict(&section.title)
    }
}

/// Roles whose boxes are checks even in a list of tasks.
fn sorts_checks(role: &str) -> bool {
    matches!(
        role,
        "verification" | "prerequisites" | "notes" | "progress_tracking" | "review"
    )
}

/// `Run the tests` is an action, `All tests pass` a condition.
fn states_condition(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| is_symbol(c) || c == ' ');
    let first = text
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("")
        .to_lowercase();
    !text.starts_with('`')
        && !matches!(
            first.as_str(),
            "" | "run"
                | "inspect"
                | "verify"
                | "verified"
                | "check"
                | "checked"
                | "test"
                | "tested"
                | "execute"
                | "open"
                | "confirm"
                | "confirmed"
                | "ensure"
                | "review"
                | "reviewed"
                | "manually"
                | "manual"
                | "start"
                | "build"
                | "use"
                | "create"
                | "add"
                | "write"
                | "try"
                | "call"
                | "load"
                | "navigate"
                | "click"
                | "send"
                | "exercise"
                | "cover"
                | "compare"
                | "validate"
                | "unit"
                | "integration"
                | "e2e"
                | "launch"
                | "trigger"
                | "typecheck"
                | "lint"
                | "pnpm"
                | "npm"
                | "cargo"
                | "pytest"
                | "make"
                | "go"
                | "yarn"
                | "ran"
                | "capture"
                | "update"
                | "smoke"
                | "targeted"
                | "focused"
                | "browser"
        )
}
