//! Sessions: the cookies with which a client may come back without its password.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderValue, header};
use parking_lot::Mutex;

use super::reply::head;
use crate::engine::RandomStream;

/// How many sessions live at once; beyond that the one that was used least recently ends.
const MOST: usize = 1_000;
/// How long a session lives that is not used.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How many draws a session takes.
const DRAWS: u64 = 3;

/// The sessions of one server, at most one for each user.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    alive: Mutex<Alive>,
}

#[derive(Debug, Default)]
struct Alive {
    /// By the name of the user.
    by_user: BTreeMap<String, Session>,
    /// The names of the users, by what a client sends back.
    users: BTreeMap<String, String>,
    /// How many have ended, so that none of them is made again.
    ended: u64,
}

#[derive(Debug)]
struct Session {
    ids: [String; 2],
    /// The headers of the answers in it, cookies among them.
    head: Arc<HeaderMap>,
    last_used: Instant,
}

impl Sessions {
    /// How many have not ended. One that was not used for its lifetime ends when it is next looked at.
    #[cfg(feature = "cli")]
    pub(crate) fn count(&self) -> usize {
        self.alive.lock().by_user.len()
    }

    /// The headers of the answers in the user's session, which begins now unless it lives already; then its cookies
    /// are drawn from the seed and the name of the user's `space`.
    pub(super) fn of(&self, user: &str, space: (u64, &str), now: Instant) -> Arc<HeaderMap> {
        let mut alive = self.alive.lock();
        if let Some(session) = alive.by_user.get_mut(user) {
            if !session.is_stale(now) {
                session.last_used = now;
                return Arc::clone(&session.head);
            }
            alive.end(user);
        }
        if alive.by_user.len() >= MOST {
            alive.end_least_recent();
        }
        // A stream for each user: who signs in first makes no difference.
        let stream = RandomStream::new(space.0, space.1, &format!("sessions/{user}"));
        let session = Session::new(stream, alive.ended, now);
        let head = Arc::clone(&session.head);
        for id in &session.ids {
            alive.users.insert(id.clone(), user.to_owned());
        }
        alive.by_user.insert(user.to_owned(), session);
        head
    }

    /// The user whose living session the request's cookies name. They may come with their attributes,
    /// and with commas between them.
    pub(super) fn user(&self, headers: &HeaderMap, now: Instant) -> Option<String> {
        let mut alive = self.alive.lock();
        headers.get_all(header::COOKIE).iter().find_map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            text.split([';', ',']).find_map(|cookie| {
                let (name, id) = cookie.trim().split_once('=')?;
                let is_session = matches!(name, "JSESSIONID" | "JSESSIONIDSSO");
                let id = id.trim_matches('"');
                let user = alive.users.get(id).filter(|_| is_session)?.clone();
                alive.end_if_stale(&user, now);
                alive.by_user.contains_key(&user).then_some(user)
            })
        })
    }
}

impl Alive {
    fn end_if_stale(&mut self, user: &str, now: Instant) {
        let session = self.by_user.get(user);
        if session.is_some_and(|session| session.is_stale(now)) {
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
            self.ended += 1;
            for id in &session.ids {
                self.users.remove(id);
            }
        }
    }
}

impl Session {
    /// The session of this ordinal, with cookies as the appliance sets them.
    fn new(stream: RandomStream, ordinal: u64, now: Instant) -> Self {
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
            head: Arc::new(head(cookies)),
            last_used: now,
        }
    }

    fn is_stale(&self, now: Instant) -> bool {
        now - self.last_used > LIFETIME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: (u64, &str) = (1, "default");

    fn cookies(head: &HeaderMap) -> Vec<HeaderValue> {
        head.get_all(header::SET_COOKIE).iter().cloned().collect()
    }

    fn sent_back(head: &HeaderMap) -> HeaderMap {
        let cookies = cookies(head).into_iter();
        cookies.map(|cookie| (header::COOKIE, cookie)).collect()
    }

    #[test]
    fn a_session_ends_when_it_was_not_used_for_its_lifetime() {
        let sessions = Sessions::default();
        let begun = Instant::now();
        let head = sessions.of("admin", SPACE, begun);
        let sent = sent_back(&head);
        let later = begun + LIFETIME;
        assert_eq!(sessions.user(&sent, later).as_deref(), Some("admin"));
        assert_eq!(
            sessions.of("admin", SPACE, later),
            head,
            "this use keeps it alive"
        );
        let stale = later + LIFETIME + Duration::from_secs(1);
        assert_eq!(sessions.user(&sent, stale), None);
        assert_ne!(sessions.of("admin", SPACE, stale), head);
        assert_eq!(sessions.user(&sent, stale), None);
    }

    #[test]
    fn the_session_that_was_used_least_recently_makes_room() {
        let sessions = Sessions::default();
        let begun = Instant::now();
        let at = |second: usize| begun + Duration::from_millis(second as u64);
        let first = sent_back(&sessions.of("0", SPACE, at(0)));
        let second = sent_back(&sessions.of("1", SPACE, at(1)));
        for number in 2..MOST {
            sessions.of(&number.to_string(), SPACE, at(number));
        }
        sessions.of("0", SPACE, at(MOST));
        sessions.of("one too many", SPACE, at(MOST));
        assert_eq!(sessions.user(&second, at(MOST)), None);
        assert_eq!(sessions.user(&first, at(MOST)).as_deref(), Some("0"));
        let alive = sessions.alive.lock();
        assert_eq!((alive.by_user.len(), alive.users.len()), (MOST, 2 * MOST));
    }

    #[test]
    fn cookies_are_read_however_they_are_joined() {
        let sessions = Sessions::default();
        let now = Instant::now();
        let cookies = cookies(&sessions.of("admin", SPACE, now));
        let [sso, session, token] = &cookies[..] else {
            panic!("expected three cookies, found {cookies:?}");
        };
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        let (sso, session, token) = (text(sso), text(session), text(token));
        let (_, id) = session.split_once('=').unwrap();
        let id = id.split(';').next().unwrap();
        for cookies in [
            format!("{token},{sso},{session}"),
            format!("{token};{session}"),
            format!("JSESSIONID=\"{id}\""),
            format!("JSESSIONID=0; JSESSIONID={id}"),
            format!("name=\u{e9}; JSESSIONID={id}"),
        ] {
            let mut headers = HeaderMap::new();
            let value = HeaderValue::from_bytes(cookies.as_bytes()).unwrap();
            headers.insert(header::COOKIE, value);
            assert_eq!(
                sessions.user(&headers, now).as_deref(),
                Some("admin"),
                "{cookies}"
            );
        }
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_str(&format!("OTHER={id}")).unwrap(),
        );
        assert_eq!(sessions.user(&headers, now), None);
    }
}
