use planwright_ops::doctor::{Answer, Area, Check, Status};

use super::counted;
use super::line::{Line, Page, Paint};
use super::style::Style;
use super::text::wrap;

/// What was looked at by area, each with its remedy, and what it comes to.
pub(crate) fn doctor(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let mut area = None;
    for check in &answer.checks {
        if area != Some(check.area) {
            page.gap();
            page.push(Line::new().strong(heading(check.area)));
            area = Some(check.area);
        }
        one(&mut page, check, style);
    }
    page.gap();
    let repairs = answer
        .checks
        .iter()
        .filter(|check| check.status == Status::Repair);
    page.push(match repairs.count() {
        0 => Line::new().paint(Paint::Good, "nothing to repair"),
        count => Line::new().paint(
            Paint::Bad,
            format!("{} to repair", counted(count as u32, "thing", "things")),
        ),
    });
    page.finish(style)
}

const fn heading(area: Area) -> &'static str {
    match area {
        Area::Repository => "Repository",
        Area::Configuration => "Configuration",
        Area::Dialects => "Dialects",
        Area::Cache => "Cache",
        Area::Git => "Git",
        Area::Wiring => "Wiring",
    }
}

fn one(page: &mut Page, check: &Check, style: &Style) {
    let signs = style.signs();
    let (sign, paint) = match check.status {
        Status::Ok => (signs.done, Paint::Good),
        Status::Note => (signs.dot, Paint::Note),
        Status::Repair => (signs.warning, Paint::Bad),
    };
    let columns = style
        .width
        .map_or(usize::MAX, |width| width.saturating_sub(4));
    for (at, text) in wrap(&check.message, columns, columns).iter().enumerate() {
        let line = if at == 0 {
            Line::indent(2).paint(paint, sign).plain(" ")
        } else {
            Line::indent(4)
        };
        page.push(line.plain(text));
    }
    for text in check
        .remedy
        .iter()
        .flat_map(|remedy| wrap(remedy, columns, columns))
    {
        page.push(Line::indent(4).dim(text));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn every_line_has_its_remedy() {
        let check = |area, status, message: &str, remedy: Option<&str>| Check {
            area,
            status,
            message: message.to_owned(),
            remedy: remedy.map(str::to_owned),
        };
        let answer = Answer {
            schema: "planwright/doctor@1",
            sound: false,
            checks: vec![
                check(Area::Repository, Status::Ok, "/app is a repository", None),
                check(
                    Area::Repository,
                    Status::Note,
                    "no plan documents were found",
                    Some("`plan dialects` tells what is read"),
                ),
                check(
                    Area::Git,
                    Status::Repair,
                    "the clone is shallow; rules that compare plans with the history say nothing",
                    Some("`git fetch --unshallow`"),
                ),
            ],
        };
        assert_snapshot!(doctor(&answer, &Style::plain(60)));
    }
}
