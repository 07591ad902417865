//! Which scopes of a grammar get which class.

use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::LazyLock;
use syntect::parsing::Scope;

/// What a scope does to the text in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Effect {
    /// Nothing: the scope around it decides.
    Pass,
    /// Plain, whatever stands around it.
    Plain,
    /// This class, without its `z-`.
    Class(char),
    /// A key: what stands in it gets the class of keys where it would get that of strings.
    Key,
}

/// Scopes by prefix; the longest prefix that fits wins.
const RULES: [(&str, Effect); 44] = [
    ("comment", Effect::Class('c')),
    ("string", Effect::Class('s')),
    // YAML and properties call every bare value a string: colouring it all would colour nothing.
    ("string.unquoted", Effect::Plain),
    ("constant.numeric", Effect::Class('n')),
    ("constant.language", Effect::Class('n')),
    ("constant.character.escape", Effect::Class('e')),
    ("constant.other.placeholder", Effect::Class('e')),
    ("constant.other.timestamp", Effect::Class('n')),
    ("meta.interpolation", Effect::Plain),
    ("punctuation.section.interpolation", Effect::Class('e')),
    ("punctuation.definition.interpolation", Effect::Class('e')),
    ("keyword", Effect::Class('k')),
    ("keyword.operator", Effect::Pass),
    ("keyword.operator.word", Effect::Class('k')),
    ("keyword.operator.new", Effect::Class('k')),
    ("keyword.operator.assignment.redirection", Effect::Pass),
    ("keyword.control.directive", Effect::Class('m')),
    ("keyword.declaration", Effect::Class('k')),
    ("storage", Effect::Class('k')),
    ("storage.type.annotation", Effect::Class('m')),
    ("meta.preprocessor", Effect::Class('m')),
    ("meta.annotation", Effect::Class('m')),
    ("variable.annotation", Effect::Class('m')),
    ("entity.name.type", Effect::Class('t')),
    ("entity.name.class", Effect::Class('t')),
    ("entity.name.struct", Effect::Class('t')),
    ("entity.name.interface", Effect::Class('t')),
    ("entity.name.enum", Effect::Class('t')),
    ("entity.other.inherited-class", Effect::Class('t')),
    ("support.class", Effect::Class('t')),
    ("support.type", Effect::Class('t')),
    ("entity.name.tag", Effect::Class('t')),
    ("entity.name.tag.yaml", Effect::Class('a')),
    ("entity.name.section", Effect::Class('t')),
    ("entity.name.function", Effect::Class('f')),
    ("support.function", Effect::Class('f')),
    ("variable.function", Effect::Class('f')),
    ("entity.other.attribute-name", Effect::Class('a')),
    ("support.type.property-name", Effect::Class('a')),
    ("meta.mapping.key", Effect::Key),
    ("meta.structure.dictionary.key", Effect::Key),
    ("variable.parameter.option", Effect::Class('a')),
    ("variable.language", Effect::Class('v')),
    ("variable.other.readwrite.shell", Effect::Class('v')),
];

static PARSED: LazyLock<Vec<(Scope, Effect)>> = LazyLock::new(|| {
    let mut rules: Vec<_> = RULES
        .iter()
        .filter_map(|(text, effect)| Some((Scope::new(text).ok()?, *effect)))
        .collect();
    rules.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
    rules
});

thread_local! {
    static KNOWN: RefCell<FxHashMap<Scope, Effect>> = RefCell::default();
}

/// The effect of `scope`.
pub(super) fn effect(scope: Scope) -> Effect {
    KNOWN.with_borrow_mut(|known| {
        *known.entry(scope).or_insert_with(|| {
            PARSED
                .iter()
                .find(|(prefix, _)| prefix.is_prefix_of(scope))
                .map_or(Effect::Pass, |(_, effect)| *effect)
        })
    })
}
