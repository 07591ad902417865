//! What can be wrong with a quiz beyond its form.

use crate::diagnostic::Explain;

/// A quiz contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuizProblem {
    /// No question.
    NoQuestion,
    /// Fewer than two answers to choose from.
    TooFewAnswers,
    /// A number of right answers that the type does not allow.
    CorrectCount {
        /// How many are right.
        correct: usize,
        /// True if several may be.
        multiple: bool,
    },
    /// A numeric question without, or with two, right values.
    ValueOrCompute,
    /// A prediction that the engine does not compute.
    PredictWithoutCompute,
    /// A prediction among answers of which none, or another than the one marked, is what the engine computes.
    Disagrees {
        /// What the engine computes.
        actual: String,
    },
    /// An expression that the engine refuses.
    Computation {
        /// The engine's words.
        reason: String,
    },
    /// An expression whose value is no number.
    NotANumber {
        /// Its value.
        value: String,
    },
    /// An id that is not one.
    BadId {
        /// One that is.
        better: String,
    },
    /// An id that another quiz has.
    DuplicateId {
        /// The id.
        id: String,
        /// The page of the other quiz.
        other: String,
    },
}

impl Explain for QuizProblem {
    fn title(&self) -> String {
        match self {
            Self::NoQuestion => "quiz sans question".into(),
            Self::TooFewAnswers => "moins de deux réponses au choix".into(),
            Self::CorrectCount { correct: 0, .. } => "aucune réponse juste".into(),
            Self::CorrectCount { correct, .. } => {
                format!("{correct} réponses justes dans une question à choix unique")
            }
            Self::ValueOrCompute => "il faut « value » ou « compute », et un seul des deux".into(),
            Self::PredictWithoutCompute => "prédiction sans calcul".into(),
            Self::Disagrees { .. } => "la bonne réponse n'est pas celle du moteur".into(),
            Self::Computation { .. } => "calcul impossible".into(),
            Self::NotANumber { .. } => "le calcul ne donne pas un nombre".into(),
            Self::BadId { .. } => "identifiant incorrect".into(),
            Self::DuplicateId { id, .. } => format!("quiz « {id} » déjà présent dans le cours"),
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Computation { reason } => reason.clone(),
            Self::Disagrees { actual } => format!("le moteur trouve {actual}"),
            Self::NotANumber { value } => format!("il donne {value}"),
            Self::DuplicateId { other, .. } => format!("comme dans {other}"),
            _ => String::new(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NoQuestion => "ajoutez une table [[question]]".into(),
            Self::TooFewAnswers => "ajoutez des tables [[question.answer]]".into(),
            Self::CorrectCount { correct: 0, .. } => {
                "écrivez « correct = true » dans la bonne réponse".into()
            }
            Self::CorrectCount { .. } => {
                "gardez une seule bonne réponse, ou écrivez type = \"multiple\"".into()
            }
            Self::ValueOrCompute => {
                "écrivez « compute = '…' » si le moteur sait répondre, sinon « value = … »".into()
            }
            Self::PredictWithoutCompute => {
                "ajoutez « compute = '…' », par exemple 'partition(\"customer-A\", 6)'".into()
            }
            Self::Disagrees { actual } => {
                format!("marquez juste la réponse qui dit {actual}, ou corrigez l'expression")
            }
            Self::Computation { .. } => "corrigez l'expression".into(),
            Self::NotANumber { .. } => {
                "choisissez une expression qui donne un nombre, ou proposez des réponses au choix"
                    .into()
            }
            Self::BadId { better } => {
                format!("écrivez « {better} » : minuscules sans accent, chiffres et traits d'union")
            }
            Self::DuplicateId { .. } => {
                "donnez un autre identifiant : les réponses de l'apprenant sont gardées sous ce nom"
                    .into()
            }
        }
    }
}
