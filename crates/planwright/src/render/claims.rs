use planwright_ops::claims::{Answer, Claim, ListAnswer};

use super::line::{Line, Page, Paint};
use super::style::Style;

/// What became of claims, a line for each.
pub(crate) fn claim(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    for claim in &answer.claims {
        let name = Line::new().paint(Paint::Note, &claim.reference).plain(" ");
        let said = match claim.state {
            "done" => {
                let commit = claim.commit.as_deref().unwrap_or_default();
                let commit = commit.get(..10).unwrap_or(commit);
                name.plain("has landed in ")
                    .paint(Paint::Good, commit)
                    .plain("  ")
                    .plain(&claim.text)
            }
            "released" => name.plain("is free").plain("  ").plain(&claim.text),
            _ => name
                .dim("held by ")
                .paint(Paint::Good, holder(claim))
                .dim(format!(" until {}", short(&claim.until)))
                .plain("  ")
                .plain(&claim.text),
        };
        page.push(cut(said, style));
        if let Some(after) = &claim.after {
            page.push(Line::indent(2).dim(format!("taken from {after}")));
        }
    }
    page.finish(style)
}

/// Who works on what.
pub(crate) fn claims(answer: &ListAnswer, style: &Style) -> String {
    let mut page = Page::new();
    for claim in &answer.claims {
        let (paint, until) = match claim.state {
            "held" => (Paint::Good, format!("until {}", short(&claim.until))),
            "expired" => (Paint::Warn, format!("was over {}", short(&claim.until))),
            word => (Paint::Dim, word.to_owned()),
        };
        let mut line = Line::new()
            .link(Paint::Note, &claim.reference, &claim.path, style)
            .plain(" ")
            .paint(paint, holder(claim));
        if claim.own {
            line = line.plain(" (you)");
        }
        if let Some(model) = &claim.model {
            line = line.dim(format!(" {model}"));
        }
        let line = line.dim(format!(" {until}")).plain("  ").plain(&claim.text);
        page.push(cut(line, style));
    }
    page.finish(style)
}

/// Who holds something, and for how long, for pages of other verbs.
pub(super) fn held_by(claim: &Claim) -> Line {
    let who = if claim.own {
        "you".to_owned()
    } else {
        holder(claim)
    };
    let (paint, until) = match claim.state {
        "expired" => (Paint::Dim, "was over"),
        _ => (Paint::Warn, "until"),
    };
    let until = format!(" {until} {}", short(&claim.until));
    Line::new().paint(paint, who).dim(until)
}

fn holder(claim: &Claim) -> String {
    format!("{}/{}", claim.holder, claim.session)
}

fn cut(line: Line, style: &Style) -> Line {
    match style.width {
        Some(columns) => line.cut(columns, style),
        None => line,
    }
}

/// `2026-03-31T12:00:00Z` as `2026-03-31 12:00Z`.
pub(super) fn short(moment: &str) -> String {
    match moment.get(..16) {
        Some(minutes) => format!("{}Z", minutes.replace('T', " ")),
        None => moment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn sample(reference: &str, state: &'static str) -> Claim {
        Claim {
            reference: reference.to_owned(),
            path: "docs/auth.md".to_owned(),
            text: "Write it".to_owned(),
            state,
            holder: "robin".to_owned(),
            session: "7".to_owned(),
            own: state == "held",
            model: None,
            since: "2026-03-31T12:00:00Z".to_owned(),
            until: "2026-03-31T14:00:00Z".to_owned(),
            fence: 1,
            after: (state == "held").then(|| "ann/1".to_owned()),
            reason: None,
            commit: None,
        }
    }

    #[test]
    fn a_claim_is_a_line() {
        let claims = vec![sample("auth#T012", "held"), sample("auth#T013", "released")];
        let answer = Answer {
            schema: "planwright/claim@1",
            verb: "claim",
            claims,
            notes: Vec::new(),
        };
        assert_snapshot!(claim(&answer, &Style::plain(80)));
    }

    #[test]
    fn claims_say_who_and_how_long() {
        let claims = ["held", "expired", "done"];
        let answer = ListAnswer {
            schema: "planwright/claims@1",
            claims: claims.map(|state| sample("auth#T012", state)).to_vec(),
            notes: Vec::new(),
        };
        assert_snapshot!(super::claims(&answer, &Style::plain(80)));
    }
}
