//! Tabs: `<!-- onglets -->`, tabs that each begin with a heading of level 5, `<!-- /onglets -->`.
//!
//! On GitHub they read as sections one after the other; so they do on the site without JavaScript.

use super::heading::level_of;
use super::piece::{Made, Tab};
use super::problem::MarkupProblem;
use super::writer::Writer;
use crate::body;
use crate::text::escape;
use crate::text::slug::slug;
use comrak::nodes::{Node, NodeValue};

/// Text of the comment that opens tabs.
pub const BEGIN: &str = "onglets";
/// Text of the comment that closes them.
pub const END: &str = "/onglets";
/// Level of the headings that name tabs.
const TAB_LEVEL: u8 = 5;

impl Writer<'_, '_, '_> {
    /// If `block` opens tabs, writes them from `rest`, the blocks after it; says how many of these it took.
    pub fn tabs(&mut self, block: Node<'_>, rest: &[Node<'_>]) -> Option<usize> {
        if !is_comment(block, BEGIN) {
            return None;
        }
        let end = rest.iter().position(|block| is_comment(block, END));
        if end.is_none() {
            let span = self.span(block);
            self.report(span, MarkupProblem::TabsNotClosed);
        }
        let inside = &rest[..end.unwrap_or(rest.len())];
        if inside
            .first()
            .is_none_or(|first| level_of(first) != Some(TAB_LEVEL))
        {
            let span = inside
                .first()
                .map_or_else(|| self.span(block), |first| self.span(first));
            self.report(span, MarkupProblem::TabsWithoutHeading);
        }
        self.state.page.counts.tabs += 1;
        self.out.push_str("<div class=\"tabs\" data-tabs>\n");
        let level = self.state.level;
        let mut labels = Vec::new();
        let mut made = Vec::new();
        let outside = std::mem::replace(&mut self.in_tabs, true);
        for tab in inside.chunk_by(|_, next| level_of(next) != Some(TAB_LEVEL)) {
            made.extend(self.tab(tab, level, &mut labels));
            self.state.level = level;
        }
        self.in_tabs = outside;
        self.made = Made {
            tabs: made,
            ..Made::default()
        };
        self.out.push_str("</div>\n");
        Some(end.map_or(rest.len(), |end| end + 1))
    }

    /// One tab: its heading and what follows. The heading stands one level below the section around the tabs, so that the
    /// outline of the page has no gap.
    fn tab(&mut self, tab: &[Node<'_>], level: u8, labels: &mut Vec<String>) -> Option<Tab> {
        let Some((heading, content)) = tab
            .split_first()
            .filter(|(first, _)| level_of(first) == Some(TAB_LEVEL))
        else {
            self.blocks(tab);
            return None;
        };
        let label = self.plain(heading);
        if labels.contains(&label) {
            let span = self.span(heading);
            self.report(
                span,
                MarkupProblem::DuplicateTab {
                    label: label.clone(),
                },
            );
        }
        let id = format!("onglet-{}-{}", self.state.page.counts.tabs, slug(&label));
        self.out.push_str("<section class=\"tab\" data-tab=\"");
        escape::push(&mut self.out, &label);
        self.out.push_str("\" id=\"");
        body::push_id(&mut self.out, &id);
        self.out.push_str("\"><h");
        body::push_level(&mut self.out, level + 1);
        self.out.push_str(" class=\"tab-title\">");
        let start = self.out.len();
        self.inlines(heading);
        let html = self.out[start..].to_owned();
        self.out.push_str("</h");
        body::push_level(&mut self.out, level + 1);
        self.out.push_str(">\n");
        self.state.level = level + 1;
        let pieces = self.pieces(content);
        self.out.push_str("</section>\n");
        labels.push(label);
        Some(Tab {
            label: html,
            pieces,
        })
    }
}

/// True if `block` is the comment `text`.
fn is_comment(block: Node<'_>, text: &str) -> bool {
    match &block.data().value {
        NodeValue::HtmlBlock(html) => html
            .literal
            .trim()
            .strip_prefix("<!--")
            .and_then(|rest| rest.strip_suffix("-->"))
            .is_some_and(|inner| inner.trim() == text),
        _ => false,
    }
}
