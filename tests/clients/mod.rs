//! What real client programs send, in their order, and how each reads the answers.

mod collector;
mod dotnet_sdk;
mod javascript;
mod powershell;
mod python;
