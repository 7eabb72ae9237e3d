//! Sessions: the cookies with which a client may come back without its password.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderValue, header};
use parking_lot::Mutex;

use crate::engine::Stream;

/// How many sessions live at once; beyond that the one that was used least recently ends.
const MOST: usize = 1_000;
/// How long a session lives that is not used.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How many draws a session takes.
const DRAWS: u64 = 3;

/// The sessions of one server, at most one for each user.
#[derive(Debug)]
pub(crate) struct Sessions {
    stream: Stream,
    alive: Mutex<Alive>,
}

#[derive(Debug, Default)]
struct Alive {
    /// By the name of the user, in one case.
    by_user: HashMap<String, Session>,
    /// The names of the users, by what a client sends back.
    users: HashMap<String, String>,
    made: u64,
}

#[derive(Debug)]
struct Session {
    ids: [String; 2],
    cookies: Arc<[HeaderValue; 3]>,
    last_used: Instant,
}

impl Sessions {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            alive: Mutex::default(),
        }
    }

    /// The cookies of the user's session, which begins now unless it lives already.
    pub(super) fn of(&self, user: &str) -> Arc<[HeaderValue; 3]> {
        let user = user.to_lowercase();
        let now = Instant::now();
        let mut alive = self.alive.lock();
        alive.end_stale(&user, now);
        if let Some(session) = alive.by_user.get_mut(&user) {
            session.last_used = now;
            return Arc::clone(&session.cookies);
        }
        if alive.by_user.len() >= MOST {
            alive.end_least_recent();
        }
        let session = Session::new(self.stream, alive.made, now);
        let cookies = Arc::clone(&session.cookies);
        alive.made += 1;
        for id in &session.ids {
            alive.users.insert(id.clone(), user.clone());
        }
        alive.by_user.insert(user, session);
        cookies
    }

    /// The user whose living session the request's cookies name. They may come with their attributes.
    pub(super) fn user(&self, headers: &HeaderMap) -> Option<String> {
        let now = Instant::now();
        let mut alive = self.alive.lock();
        let user = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(name, _)| matches!(*name, "JSESSIONID" | "JSESSIONIDSSO"))
            .find_map(|(_, id)| alive.users.get(id))?
            .clone();
        alive.end_stale(&user, now);
        alive.by_user.contains_key(&user).then_some(user)
    }
}

impl Alive {
    fn end_stale(&mut self, user: &str, now: Instant) {
        let session = self.by_user.get(user);
        if session.is_some_and(|session| now - session.last_used > LIFETIME) {
            self.end(user);
        }
    }

    fn end_least_recent(&mut self) {
        let sessions = self.by_user.iter();
        let oldest = sessions.min_by_key(|(_, session)| session.last_used);
        if let Some(user) = oldest.map(|(user, _)| user.clone()) {
            self.end(&user);
        }
    }

    fn end(&mut self, user: &str) {
        if let Some(session) = self.by_user.remove(user) {
            for id in &session.ids {
                self.users.remove(id);
            }
        }
    }
}

impl Session {
    /// The session of this ordinal, with cookies as the appliance sets them.
    fn new(stream: Stream, ordinal: u64, now: Instant) -> Self {
        let draw = |number| u128::from_be_bytes(stream.draw(ordinal * DRAWS + number));
        let [sso, id] = [draw(0), draw(1)].map(|drawn| format!("{drawn:032X}"));
        // The low half is as good as any.
        let token = draw(2) as i64;
        let cookies = [
            format!("JSESSIONIDSSO={sso}; Path=/; Secure; HttpOnly"),
            format!("JSESSIONID={id}; Path=/vmrest/; Secure; HttpOnly"),
            format!("REQUEST_TOKEN_KEY={token}; Path=/; Secure; HttpOnly"),
        ];
        let cookies = cookies.map(|cookie| HeaderValue::try_from(cookie).expect("it is ASCII"));
        Self {
            ids: [sso, id],
            cookies: Arc::new(cookies),
            last_used: now,
        }
    }
}
