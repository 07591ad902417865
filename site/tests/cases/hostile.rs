//! Whatever a page holds, it is compiled or refused, never a panic, and nothing that runs gets through.

use proptest::prelude::*;
use site::builder::{BuildOptions, Builder};
use site::content::Content;

const COURSE: &str = include_str!("../golden/navigation/content/course.toml");

/// Pieces of the dialect, whole and broken.
fn pieces() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "# T\n\n",
        "\n\n",
        "## é{#x}\n",
        "##### O\n",
        "<!-- onglets -->\n",
        "<!-- /onglets -->\n",
        "```csharp title=\"é\" lines=\"1-2\"\n",
        "```\n",
        "~~~yaml\n",
        "```quiz\nid = \"a\"\n",
        "```simulation\n",
        "```schema alt=\"é\"\n",
        "[[question]]\ntype = \"single\"\n",
        "prompt = \"\"\"é [x](y)\n",
        "\"\"\"\n",
        "{{version.é}}",
        "{{terme.isr|",
        "}}",
        "{{calcul: partition(\"é\", 6)}}",
        "[^n]",
        "[^n]: é\n",
        "[é](deux.md#é)",
        "![](é.png)",
        "> [!TIP] é\n> ",
        "> [!É]\n",
        "- [ ] é\n",
        "1. é\n   ",
        "| é | b |\n|---|:-:|\n| {{x}} | ` |\n",
        "<details open>",
        "</summary>",
        "<script>alert(1)</script>",
        "<b onclick='x'>",
        "<a href=\"javascript:x\">",
        "« \"é\" ' ... 10 000 ms ; »",
        "\u{1}",
        "\u{12}0\u{13}",
        "&#1;",
        "&#x12;0&#x13;",
        "\\",
        "`{{`",
        "# (1)\n",
        "// <é>\n",
        "\t",
        "é // (1)\n",
        "[a](<javascript:x>)",
        "---\n",
    ]);
    prop_oneof![4 => fixed.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages(parts in prop::collection::vec(pieces(), 0..24)) {
        let page = parts.concat();
        let files = [("course.toml", COURSE), ("index.md", page.as_str()), ("deux.md", "# Deux\n"), ("fin.md", "# Fin\n\n## Bilan\n"), ("outils.md", "# Outils\n")];
        let content = Content::from_files(files.map(|(path, text)| (path, text.as_bytes())));
        let mut builder = Builder::with_content(BuildOptions::default(), content);
        match builder.check() {
            Ok(checked) => {
                let body = format!("{:?}", checked.pages["index.md"].body);
                prop_assert!(!body.contains("<script") && !body.contains("onclick=") && !body.contains("javascript:"), "{body}");
            }
            Err(problems) => {
                let frames = site::diagnostic::frame::render(&problems, builder.content(), "", false);
                for problem in &problems {
                    let file = builder.content().get(&problem.place.path).unwrap();
                    prop_assert!(problem.place.start <= file.bytes.len() + 1, "{:?} in {page:?}", problem);
                    prop_assert!(problem.place.end <= file.bytes.len() + 1, "{:?} in {page:?}", problem);
                }
                prop_assert!(frames.lines().count() >= problems.len());
            }
        }
    }

    #[test]
    fn course_files(parts in prop::collection::vec(prop::sample::select(COURSE.lines().collect::<Vec<_>>()), 0..60)) {
        let course = parts.join("\n");
        let content = Content::from_files([("course.toml", course.as_bytes()), ("index.md", b"# T\n")]);
        let mut builder = Builder::with_content(BuildOptions::default(), content);
        if let Err(problems) = builder.check() {
            site::diagnostic::frame::render(&problems, builder.content(), "", true);
        }
    }
}
