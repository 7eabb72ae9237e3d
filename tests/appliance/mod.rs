//! The commands that read a real server. Another server of this project plays it.

mod capture;
mod drift;
mod real_server;
