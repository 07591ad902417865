/// A piece of the text a scenario was read from. Lines, columns and lengths count characters, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line in the fence's text; 0 if the scenario was not read from one.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// How many characters, at least 1.
    pub length: usize,
}

impl Place {
    /// A part of it, from its character number `column`, counted from 1. Never reaches beyond its end.
    #[must_use]
    pub fn part(self, column: usize, length: usize) -> Self {
        let skipped = column.saturating_sub(1).min(self.length);
        Self {
            column: self.column + skipped,
            length: length.min(self.length - skipped).max(1),
            ..self
        }
    }
}
