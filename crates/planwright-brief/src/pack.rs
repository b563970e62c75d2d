//! Puts pieces of text together so that the whole costs no more than its ceiling.
//!
//! Groups stand in the order of their weight: what comes first is chosen first and stands first. A
//! later group can keep a part of the budget free for itself. What finds no room is counted, with
//! the call that returns it, and room for saying so is kept free from the beginning.

use std::collections::{HashMap, HashSet};

use crate::tokens::{Count, cut};

/// Pieces of one kind.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// What stands above them; may be empty.
    pub heading: String,
    /// The part of the budget, in hundredths, that groups before this one leave to it.
    pub reserve: u32,
    /// Its pieces, the weightiest first.
    pub pieces: Vec<Piece>,
    /// What one piece is called, and what several are.
    pub noun: (&'static str, &'static str),
    /// The call that returns what is left out; `None` for the same call with a greater budget.
    pub call: Option<String>,
    /// True where a piece is needless once another piece about its document is in.
    pub once: bool,
}

/// A text that goes in whole, or as far as it may.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Piece {
    /// The text, without a line end at its end.
    pub text: String,
    /// The most that it may cost; a longer one is cut after a line, and `rest` is added.
    pub most: Option<u32>,
    /// What tells where the rest of a text is that was cut.
    pub rest: String,
    /// The document that it is about.
    pub document: Option<usize>,
    /// What stands once above all pieces of its group that are about the same document; may be empty.
    pub title: String,
    /// Where it stands among those; all of them stand where the first that was chosen does.
    pub place: u32,
    /// True for a piece that is cut to whatever room there is before it is left out.
    pub vital: bool,
}

/// A piece that went in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its group.
    pub group: usize,
    /// Its place in the group.
    pub piece: usize,
    /// What it costs.
    pub tokens: u32,
    /// How many of its lines went in.
    pub lines: u32,
    /// True when not all of it went in.
    pub is_cut: bool,
}

/// Pieces of a group that found no room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Their group.
    pub group: usize,
    /// How many.
    pub count: u32,
    /// The call that returns them.
    pub call: String,
}

/// What was put together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    /// The whole text.
    pub text: String,
    /// What it costs.
    pub tokens: u32,
    /// What went in, in the order of the text.
    pub kept: Vec<Kept>,
    /// What did not.
    pub left: Vec<Left>,
    /// The budget at which nothing would be left out.
    pub whole: u32,
}

/// What a line end costs at most.
const LINE_END: u32 = 1;

/// Rooms smaller than this are not filled with the beginning of a piece.
const LEAST: u32 = 12;

/// Packs groups. `call` makes the call that returns everything from the budget which that needs.
pub fn pack(budget: u32, groups: &[Group], count: Count, call: &dyn Fn(u32) -> String) -> Packed {
    let packer = Packer {
        budget,
        groups,
        count,
        call,
        whole: whole(groups, count),
    };
    // A group that leaves something out needs a line that says so, which takes room from others.
    let mut telling: HashSet<usize> = HashSet::new();
    loop {
        let chosen = packer.choose(&telling);
        let left = packer.left(&chosen);
        let untold: Vec<usize> = left
            .iter()
            .map(|left| left.group)
            .filter(|group| !telling.contains(group))
            .collect();
        if untold.is_empty() {
            return packer.finish(chosen, left);
        }
        telling.extend(untold);
    }
}

/// What everything costs, and a little more than that.
fn whole(groups: &[Group], count: Count) -> u32 {
    let group = |group: &Group| {
        let mut titled = HashSet::new();
        let pieces = group.pieces.iter().map(|piece| {
            let is_new = !piece.title.is_empty() && titled.insert(piece.document);
            let title = if is_new {
                count(&piece.title) + LINE_END
            } else {
                0
            };
            count(&piece.text) + LINE_END + title
        });
        pieces.fold(count(&group.heading) + 2 * LINE_END, u32::saturating_add)
    };
    let sum = groups.iter().map(group).fold(0, u32::saturating_add);
    // Rounded up, so that the number says that it is no measure.
    sum.saturating_add(sum / 10)
        .div_ceil(100)
        .saturating_mul(100)
}

fn lines(text: &str) -> u32 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32 + 1
}

struct Packer<'a> {
    budget: u32,
    groups: &'a [Group],
    count: Count,
    call: &'a dyn Fn(u32) -> String,
    whole: u32,
}

/// A piece that was chosen, as it goes in.
struct Chosen {
    kept: Kept,
    text: String,
}

impl Packer<'_> {
    fn choose(&self, telling: &HashSet<usize>) -> Vec<Chosen> {
        let told = self.footer(
            &telling
                .iter()
                .copied()
                .map(|group| self.all_of(group))
                .collect::<Vec<_>>(),
        );
        let mut room = self.budget.saturating_sub((self.count)(&told));
        let mut chosen: Vec<Chosen> = Vec::new();
        // First what must be in, then with what later groups keep free, then with what they did not
        // need.
        for (is_vital, is_reserved) in [(true, false), (false, true), (false, false)] {
            for (number, group) in self.groups.iter().enumerate() {
                let kept_free = if is_reserved {
                    self.reserved(number + 1)
                } else {
                    0
                };
                let mut own = room.saturating_sub(kept_free);
                let before = own;
                self.fill(number, group, is_vital, &mut own, &mut chosen);
                room -= before - own;
            }
        }
        self.arrange(&mut chosen);
        chosen
    }

    /// Puts what was chosen in the order of the text.
    fn arrange(&self, chosen: &mut [Chosen]) {
        chosen.sort_by_key(|chosen| (chosen.kept.group, chosen.kept.piece));
        let mut first: HashMap<(usize, usize), usize> = HashMap::new();
        for chosen in &*chosen {
            if let Some(key) = self.titled(chosen.kept.group, chosen.kept.piece) {
                first.entry(key).or_insert(chosen.kept.piece);
            }
        }
        chosen.sort_by_key(|chosen| {
            let Kept { group, piece, .. } = chosen.kept;
            match self.titled(group, piece) {
                Some(key) => (group, first[&key], self.groups[group].pieces[piece].place),
                None => (group, piece, 0),
            }
        });
    }

    /// The group and the document of a piece that shares its title with others.
    fn titled(&self, group: usize, piece: usize) -> Option<(usize, usize)> {
        let piece = &self.groups[group].pieces[piece];
        let document = piece.document.filter(|_| !piece.title.is_empty())?;
        Some((group, document))
    }

    /// What the groups from one on keep free for themselves.
    fn reserved(&self, from: usize) -> u32 {
        let groups = self.groups.iter().skip(from);
        let sum = groups.map(|group| {
            let most = self.budget.saturating_mul(group.reserve) / 100;
            let mut cost = 0;
            for piece in &group.pieces {
                if cost >= most {
                    return most;
                }
                cost += (self.count)(&piece.text) + LINE_END;
            }
            cost.min(most)
        });
        sum.sum()
    }

    fn fill(
        &self,
        number: usize,
        group: &Group,
        is_vital: bool,
        room: &mut u32,
        chosen: &mut Vec<Chosen>,
    ) {
        let is_in = |chosen: &[Chosen], piece: usize| {
            chosen
                .iter()
                .any(|other| other.kept.group == number && other.kept.piece == piece)
        };
        for (at, piece) in group.pieces.iter().enumerate() {
            let is_needless = group.once && self.is_shown(piece, chosen);
            if is_in(chosen, at) || is_needless || (is_vital && !piece.vital) {
                continue;
            }
            let is_first = !chosen.iter().any(|other| other.kept.group == number);
            let mut above = if is_first { self.above(group) } else { 0 };
            let key = self.titled(number, at);
            let has_title = |other: &Chosen| self.titled(number, other.kept.piece) == key;
            let is_titled = key.is_none_or(|_| {
                let mut others = chosen.iter().filter(|other| other.kept.group == number);
                others.any(has_title)
            });
            if !is_titled {
                above += (self.count)(&piece.title) + LINE_END;
            }
            let Some(left) = room.checked_sub(above + LINE_END) else {
                continue;
            };
            let most = piece.most.unwrap_or(u32::MAX);
            let cost = (self.count)(&piece.text);
            let text = if cost <= left.min(most) {
                piece.text.clone()
            } else {
                let fits = cost.min(most) <= left || (piece.vital && left >= LEAST);
                match fits.then(|| self.shorten(piece, left.min(most))).flatten() {
                    Some(text) => text,
                    None => continue,
                }
            };
            let tokens = (self.count)(&text) + LINE_END + above;
            let is_cut = text.len() != piece.text.len();
            *room = room.saturating_sub(tokens);
            chosen.push(Chosen {
                kept: Kept {
                    group: number,
                    piece: at,
                    tokens,
                    lines: lines(&text) - u32::from(is_cut && !piece.rest.is_empty()),
                    is_cut,
                },
                text,
            });
        }
    }

    /// What a heading and the blank lines around it cost.
    fn above(&self, group: &Group) -> u32 {
        if group.heading.is_empty() {
            LINE_END
        } else {
            (self.count)(&group.heading) + 3 * LINE_END
        }
    }

    fn is_shown(&self, piece: &Piece, chosen: &[Chosen]) -> bool {
        piece.document.is_some()
            && chosen.iter().any(|other| {
                let group = &self.groups[other.kept.group];
                group.pieces[other.kept.piece].document == piece.document
            })
    }

    /// The first lines of a piece, and where the others are.
    fn shorten(&self, piece: &Piece, most: u32) -> Option<String> {
        let rest = if piece.rest.is_empty() {
            0
        } else {
            (self.count)(&piece.rest) + LINE_END
        };
        let room = most.checked_sub(rest)?;
        let mut text = String::new();
        let mut is_code = false;
        let mut over = "";
        for line in piece.text.split('\n') {
            let is_fence = line.trim_start().starts_with("```");
            let opens = is_fence && !is_code;
            let end = if is_code || opens { "\n```" } else { "" };
            let longer = format!("{text}{line}\n{end}");
            if (self.count)(&longer) > room {
                over = line;
                break;
            }
            text.push_str(line);
            text.push('\n');
            is_code ^= is_fence;
        }
        if is_code {
            // An open fence would take in what follows.
            text.push_str("```\n");
        } else if !over.trim_start().starts_with("```") {
            // A paragraph in one line is worth its beginning.
            let left = room.saturating_sub((self.count)(&text) + LINE_END);
            if text.is_empty() || left >= LEAST {
                text.push_str(cut(over, left, self.count));
            }
        }
        let mut text = text.trim_end().to_owned();
        if text.is_empty() {
            return None;
        }
        if !piece.rest.is_empty() {
            text.push('\n');
            text.push_str(&piece.rest);
        }
        ((self.count)(&text) <= most).then_some(text)
    }

    fn left(&self, chosen: &[Chosen]) -> Vec<Left> {
        let groups = (0..self.groups.len()).filter_map(|number| {
            let group = &self.groups[number];
            let is_in = |at: usize| {
                chosen
                    .iter()
                    .any(|other| other.kept.group == number && other.kept.piece == at)
            };
            let is_left = |(at, piece): &(usize, &Piece)| {
                !(is_in(*at) || group.once && self.is_shown(piece, chosen))
            };
            let count = group.pieces.iter().enumerate().filter(is_left).count() as u32;
            (count > 0).then(|| Left {
                count,
                ..self.all_of(number)
            })
        });
        groups.collect()
    }

    /// All pieces of a group, as if they were left out.
    fn all_of(&self, number: usize) -> Left {
        let group = &self.groups[number];
        Left {
            group: number,
            count: group.pieces.len() as u32,
            call: group
                .call
                .clone()
                .unwrap_or_else(|| (self.call)(self.whole)),
        }
    }

    /// What tells of pieces that were left out: a line for each group where there is room for it,
    /// else one for all.
    fn footer(&self, left: &[Left]) -> String {
        if left.is_empty() {
            return String::new();
        }
        let mut left: Vec<&Left> = left.iter().collect();
        left.sort_by_key(|left| left.group);
        let lines = left.iter().map(|left| {
            let (one, many) = self.groups[left.group].noun;
            let noun = if left.count == 1 { one } else { many };
            format!("- {} {noun}: `{}`\n", left.count, left.call)
        });
        let long = format!("\n## Left out\n\n{}", lines.collect::<String>());
        if (self.count)(&long) <= self.budget / 6 {
            return long;
        }
        let sum: u32 = left.iter().map(|left| left.count).sum();
        let short = format!("\nLeft out: {sum}; `{}`\n", (self.call)(self.whole));
        if (self.count)(&short) <= self.budget / 2 {
            return short;
        }
        format!("\nLeft out: {sum}\n")
    }

    fn finish(&self, mut chosen: Vec<Chosen>, mut left: Vec<Left>) -> Packed {
        loop {
            let text = self.text(&chosen) + &self.footer(&left);
            let tokens = (self.count)(&text);
            // Parts can cost less than the whole in an encoding; then the last one goes.
            if tokens <= self.budget || chosen.len() <= 1 {
                return Packed {
                    text,
                    tokens,
                    kept: chosen.into_iter().map(|chosen| chosen.kept).collect(),
                    left,
                    whole: self.whole,
                };
            }
            chosen.pop();
            left = self.left(&chosen);
        }
    }

    fn text(&self, chosen: &[Chosen]) -> String {
        let mut text = String::new();
        for same in chosen.chunk_by(|a, b| a.kept.group == b.kept.group) {
            if !text.is_empty() {
                text.push('\n');
            }
            let heading = &self.groups[same[0].kept.group].heading;
            if !heading.is_empty() {
                text.push_str(heading);
                text.push_str("\n\n");
            }
            let mut above = None;
            for chosen in same {
                let Kept { group, piece, .. } = chosen.kept;
                let key = self.titled(group, piece);
                if key.is_some() && key != above {
                    text.push_str(&self.groups[group].pieces[piece].title);
                    text.push('\n');
                }
                above = key;
                text.push_str(&chosen.text);
                text.push('\n');
            }
        }
        text
    }
}

#[cfg(test)]
mod tests;
