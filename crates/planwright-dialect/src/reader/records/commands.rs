//! Commands that verify a plan.

mod block;
mod programs;

use planwright_model::{Command, Item};
use planwright_syntax::{Kind, NodeId};

use crate::outline::{LABEL, Outline};
use crate::words::{normalise, one_line};

use block::Line;
use programs::looks_like_command;

/// What the column of commands is called.
const COLUMNS: [&str; 6] = [
    "command",
    "commands",
    "cmd",
    "run",
    "verification command",
    "check command",
];

/// Commands of the verification sections: shell blocks, code spans in list items and paragraphs, and
/// columns of tables.
pub(crate) fn commands(outline: &Outline<'_>, items: &[Item]) -> Vec<Command> {
    let reader = Reader { outline, items };
    let mut commands = reader.blocks();
    commands.extend(reader.spans());
    commands.extend(reader.tables());
    commands.sort_by_key(|command| command.line);
    commands
}

struct Reader<'r, 'a> {
    outline: &'r Outline<'a>,
    items: &'r [Item],
}

impl Reader<'_, '_> {
    /// What a section is for, where it holds commands.
    fn role(&self, section: usize) -> Option<&str> {
        let mut up = self.outline.upwards(section);
        up.find_map(|up| self.outline.sections[up].role)
            .filter(|role| {
                matches!(
                    *role,
                    "verification" | "criteria" | "concrete_steps" | "gates" | "rollback"
                )
            })
    }

    fn command(&self, line: u32, text: &str, source: &str, role: &str) -> Command {
        let around = self
            .items
            .iter()
            .filter(|item| item.line <= line && line <= item.end_line);
        Command {
            line,
            text: text.to_owned(),
            source: source.to_owned(),
            role: role.to_owned(),
            item: around.map(|item| item.line).max(),
            language: None,
            directory: None,
        }
    }

    fn blocks(&self) -> Vec<Command> {
        let parsed = self.outline.parsed;
        let tree = &parsed.tree;
        let mut commands = Vec::new();
        for block in &self.outline.code {
            let Some(role) = self.role(block.section) else {
                continue;
            };
            let info = tree
                .string_of(tree.node(block.node).kind)
                .trim()
                .to_lowercase();
            let language = info.split_whitespace().next().unwrap_or("");
            let Some(form) = block::Form::of(language) else {
                continue;
            };
            let mut lines = Vec::new();
            for (_, text) in tree.children(block.node) {
                let mut offset = text.span.start;
                for line in parsed.text(text.span).split('\n') {
                    let number = parsed.source.line(offset);
                    offset += line.len() as u32 + 1;
                    let text = line.trim_end();
                    // The line end of a block is no further line of it.
                    if !text.is_empty() {
                        lines.push(Line { number, text });
                    }
                }
            }
            let named = self.directory(block.section, block.line);
            for found in block::commands(form, &lines) {
                let mut command = self.command(found.line, &found.text, "fence", role);
                command.language = (!language.is_empty()).then(|| language.to_owned());
                command.directory = match (&named, found.directory) {
                    (Some(named), Some(own)) => Some(block::join(named, &own)),
                    (named, own) => own.or_else(|| named.clone()),
                };
                commands.push(command);
            }
        }
        commands
    }

    /// The folder that stands in front of a line of a section: ``Working directory: `api` ``,
    /// ``From `api/`:``.
    fn directory(&self, section: usize, line: u32) -> Option<String> {
        let label = self
            .outline
            .upwards(section)
            .take_while(|up| self.outline.sections[*up].level == LABEL)
            .find_map(|up| folder(&self.outline.sections[up].title));
        let before = self
            .outline
            .paras
            .iter()
            .filter(|para| para.section == section && para.line < line)
            .filter_map(|para| folder(self.outline.text(para)))
            .next_back();
        before.or(label)
    }

    fn spans(&self) -> Vec<Command> {
        let outline = self.outline;
        let mut commands = Vec::new();
        for item in &outline.items {
            if let Some(role) = self.role(item.section) {
                let found = in_spans(item.raw);
                commands.extend(
                    found.map(|text| self.command(item.line, &one_line(text), "inline", role)),
                );
            }
        }
        // Elsewhere prose tells of commands; here it says what to run.
        for para in &outline.paras {
            if let Some(role @ ("verification" | "criteria")) = self.role(para.section) {
                let text = outline.parsed.text(para.span);
                for found in in_spans(text) {
                    let at = found.as_ptr() as usize - text.as_ptr() as usize;
                    let line = outline.parsed.source.line(para.span.start + at as u32);
                    commands.push(self.command(line, &one_line(found), "inline", role));
                }
            }
        }
        commands
    }

    fn tables(&self) -> Vec<Command> {
        let outline = self.outline;
        let tree = &outline.parsed.tree;
        let mut commands = Vec::new();
        for table in &outline.tables {
            let Some(role) = self.role(table.section) else {
                continue;
            };
            let mut rows = tree.children(table.node);
            let Some((head, _)) = rows.next() else {
                continue;
            };
            let column = self.cells(head).position(|cell| {
                let text = outline.plain(cell + 1, tree.node(cell).next, 0);
                COLUMNS.contains(&normalise(&text).as_str())
            });
            let Some(column) = column else { continue };
            for (row, node) in rows {
                let Some(cell) = self.cells(row).nth(column) else {
                    continue;
                };
                let line = outline.parsed.source.line(node.span.start);
                let spans = cell + 1..tree.node(cell).next;
                let spans: Vec<&str> = spans
                    .filter(|id| tree.node(*id).kind == Kind::Code)
                    .map(|id| outline.parsed.text(tree.node(id).span))
                    .map(|span| span.trim_matches('`').trim())
                    .collect();
                let plain = outline.plain(cell + 1, tree.node(cell).next, 0);
                let whole = Some(plain.trim()).filter(|text| looks_like_command(text));
                let found = if spans.is_empty() {
                    whole.into_iter().collect()
                } else {
                    spans
                };
                for text in found.into_iter().filter(|text| !text.is_empty()) {
                    // A pipe in a cell has to be written with a backslash.
                    let text = one_line(&text.replace("\\|", "|"));
                    commands.push(self.command(line, &text, "table", role));
                }
            }
        }
        commands
    }

    fn cells(&self, row: NodeId) -> impl Iterator<Item = NodeId> {
        let tree = &self.outline.parsed.tree;
        tree.children(row)
            .filter(|(_, cell)| cell.kind == Kind::TableCell)
            .map(|(cell, _)| cell)
    }
}

/// The code spans of a text that are commands.
fn in_spans(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let open = rest.find('`')?;
            let inner = &rest[open + 1..];
            let close = inner.find('`')?;
            rest = &inner[close + 1..];
            if looks_like_command(&inner[..close]) {
                return Some(inner[..close].trim());
            }
        }
    })
}

/// The folder that a line names for what stands below it.
fn folder(text: &str) -> Option<String> {
    const LEADS: [&str; 6] = [
        "working directory",
        "run these in",
        "run these from",
        "run from",
        "from",
        "in",
    ];
    let text = text.trim().trim_end_matches(':');
    let rest = LEADS.iter().find_map(|lead| {
        let rest = crate::words::strip_prefix_ignore_case(text, lead)?;
        rest.starts_with([':', ' ']).then_some(rest)
    })?;
    let name = rest.trim_matches([':', ' ', '`', '*']);
    let is_path = !name.is_empty()
        && !name.contains([' ', '`'])
        && (name.contains('/') || text.to_lowercase().starts_with("working"));
    is_path.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::Dialects;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let dialects = Dialects::load(&[]).0;
        let document = dialects
            .read("docs/plans/x.md", text.as_bytes().to_vec())
            .document;
        let found = document.commands.iter().map(|command| {
            let item = command.item.map(|line| format!(" for {line}"));
            let folder = command.directory.as_ref().map(|dir| format!(" in {dir}"));
            format!(
                "{}: {}{}{}",
                command.line,
                command.text.replace('\n', "⏎"),
                folder.unwrap_or_default(),
                item.unwrap_or_default()
            )
        });
        assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn each_line_of_a_shell_block_is_a_command() {
        check(
            "# x\n\n## Validation\n\n```sh\n# all of it\ncargo test \\\n  --workspace\n\nmake lint # slow\n```\n\n```python\nprint(1)\n```\n",
            &["7: cargo test --workspace", "10: make lint # slow"],
        );
    }

    #[test]
    fn of_a_session_only_what_was_typed() {
        check(
            "# x\n\n## Validation\n\n```console\n$ cargo test\n3 passed\n$ make lint\n```\n",
            &["6: cargo test", "8: make lint"],
        );
    }

    #[test]
    fn lines_that_need_each_other_are_one_command() {
        check(
            "# x\n\n## Validation\n\n```bash\nexport A=1\nmake test\n```\n\n```sh\nfor f in *.sh; do\n  shellcheck $f\ndone\n```\n",
            &[
                "6: export A=1⏎make test",
                "11: for f in *.sh; do⏎  shellcheck $f⏎done",
            ],
        );
    }

    #[test]
    fn a_folder_is_named_by_cd_or_by_words() {
        check(
            "# x\n\n## Validation\n\n```sh\ncd api\nmake test\ncd v2\nmake lint\n```\n\nFrom `web/app`:\n\n```sh\nnpm test\n```\n",
            &[
                "7: make test in api",
                "9: make lint in api/v2",
                "15: npm test in web/app",
            ],
        );
    }

    #[test]
    fn code_spans_behind_a_box_and_in_words() {
        check(
            "# x\n\n## Acceptance Criteria\n\n- [ ] `cargo test` passes, `src/a.rs` is there\n\n## Validation\n\nRun `just lint` and\nthen `pytest -q`.\n",
            &["5: cargo test for 5", "9: just lint", "10: pytest -q"],
        );
    }

    #[test]
    fn a_column_of_commands() {
        check(
            "# x\n\n## Verification\n\n| Check | Command | Expected |\n|---|---|---|\n| unit | `cargo test` | green |\n| lint | `a \\| b` | none |\n| eyes | look at it | fine |\n",
            &["7: cargo test", "8: a | b"],
        );
    }
}
