//! The replication simulation: brokers that come and go, leaders and followers, what is committed and what is lost.

pub mod view;
