//! The grammar of each language: the well-kept ones of Sublime Text, and our own for C#, which theirs knows as it was before
//! records, raw strings and patterns. Ours also takes a quarter of the time.

use crate::fence::language::Language;
use std::sync::LazyLock;
use syntect::parsing::{ParseState, SyntaxDefinition, SyntaxSet, SyntaxSetBuilder};

/// Sublime Text's grammars.
static COMMON: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The one for C#; none if its file were wrong, which a test sees.
static CSHARP: LazyLock<SyntaxSet> = LazyLock::new(|| {
    let mut set = SyntaxSetBuilder::new();
    let grammar = include_str!("csharp.sublime-syntax");
    if let Ok(grammar) = SyntaxDefinition::load_from_str(grammar, true, None) {
        set.add(grammar);
    }
    set.build()
});

/// The grammars among which that of `language` is, and those that it refers to.
pub(super) fn set(language: Language) -> &'static SyntaxSet {
    match language {
        Language::CSharp => &CSHARP,
        _ => &COMMON,
    }
}

/// A parser at the start of a text; `None` if the language has no grammar.
pub(super) fn parser(language: Language) -> Option<ParseState> {
    let syntax = set(language).find_syntax_by_name(language.syntax()?)?;
    Some(ParseState::new(syntax))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Content, has_extension};
    use crate::highlight::Highlighter;
    use std::path::Path;

    #[test]
    fn every_language_has_its_grammar() {
        let grammar = include_str!("csharp.sublime-syntax");
        SyntaxDefinition::load_from_str(grammar, true, None).unwrap();
        for language in Language::ALL {
            assert_eq!(
                parser(language).is_some(),
                language.syntax().is_some(),
                "« {} »",
                language.name()
            );
        }
    }

    /// C# with its tokens in brackets: `[k:var]`.
    fn marked(code: &str) -> String {
        Highlighter::default()
            .highlight(Language::CSharp, code)
            .replace("<span class=\"z-", "[")
            .replace("\">", ":")
            .replace("</span>", "]")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
    }

    /// The code of which `marked` would be made.
    fn without_marks(marked: &str) -> String {
        let mut code = String::new();
        let mut open = Vec::new();
        let mut rest = marked;
        while let Some(first) = rest.chars().next() {
            let mark = rest.starts_with('[') && rest.as_bytes().get(2) == Some(&b':');
            let mut taken = if mark { 3 } else { first.len_utf8() };
            match first {
                '[' => open.push(mark),
                ']' if open.pop() == Some(true) => taken = 0,
                _ => {}
            }
            if !mark && taken > 0 {
                code.push(first);
            }
            rest = &rest[taken.max(1)..];
        }
        code
    }

    #[test]
    fn csharp_of_today() {
        for expected in [
            "[k:global using] System.Text;",
            "[k:using var] consumer = [k:new ][t:ConsumerBuilder]<[k:string], [t:Order]>(config).[f:Build]();",
            "[k:public sealed record ][t:OrderCreated]([k:string] Id, [k:decimal] Total) : [t:Event](Id);",
            "[k:public required string] Key { [k:get]; [k:init]; }",
            "[k:file sealed class ][t:Worker]([t:ILogger]<[t:Worker]> logger) : [t:BackgroundService]",
            "[k:protected override async ][t:Task ][f:RunAsync]([t:CancellationToken] token) => [k:await] Task.[f:Yield]();",
            "[k:private static ][t:T ][f:Last]<[t:T]>([t:T][] all) [k:where ][t:T] : [k:class], [t:IEvent], [k:new]() { }",
            "[k:if] (result [k:is not ][n:null ][k:and] { Message: { Key: [k:var] key } }) [k:return];",
            "[k:var] next = order [k:with] { Total = [n:12.5m] };",
            "[k:catch] ([t:KafkaException] e) [k:when] (e.Error.Code == ErrorCode.Local_NoOffset) { }",
            "[t:List]<[t:Offset]> ends = [.. all.[f:Select](p => [k:new ][t:Offset](p))];",
            "[k:foreach] ([k:var] (partition, offset) [k:in] offsets) [f:Show]([s:$\"][e:{]partition[e:,3}][s: à ][e:{]offset[e::N0}][s:\"]);",
            "[f:Say]([s:$\"][e:{](ok ? [s:\"oui\"] : [s:\"non\"])[e:} {{][s: fin\"]);",
            "[k:var] path = [s:@\"C:\\tmp\"]; [k:char] c = [s:'][e:\\n][s:']; [k:var] n = [n:0x1F_FF] + [n:1e-3];",
            "[k:int]? x = a < b ? [n:1] : y > [n:2] ? [k:default] : [n:3]; [c:// fin]",
        ] {
            let code = without_marks(expected);
            assert_eq!(marked(&code), expected, "{code}");
        }
    }

    #[test]
    fn csharp_strings_of_several_lines() {
        let code = "var a = \"\"\"\n  { \"type\": \"record\" }\n  \"\"\";\nvar b = $$\"\"\"{ \"id\": {{id}} }\"\"\";\n[Fact]\nint c;\n";
        assert_eq!(
            marked(code),
            concat!(
                "[k:var] a = [s:\"\"\"]\n[s:  { \"type\": \"record\" }]\n[s:  \"\"\"];\n",
                "[k:var] b = [s:$$\"\"\"{ \"id\": ][e:{{]id[e:}}][s: }\"\"\"];\n",
                "[m:[Fact]]\n[k:int] c;\n"
            )
        );
    }

    /// The course's own code, to its last line: what a file opens it closes, and no rule runs away with the rest.
    #[test]
    fn csharp_of_the_labs_ends_where_it_began() {
        let labs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/labs");
        let labs = Content::load(&labs).unwrap();
        let mut files = 0;
        for file in labs.files().filter(|file| has_extension(&file.path, "cs")) {
            assert_eq!(after(file.text().unwrap()), after("\n"), "{}", file.path);
            files += 1;
        }
        assert!(files > 50, "{files} files");
    }

    fn after(code: &str) -> ParseState {
        let mut parser = parser(Language::CSharp).unwrap();
        for line in code.split_inclusive('\n') {
            parser.parse_line(line, set(Language::CSharp)).unwrap();
        }
        parser
    }
}
