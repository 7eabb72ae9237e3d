//! Sessions: cookies that replace the credentials of later requests.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderValue, header};
use parking_lot::Mutex;

use crate::{engine::RandomStream, http::headers::api_headers, space::Space};

/// The maximum number of sessions. One more ends the least recently used one.
const MAX_SESSIONS: usize = 1_000;
/// The time after its last use at which a session ends.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// The names of the cookies that identify a session.
const COOKIES: [&str; 2] = ["JSESSIONIDSSO", "JSESSIONID"];
/// The number of random values of a session.
const DRAWS: u64 = 3;

/// The sessions of one server, at most one for each user.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    active: Mutex<ActiveSessions>,
}

#[derive(Debug, Default)]
struct ActiveSessions {
    /// By user name.
    by_user: BTreeMap<String, Session>,
    /// The user names, by session id.
    users: BTreeMap<String, String>,
    /// The number of sessions that have ended, which is part of the ordinal of the next one.
    ended: u64,
}

#[derive(Debug)]
struct Session {
    /// The values of [`COOKIES`].
    ids: [String; 2],
    /// The headers of the responses in this session, with its cookies.
    headers: Arc<HeaderMap>,
    last_used: Instant,
}

/// The authenticated user of a request.
pub(in crate::http) struct SessionUser<'r> {
    pub(in crate::http) sessions: &'r Sessions,
    pub(in crate::http) name: &'r str,
    pub(in crate::http) space: &'r Space,
    /// The time at which the request arrived.
    pub(in crate::http) now: Instant,
}

impl SessionUser<'_> {
    /// Returns the headers of the responses in the user's session.
    pub(in crate::http) fn headers(&self) -> Arc<HeaderMap> {
        let space = (self.space.seed, &*self.space.name);
        self.sessions.headers(self.name, space, self.now)
    }
}

impl Sessions {
    /// Returns the number of sessions, including stale ones that no request has looked up since.
    #[cfg(feature = "cli")]
    pub(crate) fn count(&self) -> usize {
        self.active.lock().by_user.len()
    }

    /// Returns the headers of the responses in the user's session, which begins now unless there is one. The cookies
    /// derive from the seed and the name of the user's `space`.
    fn headers(&self, user: &str, space: (u64, &str), now: Instant) -> Arc<HeaderMap> {
        let mut active = self.active.lock();
        if let Some(session) = active.by_user.get_mut(user) {
            if !session.is_stale(now) {
                session.last_used = now;
                return Arc::clone(&session.headers);
            }
            active.end(user);
        }
        if active.by_user.len() >= MAX_SESSIONS {
            active.end_least_recent();
        }
        // Each user has a stream, so that the order of the users does not matter.
        let stream = RandomStream::new(space.0, space.1, &format!("sessions/{user}"));
        let session = Session::new(stream, active.ended, now);
        let headers = Arc::clone(&session.headers);
        for id in &session.ids {
            active.users.insert(id.clone(), user.to_owned());
        }
        active.by_user.insert(user.to_owned(), session);
        headers
    }

    /// Returns the user whose session the cookies of a request identify. Clients may send the cookies back with their
    /// attributes, and separated by commas.
    pub(super) fn user(&self, headers: &HeaderMap, now: Instant) -> Option<String> {
        let mut active = self.active.lock();
        headers.get_all(header::COOKIE).iter().find_map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            text.split([';', ','])
                .find_map(|cookie| active.user_of(cookie.trim(), now))
        })
    }
}

impl ActiveSessions {
    fn user_of(&mut self, cookie: &str, now: Instant) -> Option<String> {
        let (name, id) = cookie.split_once('=')?;
        let place = COOKIES.iter().position(|cookie| *cookie == name)?;
        let id = unquoted(id);
        let user = self.users.get(id)?.clone();
        self.end_if_stale(&user, now);
        let session = self.by_user.get(&user)?;
        (session.ids[place] == id).then_some(user)
    }

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

/// Removes the pair of quotes that RFC 6265 allows around the value of a cookie.
fn unquoted(value: &str) -> &str {
    let inner = value.strip_prefix('"');
    inner
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value)
}

impl Session {
    /// Creates the session of this ordinal, with the cookies that the appliance sets.
    fn new(stream: RandomStream, ordinal: u64, now: Instant) -> Self {
        let draw = |number| u128::from_be_bytes(stream.draw(ordinal * DRAWS + number));
        let [sso, id] = [draw(0), draw(1)].map(|value| format!("{value:032X}"));
        // Any 64 of the random bits do.
        let token = draw(2) as i64;
        let [sso_name, id_name] = COOKIES;
        let cookies = [
            format!("{sso_name}={sso}; Path=/; Secure; HttpOnly"),
            format!("{id_name}={id}; Path=/vmrest/; Secure; HttpOnly"),
            format!("REQUEST_TOKEN_KEY={token}; Path=/; Secure; HttpOnly"),
        ];
        let cookies =
            cookies.map(|cookie| HeaderValue::try_from(cookie).expect("a cookie is ASCII"));
        Self {
            ids: [sso, id],
            headers: Arc::new(api_headers(cookies)),
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

    fn cookies(headers: &HeaderMap) -> Vec<HeaderValue> {
        headers
            .get_all(header::SET_COOKIE)
            .iter()
            .cloned()
            .collect()
    }

    fn sent_back(headers: &HeaderMap) -> HeaderMap {
        let cookies = cookies(headers).into_iter();
        cookies.map(|cookie| (header::COOKIE, cookie)).collect()
    }

    #[test]
    fn a_session_ends_30_minutes_after_its_last_use() {
        const HALF_AN_HOUR: Duration = Duration::from_secs(1_800);
        let sessions = Sessions::default();
        let start = Instant::now();
        let headers = sessions.headers("admin", SPACE, start);
        let sent = sent_back(&headers);
        let later = start + HALF_AN_HOUR;
        assert_eq!(sessions.user(&sent, later).as_deref(), Some("admin"));
        assert_eq!(
            sessions.headers("admin", SPACE, later),
            headers,
            "each use extends its lifetime"
        );
        let stale = later + HALF_AN_HOUR + Duration::from_secs(1);
        assert_eq!(sessions.user(&sent, stale), None);
        assert_ne!(sessions.headers("admin", SPACE, stale), headers);
        assert_eq!(sessions.user(&sent, stale), None);
    }

    #[test]
    fn a_session_beyond_the_limit_ends_the_least_recently_used_one() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let at = |second: usize| start + Duration::from_millis(second as u64);
        let first = sent_back(&sessions.headers("0", SPACE, at(0)));
        let second = sent_back(&sessions.headers("1", SPACE, at(1)));
        for number in 2..MAX_SESSIONS {
            sessions.headers(&number.to_string(), SPACE, at(number));
        }
        sessions.headers("0", SPACE, at(MAX_SESSIONS));
        sessions.headers("one too many", SPACE, at(MAX_SESSIONS));
        assert_eq!(sessions.user(&second, at(MAX_SESSIONS)), None);
        assert_eq!(
            sessions.user(&first, at(MAX_SESSIONS)).as_deref(),
            Some("0")
        );
        let active = sessions.active.lock();
        assert_eq!(
            (active.by_user.len(), active.users.len()),
            (MAX_SESSIONS, 2 * MAX_SESSIONS)
        );
    }

    #[test]
    fn cookies_are_parsed_with_any_separator_and_attributes() {
        let sessions = Sessions::default();
        let now = Instant::now();
        let cookies = cookies(&sessions.headers("admin", SPACE, now));
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
        for cookies in [
            format!("OTHER={id}"),
            format!("JSESSIONID=\"\"{id}\"\""),
            format!("JSESSIONID=\"{id}"),
            format!("JSESSIONID={id}\""),
            format!("JSESSIONIDSSO={id}"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&cookies).unwrap());
            assert_eq!(sessions.user(&headers, now), None, "{cookies}");
        }
    }
}
