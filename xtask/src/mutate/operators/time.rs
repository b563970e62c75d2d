//! Dates and ages.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};

const DATED: &[&str] = &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("date-in-future", DATED, date_in_future),
    Operator::new(
        "log-out-of-order",
        &[AI_DOCS, EXECPLAN, GENERIC],
        log_out_of_order,
    ),
    Operator::new("time-without-zone", &[EXECPLAN], time_without_zone),
    Operator::new("dates-reversed", DATED, dates_reversed),
    Operator::new(
        "expired",
        &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, GENERIC],
        expired,
    ),
    Operator::new(
        "review-overdue",
        &[AI_DOCS, EXECPLAN, GENERIC],
        review_overdue,
    ),
    Operator::new("stale", &[AI_DOCS, EXECPLAN, DEV_OPS, GENERIC], stale),
    Operator::new("date-before-repository", DATED, date_before_repository),
];

/// A date that a line states, and the words before it.
fn date_of(line: &str) -> Option<(usize, &str)> {
    let is_date = |at: usize| {
        let word = line.get(at..at + 10)?;
        let shape = |(place, byte): (usize, u8)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        word.bytes().enumerate().all(shape).then_some((at, word))
    };
    (0..line.len()).find_map(is_date)
}

/// Lines that tell of the past by their key or label, and log entries; with their date.
fn past<'a>(page: &'a Page<'_>) -> Vec<(usize, &'a str, &'a str)> {
    const LABELS: [&str; 9] = [
        "created",
        "date",
        "last_updated",
        "updated",
        "reviewed",
        "completed",
        "last updated",
        "started",
        "updated_at",
    ];
    let is_form = page.path.contains("/adr") || page.path.contains("research");
    let mut all = Vec::new();
    for number in 1..=page.count() {
        let line = page.line(number);
        let Some((at, date)) = date_of(line) else {
            continue;
        };
        let before = line[..at].to_lowercase();
        let label: String = before
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, '_' | ' '))
            .collect();
        let is_label = LABELS.contains(&label.trim());
        let is_entry = ["- [x] (", "* [x] (", "- [x] "].contains(&before.as_str());
        if (is_label || is_entry) && !is_form {
            all.push((number, line, date));
        }
    }
    all
}

fn date_in_future(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for (number, line, date) in past(&page) {
            for future in ["2027", "2062", "2206"] {
                out.line(&page, number, &line.replacen(&date[..4], future, 1));
            }
            out.line(&page, number, &line.replacen(date, "2026-11-03", 1));
            out.line(&page, number, &line.replacen(date, "2026-03-20", 1));
        }
    }
}

fn log_out_of_order(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let entries: Vec<(usize, &str)> = page
            .texts()
            .filter(|(_, line)| {
                let starts = ["- [x] (20", "- [x] 20", "### 20", "- 20"];
                starts.iter().any(|start| line.starts_with(start))
            })
            .filter(|(_, line)| date_of(line).is_some())
            .collect();
        if entries.len() < 5 {
            continue;
        }
        // The year of the copied line, the month, or an entry that was put in the middle later.
        for (at, (number, line)) in entries.iter().enumerate().skip(1).take(entries.len() - 2) {
            let Some((_, date)) = date_of(line) else {
                continue;
            };
            for wrong in ["2025-02-14", "2024-11-30", "2025-06-01"] {
                if wrong < date {
                    out.page(
                        &page,
                        page.with_line(*number, &line.replacen(date, wrong, 1)),
                        entries[at - 1].0..=entries[at + 1].0,
                        wrong,
                    );
                }
            }
        }
    }
}

fn time_without_zone(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for (number, line) in page.texts() {
            for zone in ["0Z)", "5Z)", "0Z ", "5Z "] {
                let bare = zone.replace('Z', "");
                if line.starts_with("- [x]") && line.contains(zone) {
                    out.line(&page, number, &line.replacen(zone, &bare, 1));
                }
            }
            if let Some((_, date)) =
                date_of(line).filter(|_| line.contains(") ") && line.contains("[x] ("))
            {
                let rest = line.split_once(") ").map_or("", |(_, rest)| rest);
                for time in [" 14:05", "T14:05", "T14:05:09", " 14:05:09"] {
                    out.line(&page, number, &format!("- [x] ({date}{time}) {rest}"));
                }
            }
        }
    }
}

fn dates_reversed(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let dated = past(&page);
        let find = |label: &str| {
            dated.iter().find(|(_, line, _)| {
                let line = line.to_lowercase().replace(['*', '_'], " ");
                line.trim_start().starts_with(label)
            })
        };
        let Some((number, line, date)) = find("created")
            .or_else(|| find("started"))
            .or_else(|| find("date"))
        else {
            continue;
        };
        for label in ["last updated", "updated", "reviewed", "completed"] {
            let Some((other, other_line, other_date)) = find(label) else {
                continue;
            };
            for wrong in ["2024-05-05", "2025-01-31", "2019-12-01"] {
                let text = page.with_line(*other, &other_line.replacen(other_date, wrong, 1));
                out.page(
                    &page,
                    text,
                    1..=(*other).max(*number),
                    format!("{label} {wrong}"),
                );
            }
            // The two were mixed up.
            if date != other_date {
                let text = page.with_line(*other, &other_line.replacen(other_date, date, 1));
                let changed = Page::new(page.path, &text);
                let text = changed.with_line(*number, &line.replacen(date, other_date, 1));
                out.page(
                    &page,
                    text,
                    1..=(*other).max(*number),
                    format!("{label} and created mixed up"),
                );
            }
        }
        if page.front_end().is_some() {
            for key in [
                "completed",
                "last_updated",
                "reviewed",
                "expires",
                "updated_at",
                "completed_at",
            ] {
                if page.key(key).is_none() {
                    let text = page.with_after(*number, &format!("{key}: 2024-04-04"));
                    out.page(
                        &page,
                        text,
                        *number..=*number + 1,
                        format!("{key}: 2024-04-04"),
                    );
                }
            }
        } else if line.starts_with("**") && !line.contains('|') {
            for label in [
                "**Completed:** ",
                "**Last updated**: ",
                "**Updated:** ",
                "**Completed**: ",
            ] {
                let text = page.with_after(*number, &format!("{label}2024-04-04"));
                out.page(&page, text, *number..=*number + 1, label);
            }
        }
    }
}

fn is_closed(page: &Page<'_>) -> bool {
    let lower = page.text.to_lowercase();
    [
        "completed",
        "complete",
        "superseded",
        "done",
        "implemented",
        "resolved",
    ]
    .iter()
    .any(|word| {
        page.statuses()
            .iter()
            .any(|status| status.word.to_lowercase().starts_with(word))
    }) || lower.contains("status: rejected")
}

fn expired(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(|page| !is_closed(page)) {
        let Some(end) = page.front_end() else {
            continue;
        };
        if page.statuses().is_empty() {
            continue;
        }
        for day in ["2026-02-28", "2025-12-31", "2026-03-01"] {
            match page.key("expires") {
                Some(key) => out.line(&page, key.line, &format!("expires: {day}")),
                None => {
                    for key in ["expires", "expiry", "valid_until", "Expires"] {
                        out.after(&page, end - 1, &format!("{key}: {day}"));
                    }
                }
            }
        }
    }
}

fn review_overdue(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(|page| !is_closed(page)) {
        let is_plan = page.path.contains("plans/") && !page.tasks().is_empty();
        if !is_plan || page.statuses().is_empty() {
            continue;
        }
        if let Some(end) = page.front_end() {
            if page.text.contains("eview") {
                continue;
            }
            for lines in [
                "next_review: 2026-02-01",
                "reviewed: 2025-11-01\nreview_cadence: monthly",
                "reviewed: 2026-01-02\nreview_cadence: weekly",
                "last_reviewed: 2025-10-01\nreview_cadence: quarterly",
                "reviewed: 2026-01-15\nreview_cadence: every two weeks",
                "reviewed: 2024-12-01\ncadence: yearly",
            ] {
                let count = lines.lines().count();
                let text = page.with_after(end - 1, lines);
                out.page(&page, text, end..=end + count, lines);
            }
        }
        for section in [
            "## Review Schedule\n\n**Next review:** 2026-02-10",
            "## Review Schedule\n\n- Next review: 2026-02-10",
            "## Review Schedule\n\n- **Next Review**: 2026-01-31",
        ] {
            if !page.text.contains("eview") {
                let text = page.with_after(page.count(), &format!("\n{section}"));
                out.page(&page, text, page.count()..=page.count() + 5, section);
            }
        }
    }
    for page in base.pages() {
        for (number, line) in page
            .texts()
            .filter(|(_, line)| line.starts_with("**Next review"))
        {
            for day in ["2026-02-25", "2026-01-24"] {
                let old = page
                    .key("reviewed")
                    .map_or(String::new(), |key| key.value.to_owned());
                let text =
                    page.text
                        .replacen(&format!("reviewed: {old}"), "reviewed: 2026-01-12", 1);
                let changed = Page::new(page.path, &text);
                let text = changed.with_line(number, &format!("**Next review:** {day}"));
                out.page(&page, text, ANYWHERE, format!("{line} became {day}"));
            }
        }
    }
}

fn stale(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let status = page.statuses().into_iter().next();
        let word = status.map(|status| status.word.to_lowercase().replace(['-', '_'], " "));
        let is_active = word.is_some_and(|word| ["active", "in progress"].contains(&word.as_str()));
        if !is_active || page.tasks().is_empty() || past(&page).is_empty() {
            continue;
        }
        // All that it says of itself is months old.
        for year in ["2023", "2024"] {
            let text = page
                .text
                .replace("2026-0", &format!("{year}-1"))
                .replace("-13", "-12")
                .replace("2025-", &format!("{year}-"));
            let text = fix_months(&text);
            out.page(&page, text, ANYWHERE, format!("all in {year}"));
        }
        for (from, to) in [("2026-02-", "2025-08-"), ("2026-02-", "2025-11-")] {
            let text = page.text.replace(from, to).replace("2026-01-", "2025-07-");
            out.page(&page, text, ANYWHERE, format!("{from} became {to}"));
        }
    }
}

/// Months that do not exist become the last one.
fn fix_months(text: &str) -> String {
    let mut text = text.to_owned();
    for month in ["13", "14", "15", "16", "17", "18", "19"] {
        for year in ["2023", "2024"] {
            text = text.replace(&format!("{year}-{month}-"), &format!("{year}-12-"));
        }
    }
    text
}

fn date_before_repository(base: &Repository, out: &mut Mutants<'_>) {
    // The repository begins with the oldest date that any of its documents names.
    let base = base.committed("2025-06-01");
    let base = &base;
    for page in base
        .pages()
        .into_iter()
        .filter(|page| page.path.ends_with("/plan.md"))
    {
        let dated = page.texts().find(|(_, line)| line.contains("| **Date**"));
        let Some((number, line, (_, date))) =
            dated.and_then(|(number, line)| Some((number, line, date_of(line)?)))
        else {
            continue;
        };
        for wrong in ["2024-10-03", "2025-01-15", "2020-02-02", "2024-12-31"] {
            let text = page.with_line(number, &line.replacen(date, wrong, 1));
            out.add(
                base.with(page.path, text),
                page.path,
                number..=number,
                wrong,
            );
        }
    }
    for page in base.pages() {
        for (number, line, date) in past(&page) {
            let label = line.to_lowercase();
            // Records may be older than the repository.
            let is_record = ["/decisions/", "spec.md", "PRD-", "checklists/", "/adrs/"]
                .iter()
                .any(|part| page.path.contains(part));
            let is_begin = ["created", "**created", "started", "date", "**date"]
                .iter()
                .any(|word| label.starts_with(word))
                || label.starts_with("- [x]")
                || label.starts_with("* [x]");
            if !is_begin || date < "2025-06-01" || is_record {
                continue;
            }
            for wrong in ["2024-10-03", "2025-01-15", "2020-02-02", "2024-12-31"] {
                let text = page.with_line(number, &line.replacen(date, wrong, 1));
                out.add(
                    base.with(page.path, text),
                    page.path,
                    number..=number,
                    format!("{line} became {wrong}"),
                );
            }
        }
    }
}
