//! Runs of all probes against two servers in this process.

mod capture;
mod clean_up;
mod equal_servers;
mod plan;
mod seeded_differences;
mod servers;
