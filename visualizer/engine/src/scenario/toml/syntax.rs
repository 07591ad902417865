//! What the TOML parser says, in French.

/// A message of the `toml` crate (`description, expected this, that`) in French; the original where it is not known.
pub(super) fn translate(message: &str) -> String {
    let description = message.split(", expected").next().unwrap_or(message);
    KNOWN
        .iter()
        .find(|(english, _)| description.starts_with(english))
        .map_or_else(
            || format!("le texte n'est pas du TOML valide ici ({message})"),
            |(_, french)| (*french).to_owned(),
        )
}

const KNOWN: [(&str, &str); 24] = [
    (
        "duplicate key",
        "cette clé est donnée deux fois : retirez-en une",
    ),
    (
        "string values must be quoted",
        "la valeur manque, ou c'est un texte sans ses guillemets",
    ),
    (
        "key with no value",
        "cette clé n'a pas de valeur : écrivez clé = valeur",
    ),
    ("missing value", "il manque une valeur après le signe ="),
    (
        "missing assignment",
        "il manque le signe = entre la clé et la valeur",
    ),
    (
        "missing comma between array elements",
        "il manque une virgule entre deux éléments de la liste",
    ),
    (
        "missing comma between key-value pairs",
        "il manque une virgule entre deux clés de l'accolade",
    ),
    (
        "missing key for inline table",
        "il manque une clé dans l'accolade",
    ),
    (
        "extra comma in inline table",
        "une virgule est de trop dans l'accolade",
    ),
    (
        "extra comma in array",
        "une virgule est de trop dans la liste",
    ),
    ("extra `=`", "un signe = est de trop"),
    ("extra assignment", "un signe = est de trop"),
    (
        "unclosed array table",
        "il manque les deux crochets fermants ]] de la section",
    ),
    (
        "unclosed array",
        "il manque le crochet fermant ] de la liste",
    ),
    ("unclosed inline table", "il manque l'accolade fermante }"),
    (
        "unclosed table",
        "il manque le crochet fermant ] de la section",
    ),
    (
        "invalid basic string",
        "il manque le guillemet fermant, ou un caractère n'est pas permis dans ce texte",
    ),
    (
        "invalid literal string",
        "il manque l'apostrophe fermante, ou un caractère n'est pas permis dans ce texte",
    ),
    (
        "invalid unquoted key",
        "une clé qui contient un point ou un accent s'écrit entre guillemets",
    ),
    (
        "invalid key",
        "cette clé est mal écrite : mettez-la entre guillemets",
    ),
    (
        "unexpected leading zero",
        "un nombre ne commence pas par un zéro",
    ),
    ("unexpected key or value", "une seule clé par ligne"),
    (
        "unexpected content",
        "rien ne peut suivre ici : passez à la ligne",
    ),
    (
        "cannot extend value",
        "cette clé est déjà donnée avec une autre valeur",
    ),
];
