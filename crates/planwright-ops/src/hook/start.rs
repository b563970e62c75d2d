//! A session begins.

use planwright_coord::Session;

use super::{Answer, Scene};
use crate::claims::holders;
use crate::{OpsError, brief};

/// Seconds in which a session begins once: a host that is wired for its user and in the repository
/// calls twice.
const AT_ONCE: i64 = 10;

/// Days after which nobody goes on where an earlier session stopped.
const LONG_AGO: i64 = 14 * 24 * 3600;

pub(super) fn answer(scene: &Scene<'_>) -> Result<Answer, OpsError> {
    let begins = scene.about("start");
    let moment = format!("{}", scene.desk.now / AT_ONCE);
    let is_news = scene.note(|session| {
        let is_news = session.hear(&begins, &moment);
        if is_news {
            // What it was told before, it does not know any more.
            session.forget(&scene.about(""));
            session.hear(&begins, &moment);
        }
        is_news
    })?;
    if !is_news || scene.ws.is_empty() {
        return Ok(Answer::default());
    }
    let (own, _) = scene.claims()?;
    let mut head: Vec<String> = own
        .iter()
        .map(|record| {
            let subject = &record.subject;
            format!("You hold `{}`: {}", subject.reference, subject.text)
        })
        .collect();
    head.extend(earlier(scene)?);
    let held = holders::held(scene.ws, scene.desk)?;
    let spent: u32 = head
        .iter()
        .map(|line| planwright_brief::tokens::estimate(line) + 1)
        .sum();
    let request = brief::Request {
        session: true,
        budget: scene
            .request
            .budget
            .saturating_sub(spent + 1)
            .max(brief::LEAST),
        claims: held.iter().map(Into::into).collect(),
        today: scene.request.now.today.to_string(),
        ..brief::Request::default()
    };
    let recap = brief::run(scene.ws, &request)?.markdown;
    if !head.is_empty() {
        head.push(String::new());
    }
    head.push(recap);
    Ok(Answer {
        text: head.join("\n"),
        refuses: false,
    })
}

/// Where an earlier session left something behind, how to hear of it.
fn earlier(scene: &Scene<'_>) -> Result<Option<String>, OpsError> {
    let sessions = scene.desk.claims.sessions();
    let sessions = sessions.map_err(|error| scene.failed(error))?;
    let is_near = |session: &&Session| {
        session.actor != *scene.desk.actor
            && session.last >= scene.desk.now - LONG_AGO
            && !(session.acts.is_empty() && session.files.is_empty())
    };
    let last = sessions
        .iter()
        .filter(is_near)
        .max_by_key(|session| session.last);
    Ok(last.map(|session| {
        format!(
            "{} worked here before you; `plan resume` tells what was done, decided and left.",
            session.actor
        )
    }))
}
