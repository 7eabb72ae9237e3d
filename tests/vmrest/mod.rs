//! `/vmrest`

mod concurrency;
mod externalservices;
mod guide;
mod hostile;
mod not_served;
mod rules;
mod sign_in;
mod tenants;
