//! Generator of the French course: Markdown, scenarios and quizzes in, a checked static site out.
//!
//! # The way of a build
//! 1. [`content`] reads the whole folder into memory.
//! 2. [`course`] reads `course.toml`: days, blocs, pages, versions, glossary; durations must add up.
//! 3. [`markdown`] compiles every page, in parallel: it checks and renders in one pass, and leaves open what depends on the
//!    page's place ([`body`]). Fences go to [`fence`], [`simulation`] and [`quiz`]; code to [`highlight`].
//! 4. [`check`] looks across pages, [`labs`] at the labs' files, which [`archive`] puts into one zip per lab. All problems of
//!    all steps are reported in one run ([`diagnostic`]), and if there are any the build ends here.
//! 5. [`theme`] and [`layout`] put the pages into their templates, [`screens`] cuts them for the presentation, [`offline`] makes
//!    the whole readable without network, and [`output`] puts the new site in the place of the old one in one step; a build
//!    that fails leaves the old one untouched.
//!
//! [`builder`] drives these steps and, built again, does only what changed; [`watch`] keeps it running; [`cli`] is what the
//! person at the terminal sees. [`reading`] takes the content apart for those who check its prose and its code.
//!
//! All positions are byte ranges of files ([`text::origin`]), all problems enums that explain themselves in French.

pub mod archive;
pub mod body;
pub mod builder;
pub mod calculator;
pub mod check;
pub mod cli;
pub mod content;
pub mod context;
pub mod course;
pub mod diagnostic;
pub mod fence;
pub mod highlight;
pub mod labs;
pub mod layout;
pub mod markdown;
pub mod offline;
pub mod output;
pub mod quiz;
pub mod reading;
pub mod screens;
pub mod simulation;
pub mod text;
pub mod theme;
pub mod watch;
