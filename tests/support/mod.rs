//! A client that shows the whole answer, and the services that tests send.

mod client;
mod services;

pub(crate) use client::{Answer, Client, SIGNED_IN};
pub(crate) use services::{Service, exchange, meeting_place, office_365};
