//! What a remote holds, and what it can do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::step::Swap;
use super::{ATTEMPTS, Kept, NAMESPACES, Remote, RemoteError, rest};
use crate::push::Fate;
use crate::record::{Key, Record};

/// What the marker says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marker {
    pub(super) version: u32,
    /// Several refs change in one step.
    pub(super) atomic: bool,
    /// The highest fencing number of the refs that were removed.
    pub(super) fence: u64,
    pub(super) nonce: String,
}

/// What the remote holds, as far as it was looked at.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) namespace: &'static str,
    pub(super) marker_object: String,
    pub(super) marker: Marker,
    /// By ref.
    pub(super) claims: BTreeMap<String, Kept>,
}

impl Seen {
    pub(super) fn name(&self, key: &Key) -> String {
        format!("{}/claims/{}", self.namespace, key.slug())
    }

    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        self.claims.values().map(|kept| &kept.record)
    }
}

impl Remote {
    /// What [`Remote::find`] sees; makes the marker where there is none.
    pub(super) fn look(&self, folder: Option<&str>) -> Result<Seen, RemoteError> {
        for _ in 0..ATTEMPTS {
            if let Some(seen) = self.find(folder)? {
                return Ok(seen);
            }
            self.mark()?;
        }
        Err(self.unfit("others keep changing it"))
    }

    /// Looks at the marker and the claims of one document, or of all. `None` where nobody ever
    /// claimed anything.
    pub(super) fn find(&self, folder: Option<&str>) -> Result<Option<Seen>, RemoteError> {
        for attempt in 0..ATTEMPTS {
            let mut patterns = Vec::new();
            for namespace in NAMESPACES {
                patterns.push(format!("{namespace}/marker"));
                patterns.push(match folder {
                    Some(folder) => format!("{namespace}/claims/{folder}/*"),
                    None => format!("{namespace}/claims/*"),
                });
            }
            let refs = self.refs(&patterns)?;
            let marked = |namespace: &&&str| refs.contains_key(&format!("{namespace}/marker"));
            let namespaces: Vec<&&str> = NAMESPACES.iter().filter(marked).collect();
            let namespace = match namespaces[..] {
                [] => return Ok(None),
                [one] => *one,
                // Two sessions are making it; one of them will take its own back.
                _ => {
                    rest(attempt);
                    continue;
                }
            };
            let ours = format!("{namespace}/");
            let refs: BTreeMap<String, String> = refs
                .into_iter()
                .filter(|(name, _)| name.starts_with(&ours))
                .collect();
            let texts = self.texts(&refs)?;
            if texts.len() < refs.len() {
                // Some have moved on since; what never makes sense is told below.
                if attempt + 1 < ATTEMPTS / 2 {
                    continue;
                }
                return Err(self.unfit("its refs for claims hold something else"));
            }
            let marker_name = format!("{namespace}/marker");
            let text = texts.get(&marker_name).map_or("", String::as_str);
            let marker: Marker = serde_json::from_str(text)
                .ok()
                .filter(|marker: &Marker| marker.version == 1)
                .ok_or_else(|| self.unfit("it is used by another version of Planwright"))?;
            let mut claims = BTreeMap::new();
            for (name, object) in refs.iter().filter(|(name, _)| **name != marker_name) {
                let record = Record::from_text(&texts[name])
                    .filter(|record| name.ends_with(&record.key.slug()))
                    .ok_or_else(|| self.unfit(format!("{name} cannot be understood")))?;
                let object = object.clone();
                claims.insert(name.clone(), Kept { object, record });
            }
            return Ok(Some(Seen {
                namespace,
                marker_object: refs[&marker_name].clone(),
                marker,
                claims,
            }));
        }
        Err(self.unfit(format!(
            "`{}/marker` and `{}/marker` are both there; remove the one that has no claims",
            NAMESPACES[0], NAMESPACES[1]
        )))
    }

    /// Finds out what the remote can do, and leaves a marker that says so.
    fn mark(&self) -> Result<(), RemoteError> {
        let mut refused = String::new();
        for namespace in NAMESPACES {
            let name = format!("{namespace}/marker");
            let mut made = None;
            for atomic in [true, false] {
                let marker = Marker {
                    version: 1,
                    atomic,
                    fence: 0,
                    nonce: self.nonce()?,
                };
                let object = self.write(&serde_json::to_string(&marker).unwrap_or_default())?;
                let (fate, said) = self.push_one(&name, None, Some(&object), atomic)?;
                if said.complaint.contains("does not support --atomic") {
                    continue;
                }
                match self.settle(&name, None, Some(&object), fate, &said) {
                    Ok(Some(Swap::Done)) => made = Some(object),
                    // Somebody else made it first.
                    Ok(_) => return Ok(()),
                    Err(RemoteError::Forbidden { reason, .. }) => refused = reason,
                    Err(error) => return Err(error),
                }
                break;
            }
            let Some(object) = made else { continue };
            // A remote that lets a second one make it again would let two sessions have one claim.
            let second = self.write(&format!("{{\"nonce\":\"{}\"}}", self.nonce()?))?;
            let (fate, _) = self.push_one(&name, None, Some(&second), false)?;
            if fate == Fate::Changed {
                return Err(self.unfit("it does not keep what was there first"));
            }
            // Each writes its own and then looks at both, so of two who chose differently at least
            // one sees the other's, and takes its own back.
            let both: Vec<String> = NAMESPACES.map(|other| format!("{other}/marker")).to_vec();
            if self.refs(&both)?.len() > 1 {
                self.push_one(&name, Some(&object), None, false)?;
                rest(u32::from(object.as_bytes()[0] % 8));
            }
            return Ok(());
        }
        Err(RemoteError::Forbidden {
            remote: self.name.clone(),
            reason: refused,
        })
    }
}
