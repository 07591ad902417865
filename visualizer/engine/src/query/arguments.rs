//! What a function was called with, checked as it is taken.

use super::Subject;
use super::error::{QueryError, QueryErrorKind};
use super::functions::Function;
use super::lexer::Span;
use super::value::Value;
use crate::config::MAX_PARTITIONS;
use crate::ids::PartitionId;
use crate::keys::{Family, KeySet};
use crate::partitioner::Partitioner;
use crate::partitioning::Simulation;
use crate::text::closest;

/// One argument, and its place.
pub(super) struct Argument {
    pub(super) value: Value,
    pub(super) place: Span,
}

/// A call of a function, whose arguments are checked as they are taken.
pub struct Arguments<'r> {
    pub(super) function: &'static Function,
    pub(super) items: Vec<Argument>,
    /// The place of the whole call.
    pub(super) call: Span,
    pub(super) subject: Option<&'r dyn Subject>,
}

impl<'r> Arguments<'r> {
    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// A fault of the call as a whole.
    pub fn fault(&self, kind: QueryErrorKind) -> QueryError {
        self.call.fault(kind)
    }

    /// The function's name.
    pub fn name(&self) -> &'static str {
        self.function.name
    }

    /// The run that is asked.
    pub(super) fn subject(&self) -> Result<&'r dyn Subject, QueryError> {
        self.subject
            .ok_or_else(|| self.fault(QueryErrorKind::NeedsRun(self.function.name)))
    }

    /// The run that is asked, if it is one of the partitioning simulation.
    pub(super) fn run(&self) -> Result<&'r Simulation, QueryError> {
        self.subject
            .and_then(Subject::partitioning)
            .ok_or_else(|| self.fault(QueryErrorKind::NeedsRun(self.function.name)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Argument number `index`, a text.
    ///
    /// # Errors
    /// When it is something else.
    pub fn text(&self, index: usize) -> Result<&str, QueryError> {
        match &self.items[index].value {
            Value::Text(text) => Ok(text),
            _ => Err(self.wrong_kind(index, "un texte entre guillemets")),
        }
    }

    /// Argument number `index`, a whole number.
    ///
    /// # Errors
    /// When it is something else.
    pub fn integer(&self, index: usize) -> Result<i64, QueryError> {
        self.items[index]
            .value
            .as_integer()
            .ok_or_else(|| self.wrong_kind(index, "un nombre entier"))
    }

    pub(super) fn number(&self, index: usize) -> Result<f64, QueryError> {
        self.items[index]
            .value
            .as_real()
            .ok_or_else(|| self.wrong_kind(index, "un nombre"))
    }

    /// A number of partitions.
    pub(super) fn partitions(&self, index: usize) -> Result<i32, QueryError> {
        let count = self.integer(index)?;
        i32::try_from(count)
            .ok()
            .filter(|count| (1..=MAX_PARTITIONS).contains(&count.cast_unsigned()))
            .ok_or_else(|| self.fault_at(index, QueryErrorKind::BadPartitionCount))
    }

    /// A partition of a topic that has this many.
    pub(super) fn partition(
        &self,
        index: usize,
        partitions: i32,
    ) -> Result<PartitionId, QueryError> {
        let partition = self.integer(index)?;
        i32::try_from(partition)
            .ok()
            .filter(|partition| (0..partitions).contains(partition))
            .map(PartitionId)
            .ok_or_else(|| {
                self.fault_at(
                    index,
                    QueryErrorKind::NoSuchPartition {
                        partition,
                        partitions,
                    },
                )
            })
    }

    /// The keys of a set that is named, or of a list.
    pub(super) fn keys(&self, index: usize) -> Result<Vec<String>, QueryError> {
        match &self.items[index].value {
            Value::Text(name) => match KeySet::from_name(name) {
                Some(set) => Ok(set.keys().collect()),
                None => Err(self.fault_at(index, unknown_set(name))),
            },
            Value::List(items) => items
                .iter()
                .map(|item| match item {
                    Value::Text(key) => Ok(key.clone()),
                    _ => Err(self.wrong_kind(index, "une liste de textes")),
                })
                .collect(),
            _ => Err(self.wrong_kind(index, "un jeu de clés ou une liste de textes")),
        }
    }

    /// A partitioner's name, or the default one if the argument is left out.
    pub(super) fn partitioner(
        &self,
        index: usize,
        default: Partitioner,
    ) -> Result<Partitioner, QueryError> {
        if index >= self.len() {
            return Ok(default);
        }
        let name = self.text(index)?;
        Partitioner::from_property(name).ok_or_else(|| {
            let closest = closest(name, Partitioner::ALL.iter().map(Partitioner::property));
            self.fault_at(
                index,
                QueryErrorKind::UnknownPartitioner {
                    name: name.to_owned(),
                    closest,
                },
            )
        })
    }

    /// The index of a producer of the run, `None` if the argument is left out.
    pub(super) fn producer(&self, index: usize) -> Result<Option<usize>, QueryError> {
        if index >= self.len() {
            return Ok(None);
        }
        let name = self.text(index)?;
        let run = self.run()?;
        run.producers()
            .position(|id| id.as_str() == name)
            .map(Some)
            .ok_or_else(|| {
                let known: Vec<String> = run.producers().map(|id| format!("« {id} »")).collect();
                self.fault_at(
                    index,
                    QueryErrorKind::UnknownProducer {
                        name: name.to_owned(),
                        known: known.join(", "),
                    },
                )
            })
    }

    pub(super) fn wrong_kind(&self, index: usize, expected: &'static str) -> QueryError {
        self.fault_at(
            index,
            QueryErrorKind::WrongKind {
                expected,
                signature: self.function.signature,
            },
        )
    }

    /// A fault of argument number `index`.
    pub fn fault_at(&self, index: usize, kind: QueryErrorKind) -> QueryError {
        self.items[index].place.fault(kind)
    }
}

fn unknown_set(name: &str) -> QueryErrorKind {
    let family = name.rsplit_once('-').map_or(name, |(family, _)| family);
    let closest = closest(family, Family::ALL.map(Family::name)).filter(|known| *known != family);
    QueryErrorKind::UnknownSet {
        name: name.to_owned(),
        closest,
    }
}
