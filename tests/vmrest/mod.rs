//! `/vmrest`

mod concurrency;
mod externalservices;
mod guide;
mod hostile;
mod not_served;
mod query;
mod rules;
mod sign_in;
mod tenants;
