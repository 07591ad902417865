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
