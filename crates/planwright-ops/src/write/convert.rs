//! `plan convert`: a document in another dialect, and what is lost by it.

use planwright_dialect::convert::{self, Converted, Unconverted, Wanted};
use planwright_dialect::template::{Place, Template};
use planwright_dialect::{Dialect, Reading};
use planwright_workspace::Workspace;
use planwright_workspace::write::{Change, Changed, Failure, Outcome, Reservation};
use schemars::JsonSchema;
use serde::Serialize;

use super::create::number::{Elsewhere, Series};
use super::{Call, FileChange};
use crate::{ErrorKind, Hint, OpsError, reference};

/// What to convert.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document.
    pub reference: String,
    /// The dialect to write it in.
    pub to: String,
    /// The form to use; where there is none, the document's own kind, else a plan.
    pub kind: Option<String>,
    /// Where to write it, from the root; where there is none, the place of the form.
    pub out: Option<String>,
    /// Remove the document itself.
    pub replace: bool,
}

/// A document in another dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/convert@1"))]
    pub schema: &'static str,
    /// The document.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its path from the root.
    pub path: String,
    /// The dialect it is written in.
    pub from: String,
    /// The dialect it is to be written in.
    pub to: String,
    /// The form that is used.
    pub form: String,
    /// The path of the new document.
    pub out: String,
    /// What the dialect has no place for, and what is read differently.
    pub losses: Vec<Loss>,
    /// True where something is not kept, or is read as something else.
    pub is_lossy: bool,
    /// True where nothing was written.
    pub dry_run: bool,
    /// The files that changed, or would.
    pub files: Vec<FileChange>,
}

/// Something that the dialect has no place for, or that is read differently in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Loss {
    /// `state`, `field`, `section`, `item`, `entry`, `relation` ...
    pub what: &'static str,
    /// What the document says.
    pub text: String,
    /// What becomes of it all the same; `null` where it is not kept.
    pub kept: Option<String>,
}

/// Converts a document. `accept` is shown what would be lost and decides; where it says no, nothing
/// is written.
///
/// # Errors
/// When the reference names no document, the dialect has no form for it, or the file cannot be
/// written.
pub fn run(
    ws: &Workspace,
    request: &Request,
    call: &Call<'_>,
    accept: impl FnOnce(&Answer) -> Result<(), OpsError>,
) -> Result<Answer, OpsError> {
    let index = reference::document(ws, &request.reference, "convert")?;
    let reading = ws.read(ws.entry(index).path)?;
    let dialect = ws
        .dialects()
        .get(&request.to)
        .ok_or_else(|| no_dialect(ws, &request.to))?;
    let form = form(dialect, &reading, request)?;
    let place = Target::new(ws, &reading, form, request, call)?;
    let wanted = Wanted {
        dialect: &dialect.name,
        form: &form.name,
        path: &place.path,
        values: place.values.clone(),
        now: call.now,
    };
    let converted = ws
        .dialects()
        .convert(&reading, &wanted)
        .map_err(|error| refused(&reading, error))?;
    let mut answer = told(&reading, &wanted, &converted, call.dry_run);
    if !call.dry_run {
        accept(&answer)?;
    }
    let changed = write(&reading, &place.path, &converted, request, call)?;
    // The number is given until its file is there.
    drop(place.held);
    answer.files = changed.iter().map(FileChange::new).collect();
    Ok(answer)
}

fn told(reading: &Reading, wanted: &Wanted<'_>, converted: &Converted, dry_run: bool) -> Answer {
    let document = &reading.document;
    let losses = converted.losses.iter().map(|loss| Loss {
        what: loss.what,
        text: loss.text.clone(),
        kept: loss.kept.clone(),
    });
    Answer {
        schema: "planwright/convert@1",
        reference: document.reference.clone(),
        path: document.path.clone(),
        from: document.dialect.clone(),
        to: wanted.dialect.to_owned(),
        form: wanted.form.to_owned(),
        out: wanted.path.to_owned(),
        losses: losses.collect(),
        is_lossy: converted.losses.iter().any(|loss| loss.kept.is_none()),
        dry_run,
        files: Vec::new(),
    }
}

/// The form of the kind asked for, of the document's own kind, or of a plan.
fn form<'d>(
    dialect: &'d Dialect,
    reading: &Reading,
    request: &Request,
) -> Result<&'d Template, OpsError> {
    let own = reading.document.kind.as_str();
    let found = match &request.kind {
        Some(kind) => dialect.template(kind),
        None => dialect.template(own).or_else(|| {
            let is_work = reading.document.holds_work();
            is_work.then(|| dialect.template("plan")).flatten()
        }),
    };
    let wanted = request.kind.as_deref().unwrap_or(own);
    found.ok_or_else(|| {
        let known: Vec<&str> = dialect.template_names().collect();
        let message = format!("the {} dialect has no form for a {wanted}", dialect.name);
        OpsError::new(ErrorKind::Usage, message)
            .with_hint(Hint::Note(format!("it has {}", known.join(", "))))
            .with_hint(Hint::Note("choose one with `--kind KIND`".to_owned()))
    })
}

/// Where a new document goes, and what its form is filled in with.
struct Target {
    path: String,
    values: planwright_dialect::template::Values,
    held: Option<Reservation>,
}

impl Target {
    fn new(
        ws: &Workspace,
        reading: &Reading,
        form: &Template,
        request: &Request,
        call: &Call<'_>,
    ) -> Result<Self, OpsError> {
        let day = jiff::Timestamp::from_second(call.now).unwrap_or_default();
        let day = day.strftime("%Y-%m-%d").to_string();
        let slug = slug(&reading.document.title.text);
        let own = convert::values(reading);
        let date = own.text("date").unwrap_or(day);
        let values = own.with("slug", &slug).with("date", date);
        let numbered = |number: u64| values.clone().with("number", number.to_string());
        let path = |number: u64| {
            let place = form.file.as_ref()?;
            place.path("", &numbered(number))
        };
        let mut held = None;
        let found = if let Some(out) = &request.out {
            Some(out.clone())
        } else {
            let own = number(&reading.document.path).map(u64::from);
            let pattern = form.file.as_ref().map(Place::as_str);
            match pattern.and_then(|pattern| Series::of(ws, pattern)) {
                Some(series) => {
                    let mut elsewhere = Elsewhere::open(ws);
                    let taken = elsewhere.taken(ws, &series, false);
                    let mut own = own.filter(|own| !taken.contains(own));
                    let highest = taken.last().copied().unwrap_or(0);
                    if own.is_none() && call.dry_run {
                        own = Some(highest + 1);
                    }
                    if own.is_none() {
                        let file = |number| ws.root().join(path(number).unwrap_or_default());
                        let shared = elsewhere.shared(ws);
                        let name = series.name();
                        held = Some(call.writer.reserve(&shared, &name, highest, file)?);
                    }
                    let given = held.as_ref().map(Reservation::number);
                    path(own.or(given).unwrap_or(1))
                }
                // A path without a number is the same for all of them.
                None => path(own.unwrap_or(1)),
            }
        };
        let path = found.ok_or_else(|| {
            let message = format!("the form `{}` does not say where it goes", form.name);
            OpsError::new(ErrorKind::Usage, message)
                .with_hint(Hint::Note("name the file with `--out PATH`".to_owned()))
        })?;
        let values = match id(&path, &slug) {
            Some(id) => values.with("id", id),
            None => values,
        };
        Ok(Self { path, values, held })
    }
}

/// The number in the last part of a path that has one at its beginning, or behind a prefix.
fn number(path: &str) -> Option<u32> {
    path.rsplit('/').find_map(|part| {
        let digits = part
            .split('-')
            .find(|word| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
        // `2026-01-02-x` is a day.
        digits
            .parse()
            .ok()
            .filter(|number| digits.len() != 4 || *number < 1900)
    })
}

/// The id that a path gives: `PLN-004`, `004-till`.
fn id(path: &str, slug: &str) -> Option<String> {
    number(path)?;
    let mut parts = path.rsplit('/');
    let name = parts.next()?;
    let stem = name.strip_suffix(".md").unwrap_or(name);
    if let Some(id) = stem.strip_suffix(slug) {
        return Some(id.trim_end_matches('-').to_owned());
    }
    parts.find(|part| number(part).is_some()).map(str::to_owned)
}

/// Words as a name: lower case, joined by `-`.
fn slug(title: &str) -> String {
    const LONGEST: usize = 60;
    let mut out = String::new();
    for word in title.split(|c: char| !c.is_alphanumeric()) {
        let word = word.to_lowercase();
        if word.is_empty() || out.len() + word.len() > LONGEST {
            continue;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&word);
    }
    if out.is_empty() {
        "plan".to_owned()
    } else {
        out
    }
}

fn no_dialect(ws: &Workspace, name: &str) -> OpsError {
    let known: Vec<&str> = ws
        .dialects()
        .iter()
        .map(|known| known.name.as_str())
        .collect();
    OpsError::new(ErrorKind::Usage, format!("there is no dialect `{name}`"))
        .with_hint(Hint::Note(format!("there are {}", known.join(", "))))
}

fn refused(reading: &Reading, error: Unconverted) -> OpsError {
    let message = format!("cannot convert {}: {error}", reading.document.path);
    let said = OpsError::new(ErrorKind::Refused, message);
    match error {
        Unconverted::NoForm { known, .. } => {
            said.with_hint(Hint::Note(format!("it has {}", known.join(", "))))
        }
        Unconverted::Misread { path, .. } => said
            .with_hint(Hint::Run(format!("plan dialects show --file {path}")))
            .with_hint(Hint::Note(
                "name another place with `--out PATH`".to_owned(),
            )),
        Unconverted::NotMarkdown => said,
    }
}

fn write(
    reading: &Reading,
    out: &str,
    converted: &Converted,
    request: &Request,
    call: &Call<'_>,
) -> Result<Vec<Changed>, OpsError> {
    let old = reading.document.path.clone();
    let is_itself = old == out;
    let operation = |contents: &planwright_workspace::write::Contents| {
        let held = |path: &str| contents.get(path).and_then(Option::as_ref);
        if held(&old).map(Vec::as_slice) != Some(reading.parsed.source.bytes()) {
            let message = format!("{old} has changed in the meantime");
            return Err(OpsError::new(ErrorKind::Refused, message));
        }
        if held(out).is_some() && !(is_itself && request.replace) {
            let message = format!("{out} is there already");
            let error = OpsError::new(ErrorKind::Refused, message);
            return Err(if is_itself {
                error.with_hint(Hint::Note("`--replace` puts it in its place".to_owned()))
            } else {
                error.with_hint(Hint::Note("name another file with `--out PATH`".to_owned()))
            });
        }
        let mut changes = vec![Change::Write {
            path: out.to_owned(),
            bytes: converted.bytes.clone(),
        }];
        if request.replace && !is_itself {
            changes.push(Change::Remove { path: old.clone() });
        }
        Ok(Outcome::Write(changes))
    };
    let paths = [old.clone(), out.to_owned()];
    let label = format!("convert {} --to {}", request.reference, request.to);
    let changed = if call.dry_run {
        call.writer.preview(&paths, operation)
    } else {
        call.writer.run(&label, &paths, operation)
    };
    changed.map_err(|failure| match failure {
        Failure::Refused(error) => error,
        Failure::Write(error) => error.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gives_number_and_id() {
        assert_eq!(number(".dev_ops/docs/plans/PLN-004-till.md"), Some(4));
        assert_eq!(number("specs/012-till/plan.md"), Some(12));
        assert_eq!(number("docs/2026-01-02-till.md"), None);
        let id = |path| id(path, "till");
        assert_eq!(id("a/PLN-004-till.md").as_deref(), Some("PLN-004"));
        assert_eq!(id("specs/012-till/plan.md").as_deref(), Some("012-till"));
        assert_eq!(id("docs/till.md"), None);
        assert_eq!(slug("The *new* till: v2!"), "the-new-till-v2");
    }
}
