//! Parses the parameters `query` and `sort`. Their grammar, without white space:
//!
//! ```text
//! query  = "(" clause { "&" clause } [ ")" ]              at most five clauses
//! clause = column ( "is" | "startswith" ) blank value
//!        | column ( "isnull" | "isnotnull" )              from 11.5 on
//! sort   = "(" column ( "asc" | "desc" ) [ ")" ]
//! ```
//!
//! Columns and words are in any letter case. A value ends at the next `&`, or at the last parenthesis of the parameter.
//! In a value, `\&` means `&`; any other backslash means itself.

use std::fmt;

use winnow::{
    ModalResult, Parser,
    combinator::{alt, cut_err, eof, repeat, separated},
    error::ContextError,
    token::{take_till, take_while},
};

use super::{
    filter::{Clause, Predicate},
    sort::Sort,
};
use crate::{
    engine::{Error, charset::shorten, validate::one_of},
    schema::{Release, Resource},
};

/// The maximum number of clauses of a query.
const MAX_CLAUSES: usize = 5;

/// The operators with their first release, oldest first.
const OPERATORS: [(&str, Operator, Release); 4] = [
    ("is", Operator::Is, Release::V10_5),
    ("startswith", Operator::StartsWith, Release::V10_5),
    ("isnull", Operator::IsNull, Release::V11_5),
    ("isnotnull", Operator::IsNotNull, Release::V11_5),
];

#[derive(Clone, Copy, Debug)]
enum Operator {
    Is,
    StartsWith,
    IsNull,
    IsNotNull,
}

/// The columns of a resource and the operators of a release.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar<'r> {
    pub(super) resource: &'r Resource,
}

/// The input that was expected at the place of an error.
#[derive(Clone, Copy, Debug)]
enum Expected<'r> {
    Opening,
    Column(&'r Resource),
    Operator(Release),
    Value,
    NextClause,
    NoMoreClauses,
    Direction,
    Closing,
}

type Parsed<'r, T> = ModalResult<T, ContextError<Expected<'r>>>;

impl<'r> Grammar<'r> {
    /// Parses the decoded parameter `query`.
    pub(super) fn query(self, text: &str) -> Result<Vec<Clause>, Error> {
        read("query", text, |input: &mut &str| self.clauses(input))
    }

    /// Parses the decoded parameter `sort`.
    pub(super) fn sort(self, text: &str) -> Result<Sort, Error> {
        read("sort", text, |input: &mut &str| self.order(input))
    }

    fn clauses(self, input: &mut &str) -> Parsed<'r, Vec<Clause>> {
        opening(input)?;
        let clause = cut_err(|input: &mut &str| self.clause(input));
        let clauses: Vec<_> = separated(1..=MAX_CLAUSES, clause, '&').parse_next(input)?;
        let end = match clauses.len() {
            MAX_CLAUSES => Expected::NoMoreClauses,
            _ => Expected::NextClause,
        };
        eof.context(end).parse_next(input)?;
        Ok(clauses)
    }

    fn clause(self, input: &mut &str) -> Parsed<'r, Clause> {
        let position = self.column(input)?;
        let predicate = match self.operator(input)? {
            Operator::Is => Predicate::is(&self.resource.fields[position], &value(input)?),
            Operator::StartsWith => Predicate::starts_with(&value(input)?),
            Operator::IsNull => Predicate::IsNull,
            Operator::IsNotNull => Predicate::IsNotNull,
        };
        blanks(input)?;
        Ok(Clause {
            position,
            predicate,
        })
    }

    fn order(self, input: &mut &str) -> Parsed<'r, Sort> {
        opening(input)?;
        let position = self.column(input)?;
        blanks(input)?;
        let is_descending = word
            .verify_map(is_descending)
            .context(Expected::Direction)
            .parse_next(input)?;
        blanks(input)?;
        Ok(Sort {
            position,
            is_descending,
        })
    }

    /// Parses the name of a field; returns its position.
    fn column(self, input: &mut &str) -> Parsed<'r, usize> {
        blanks(input)?;
        word.verify_map(|name| self.resource.column(name))
            .context(Expected::Column(self.resource))
            .parse_next(input)
    }

    fn operator(self, input: &mut &str) -> Parsed<'r, Operator> {
        blanks(input)?;
        word.verify_map(|name| {
            let mut known = OPERATORS.iter();
            let (_, operator, since) =
                known.find(|(known, ..)| name.eq_ignore_ascii_case(known))?;
            (*since <= self.resource.release).then_some(*operator)
        })
        .context(Expected::Operator(self.resource.release))
        .parse_next(input)
    }
}

/// Parses a text up to its last parenthesis, which may be missing.
fn read<'t, 'r, T>(
    parameter: &str,
    text: &'t str,
    mut grammar: impl FnMut(&mut &'t str) -> Parsed<'r, T>,
) -> Result<T, Error> {
    let opened = text.trim_end().strip_suffix(')').unwrap_or(text);
    grammar.parse(opened).map_err(|error| {
        let (before, rest) = text.split_at(error.offset());
        let at = before.chars().count() + 1;
        let found = found(rest);
        // Only the end after the whole grammar has no context.
        let expected = error.inner().context().next();
        let expected = expected.unwrap_or(&Expected::Closing);
        let place = format!("{parameter}: at character {at}");
        Error::invalid_query(&place, &found, &expected.to_string())
    })
}

/// Returns the word, or else the character, at the beginning of `rest`.
fn found(rest: &str) -> String {
    let word = rest.split(|letter| !is_of_word(letter)).next();
    match (word.unwrap_or_default(), rest.chars().next()) {
        (_, None) => "the end".to_owned(),
        ("", Some(character)) => format!("{:?}", character.to_string()),
        (word, _) => format!("{:?}", shorten(word)),
    }
}

fn opening<'r>(input: &mut &str) -> Parsed<'r, ()> {
    blanks(input)?;
    '('.void().context(Expected::Opening).parse_next(input)
}

fn value<'r>(input: &mut &str) -> Parsed<'r, String> {
    take_while(1.., char::is_whitespace)
        .context(Expected::Value)
        .parse_next(input)?;
    let literal = take_till(1.., ['&', '\\']);
    let value: String = repeat(0.., alt((literal, r"\&".value("&"), "\\"))).parse_next(input)?;
    Ok(value.trim_end().to_owned())
}

fn word<'t, 'r>(input: &mut &'t str) -> Parsed<'r, &'t str> {
    take_while(1.., is_of_word).parse_next(input)
}

fn blanks<'r>(input: &mut &str) -> Parsed<'r, ()> {
    take_while(0.., char::is_whitespace)
        .void()
        .parse_next(input)
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn is_descending(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "asc" => Some(false),
        "desc" => Some(true),
        _ => None,
    }
}

impl fmt::Display for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opening => f.write_str("("),
            Self::Column(resource) => write!(f, "a column of {}", resource.element),
            Self::Operator(release) => operators(f, *release),
            Self::Value => f.write_str("a blank and a value"),
            Self::NextClause => f.write_str("& or the last )"),
            Self::NoMoreClauses => write!(f, "the last ) after {MAX_CLAUSES} clauses at most"),
            Self::Direction => f.write_str("asc or desc"),
            Self::Closing => f.write_str("the last )"),
        }
    }
}

/// Writes the operators of `release`, and those of later releases.
fn operators(f: &mut fmt::Formatter<'_>, release: Release) -> fmt::Result {
    let names = |operators: &[(&'static str, _, _)]| -> Vec<_> {
        operators.iter().map(|(name, ..)| *name).collect()
    };
    let known = OPERATORS.partition_point(|(.., since)| *since <= release);
    let (known, later) = OPERATORS.split_at(known);
    f.write_str(&one_of(&names(known)))?;
    for together in later.chunk_by(|(.., one), (.., other)| one == other) {
        let since = together[0].2;
        write!(f, ", from {since} on also {}", one_of(&names(together)))?;
    }
    Ok(())
}
