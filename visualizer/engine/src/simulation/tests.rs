//! Runs of small scenarios, checked by hand.

use super::*;
