//! Long columns of numbers and texts that are stored and loaded in one piece.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::sys::hash;

/// A value of a column: always the same number of bytes, so that a column is a copy of memory.
pub(crate) trait Cell: Sized {
    /// In bytes.
    const LEN: usize;

    fn put(&self, bytes: &mut Vec<u8>);

    /// Reads [`Cell::LEN`] bytes. `None` when they stand for no value.
    fn get(bytes: &[u8]) -> Option<Self>;
}

impl Cell for u8 {
    const LEN: usize = 1;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(*self);
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        bytes.first().copied()
    }
}

impl Cell for u32 {
    const LEN: usize = 4;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        bytes.first_chunk().map(|bytes| Self::from_le_bytes(*bytes))
    }
}

/// Values behind each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column<T>(Vec<T>);

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Column<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> DerefMut for Column<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl<T: Clone> Column<T> {
    /// What stands behind the first `len` values.
    pub(crate) fn tail(&self, len: usize) -> Self {
        Self(self.get(len..).unwrap_or_default().to_vec())
    }
}

impl<T: Cell> Serialize for Column<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(self.len() * T::LEN);
        self.iter().for_each(|value| value.put(&mut bytes));
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de, T: Cell> Deserialize<'de> for Column<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole<T>(PhantomData<T>);
        impl<T: Cell> Visitor<'_> for Whole<T> {
            type Value = Column<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a column")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Column<T>, E> {
                let cells = bytes.chunks_exact(T::LEN);
                if !cells.remainder().is_empty() {
                    return Err(E::custom("a column ends within a value"));
                }
                let values: Option<Vec<T>> = cells.map(T::get).collect();
                let strange = || E::custom("a column holds what is no value");
                values.map(Column).ok_or_else(strange)
            }
        }
        deserializer.deserialize_bytes(Whole(PhantomData))
    }
}

/// Texts behind each other, found by their number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Strings {
    text: String,
    ends: Column<u32>,
}

impl Strings {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A text by its number; empty for one that does not exist.
    pub(crate) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.map_or(0, |start| *start as usize);
        let end = self.ends.get(at).map_or(start, |end| *end as usize);
        self.text.get(start..end).unwrap_or("")
    }

    /// What stands behind the first `len` texts.
    pub(crate) fn tail(&self, len: usize) -> Self {
        let start = len.checked_sub(1).and_then(|last| self.ends.get(last));
        let start = start.map_or(0, |start| *start as usize);
        Self {
            text: self.text.get(start..).unwrap_or("").to_owned(),
            ends: self.ends.tail(len),
        }
    }

    /// Puts a tail back behind what it was taken from.
    pub(crate) fn append(&mut self, tail: &mut Self) {
        self.text.push_str(&tail.text);
        self.ends.append(&mut tail.ends);
    }

    /// The numbers of all texts.
    pub(crate) fn numbered(&self) -> Numbers {
        let mut numbers = Numbers::default();
        for number in 0..self.len() as u32 {
            numbers.add(self.get(number).as_bytes(), number);
        }
        numbers
    }

    /// The number of a text, a new one where it is not in `known`.
    pub(crate) fn intern(&mut self, known: &mut Numbers, text: &str) -> u32 {
        if let Some(number) = known.find(text.as_bytes(), |number| self.get(number) == text) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        known.add(text.as_bytes(), number);
        number
    }
}

/// Numbers found by what they stand for, which is kept elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    /// By hash; the next free one where a hash is taken.
    numbers: HashMap<u64, u32, BuildHasherDefault<AsItIs>>,
}

impl Numbers {
    pub(crate) fn add(&mut self, bytes: &[u8], number: u32) {
        let mut key = hash(bytes);
        while self.numbers.contains_key(&key) {
            key = key.wrapping_add(1);
        }
        self.numbers.insert(key, number);
    }

    /// The number for which `is_it` says so.
    pub(crate) fn find(&self, bytes: &[u8], is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut key = hash(bytes);
        loop {
            let number = *self.numbers.get(&key)?;
            if is_it(number) {
                return Some(number);
            }
            key = key.wrapping_add(1);
        }
    }
}

/// Keys that are hashes need no other.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_once() {
        let (mut strings, mut known) = (Strings::default(), Numbers::default());
        let texts = ["a", "", "ü", "a"];
        let numbers = texts.map(|text| strings.intern(&mut known, text));
        assert_eq!(numbers, [0, 1, 2, 0]);
        assert_eq!(numbers.map(|number| strings.get(number)), texts);
        assert_eq!(strings.get(9), "");
        let mut known = strings.numbered();
        assert_eq!(strings.intern(&mut known, "ü"), 2);
    }

    #[test]
    fn numbers_with_the_same_hash_are_told_apart() {
        let mut numbers = Numbers::default();
        (0..3).for_each(|number| numbers.add(b"same", number));
        assert_eq!(numbers.find(b"same", |number| number == 2), Some(2));
        assert_eq!(numbers.find(b"same", |_| false), None);
        assert_eq!(numbers.find(b"other", |_| true), None);
    }

    #[test]
    fn columns_come_back_as_they_were() {
        let column = Column(vec![0, 7, u32::MAX]);
        let stored = postcard::to_stdvec(&column).unwrap();
        assert_eq!(postcard::from_bytes(&stored), Ok(column));
        let bytes = postcard::to_stdvec(&Column(vec![1_u8, 2, 3])).unwrap();
        assert!(postcard::from_bytes::<Column<u32>>(&bytes).is_err());
    }
}
