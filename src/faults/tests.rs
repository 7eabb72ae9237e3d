//! Faults without a server.
