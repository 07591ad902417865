//! Tables, in a frame that scrolls sideways on narrow screens.

use super::writer::Writer;
use comrak::nodes::{Node, NodeValue, TableAlignment};

impl Writer<'_, '_, '_> {
    /// Writes the table `node`.
    pub fn table(&mut self, node: Node<'_>, alignments: &[TableAlignment]) {
        self.out.push_str(
            "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Tableau\"><table>\n",
        );
        let mut body = false;
        for row in node.children() {
            let header = matches!(row.data().value, NodeValue::TableRow(true));
            if header {
                self.out.push_str("<thead>\n");
            } else if !body {
                body = true;
                self.out.push_str("<tbody>\n");
            }
            self.row(row, header, alignments);
            if header {
                self.out.push_str("</thead>\n");
            }
        }
        if body {
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table></div>\n");
    }

    fn row(&mut self, row: Node<'_>, header: bool, alignments: &[TableAlignment]) {
        self.out.push_str("<tr>");
        for (cell, alignment) in row.children().zip(alignments) {
            let has_text = cell.first_child().is_some();
            // An empty corner is no heading of anything.
            let element = if header && has_text { "th" } else { "td" };
            self.out.push('<');
            self.out.push_str(element);
            if element == "th" {
                self.out.push_str(" scope=\"col\"");
            }
            self.out.push_str(match alignment {
                TableAlignment::Center => " class=\"ta-c\"",
                TableAlignment::Right => " class=\"ta-r\"",
                TableAlignment::None | TableAlignment::Left => "",
            });
            self.out.push('>');
            self.inlines(cell);
            self.out.push_str("</");
            self.out.push_str(element);
            self.out.push('>');
        }
        self.out.push_str("</tr>\n");
    }
}
