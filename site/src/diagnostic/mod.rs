//! What is wrong with the content, where, and what to do about it.
//!
//! 1. A check finds a [`Problem`] at a [`Place`] and adds the pair, a [`Diagnostic`], to the list of the run.
//! 2. All checks of all files run; then the list is sorted by file and position.
//! 3. [`frame::render`] prints each in a frame: `file:line:column`, the line, the words underlined, and `aide :`.
//!
//! Each domain declares its problems as an enum beside the code that finds them and explains them in French ([`Explain`]).

pub mod frame;

use crate::course::problem::CourseProblem;
use crate::fence::problem::FenceProblem;
use crate::labs::LabProblem;
use crate::markdown::problem::{FootnoteProblem, LinkProblem, MarkupProblem, SubstitutionProblem};
use crate::quiz::problem::QuizProblem;
use crate::simulation::ScenarioProblem;
use crate::text::problem::{TextProblem, TomlProblem};
use std::ops::Range;
use std::sync::Arc;

/// A range of bytes in a text.
pub type Span = Range<usize>;

/// A range of bytes in a file of the content folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path of the file relative to the content folder, with `/`.
    pub path: Arc<str>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Place {
    /// The bytes `span` of the file `path`.
    pub fn new(path: &Arc<str>, span: Span) -> Self {
        Self {
            path: Arc::clone(path),
            start: span.start,
            end: span.end.max(span.start),
        }
    }
}

/// One problem at one place.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// Says a problem in French.
pub trait Explain {
    /// What is wrong, one line.
    fn title(&self) -> String;

    /// A few words under the underlined text; empty if the title says it all.
    fn label(&self) -> String {
        String::new()
    }

    /// What to do.
    fn help(&self) -> String;
}

macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident($inner:ty),)*) => {
        /// Everything that can be wrong, by domain.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Problem {
            $($(#[$doc])* $variant($inner),)*
        }

        impl Problem {
            /// The problem's words.
            pub fn explain(&self) -> &dyn Explain {
                match self {
                    $(Self::$variant(inner) => inner,)*
                }
            }
        }

        $(impl From<$inner> for Problem {
            fn from(inner: $inner) -> Self {
                Self::$variant(inner)
            }
        })*
    };
}

problems! {
    /// A file is not readable text.
    Text(TextProblem),
    /// A TOML text is malformed, or not of the expected form.
    Toml(TomlProblem),
    /// `course.toml` contradicts itself or the folder.
    Course(CourseProblem),
    /// Markup outside of the dialect.
    Markup(MarkupProblem),
    /// A link or image leads nowhere.
    Link(LinkProblem),
    /// A footnote without call, or a call without footnote.
    Footnote(FootnoteProblem),
    /// A `{{…}}` that stands for nothing.
    Substitution(SubstitutionProblem),
    /// A fenced block is malformed.
    Fence(FenceProblem),
    /// A quiz is malformed or contradicts itself.
    Quiz(QuizProblem),
    /// A scenario is malformed, or its expectations fail.
    Scenario(ScenarioProblem),
    /// A lab has drifted from the course.
    Lab(LabProblem),
}

/// The problems found so far by one check, of one or several files.
#[derive(Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a problem.
    pub fn push(&mut self, place: Place, problem: impl Into<Problem>) {
        self.0.push(Diagnostic {
            place,
            problem: problem.into(),
        });
    }

    /// Adds the problems of another check.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(others);
    }

    /// True if nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All problems, sorted by file and position; a problem reported twice at the same place appears once.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by(|a, b| a.place.cmp(&b.place));
        self.0
            .dedup_by(|a, b| a.place == b.place && a.problem == b.problem);
        self.0
    }

    /// All problems, in the order in which they were found.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}
