//! Names of objects, of commits above all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The id of a commit or another object: 20 bytes, or 32 in a repository that uses SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    len: u8,
    bytes: [u8; 32],
}

impl Id {
    /// From the bytes themselves.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        matches!(bytes.len(), 20 | 32).then(|| Self::of(bytes))
    }

    /// From bytes whose number was checked before.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let len = bytes.len().min(32);
        let mut id = Self {
            len: len as u8,
            bytes: [0; 32],
        };
        id.bytes[..len].copy_from_slice(&bytes[..len]);
        id
    }

    /// From the hexadecimal digits of the whole id.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        if !matches!(text.len(), 40 | 64) {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Self::from_bytes(&bytes[..text.len() / 2])
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// True for the id that stands for no object.
    pub(crate) fn is_none(&self) -> bool {
        self.bytes == [0; 32]
    }

    /// The first characters, as people write them.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(8);
        text
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

/// The text is not the whole id of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 40 or 64 hexadecimal digits")]
pub struct InvalidId;

impl FromStr for Id {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::parse(text.as_bytes()).ok_or(InvalidId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for text in [
            "00112233445566778899aabbccddeeff00112233",
            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        ] {
            let id: Id = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
            assert_eq!(id.short(), "00112233");
            assert_eq!(Id::from_bytes(id.as_bytes()), Some(id));
        }
        for text in ["", "0011", "zz112233445566778899aabbccddeeff00112233", "é"] {
            assert_eq!(text.parse::<Id>(), Err(InvalidId));
        }
    }
}
