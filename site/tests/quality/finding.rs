//! What a test found in the content, shown as the generator shows its own errors.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use site::content::Content;
use site::diagnostic::Place;
use std::path::Path;
use std::sync::LazyLock;

/// The course.
static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
    Content::load(&folder).expect("the folder « content »")
});

/// One thing to repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Where.
    pub(crate) place: Place,
    /// What is wrong.
    pub(crate) title: String,
    /// What to do.
    pub(crate) help: String,
}

/// The course's content.
pub(crate) fn content() -> &'static Content {
    &CONTENT
}

/// Fails with a frame for each of `findings`.
pub(crate) fn assert_none(findings: &[Finding]) {
    assert!(
        findings.is_empty(),
        "\n{}{} à reprendre\n",
        render(content(), findings),
        findings.len()
    );
}

/// The findings as frames: `file:line:column`, the line, the words underlined, and what to do.
pub(crate) fn render(content: &Content, findings: &[Finding]) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by(|a, b| a.place.cmp(&b.place));
    let frames = sorted.iter().map(|finding| frame(content, finding));
    frames.fold(String::new(), |all, frame| all + &frame + "\n\n")
}

fn frame(content: &Content, finding: &Finding) -> String {
    let place = &finding.place;
    let source = content
        .get(&place.path)
        .and_then(|file| file.text().ok())
        .unwrap_or_default();
    let boundary = |mut at: usize| {
        at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(place.start);
    let line_end = source[start..]
        .find('\n')
        .map_or(source.len(), |at| start + at);
    let end = boundary(place.end).min(line_end).max(start);
    let group = Group::with_title(
        Level::ERROR
            .with_name("erreur ")
            .primary_title(finding.title.as_str()),
    )
    .element(
        Snippet::source(source)
            .path(format!("content/{}", place.path))
            .annotation(AnnotationKind::Primary.span(start..end)),
    )
    .element(
        Level::HELP
            .with_name("aide ")
            .message(finding.help.as_str()),
    );
    Renderer::plain().render(&[group])
}
