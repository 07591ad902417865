//! One tiny course per error, checked and compared with what the person at the terminal must read.

use crate::case::Case;

macro_rules! errors {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            Case::error($name).says();
        })*
    };
}

errors! {
    absolute_link: "absolute-link",
    annotation_count: "annotation-count",
    breaks_meet: "breaks-meet",
    broken_anchor: "broken-anchor",
    broken_link: "broken-link",
    calculator: "calculator",
    code_without_language: "code-without-language",
    control_character: "control-character",
    course_syntax: "course-syntax",
    course_toml: "course-toml",
    diagram_without_alt: "diagram-without-alt",
    diff_line: "diff-line",
    duplicate_heading: "duplicate-heading",
    duplicate_page: "duplicate-page",
    duplicate_quiz: "duplicate-quiz",
    durations: "durations",
    fence_lines: "fence-lines",
    fence_not_closed: "fence-not-closed",
    footnotes: "footnotes",
    glossary_definition: "glossary-definition",
    headings: "headings",
    image_without_alt: "image-without-alt",
    inline_script: "inline-script",
    instructor_annex: "instructor-annex",
    instructor_note: "instructor-note",
    invalid_utf8: "invalid-utf8",
    lab_anchor_missing: "lab-anchor-missing",
    lab_file_missing: "lab-file-missing",
    lab_version: "lab-version",
    malformed_fence_key: "malformed-fence-key",
    malformed_scenario: "malformed-scenario",
    missing_image: "missing-image",
    missing_page: "missing-page",
    no_course: "no-course",
    quiz_answers: "quiz-answers",
    quiz_markdown: "quiz-markdown",
    quiz_toml: "quiz-toml",
    raw_html: "raw-html",
    reserved_id: "reserved-id",
    scenario_toml: "scenario-toml",
    screen_mark: "screen-mark",
    several_files: "several-files",
    tabs: "tabs",
    timetable: "timetable",
    unknown_alert: "unknown-alert",
    unknown_fence: "unknown-fence",
    unknown_fence_key: "unknown-fence-key",
    unknown_term: "unknown-term",
    unknown_version: "unknown-version",
    unlisted_page: "unlisted-page",
    wrong_computation: "wrong-computation",
    wrong_expectation: "wrong-expectation",
}
