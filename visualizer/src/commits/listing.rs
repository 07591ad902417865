//! The handler's code for each strategy, with the line that is being executed.
//!
//! It is real code of `Confluent.Kafka`; for Java's client, Java's. What a strategy needs in its configuration is at the top.

use engine::config::{Config, Property};
use engine::group::{Handler, HandlerStep};

/// A line of code, and what being there means.
pub(super) type Line = (&'static str, Option<HandlerStep>);

const CONSUME: Option<HandlerStep> = Some(HandlerStep::Consume);
const DISPATCH: Option<HandlerStep> = Some(HandlerStep::Dispatch);
const PROCESS: Option<HandlerStep> = Some(HandlerStep::Process);
const COMMIT: Option<HandlerStep> = Some(HandlerStep::Commit);
const CLOSE: Option<HandlerStep> = Some(HandlerStep::Close);

static AUTO: [Line; 8] = [
    ("// EnableAutoOffsetStore = true (défaut)", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    // stocke déjà l’offset suivant", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    await HandleAsync(result.Message);", PROCESS),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static STORE_AFTER: [Line; 8] = [
    ("// EnableAutoOffsetStore = false", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    await HandleAsync(result.Message);", PROCESS),
    (
        "    consumer.StoreOffset(result);",
        Some(HandlerStep::StoreOffset),
    ),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static SYNC_BEFORE: [Line; 9] = [
    ("// EnableAutoCommit = false : au plus une fois", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    // attend la réponse du coordinateur", None),
    ("    consumer.Commit(result);", COMMIT),
    ("    await HandleAsync(result.Message);", PROCESS),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static SYNC_AFTER: [Line; 9] = [
    ("// EnableAutoCommit = false : au moins une fois", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    await HandleAsync(result.Message);", PROCESS),
    ("    // attend la réponse du coordinateur", None),
    ("    consumer.Commit(result);", COMMIT),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static ASYNC_AFTER: [Line; 9] = [
    ("// EnableAutoCommit = false", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    await HandleAsync(result.Message);", PROCESS),
    ("    // sans attendre la réponse", None),
    ("    _ = Task.Run(() => consumer.Commit(result));", COMMIT),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static BATCH: [Line; 10] = [
    ("// EnableAutoCommit = false", None),
    ("var count = 0;", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    await HandleAsync(result.Message);", PROCESS),
    ("    if (++count % batchSize == 0)", None),
    ("        consumer.Commit(result);", COMMIT),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static TASK_POOL: [Line; 13] = [
    ("// EnableAutoOffsetStore = true : à éviter", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    // stocke déjà l’offset suivant", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    _ = Task.Run(async () =>", DISPATCH),
    ("    {", None),
    ("        await slots.WaitAsync();", None),
    ("        await HandleAsync(result.Message);", PROCESS),
    ("        slots.Release();", None),
    ("    });", None),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static LOW_WATER_MARK: [Line; 15] = [
    ("// EnableAutoOffsetStore = false", None),
    ("while (!token.IsCancellationRequested)", None),
    ("{", None),
    ("    var result = consumer.Consume(token);", CONSUME),
    ("    pending.Begin(result.TopicPartitionOffset);", None),
    ("    _ = Task.Run(async () =>", DISPATCH),
    ("    {", None),
    ("        await slots.WaitAsync();", None),
    ("        await HandleAsync(result.Message);", PROCESS),
    ("        slots.Release();", None),
    ("        // tout ce qui précède est traité", None),
    (
        "        consumer.StoreOffset(pending.Done(result));",
        Some(HandlerStep::StoreOffset),
    ),
    ("    });", None),
    ("}", None),
    ("consumer.Close();", CLOSE),
];

static JAVA_AUTO: [Line; 8] = [
    ("// enable.auto.commit=true : validé dans poll()", None),
    ("while (running) {", None),
    (
        "    var records = consumer.poll(Duration.ofMillis(100));",
        CONSUME,
    ),
    ("    for (var record : records) {", None),
    ("        handle(record);", PROCESS),
    ("    }", None),
    ("}", None),
    ("consumer.close();", CLOSE),
];

/// The code of the handler that a configuration names.
pub(super) fn listing(config: &Config) -> &'static [Line] {
    match Handler::of(config) {
        Handler::Auto if java(config) => &JAVA_AUTO,
        Handler::Auto => &AUTO,
        Handler::StoreAfter => &STORE_AFTER,
        Handler::SyncBefore => &SYNC_BEFORE,
        Handler::SyncAfter => &SYNC_AFTER,
        Handler::AsyncAfter => &ASYNC_AFTER,
        Handler::Batch => &BATCH,
        Handler::TaskPool => &TASK_POOL,
        Handler::LowWaterMark => &LOW_WATER_MARK,
    }
}

/// Whether the client is Java's.
pub(super) fn java(config: &Config) -> bool {
    config.choice(Property::SimulationClient) == "java"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The model hands over all that was fetched at once: whoever waits for a free place must be a task, not the loop.
    #[test]
    fn the_loop_of_a_pool_never_waits() {
        for code in [&TASK_POOL[..], &LOW_WATER_MARK[..]] {
            let handed_over = code.iter().position(|line| line.1 == DISPATCH).unwrap();
            let waits = code
                .iter()
                .position(|line| line.0.contains("WaitAsync"))
                .unwrap();
            assert!(handed_over < waits);
        }
    }

    #[test]
    fn every_handler_has_code_whose_lines_can_be_lit() {
        let handlers = match Property::SimulationHandler.spec().form {
            engine::config::Form::Choice(handlers) => handlers,
            _ => &[],
        };
        assert_eq!(handlers.len(), 8);
        let mut names = Vec::new();
        for handler in handlers {
            let mut config = Config::default();
            config
                .set_text(Property::SimulationHandler, handler)
                .unwrap();
            let code = listing(&config);
            for step in [CONSUME, PROCESS, CLOSE] {
                let lit = code.iter().filter(|line| line.1 == step).count();
                assert_eq!(lit, 1, "{handler} {step:?}");
            }
            names.push(picture::commit_log::strategy(&config));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 8);
    }
}
