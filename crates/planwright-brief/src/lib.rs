//! Ranks and packs context under a token budget.
//!
//! Pure algorithms over texts and a graph: no files, no clock, nothing of plans. [`section`] takes
//! a text apart, [`words`] turns text into terms, [`rank`] says which sections answer a question
//! best, [`page_rank`] how near documents stand to one another, and [`pack`] puts pieces together
//! so that the whole never costs more than its ceiling.

pub mod pack;
pub mod page_rank;
pub mod rank;
pub mod section;
pub mod tokens;
pub mod words;
