//! What can be wrong with the prose: markup, links, footnotes, substitutions.

use crate::diagnostic::Explain;
use crate::text::problem::quoted_list;
use crate::text::suggest::did_you_mean;

/// Markup outside of the dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkupProblem {
    /// The page does not begin with `# Titre`.
    NoTitle,
    /// A second `# Titre`.
    SecondTitle,
    /// A heading more than one level below the one before.
    SkippedLevel {
        /// Its level.
        level: u8,
        /// Level of the one before.
        before: u8,
    },
    /// A heading without text.
    EmptyHeading,
    /// An id that the page already has.
    DuplicateId {
        /// The id.
        id: String,
    },
    /// An id that the templates use for themselves.
    ReservedId {
        /// The id.
        id: String,
    },
    /// An explicit id that is not one.
    BadId {
        /// One that is.
        better: String,
    },
    /// A heading of level 5 or 6 outside of tabs.
    DeepHeading,
    /// A heading inside a quiz.
    NestedHeading,
    /// A kind of alert that does not exist.
    UnknownAlert {
        /// Its name.
        name: String,
    },
    /// An element outside of the allow-list.
    Element {
        /// Its name.
        name: String,
    },
    /// An attribute outside of the allow-list.
    Attribute {
        /// Its name.
        name: String,
    },
    /// An attribute that runs a script.
    InlineHandler {
        /// Its name.
        name: String,
    },
    /// An attribute that styles.
    InlineStyle,
    /// A tag that is not well formed.
    MalformedTag,
    /// An element never closed.
    NotClosed {
        /// Its name.
        name: String,
    },
    /// A closing tag without its opening one.
    NotOpened {
        /// Its name.
        name: String,
    },
    /// Tabs never closed.
    TabsNotClosed,
    /// The end of tabs that were not opened.
    TabsNotOpened,
    /// Tabs without a heading of level 5 at their start.
    TabsWithoutHeading,
    /// A comment that looks like a mark of tabs and is none.
    TabsMark,
    /// Two tabs of one group with the same label.
    DuplicateTab {
        /// The label.
        label: String,
    },
    /// Blocks where one line is expected.
    InlineOnly,
    /// An instructor's note inside another block.
    NoteInside,
    /// An instructor's note in a page of no bloc.
    NoteOutsideBloc,
    /// Something that no instructor's note may hold.
    InNote {
        /// What it is, with its article.
        what: &'static str,
    },
    /// A comment that looks like a mark of screens and is none, or stands inside another block.
    ScreenMark,
    /// A mark of screens inside folded details.
    ScreenMarkInside,
}

/// Alerts, as one writes them.
pub const ALERTS: [&str; 6] = [
    "NOTE",
    "TIP",
    "IMPORTANT",
    "WARNING",
    "CAUTION",
    super::instructor::NAME,
];

impl Explain for MarkupProblem {
    fn title(&self) -> String {
        match self {
            Self::NoTitle => "page sans titre".into(),
            Self::SecondTitle => "deuxième titre de page".into(),
            Self::SkippedLevel { level, before } => {
                format!("titre de niveau {level} juste après un niveau {before}")
            }
            Self::EmptyHeading => "titre vide".into(),
            Self::DuplicateId { id } => format!("identifiant « {id} » déjà pris dans la page"),
            Self::ReservedId { id } => format!("identifiant « {id} » réservé au cadre de la page"),
            Self::BadId { .. } => "identifiant incorrect".into(),
            Self::DeepHeading => "titre de niveau 5 ou 6 hors des onglets".into(),
            Self::NestedHeading => "titre dans une question".into(),
            Self::UnknownAlert { name } => format!("encadré inconnu « {name} »"),
            Self::Element { name } => format!("élément HTML interdit <{name}>"),
            Self::Attribute { name } => format!("attribut HTML interdit « {name} »"),
            Self::InlineHandler { name } => format!("script dans la page : attribut « {name} »"),
            Self::InlineStyle => "style dans la page : attribut « style »".into(),
            Self::MalformedTag => "balise HTML mal formée".into(),
            Self::NotClosed { name } => format!("<{name}> jamais fermé"),
            Self::NotOpened { name } => format!("</{name}> sans ouverture"),
            Self::TabsNotClosed => "onglets jamais fermés".into(),
            Self::TabsNotOpened => "fin d'onglets sans début".into(),
            Self::TabsWithoutHeading => "onglet sans titre".into(),
            Self::TabsMark => "marque d'onglets mal écrite".into(),
            Self::DuplicateTab { label } => format!("onglet « {label} » donné deux fois"),
            Self::InlineOnly => "plusieurs paragraphes là où une ligne est attendue".into(),
            Self::NoteInside => "note du formateur dans un autre bloc".into(),
            Self::NoteOutsideBloc => "note du formateur hors d'un bloc".into(),
            Self::InNote { what } => format!("{what} dans une note du formateur"),
            Self::ScreenMark => "marque d'écran mal écrite ou mal placée".into(),
            Self::ScreenMarkInside => "marque d'écran dans un bloc replié".into(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NoTitle => "commencez la page par une ligne « # Titre »".into(),
            Self::SecondTitle => "écrivez « ## » : une page n'a qu'un titre de niveau 1".into(),
            Self::SkippedLevel { before, .. } => format!("écrivez « {} » : les niveaux se suivent", "#".repeat(usize::from(*before) + 1)),
            Self::EmptyHeading => "écrivez un titre après les dièses, ou supprimez la ligne".into(),
            Self::DuplicateId { id } => format!("changez le titre, ou donnez un identifiant : « ## Titre {{#{id}-2}} »"),
            Self::ReservedId { id } => format!("donnez un autre identifiant : « ## Titre {{#{id}-1}} »"),
            Self::BadId { better } => format!("écrivez « {{#{better}}} » : minuscules sans accent, chiffres et traits d'union"),
            Self::DeepHeading => "les titres de page vont du niveau 2 au niveau 4 ; le niveau 5 nomme un onglet".into(),
            Self::NestedHeading => "écrivez ce texte en gras : le plan de la page ne passe pas par les quiz".into(),
            Self::UnknownAlert { name } => {
                did_you_mean(name, ALERTS, &format!("les encadrés possibles sont {}", quoted_list(&ALERTS)))
            }
            Self::Element { .. } => format!("les éléments permis sont {}", quoted_list(&super::html::ELEMENTS)),
            Self::Attribute { .. } => "retirez-le : seuls « open » sur <details> et « title » sur <abbr> sont permis".into(),
            Self::InlineHandler { .. } => "retirez-le : la politique de sécurité des pages interdit tout script écrit dans la page".into(),
            Self::InlineStyle => "retirez-le : la mise en forme est dans site/assets/css".into(),
            Self::MalformedTag => "écrivez « < » sous la forme « &lt; » si ce n'est pas une balise".into(),
            Self::NotClosed { name } => format!("ajoutez </{name}>"),
            Self::NotOpened { name } => format!("retirez-le, ou ajoutez <{name}> avant"),
            Self::TabsNotClosed => "ajoutez « <!-- /onglets --> » après le dernier onglet".into(),
            Self::TabsNotOpened => "ajoutez « <!-- onglets --> » avant le premier onglet".into(),
            Self::TabsWithoutHeading => "commencez chaque onglet par « ##### Nom de l'onglet »".into(),
            Self::TabsMark => "écrivez « <!-- onglets --> » et « <!-- /onglets --> »".into(),
            Self::DuplicateTab { .. } => "donnez à chaque onglet un nom différent".into(),
            Self::InlineOnly => "réduisez ce texte à un seul paragraphe".into(),
            Self::NoteInside => "écrivez-la entre deux blocs de la page, hors des listes, citations, onglets et blocs repliés".into(),
            Self::NoteOutsideBloc => "seules les pages d'un bloc se présentent : retirez cette note de l'annexe".into(),
            Self::InNote { .. } => "gardez-y du texte, des listes, du code ou des tableaux : le reste appartient à la page".into(),
            Self::ScreenMark => "écrivez, seul entre deux blocs, « <!-- écran --> » pour en commencer un, ou « <!-- même écran --> » pour rester sur le même".into(),
            Self::ScreenMarkInside => "un bloc replié tient sur un écran : placez la marque avant <details> ou après </details>".into(),
        }
    }
}

/// A link or image leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// A page that is not there.
    NoSuchPage {
        /// Its path in the content folder.
        path: String,
        /// A path, relative to the page, that it may be.
        closest: Option<String>,
    },
    /// A file that is there but is no page of the course.
    NotAPage {
        /// Its path in the content folder.
        path: String,
    },
    /// An anchor that the page does not have.
    NoSuchAnchor {
        /// The anchor.
        anchor: String,
        /// An anchor of the page that it may be.
        closest: Option<String>,
        /// The page, in the content folder.
        page: String,
    },
    /// A path from the root of the host.
    Absolute,
    /// A path that leaves the content folder.
    Outside,
    /// A scheme other than http, https, mailto.
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// A file that is not there.
    NoSuchFile {
        /// Its path in the content folder.
        path: String,
        /// A path in the content folder that it may be.
        closest: Option<String>,
    },
    /// An image that is not there.
    NoSuchImage {
        /// Its path in the content folder.
        path: String,
        /// A path in the content folder that it may be.
        closest: Option<String>,
    },
    /// An image of another site.
    RemoteImage,
    /// An image without alternative text.
    NoAlt,
    /// A link without text.
    NoText,
    /// A link without address.
    Empty,
    /// A reference that nothing defines.
    Reference {
        /// Its name.
        name: String,
    },
    /// A page of the site that does not exist.
    NoSuchSitePage {
        /// Its name.
        name: String,
    },
}

/// Pages that no file of the content folder makes, as one links to them: `site:direct`.
pub const SITE_PAGES: [(&str, &str); 4] = [
    ("accueil", ""),
    ("direct", "direct/"),
    ("glossaire", "glossaire/"),
    ("parcours", "parcours/"),
];

impl Explain for LinkProblem {
    fn title(&self) -> String {
        match self {
            Self::NoSuchPage { path, .. } => {
                format!("lien rompu : la page « {path} » n'existe pas")
            }
            Self::NotAPage { path } => format!("« {path} » n'est pas une page du cours"),
            Self::NoSuchAnchor { anchor, page, .. } => {
                format!("ancre introuvable « #{anchor} » dans « {page} »")
            }
            Self::Absolute => "lien absolu".into(),
            Self::Outside => "lien hors du dossier de contenu".into(),
            Self::Scheme { scheme } => format!("type d'adresse interdit « {scheme}: »"),
            Self::NoSuchFile { path, .. } => {
                format!("lien rompu : le fichier « {path} » n'existe pas")
            }
            Self::NoSuchImage { path, .. } => format!("image introuvable « {path} »"),
            Self::RemoteImage => "image d'un autre site".into(),
            Self::NoAlt => "image sans texte de remplacement".into(),
            Self::NoText => "lien sans texte".into(),
            Self::Empty => "lien sans adresse".into(),
            Self::Reference { name } => format!("référence « {name} » jamais définie"),
            Self::NoSuchSitePage { name } => format!("page du site inconnue « {name} »"),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NoSuchPage {
                closest: Some(closest),
                ..
            }
            | Self::NoSuchFile {
                closest: Some(closest),
                ..
            }
            | Self::NoSuchImage {
                closest: Some(closest),
                ..
            } => format!("vouliez-vous écrire « {closest} » ?"),
            Self::NoSuchPage { .. } => {
                "donnez le chemin du fichier .md, relatif à cette page".into()
            }
            Self::NotAPage { .. } => {
                "ajoutez-la à course.toml, ou visez une page qui s'y trouve".into()
            }
            Self::NoSuchAnchor {
                closest: Some(closest),
                ..
            } => format!("vouliez-vous écrire « #{closest} » ?"),
            Self::NoSuchAnchor { .. } => {
                "visez le titre d'une section, ou donnez-lui un identifiant : « ## Titre {#ancre} »"
                    .into()
            }
            Self::Absolute => {
                "écrivez un chemin relatif : le site doit pouvoir vivre dans un sous-dossier".into()
            }
            Self::Outside => "visez un fichier du dossier de contenu".into(),
            Self::Scheme { .. } => "utilisez https, mailto, ou le chemin d'une page".into(),
            Self::NoSuchFile { .. } => {
                "donnez le chemin d'un fichier du dossier de contenu, relatif à cette page".into()
            }
            Self::NoSuchImage { .. } => {
                "donnez le chemin d'une image du dossier de contenu, relatif à cette page".into()
            }
            Self::RemoteImage => {
                "copiez l'image dans le dossier de contenu : le site ne charge rien d'ailleurs"
                    .into()
            }
            Self::NoAlt => "écrivez ![ce que montre l'image](…), pour qui ne la voit pas".into(),
            Self::NoText => "écrivez [texte](adresse)".into(),
            Self::Empty => "écrivez une adresse entre les parenthèses".into(),
            Self::Reference { name } => format!(
                "ajoutez « [{name}]: adresse » en fin de page, ou échappez le crochet : « \\[ »"
            ),
            Self::NoSuchSitePage { name } => {
                let names = SITE_PAGES.map(|(name, _)| name);
                did_you_mean(
                    name,
                    names,
                    &format!("les pages possibles sont {}", quoted_list(&names)),
                )
            }
        }
    }
}

/// A footnote without call, or a call without footnote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FootnoteProblem {
    /// A call without footnote.
    Undefined {
        /// Its name.
        name: String,
        /// A footnote that it may be.
        closest: Option<String>,
    },
    /// A footnote without call.
    Unused {
        /// Its name.
        name: String,
    },
    /// A footnote defined twice.
    Twice {
        /// Its name.
        name: String,
    },
}

impl Explain for FootnoteProblem {
    fn title(&self) -> String {
        match self {
            Self::Undefined { name, .. } => format!("note « {name} » jamais définie"),
            Self::Unused { name } => format!("note « {name} » jamais appelée"),
            Self::Twice { name } => format!("note « {name} » définie deux fois"),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Undefined {
                closest: Some(closest),
                ..
            } => format!("vouliez-vous écrire « [^{closest}] » ?"),
            Self::Undefined { name, .. } => {
                format!("ajoutez « [^{name}]: texte de la note » en fin de page")
            }
            Self::Unused { name } => {
                format!("appelez-la par « [^{name}] » dans le texte, ou supprimez-la")
            }
            Self::Twice { .. } => "gardez une seule des deux définitions".into(),
        }
    }
}

/// A `{{…}}` that stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubstitutionProblem {
    /// None of `version.`, `terme.`, `calcul:`.
    Unknown {
        /// What stands between the braces.
        text: String,
    },
    /// No closing braces in the same run of text.
    NotClosed,
    /// A version that the table does not have.
    Version {
        /// Its name.
        name: String,
        /// A name that it may be.
        closest: Option<String>,
    },
    /// A term that the glossary does not have.
    Term {
        /// Its id.
        id: String,
        /// An id that it may be.
        closest: Option<String>,
    },
    /// An expression that the engine refuses.
    Computation {
        /// The engine's words, in French.
        reason: String,
    },
}

impl Explain for SubstitutionProblem {
    fn title(&self) -> String {
        match self {
            Self::Unknown { text } => format!("substitution inconnue « {{{{{text}}}}} »"),
            Self::NotClosed => "substitution jamais fermée".into(),
            Self::Version { name, .. } => format!("version inconnue « {name} »"),
            Self::Term { id, .. } => format!("terme absent du glossaire « {id} »"),
            Self::Computation { .. } => "calcul impossible".into(),
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Computation { reason } => reason.clone(),
            _ => String::new(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Unknown { .. } => {
                "écrivez {{version.nom}}, {{terme.identifiant}}, {{terme.identifiant|texte}} ou {{calcul: expression}}".into()
            }
            Self::NotClosed => "ajoutez « }} », sans mise en forme entre les accolades".into(),
            Self::Version { closest: Some(closest), .. } | Self::Term { closest: Some(closest), .. } => {
                format!("vouliez-vous écrire « {closest} » ?")
            }
            Self::Version { name, .. } => format!("ajoutez « {name} = \"…\" » à la table [versions] de course.toml"),
            Self::Term { id, .. } => format!("ajoutez une entrée [glossary.{id}] à course.toml"),
            Self::Computation { .. } => "corrigez l'expression, par exemple {{calcul: partition(\"customer-A\", 6)}}".into(),
        }
    }
}
