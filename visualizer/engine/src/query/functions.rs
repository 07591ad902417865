//! The functions, each a row of one table.

use super::Subject;
use super::arguments::Arguments;
use super::calculators;
use super::error::{QueryError, QueryErrorKind};
use super::value::Value;
use crate::distribution::{Distribution, disagreeing, hottest, moved};
use crate::ids::PartitionId;
use crate::partitioner::{Partitioner, crc32, fnv1a, murmur2};
use crate::text::closest;
use crate::view::PartitionView;

/// A function, as authors see it.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How it is written; what is between brackets may be left out.
    pub signature: &'static str,
    /// Fewest arguments.
    pub min: usize,
    /// Most arguments.
    pub max: usize,
    /// What it does.
    action: Action,
}

type Action = fn(&Arguments<'_>) -> Result<Value, QueryError>;

const fn function(
    name: &'static str,
    signature: &'static str,
    min: usize,
    max: usize,
    action: Action,
) -> Function {
    Function {
        name,
        signature,
        min,
        max,
        action,
    }
}

impl Function {
    /// A function that is asked of a run: see [`super::Subject`].
    pub const fn of_run(
        name: &'static str,
        signature: &'static str,
        min: usize,
        max: usize,
    ) -> Self {
        function(name, signature, min, max, |call| {
            call.subject()?.answer(call)
        })
    }
}

/// All functions that are not another simulation's: about keys, then about sets of keys, about numbers, about a run, and the
/// rules of the calculators.
pub fn functions() -> &'static [Function] {
    &FUNCTIONS
}

static FUNCTIONS: [Function; 41] = [
    function(
        "partition",
        "partition(clé, n [, partitionneur])",
        2,
        3,
        partition,
    ),
    function("hash", "hash(clé [, partitionneur])", 1, 2, hash),
    function("crc32", "crc32(texte)", 1, 1, |call| {
        Ok(unsigned(crc32(call.text(0)?.as_bytes())))
    }),
    function("murmur2", "murmur2(texte)", 1, 1, |call| {
        Ok(unsigned(murmur2(call.text(0)?.as_bytes())))
    }),
    function("fnv1a", "fnv1a(texte)", 1, 1, |call| {
        Ok(unsigned(fnv1a(call.text(0)?.as_bytes())))
    }),
    function("hex", "hex(nombre)", 1, 1, hex),
    function("size", "size(clés)", 1, 1, |call| {
        Ok(count(call.keys(0)?.len()))
    }),
    function("load", "load(clés, n [, partitionneur])", 2, 3, |call| {
        Ok(Value::List(
            distribution(call)?
                .counts()
                .iter()
                .copied()
                .map(unsigned)
                .collect(),
        ))
    }),
    function(
        "count",
        "count(clés, n, partition [, partitionneur])",
        3,
        4,
        |call| Ok(count(keys_in(call)?.len())),
    ),
    function(
        "keys",
        "keys(clés, n, partition [, partitionneur])",
        3,
        4,
        |call| {
            Ok(Value::List(
                keys_in(call)?.into_iter().map(Value::Text).collect(),
            ))
        },
    ),
    function(
        "max_load",
        "max_load(clés, n [, partitionneur])",
        2,
        3,
        |call| Ok(unsigned(distribution(call)?.max())),
    ),
    function(
        "min_load",
        "min_load(clés, n [, partitionneur])",
        2,
        3,
        |call| Ok(unsigned(distribution(call)?.min())),
    ),
    function("empty", "empty(clés, n [, partitionneur])", 2, 3, |call| {
        Ok(count(distribution(call)?.empty()))
    }),
    function(
        "hottest",
        "hottest(clés, n [, partitionneur]) ou, dans une simulation, hottest()",
        0,
        3,
        most_loaded,
    ),
    function(
        "moved",
        "moved(clés, n, nouveau_n [, partitionneur])",
        3,
        4,
        moved_keys,
    ),
    function("agree", "agree(clés, n [, partitionneur])", 2, 3, agreeing),
    function("min", "min(a, b…) ou min(liste)", 1, 64, |call| {
        extreme(call, |new, best| new < best)
    }),
    function("max", "max(a, b…) ou max(liste)", 1, 64, |call| {
        extreme(call, |new, best| new > best)
    }),
    function("sum", "sum(a, b…) ou sum(liste)", 1, 64, sum),
    function("len", "len(liste)", 1, 1, length),
    function("round", "round(nombre)", 1, 1, |call| {
        whole(call, f64::round)
    }),
    function("ceil", "ceil(nombre)", 1, 1, |call| whole(call, f64::ceil)),
    function("floor", "floor(nombre)", 1, 1, |call| {
        whole(call, f64::floor)
    }),
    function("records", "records(partition [, producer])", 1, 2, records),
    function("log_end", "log_end(partition)", 1, 1, |call| {
        Ok(Value::Integer(viewed(call)?.log_end.0))
    }),
    function(
        "records_of",
        "records_of(clé [, producer])",
        1,
        2,
        records_of,
    ),
    function(
        "partition_of",
        "partition_of(clé [, producer])",
        1,
        2,
        partition_of,
    ),
    function("total", "total([producer])", 0, 1, total),
    function("waiting", "waiting()", 0, 0, |call| {
        Ok(Value::Integer(
            call.run()?
                .view()
                .producers
                .iter()
                .map(|producer| producer.waiting)
                .sum::<u64>()
                .cast_signed(),
        ))
    }),
    function("keys_moved", "keys_moved([producer])", 0, 1, keys_moved),
    function("partitions", "partitions()", 0, 0, |call| {
        Ok(Value::Integer(call.run()?.partitions().into()))
    }),
    function(
        "distinct_partitions",
        "distinct_partitions([producer])",
        0,
        1,
        distinct_partitions,
    ),
    function(
        "disagree",
        "disagree(clés, n [, partitionneur])",
        2,
        3,
        |call| Ok(unsigned(differing(call)?)),
    ),
    function(
        "partitions_needed",
        "partitions_needed(débit, débit_par_partition, consumers [, brokers])",
        3,
        4,
        calculators::partitions_needed,
    ),
    function(
        "partitions_even",
        "partitions_even(débit, débit_par_partition, consumers, brokers)",
        4,
        4,
        calculators::partitions_even,
    ),
    function(
        "crash_noticed",
        "crash_noticed(session_ms, battement_ms), en millisecondes",
        2,
        2,
        calculators::crash_noticed,
    ),
    function(
        "records_between_polls",
        "records_between_polls(max_poll_ms, traitement_ms)",
        2,
        2,
        calculators::records_between_polls,
    ),
    function(
        "rules_broken",
        "rules_broken(session_ms, battement_ms, max_poll_ms [, protocole])",
        3,
        4,
        calculators::rules_broken,
    ),
    function(
        "batch_messages",
        "batch_messages(messages_par_s, octets, partitions, linger_ms [, batch_size [, batch_num_messages]])",
        4,
        6,
        calculators::batch_messages,
    ),
    function(
        "batch_requests",
        "batch_requests(messages_par_s, octets, partitions, linger_ms [, batch_size [, batch_num_messages]]), par seconde",
        4,
        6,
        calculators::batch_requests,
    ),
    function(
        "batch_delays",
        "batch_delays(messages_par_s, octets, partitions, linger_ms [, batch_size [, batch_num_messages]]), en millisecondes",
        4,
        6,
        calculators::batch_delays,
    ),
];

/// The function called `name`, of the run that is asked or of all.
pub(super) fn find(
    name: &str,
    subject: Option<&dyn Subject>,
) -> Result<&'static Function, QueryErrorKind> {
    let of_run = subject.map_or(&[][..], Subject::functions);
    let known = || of_run.iter().chain(&FUNCTIONS);
    known()
        .find(|function| function.name == name)
        .ok_or_else(|| QueryErrorKind::UnknownFunction {
            name: name.to_owned(),
            closest: closest(name, known().map(|function| function.name)),
        })
}

/// Calls a function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Value, QueryError> {
    let function = arguments.function;
    if !(function.min..=function.max).contains(&arguments.len()) {
        let kind = QueryErrorKind::Arguments {
            signature: function.signature,
            found: arguments.len(),
        };
        return Err(arguments.fault(kind));
    }
    (function.action)(arguments)
}

fn partition(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let (key, partitions) = (call.text(0)?, call.partitions(1)?);
    let partitioner = call.partitioner(2, Partitioner::ConsistentRandom)?;
    let (partition, _) = partitioner
        .keyed(key.as_bytes(), partitions)
        .ok_or_else(|| not_hashed(call, partitioner))?;
    Ok(Value::Integer(partition.0.into()))
}

fn hash(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let partitioner = call.partitioner(1, Partitioner::ConsistentRandom)?;
    partitioner
        .hash(call.text(0)?.as_bytes())
        .map(unsigned)
        .ok_or_else(|| not_hashed(call, partitioner))
}

fn hex(call: &Arguments<'_>) -> Result<Value, QueryError> {
    match u32::try_from(call.integer(0)?) {
        Ok(number) => Ok(Value::Text(format!("0x{number:08x}"))),
        Err(_) => Err(call.fault_at(0, QueryErrorKind::Overflow)),
    }
}

/// The distribution of the keys that are the first argument.
fn distribution(call: &Arguments<'_>) -> Result<Distribution, QueryError> {
    let (keys, partitions) = (call.keys(0)?, call.partitions(1)?);
    let partitioner = call.partitioner(2, Partitioner::ConsistentRandom)?;
    Distribution::of(keys, partitions, partitioner).ok_or_else(|| not_hashed(call, partitioner))
}

/// Those of the keys that go to one partition.
fn keys_in(call: &Arguments<'_>) -> Result<Vec<String>, QueryError> {
    let (keys, partitions) = (call.keys(0)?, call.partitions(1)?);
    let wanted = call.partition(2, partitions)?;
    let partitioner = call.partitioner(3, Partitioner::ConsistentRandom)?;
    let mut found = Vec::new();
    for key in keys {
        match partitioner.keyed(key.as_bytes(), partitions) {
            Some((partition, _)) if partition == wanted => found.push(key),
            Some(_) => {}
            None => return Err(not_hashed(call, partitioner)),
        }
    }
    Ok(found)
}

fn most_loaded(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let partition = match call.len() {
        0 => hottest(
            call.run()?
                .view()
                .topic
                .partitions
                .iter()
                .map(|partition| partition.log_end.0.cast_unsigned()),
        ),
        1 => {
            let signature = call.function.signature;
            return Err(call.fault(QueryErrorKind::Arguments {
                signature,
                found: 1,
            }));
        }
        _ => distribution(call)?.hottest(),
    };
    Ok(Value::Integer(partition.0.into()))
}

fn moved_keys(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let (keys, from, to) = (call.keys(0)?, call.partitions(1)?, call.partitions(2)?);
    let partitioner = call.partitioner(3, Partitioner::ConsistentRandom)?;
    moved(keys, from, to, partitioner)
        .map(unsigned)
        .ok_or_else(|| not_hashed(call, partitioner))
}

fn agreeing(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let keys = call.keys(0)?.len();
    Ok(count(keys.saturating_sub(differing(call)? as usize)))
}

/// For how many keys .NET's default and another partitioner (by default the one that is as Java's) differ.
fn differing(call: &Arguments<'_>) -> Result<u32, QueryError> {
    let (keys, partitions) = (call.keys(0)?, call.partitions(1)?);
    let other = call.partitioner(2, Partitioner::Murmur2Random)?;
    disagreeing(keys, partitions, Partitioner::ConsistentRandom, other)
        .ok_or_else(|| not_hashed(call, other))
}

/// The arguments, or the items of the only one if it is a list.
fn numbers<'a>(call: &'a Arguments<'_>) -> Result<Vec<&'a Value>, QueryError> {
    let values: Vec<&Value> = match (&call.items[0].value, call.len()) {
        (Value::List(items), 1) => items.iter().collect(),
        _ => call.items.iter().map(|item| &item.value).collect(),
    };
    if values.iter().any(|value| value.as_real().is_none()) {
        return Err(call.wrong_kind(0, "des nombres"));
    }
    Ok(values)
}

fn extreme(call: &Arguments<'_>, better: fn(f64, f64) -> bool) -> Result<Value, QueryError> {
    let values = numbers(call)?;
    let best = values
        .into_iter()
        .reduce(|best, new| match (new.as_real(), best.as_real()) {
            (Some(value), Some(so_far)) if better(value, so_far) => new,
            _ => best,
        });
    best.cloned()
        .ok_or_else(|| call.fault(QueryErrorKind::EmptyList))
}

fn sum(call: &Arguments<'_>) -> Result<Value, QueryError> {
    numbers(call)?
        .into_iter()
        .try_fold(Value::Integer(0), |sum, value| {
            super::arithmetic::apply('+', &sum, value).map_err(|kind| call.fault(kind))
        })
}

fn length(call: &Arguments<'_>) -> Result<Value, QueryError> {
    match &call.items[0].value {
        Value::List(items) => Ok(count(items.len())),
        _ => Err(call.wrong_kind(0, "une liste")),
    }
}

#[allow(clippy::cast_possible_truncation)]
fn whole(call: &Arguments<'_>, rounding: fn(f64) -> f64) -> Result<Value, QueryError> {
    let rounded = rounding(call.number(0)?);
    if rounded.abs() < 9e15 {
        Ok(Value::Integer(rounded as i64))
    } else {
        Err(call.fault(QueryErrorKind::Overflow))
    }
}

/// The partition of the run that the first argument names.
fn viewed(call: &Arguments<'_>) -> Result<PartitionView, QueryError> {
    let run = call.run()?;
    let PartitionId(partition) = call.partition(0, run.partitions())?;
    Ok(run
        .view()
        .topic
        .partitions
        .swap_remove(PartitionId(partition).index()))
}

fn records(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let partition = viewed(call)?;
    Ok(match call.producer(1)? {
        Some(producer) => Value::Integer(partition.records_by_producer[producer].cast_signed()),
        None => Value::Integer(partition.log_end.0),
    })
}

fn records_of(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let run = call.run()?;
    let key = call.text(0)?;
    let producers = match call.producer(1)? {
        Some(producer) => producer..producer + 1,
        None => 0..run.producers().count(),
    };
    let records: u64 = producers
        .filter_map(|producer| run.key(producer, key))
        .map(|(records, _)| records)
        .sum();
    Ok(Value::Integer(records.cast_signed()))
}

fn partition_of(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let key = call.text(0)?;
    let producer = call.producer(1)?.unwrap_or(0);
    match call.run()?.key(producer, key) {
        Some((_, PartitionId(partition))) => Ok(Value::Integer(partition.into())),
        None => Err(call.fault_at(0, QueryErrorKind::KeyNotSeen(key.to_owned()))),
    }
}

/// Records that each partition holds, of one producer or of all.
fn held(call: &Arguments<'_>) -> Result<Vec<u64>, QueryError> {
    let producer = call.producer(0)?;
    let held = |partition: &PartitionView| match producer {
        Some(producer) => partition.records_by_producer[producer],
        None => partition.log_end.0.cast_unsigned(),
    };
    Ok(call
        .run()?
        .view()
        .topic
        .partitions
        .iter()
        .map(held)
        .collect())
}

fn total(call: &Arguments<'_>) -> Result<Value, QueryError> {
    Ok(Value::Integer(
        held(call)?.iter().sum::<u64>().cast_signed(),
    ))
}

fn distinct_partitions(call: &Arguments<'_>) -> Result<Value, QueryError> {
    Ok(count(
        held(call)?.iter().filter(|&&records| records > 0).count(),
    ))
}

fn keys_moved(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let producer = call.producer(0)?;
    let view = call.run()?.view();
    let concerned = view
        .producers
        .iter()
        .enumerate()
        .filter(|(index, _)| producer.is_none_or(|only| only == *index));
    Ok(Value::Integer(
        concerned
            .map(|(_, producer)| producer.keys_moved)
            .sum::<u64>()
            .cast_signed(),
    ))
}

fn unsigned(number: u32) -> Value {
    Value::Integer(number.into())
}

fn count(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn not_hashed(call: &Arguments<'_>, partitioner: Partitioner) -> QueryError {
    call.fault(QueryErrorKind::NotHashed {
        partitioner: partitioner.property(),
    })
}
