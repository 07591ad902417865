//! What can be wrong with an expression.

use crate::text::suggestion;
use std::fmt;

/// A fault, and where it is in the expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// First character of the fault, counted from 1.
    pub column: usize,
    /// How many characters it covers, at least 1.
    pub length: usize,
    /// What is wrong.
    pub kind: QueryErrorKind,
}

/// The kinds of fault. What there is to say of each is in its `Display`, in French.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// Nothing to evaluate.
    Empty,
    /// A character that means nothing here.
    UnexpectedCharacter(char),
    /// A text without its closing quote.
    UnclosedText,
    /// A whole number that does not fit in 64 bits.
    NumberTooLarge,
    /// The expression stops, or goes on, where something else was expected.
    Expected(&'static str),
    /// Parentheses or lists within each other, too deep.
    TooDeep,
    /// No function has this name.
    UnknownFunction {
        /// The name.
        name: String,
        /// The name that looks most like it.
        closest: Option<&'static str>,
    },
    /// A function that asks about a run, where there is none.
    NeedsRun(&'static str),
    /// Not the arguments that the function takes.
    Arguments {
        /// How it is written.
        signature: &'static str,
        /// How many arguments it was given.
        found: usize,
    },
    /// An argument of the wrong kind.
    WrongKind {
        /// What the function takes there.
        expected: &'static str,
        /// How the function is written.
        signature: &'static str,
    },
    /// No set of keys has this name.
    UnknownSet {
        /// The name.
        name: String,
        /// The family that looks most like its own.
        closest: Option<&'static str>,
    },
    /// No partitioner has this name.
    UnknownPartitioner {
        /// The name.
        name: String,
        /// The name that looks most like it.
        closest: Option<&'static str>,
    },
    /// The run has nobody and nothing of this name.
    NoSuch {
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A number of partitions that no topic can have.
    BadPartitionCount,
    /// A partition that the topic does not have.
    NoSuchPartition {
        /// The partition.
        partition: i64,
        /// How many the topic has.
        partitions: i32,
    },
    /// A key that this partitioner does not send to a fixed partition.
    NotHashed {
        /// The partitioner.
        partitioner: &'static str,
    },
    /// No producer of the run has this name.
    UnknownProducer {
        /// The name.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// The run has no record with this key.
    KeyNotSeen(String),
    /// A division by zero.
    DivisionByZero,
    /// A result that does not fit.
    Overflow,
    /// A list without anything in it, where its greatest or least item is asked.
    EmptyList,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for QueryError {}

impl fmt::Display for QueryErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("l'expression est vide"),
            Self::UnexpectedCharacter(character) => {
                write!(f, "caractère « {character} » inattendu")
            }
            Self::UnclosedText => f.write_str("guillemet fermant \" manquant"),
            Self::NumberTooLarge => f.write_str("nombre trop grand"),
            Self::Expected(what) => write!(f, "il faut ici {what}"),
            Self::TooDeep => f.write_str("expression trop imbriquée"),
            Self::UnknownFunction { name, closest } => {
                write!(f, "fonction « {name} » inconnue")?;
                suggestion(f, *closest)
            }
            Self::NeedsRun(name) => {
                write!(
                    f,
                    "« {name} » interroge une simulation : elle n'a de sens que dans [[expect]] ou [predict]"
                )
            }
            Self::Arguments { signature, found } => write!(
                f,
                "{found} argument(s) donné(s), or la fonction s'écrit {signature}"
            ),
            Self::WrongKind {
                expected,
                signature,
            } => write!(f, "il faut {expected} : la fonction s'écrit {signature}"),
            Self::UnknownSet { name, closest } => {
                write!(
                    f,
                    "jeu de clés « {name} » inconnu (clients-5, restaurants-50, capteurs-100, commandes-1000…)"
                )?;
                suggestion(f, *closest)
            }
            Self::UnknownPartitioner { name, closest } => {
                write!(f, "partitionneur « {name} » inconnu")?;
                suggestion(f, *closest)
            }
            Self::NoSuch { name, known } => {
                write!(
                    f,
                    "« {name} » n'existe pas dans cette simulation ; il y a {known}"
                )
            }
            Self::BadPartitionCount => {
                f.write_str("le nombre de partitions doit être compris entre 1 et 1000")
            }
            Self::NoSuchPartition {
                partition,
                partitions,
            } => {
                write!(
                    f,
                    "il n'y a pas de partition {partition} : elles vont de 0 à {}",
                    partitions - 1
                )
            }
            Self::NotHashed { partitioner } => {
                write!(
                    f,
                    "{partitioner} n'envoie pas cette clé vers une partition fixe"
                )
            }
            Self::UnknownProducer { name, known } => {
                write!(f, "producer « {name} » inconnu ; la simulation a {known}")
            }
            Self::KeyNotSeen(key) => write!(f, "aucun message de clé « {key} » à cet instant"),
            Self::DivisionByZero => f.write_str("division par zéro"),
            Self::Overflow => f.write_str("résultat trop grand"),
            Self::EmptyList => f.write_str("la liste est vide"),
        }
    }
}
