//! The link that brings back the present state: settings, and what was done during the run.

use super::model::Shared;
use crate::{browser, figure, lab};

/// Puts the link into the address bar and the clipboard.
pub(super) fn copy(model: Shared) {
    let fragment = figure::fragment(&model.id, &model.to_share());
    browser::show_fragment(&fragment);
    browser::copy(&browser::address_with(&fragment), move |copied| {
        model.say(lab::copied(copied));
    });
}
