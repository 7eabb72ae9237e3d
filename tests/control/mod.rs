//! The control plane.

mod access;
mod clock;
mod coverage;
mod deleted_spaces;
mod diff;
mod faults;
mod metrics;
mod objects;
mod openapi;
mod reload;
mod requests;
mod reset;
mod snapshots;
mod space_resources;
mod spaces;
mod state;
mod verify;
mod web_pages;
