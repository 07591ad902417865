//! What expressions can ask of a run of the architectures: `accepted("rest")`, `done("journal", "ShippingService")`.

use super::Run;
use super::view::{LaneView, View, WorkView};
use crate::event::Lane;
use crate::query::{Arguments, Function, QueryError, QueryErrorKind, Subject, Value};
use crate::time::Duration;

static FUNCTIONS: [Function; 15] = [
    Function::of_run("received", "received()", 0, 0),
    Function::of_run("accepted", "accepted(architecture)", 1, 1),
    Function::of_run("refused", "refused(architecture)", 1, 1),
    Function::of_run("in_progress", "in_progress(architecture)", 1, 1),
    Function::of_run("median", "median(architecture), en millisecondes", 1, 1),
    Function::of_run("p99", "p99(architecture), en millisecondes", 1, 1),
    Function::of_run("done", "done(architecture, service)", 2, 2),
    Function::of_run("again", "again(architecture, service)", 2, 2),
    Function::of_run("in_vain", "in_vain(architecture, service)", 2, 2),
    Function::of_run("backlog", "backlog(architecture, service)", 2, 2),
    Function::of_run("dead", "dead(architecture, service)", 2, 2),
    Function::of_run("missed", "missed(architecture, service)", 2, 2),
    Function::of_run("lag", "lag(service)", 1, 1),
    Function::of_run(
        "recovery",
        "recovery(architecture, service), en millisecondes",
        2,
        2,
    ),
    Function::of_run("records", "records(partition)", 1, 1),
];

impl Subject for Run {
    fn functions(&self) -> &'static [Function] {
        &FUNCTIONS
    }

    fn answer(&self, call: &Arguments<'_>) -> Result<Value, QueryError> {
        let view = self.view();
        Ok(match call.name() {
            "received" => whole(view.received),
            "accepted" => whole(lane(&view, call)?.accepted),
            "refused" => whole(lane(&view, call)?.refused),
            "in_progress" => whole(lane(&view, call)?.in_progress),
            "median" => milliseconds(lane(&view, call)?.median),
            "p99" => milliseconds(lane(&view, call)?.p99),
            "records" => records(&view, call)?,
            "lag" => {
                let service = place(&view, call, 0)?;
                whole(view.lanes[Lane::Log as usize].services[service].lag)
            }
            name => {
                let service = place(&view, call, 1)?;
                of_service(name, &lane(&view, call)?.services[service])
            }
        })
    }
}

fn of_service(name: &str, work: &WorkView) -> Value {
    match name {
        "done" => whole(work.done),
        "again" => whole(work.again),
        "in_vain" => whole(work.in_vain),
        "backlog" => whole(work.backlog()),
        "dead" => whole(work.dead),
        "missed" => whole(work.missed),
        _ => milliseconds(work.recovery),
    }
}

/// The architecture that the first argument names.
fn lane<'v>(view: &'v View, call: &Arguments<'_>) -> Result<&'v LaneView, QueryError> {
    let name = call.text(0)?;
    match Lane::from_name(name) {
        Some(lane) => Ok(&view.lanes[lane as usize]),
        None => Err(no_such(call, 0, name, &Lane::ALL.map(Lane::name))),
    }
}

/// The place of the service that an argument names.
fn place(view: &View, call: &Arguments<'_>, index: usize) -> Result<usize, QueryError> {
    let name = call.text(index)?;
    let names: Vec<&str> = view
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    names
        .iter()
        .position(|known| *known == name)
        .ok_or_else(|| no_such(call, index, name, &names))
}

fn records(view: &View, call: &Arguments<'_>) -> Result<Value, QueryError> {
    let asked = call.integer(0)?;
    usize::try_from(asked)
        .ok()
        .and_then(|partition| view.partitions.get(partition))
        .map(|partition| whole(partition.end))
        .ok_or_else(|| {
            let known = format!("0 à {}", view.partitions.len().saturating_sub(1));
            call.fault_at(
                0,
                QueryErrorKind::NoSuch {
                    name: asked.to_string(),
                    known,
                },
            )
        })
}

fn no_such(call: &Arguments<'_>, index: usize, name: &str, known: &[&str]) -> QueryError {
    let (name, known) = (name.to_owned(), known.join(", "));
    call.fault_at(index, QueryErrorKind::NoSuch { name, known })
}

fn whole(number: u64) -> Value {
    Value::Integer(number.cast_signed())
}

/// A length of time in milliseconds; « aucun » if there is none.
fn milliseconds(time: Option<Duration>) -> Value {
    match time {
        Some(time) if time.0 % 1_000 == 0 => whole(time.as_millis()),
        Some(time) => Value::Real(time.0 as f64 / 1_000.0),
        None => Value::Text("aucun".to_owned()),
    }
}
