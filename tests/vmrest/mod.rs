//! `/vmrest`

mod concurrency;
mod cors;
mod description;
mod encodings;
mod externalservices;
mod guide;
mod hostile;
mod json;
mod methods;
mod not_served;
mod query;
mod rules;
mod sessions;
mod sign_in;
mod system;
mod tenants;
