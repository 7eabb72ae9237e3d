//! The requests of real client programs, in their order, and the way each program reads the responses.

mod collector;
mod dotnet_sdk;
mod javascript;
mod powershell;
mod python;
