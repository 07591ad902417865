//! Snapshots and frames, as the server writes them.
