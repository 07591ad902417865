//! Lists, and the checklists that lists of tasks become.

use super::page::PageChecklist;
use super::writer::Writer;
use crate::text::slug::slug;
use comrak::nodes::{ListType, Node, NodeList, NodeValue};
use std::fmt::Write as _;
use xxhash_rust::xxh3::xxh3_64;

impl Writer<'_, '_, '_> {
    /// Writes the list `node`.
    pub fn list(&mut self, node: Node<'_>, list: &NodeList) {
        let tasks = node
            .children()
            .all(|item| matches!(item.data().value, NodeValue::TaskItem(_)));
        if tasks {
            self.checklist(node);
            return;
        }
        let element = match list.list_type {
            ListType::Bullet => "ul",
            ListType::Ordered => "ol",
        };
        self.out.push('<');
        self.out.push_str(element);
        if list.list_type == ListType::Ordered && list.start != 1 {
            let _ = write!(self.out, " start=\"{}\"", list.start);
        }
        self.out.push_str(">\n");
        for item in node.children() {
            self.out.push_str("<li>");
            self.item_blocks(item, list.tight);
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</");
        self.out.push_str(element);
        self.out.push_str(">\n");
    }

    /// Writes the blocks of an item; the paragraphs of a tight list stand bare.
    pub fn item_blocks(&mut self, item: Node<'_>, tight: bool) {
        let blocks: Vec<_> = item.children().collect();
        let mut run = 0;
        for (index, block) in blocks.iter().enumerate() {
            if tight && matches!(block.data().value, NodeValue::Paragraph) {
                self.blocks(&blocks[run..index]);
                self.inlines(block);
                if index + 1 < blocks.len() {
                    self.out.push('\n');
                }
                run = index + 1;
            }
        }
        self.blocks(&blocks[run..]);
    }

    /// A list of tasks: the page remembers what is ticked, by the checklist's id and a hash of each text.
    fn checklist(&mut self, node: Node<'_>) {
        let name = self.state.path.trim_end_matches(".md").replace('/', "-");
        let number = self.state.page.checklists.len() + 1;
        let id = format!("{}-{number}", slug(&name));
        self.state.page.checklists.push(PageChecklist {
            id: id.clone(),
            boxes: node.children().count(),
        });
        let _ = writeln!(self.out, "<ul class=\"checklist\" data-checklist=\"{id}\">");
        for item in node.children() {
            let checked =
                matches!(&item.data().value, NodeValue::TaskItem(task) if task.symbol.is_some());
            self.task(item, checked);
        }
        self.out.push_str("</ul>\n");
    }

    fn task(&mut self, item: Node<'_>, checked: bool) {
        let blocks: Vec<_> = item.children().collect();
        let text = blocks
            .first()
            .map(|first| self.plain(first))
            .unwrap_or_default();
        let hash = xxh3_64(text.as_bytes()) & 0xFFFF_FFFF;
        let _ = write!(
            self.out,
            "<li><label><input type=\"checkbox\" data-check=\"{hash:08x}\""
        );
        if checked {
            self.out.push_str(" checked");
        }
        self.out.push_str("> <span>");
        let rest = match blocks.first() {
            Some(first) if matches!(first.data().value, NodeValue::Paragraph) => {
                self.inlines(first);
                &blocks[1..]
            }
            _ => &blocks[..],
        };
        self.out.push_str("</span></label>");
        if !rest.is_empty() {
            self.out.push('\n');
        }
        self.blocks(rest);
        self.out.push_str("</li>\n");
    }
}
