//! The course against what its words promise: every listing parses, every manifest is one that the cluster accepts, and
//! every quantity in the prose is checked, sourced or explained.
//!
//! Runs on `content/` itself. The parsers are those of the languages ([`listings`]), the schemas those of Strimzi and
//! Kubernetes ([`manifests`]), the rule for quantities stands in [`claims`]. Spelling is `cargo xtask lint`'s.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod claims;
mod csharp;
mod finding;
mod listings;
mod manifests;
mod quantity;
mod schema;
mod shell;
mod yaml;
