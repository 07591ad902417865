//! Tables, in a frame that scrolls sideways on narrow screens. Where the corner is empty, what stands below it names the rows.

use super::writer::Writer;
use comrak::nodes::{Node, NodeValue, TableAlignment};

impl Writer<'_, '_, '_> {
    /// Writes the table `node`.
    pub fn table(&mut self, node: Node<'_>, alignments: &[TableAlignment]) {
        self.out.push_str(
            "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Tableau\"><table>\n",
        );
        let mut body = false;
        let mut names_rows = false;
        for row in node.children() {
            let header = matches!(row.data().value, NodeValue::TableRow(true));
            if header {
                names_rows = row.first_child().is_some_and(is_empty);
                self.out.push_str("<thead>\n");
            } else if !body {
                body = true;
                self.out.push_str("<tbody>\n");
            }
            let heading = match (header, names_rows) {
                (true, _) => Heading::Columns,
                (false, true) => Heading::Row,
                (false, false) => Heading::None,
            };
            self.row(row, heading, alignments);
            if header {
                self.out.push_str("</thead>\n");
            }
        }
        if body {
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table></div>\n");
    }

    fn row(&mut self, row: Node<'_>, heading: Heading, alignments: &[TableAlignment]) {
        self.out.push_str("<tr>");
        for (index, (cell, alignment)) in row.children().zip(alignments).enumerate() {
            // An empty cell is no heading of anything.
            let scope = match heading {
                _ if is_empty(cell) => None,
                Heading::Columns => Some(" scope=\"col\""),
                Heading::Row if index == 0 => Some(" scope=\"row\""),
                Heading::Row | Heading::None => None,
            };
            let element = if scope.is_some() { "th" } else { "td" };
            self.out.push('<');
            self.out.push_str(element);
            self.out.push_str(scope.unwrap_or_default());
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

/// What a row's cells head.
#[derive(Clone, Copy)]
enum Heading {
    /// Each its column.
    Columns,
    /// The first its row.
    Row,
    None,
}

fn is_empty(cell: Node<'_>) -> bool {
    cell.first_child().is_none()
}
