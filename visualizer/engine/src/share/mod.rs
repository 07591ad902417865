//! A scenario as the end of a link: a log of actions that a person can read, and that is never half-read.
//!
//! ```text
//! v=1&sim=partitionnement&title=Cinq%20clients&seed=42&topic=orders.created&num.partitions=6&
//! do=0ms:produce:set(clients-5):count(30)&do=4s:add-partitions:12
//! ```
//! Parts are separated by `&`; properties of the second producer begin with `compare.`; in texts, all but letters without
//! accent, digits and `- . _ ~` is written `%XX`. What has its default value is left out.

mod decode;
mod encode;
mod error;
mod percent;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::encode;
pub use error::{ShareError, ShareErrorKind};

/// The version of this format, and the only one that is read.
const VERSION: &str = "1";
