//! The rules of [`crate::calculator`] as functions: `partitions_needed(500, 50, 20, 3)`.

use super::arguments::Arguments;
use super::arithmetic::apply;
use super::error::{QueryError, QueryErrorKind};
use super::value::Value;
use crate::calculator::batches::Batching;
use crate::calculator::partitions::Need;
use crate::calculator::timeouts::{Protocol, Timeouts};
use crate::calculator::{Calculator, Formula};

/// Partitions to create; not rounded to the brokers if these are left out.
pub(super) fn partitions_needed(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let need = Need {
        target: positive(call, 0)?,
        per_partition: positive(call, 1)?,
        consumers: positive(call, 2)?,
        brokers: if call.len() > 3 {
            positive(call, 3)?
        } else {
            1
        },
    };
    Ok(whole(need.partitions()))
}

/// The smallest number of partitions that brokers and consumers both share evenly.
pub(super) fn partitions_even(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let need = Need {
        target: positive(call, 0)?,
        per_partition: positive(call, 1)?,
        consumers: positive(call, 2)?,
        brokers: positive(call, 3)?,
    };
    Ok(Value::Integer(need.even().cast_signed()))
}

/// When a crash is noticed, in ms after it: at the earliest, at the latest.
pub(super) fn crash_noticed(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let (earliest, latest) = timeouts(call)?.crash_noticed();
    Ok(Value::List(vec![whole(earliest), whole(latest)]))
}

/// Most records between two calls of `Consume()`.
pub(super) fn records_between_polls(call: &Arguments<'_>) -> Result<Value, QueryError> {
    Ok(whole(positive(call, 0)? / positive(call, 1)?))
}

/// How many rules a session, a heartbeat and a `max.poll.interval.ms` break.
pub(super) fn rules_broken(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let broken = timeouts(call)?.broken().len();
    Ok(Value::Integer(i64::try_from(broken).unwrap_or(i64::MAX)))
}

/// Messages in a batch.
pub(super) fn batch_messages(call: &Arguments<'_>) -> Result<Value, QueryError> {
    Ok(Value::Integer(batching(call)?.messages().cast_signed()))
}

/// Requests per second: not rounded.
pub(super) fn batch_requests(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let batching = batching(call)?;
    let (rate, messages) = (whole(batching.rate), batching.messages().cast_signed());
    apply('/', &rate, &Value::Integer(messages)).map_err(|kind| call.fault(kind))
}

/// What batching adds to the latency, in ms: at most, on average.
pub(super) fn batch_delays(call: &Arguments<'_>) -> Result<Value, QueryError> {
    let (longest, mean) = batching(call)?.delays();
    let delays = [longest, mean].map(|delay| {
        let delay = Value::Integer(delay.cast_signed());
        apply('/', &delay, &Value::Integer(1_000)).map_err(|kind| call.fault(kind))
    });
    delays
        .into_iter()
        .collect::<Result<_, _>>()
        .map(Value::List)
}

/// Messages per second, bytes, partitions and linger, then, if they are there, `batch.size` and `batch.num.messages`.
fn batching(call: &Arguments<'_>) -> Result<Batching, QueryError> {
    let mut calculator = Calculator::new(Formula::Batches);
    for (place, field) in Formula::Batches
        .fields()
        .iter()
        .enumerate()
        .take(call.len())
    {
        let value = u32::try_from(call.integer(place)?)
            .ok()
            .filter(|value| (field.min..=field.max).contains(value))
            .ok_or_else(|| call.wrong_kind(place, "un nombre que le calculateur « lots » admet"))?;
        calculator.set(place, value);
    }
    Ok(Batching::of(calculator.values()))
}

/// Session and heartbeat, then, if they are there, `max.poll.interval.ms` and the protocol.
fn timeouts(call: &Arguments<'_>) -> Result<Timeouts, QueryError> {
    let protocol = match if call.len() > 3 {
        call.text(3)?
    } else {
        "classic"
    } {
        "classic" => Protocol::Classic,
        "consumer" => Protocol::Consumer,
        name => {
            let (name, known) = (name.to_owned(), "classic, consumer".to_owned());
            return Err(call.fault_at(3, QueryErrorKind::NoSuch { name, known }));
        }
    };
    Ok(Timeouts {
        protocol,
        session: positive(call, 0)?,
        heartbeat: positive(call, 1)?,
        max_poll: if call.len() > 2 {
            positive(call, 2)?
        } else {
            u32::MAX
        },
        records: 1,
        per_record: 1,
    })
}

/// A whole number from 1.
fn positive(call: &Arguments<'_>, index: usize) -> Result<u32, QueryError> {
    u32::try_from(call.integer(index)?)
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| call.wrong_kind(index, "un nombre entier, au moins 1"))
}

fn whole(number: u32) -> Value {
    Value::Integer(number.into())
}
