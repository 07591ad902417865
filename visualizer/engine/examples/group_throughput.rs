//! How fast a simulated group is: `cargo run --release --example group_throughput -p engine`.

use engine::config::Property;
use engine::group::Simulation;
use engine::keys::KeySet;
use engine::scenario::{Action, Keys, Kind, Produce, Scenario, Step, TimedAction};
use engine::time::{Duration, Instant};
use std::error::Error;
use std::time;

fn main() -> Result<(), Box<dyn Error>> {
    for (consumers, partitions, handler) in [
        (6, 12, "auto"),
        (6, 12, "store-after"),
        (6, 12, "sync-after"),
        (100, 1_000, "auto"),
    ] {
        let mut run = Simulation::new(scenario(consumers, partitions, handler)?);
        let begin = time::Instant::now();
        run.run_until(run.end());
        let took = begin.elapsed();
        let events = run.events().len();
        println!(
            "{consumers:3} consumers, {partitions:4} partitions, {handler:11} {:6.2} M événements/s ({events} événements en {took:.0?})",
            events as f64 / took.as_secs_f64() / 1e6
        );
        let mut longest = time::Duration::ZERO;
        for tenth in (0..10).rev() {
            let begin = time::Instant::now();
            run.seek(Instant(run.end().0 * tenth / 10));
            let _ = std::hint::black_box(run.view());
            longest = longest.max(begin.elapsed());
        }
        println!("    retour en arrière et vue, au pire : {longest:.1?}");
    }
    Ok(())
}

/// Ten minutes: 100,000 records, everybody joins at the start, one consumer crashes and comes back.
fn scenario(consumers: u32, partitions: u32, handler: &str) -> Result<Scenario, Box<dyn Error>> {
    let mut scenario = Scenario::new(Kind::Rebalancing, "Débit");
    let mut set = |property: Property, text: &str| {
        scenario
            .config
            .set_text(property, text)
            .map_err(|error| error.to_string())
    };
    set(Property::NumPartitions, &partitions.to_string())?;
    set(Property::SimulationHandler, handler)?;
    set(Property::SimulationProcessingTime, "5ms")?;
    scenario.duration = Some(Duration::from_millis(600_000));
    let mut actions = Vec::new();
    let mut step = |ms: u64, text: String| -> Result<(), Box<dyn Error>> {
        let step: Step = text.parse().map_err(|error| format!("{text}: {error}"))?;
        actions.push(TimedAction {
            at: Instant::from_millis(ms),
            action: Action::Do(step),
        });
        Ok(())
    };
    for consumer in 1..=consumers {
        step(0, format!("join C{consumer}"))?;
    }
    step(200_000, "crash C1".to_owned())?;
    step(400_000, "restart C1".to_owned())?;
    let set = KeySet::from_name("commandes-1000").ok_or("commandes-1000")?;
    let mut produce = Produce::of(Keys::Set(set));
    produce.count = 100_000;
    produce.every = Duration::from_millis(5);
    actions.push(TimedAction {
        at: Instant::from_millis(10_000),
        action: Action::Produce(produce),
    });
    scenario.actions = actions;
    Ok(scenario)
}
