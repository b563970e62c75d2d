//! The protocol of claims over a remote, explored in every order of its steps.
//!
//! The model runs [`protocol::step`] itself. Around it stands what the world does: a remote that
//! exchanges an object only for the one that was expected, requests that arrive late or never,
//! replies that are lost, sessions that are killed, clocks that differ. Two sessions with
//! names of their own are explored, and two that bear one, as agents do that share an environment. Each [`Flaw`] leaves out one thing that
//! the protocol does, and has to be found out.

use std::collections::BTreeSet;

use planwright_coord::protocol::{self, Terms, Want};
use planwright_coord::{Actor, Key, Record, Refusal, State};
use stateright::{Checker, Expectation, HasDiscoveries, Model, Property};

/// Something that the protocol needs and that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    /// Records have no nonce.
    NoNonce,
    /// What became of a push is taken from git's exit code.
    ExitCode,
    /// Giving a claim back removes its ref.
    RefRemoved,
    /// A holder lands while its clock says that it holds, and without exchanging the record.
    ClockForSafety,
    /// Whoever makes a ref does not look at the marker afterwards.
    NoLook,
    /// A push that makes a ref is sent again as it is.
    SameAgain,
}

#[derive(Clone, Debug)]
struct Protocol {
    flaw: Flaw,
    /// The names of the sessions.
    names: [&'static str; 2],
    /// How many pushes, losses and removals there are at most.
    pushes: u8,
    losses: u8,
    removals: u8,
    /// Holders renew.
    renews: bool,
    /// How far time goes. A claim is taken for one.
    end: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    time: i64,
    claim: Option<Record>,
    marker: u64,
    network: Vec<Message>,
    sessions: Vec<Session>,
    /// A record that is being removed, its number already in the marker.
    removing: Option<Record>,
    pushes: u8,
    losses: u8,
    removals: u8,
    nonce: u8,
    // What is known of it all, to judge it.
    /// The numbers under which sessions were told that they hold it.
    told: Vec<(u64, usize)>,
    /// What was given back, as sessions were told.
    released: Vec<Record>,
    /// The numbers of those who landed.
    landed: Vec<u64>,
    /// The highest number that the ref ever held.
    highest: u64,
    /// Somebody landed after another had taken over.
    landed_late: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Message {
    from: usize,
    old: Option<Record>,
    /// `None` removes the ref.
    new: Option<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Session {
    at: At,
    holds: Option<Record>,
    /// What it was told that it does not hold.
    denied: Option<Record>,
    seen: Option<Record>,
    marker: u64,
    /// What it pushed to make the ref, and what became of it is not known.
    tried: Vec<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum At {
    Idle,
    Read,
    /// For what became of a push.
    Waits(Message),
    /// A push said no or nothing.
    Asks(Message),
    /// A claim was pushed, and the marker is looked at.
    Looks(Record),
    Dead,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Action {
    Time,
    Reads(usize),
    Pushes(usize, Want),
    /// A request arrives, and its reply or not.
    Arrives(usize, bool),
    Lost(usize),
    GivesUp(usize),
    ReadsBack(usize),
    Looks(usize),
    Dies(usize),
    Raises,
    Removes,
}

fn key() -> Key {
    Key {
        document: "auth".to_owned(),
        item: None,
    }
}

impl Protocol {
    const fn of(flaw: Flaw, names: [&'static str; 2]) -> Self {
        Self {
            flaw,
            names,
            pushes: 3,
            losses: 1,
            removals: 1,
            renews: false,
            end: 1,
        }
    }

    fn terms(&self, world: &World, session: usize) -> Terms {
        Terms {
            actor: Actor {
                name: self.names[session].to_owned(),
                session: "1".to_owned(),
            },
            // Clocks differ by as much as a claim is taken for, where sessions do.
            now: world.time + i64::from(self.names[session] == "bob"),
            lease: 1,
            nonce: if self.flaw == Flaw::NoNonce {
                String::new()
            } else {
                world.nonce.to_string()
            },
            ..Terms::default()
        }
    }

    fn push(&self, world: &mut World, session: usize, want: &Want) -> Option<()> {
        let terms = self.terms(world, session);
        // What was seen is of no more use afterwards.
        let me = &mut world.sessions[session];
        let (seen, marker) = (me.seen.take(), std::mem::take(&mut me.marker));
        let holds = me.holds.clone();
        if self.flaw == Flaw::ClockForSafety && matches!(want, Want::Done { .. }) {
            let mine = holds.filter(|mine| terms.now <= mine.until)?;
            world.landed_late |= world.highest > mine.fence;
            world.landed.push(mine.fence);
            world.sessions[session].holds = None;
            world.sessions[session].at = At::Idle;
            return Some(());
        }
        let record = protocol::step(seen.as_ref(), marker, &key(), want, &terms);
        let Ok(record) = record else {
            let me = &mut world.sessions[session];
            me.at = At::Idle;
            if *want != Want::Claim {
                me.holds = None;
            }
            return Some(());
        };
        // Two that bear one name could also give back each other's. Here each goes on with what it was
        // told itself, so that all that is left to tell them apart is the nonce.
        if *want != Want::Claim && holds != seen {
            return None;
        }
        let removes = self.flaw == Flaw::RefRemoved && record.state == State::Released;
        let message = Message {
            from: session,
            old: seen,
            new: (!removes).then_some(record),
        };
        world.nonce += 1;
        world.pushes += 1;
        Self::send(world, message);
        Some(())
    }

    fn send(world: &mut World, message: Message) {
        world.sessions[message.from].at = At::Waits(message.clone());
        world.network.push(message);
    }

    /// The session learns that its push is done.
    fn succeeds(&self, world: &mut World, message: &Message) {
        let me = &mut world.sessions[message.from];
        me.at = At::Idle;
        match &message.new {
            Some(record) if record.state == State::Held => {
                let is_renewal = me
                    .holds
                    .as_ref()
                    .is_some_and(|mine| mine.fence == record.fence);
                if is_renewal {
                    me.holds = Some(record.clone());
                } else if self.flaw == Flaw::NoLook {
                    me.holds = Some(record.clone());
                    world.told.push((record.fence, message.from));
                } else {
                    me.at = At::Looks(record.clone());
                }
            }
            _ => {
                let mine = me.holds.take();
                let done = message.new.as_ref().map(|record| record.state);
                if done != Some(State::Done) {
                    world.released.extend(mine);
                }
            }
        }
    }

    fn fails(world: &mut World, message: &Message) {
        let me = &mut world.sessions[message.from];
        me.at = At::Idle;
        me.denied.clone_from(&message.new);
        me.holds = None;
    }

    fn arrives(&self, world: &mut World, at: usize, replies: bool) {
        let message = world.network.remove(at);
        // Git sends nothing where the ref holds the object already, and is content.
        let is_there = message.new.is_some() && world.claim == message.new;
        let changes = !is_there && world.claim == message.old;
        if changes {
            world.claim.clone_from(&message.new);
            if let Some(record) = &message.new {
                if record.state == State::Done {
                    world.landed_late |= world.highest > record.fence;
                    world.landed.push(record.fence);
                }
                world.highest = world.highest.max(record.fence);
            }
        }
        let waits = world.sessions[message.from].at == At::Waits(message.clone());
        if !replies {
            world.losses += 1;
        } else if waits && (changes || (self.flaw == Flaw::ExitCode && is_there)) {
            self.succeeds(world, &message);
        } else if waits && self.flaw == Flaw::ExitCode {
            Self::fails(world, &message);
        } else if waits {
            let from = message.from;
            world.sessions[from].at = At::Asks(message);
        }
    }
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let session = Session {
            at: At::Idle,
            holds: None,
            denied: None,
            seen: None,
            marker: 0,
            tried: Vec::new(),
        };
        vec![World {
            time: 0,
            claim: None,
            marker: 0,
            network: Vec::new(),
            sessions: vec![session; 2],
            removing: None,
            pushes: 0,
            losses: 0,
            removals: 0,
            nonce: 0,
            told: Vec::new(),
            released: Vec::new(),
            landed: Vec::new(),
            highest: 0,
            landed_late: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.time < self.end {
            actions.push(Action::Time);
        }
        let may_lose = world.losses < self.losses;
        for (id, session) in world.sessions.iter().enumerate() {
            match &session.at {
                At::Idle if world.pushes < self.pushes => actions.push(Action::Reads(id)),
                At::Read if session.holds.is_some() => {
                    let done = Want::Done { commit: None };
                    let wants = [Want::Release, done, Want::Renew];
                    let wants = wants.into_iter().take(if self.renews { 3 } else { 2 });
                    actions.extend(wants.map(|want| Action::Pushes(id, want)));
                }
                At::Read => actions.push(Action::Pushes(id, Want::Claim)),
                At::Waits(_) if may_lose => actions.push(Action::GivesUp(id)),
                At::Asks(_) => actions.push(Action::ReadsBack(id)),
                At::Looks(_) => actions.push(Action::Looks(id)),
                _ => {}
            }
            // To die with nothing in hand changes nothing.
            let has_something =
                session.holds.is_some() || !matches!(session.at, At::Idle | At::Read);
            if may_lose && has_something && session.at != At::Dead {
                actions.push(Action::Dies(id));
            }
        }
        for at in 0..world.network.len() {
            actions.push(Action::Arrives(at, true));
            if may_lose {
                actions.extend([Action::Arrives(at, false), Action::Lost(at)]);
            }
        }
        let is_free = |record: &Record| record.state == State::Released;
        if world.removing.is_some() {
            actions.push(Action::Removes);
        } else if world.removals < self.removals && world.claim.as_ref().is_some_and(is_free) {
            actions.push(Action::Raises);
        }
    }

    fn next_state(&self, before: &World, action: Action) -> Option<World> {
        let mut world = before.clone();
        match action {
            Action::Time => world.time += 1,
            Action::Reads(id) => {
                let session = &mut world.sessions[id];
                session.seen.clone_from(&before.claim);
                session.marker = before.marker;
                session.at = match &before.claim {
                    Some(claim) if session.tried.contains(claim) => {
                        session.tried.clear();
                        At::Looks(claim.clone())
                    }
                    _ => At::Read,
                };
            }
            Action::Pushes(id, want) => self.push(&mut world, id, &want)?,
            Action::Arrives(at, replies) => self.arrives(&mut world, at, replies),
            Action::Lost(at) => {
                world.losses += 1;
                let message = world.network.remove(at);
                if world.sessions[message.from].at == At::Waits(message.clone()) {
                    if self.flaw == Flaw::ExitCode {
                        Self::fails(&mut world, &message);
                    } else {
                        let from = message.from;
                        world.sessions[from].at = At::Asks(message);
                    }
                }
            }
            Action::GivesUp(id) => {
                world.losses += 1;
                let At::Waits(message) = before.sessions[id].at.clone() else {
                    return None;
                };
                if self.flaw == Flaw::ExitCode {
                    Self::fails(&mut world, &message);
                } else {
                    world.sessions[id].at = At::Asks(message);
                }
            }
            Action::ReadsBack(id) => {
                let At::Asks(message) = before.sessions[id].at.clone() else {
                    return None;
                };
                if world.claim == message.new {
                    self.succeeds(&mut world, &message);
                } else if world.claim == message.old {
                    let is_again = message.old.is_some() || self.flaw == Flaw::SameAgain;
                    if is_again {
                        Self::send(&mut world, message);
                    } else {
                        let session = &mut world.sessions[id];
                        session.at = At::Idle;
                        session.tried.extend(message.new);
                    }
                } else {
                    Self::fails(&mut world, &message);
                }
            }
            Action::Looks(id) => {
                let At::Looks(mine) = before.sessions[id].at.clone() else {
                    return None;
                };
                if world.claim.as_ref() != Some(&mine) {
                    let session = &mut world.sessions[id];
                    session.at = At::Idle;
                    session.denied = Some(mine);
                } else if mine.fence > world.marker {
                    world.told.push((mine.fence, id));
                    let session = &mut world.sessions[id];
                    session.at = At::Idle;
                    session.holds = Some(mine);
                } else {
                    let higher = Record {
                        fence: world.marker + 1,
                        nonce: self.terms(&world, id).nonce,
                        ..mine.clone()
                    };
                    world.nonce += 1;
                    let message = Message {
                        from: id,
                        old: Some(mine),
                        new: Some(higher),
                    };
                    Self::send(&mut world, message);
                }
            }
            Action::Dies(id) => {
                world.losses += 1;
                world.sessions[id].at = At::Dead;
            }
            Action::Raises => {
                let record = world.claim.clone()?;
                world.marker = world.marker.max(record.fence);
                world.removing = Some(record);
                world.removals += 1;
            }
            Action::Removes => {
                if world.claim == world.removing.take() {
                    world.claim = None;
                }
            }
        }
        (world != *before).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always("one holder for each number", |_, world| {
                let fences = world.told.iter().map(|(fence, _)| fence);
                let mut fences: Vec<&u64> = fences.collect();
                fences.sort_unstable();
                fences.windows(2).all(|two| two[0] != two[1])
            }),
            // A ref that was removed is absent again, so a push that has been under way since it was
            // absent before can still arrive. What it makes nobody knows of, and its time runs out.
            // Refs that are removed were left alone for longer than any push is under way.
            Property::<Self>::always("nobody is denied what it holds", |_, world| {
                let is_held = |record: &Record| {
                    record.state == State::Held && world.claim.as_ref() == Some(record)
                };
                let denied = world.sessions.iter().map(|session| session.denied.as_ref());
                world.removals > 0 || !denied.flatten().any(is_held)
            }),
            Property::<Self>::always("only the holder lands, once", |_, world| {
                !world.landed_late && world.landed.len() <= 1
            }),
            Property::<Self>::always("what was given back is free", |_, world| {
                let is_held = |given: &Record| {
                    let held = world.claim.as_ref();
                    held.is_some_and(|held| {
                        held.state == State::Held
                            && (held.fence, &held.holder) == (given.fence, &given.holder)
                    })
                };
                world.removals > 0 || !world.released.iter().any(is_held)
            }),
            // In the end everybody can claim what is not done.
            Property::<Self>::always("nothing is held for ever", |model, world| {
                let mut late = world.clone();
                late.time = 100;
                let terms = model.terms(&late, 1);
                let claim = world.claim.as_ref();
                let step = protocol::step(claim, world.marker, &key(), &Want::Claim, &terms);
                matches!(step, Ok(_) | Err(Refusal::Done(_)))
            }),
            Property::<Self>::sometimes("somebody takes over from the dead", |_, world| {
                let died = |id: usize| world.sessions[id].at == At::Dead;
                let holds = world.sessions.iter().any(|session| session.holds.is_some());
                holds && world.told.len() > 1 && world.told.iter().any(|(_, id)| died(*id))
            }),
            Property::<Self>::sometimes("work lands", |_, world| !world.landed.is_empty()),
            Property::<Self>::sometimes("a removed ref is made again", |_, world| {
                world.marker > 0 && world.told.len() > 1
            }),
        ]
    }
}

#[test]
fn the_protocol_keeps_its_promises() {
    let mut seen = BTreeSet::new();
    for (names, losses, removals) in [(TWO, 0, 1), (TWO, 1, 0), (ONE, 1, 0), (TWO, 1, 1)] {
        let mut model = Protocol::of(Flaw::None, names);
        (model.losses, model.removals) = (losses, removals);
        model.renews = losses == 0;
        model.end = if names == TWO { 1 } else { 2 };
        let checker = model.checker().threads(2).spawn_bfs().join();
        let states = checker.unique_state_count();
        println!("{names:?}, {losses} losses, {removals} removals: {states} states");
        for property in checker.model().properties() {
            let Some(found) = checker.discovery(property.name) else {
                continue;
            };
            let is_promise = property.expectation == Expectation::Always;
            assert!(!is_promise, "{}: {:?}", property.name, found.into_actions());
            seen.insert(property.name);
        }
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}

/// True where something is left out and a promise is broken.
fn breaks(flaw: Flaw, names: [&'static str; 2], promise: &'static str) -> bool {
    let checker = Protocol::of(flaw, names).checker().threads(2);
    let found = HasDiscoveries::AnyOf(BTreeSet::from([promise]));
    let checker = checker.finish_when(found).spawn_bfs().join();
    checker.discovery(promise).is_some()
}

const TWO: [&str; 2] = ["ann", "bob"];
const ONE: [&str; 2] = ["ann", "ann"];

#[test]
fn without_a_nonce_two_sessions_hold_one_claim() {
    assert!(breaks(Flaw::NoNonce, ONE, "one holder for each number"));
}

#[test]
fn by_the_exit_code_a_session_is_denied_what_it_holds() {
    assert!(breaks(
        Flaw::ExitCode,
        TWO,
        "nobody is denied what it holds"
    ));
}

#[test]
fn with_the_ref_the_number_goes() {
    assert!(breaks(Flaw::RefRemoved, TWO, "one holder for each number"));
}

#[test]
fn by_the_clock_somebody_lands_who_no_longer_holds() {
    assert!(breaks(
        Flaw::ClockForSafety,
        TWO,
        "only the holder lands, once"
    ));
}

#[test]
fn without_a_look_at_the_marker_numbers_come_back() {
    assert!(breaks(Flaw::NoLook, TWO, "one holder for each number"));
}

#[test]
fn sent_again_a_claim_comes_back_from_the_dead() {
    assert!(breaks(Flaw::SameAgain, TWO, "only the holder lands, once"));
}
