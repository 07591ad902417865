//! The producer of orders.

use super::order::Order;
use super::random::Random;
use super::{DemoSettings, KEYS};
use crate::client_log::{Quiet, client_config};
use crate::clock;
use crate::embedded::TOPIC;
use crate::stop::Stop;
use rdkafka::producer::{BaseProducer, BaseRecord};
use std::thread::JoinHandle;
use std::time::Duration;

/// Starts the producer on a thread of its own.
pub(super) fn start(
    bootstrap: &str,
    settings: DemoSettings,
    stop: Stop,
) -> Result<JoinHandle<()>, String> {
    let producer: BaseProducer<Quiet> = client_config()
        .set("bootstrap.servers", bootstrap)
        .set("client.id", "order-api")
        // The broker may be away for long: orders wait in a small queue and are given up in the end.
        .set("message.timeout.ms", "5000")
        .set("queue.buffering.max.messages", "1000")
        .create_with_context(Quiet::default())
        .map_err(|error| error.to_string())?;
    std::thread::Builder::new()
        .name("demo-producer".to_owned())
        .spawn(move || produce(&producer, &settings, &stop))
        .map_err(|error| error.to_string())
}

fn produce(producer: &BaseProducer<Quiet>, settings: &DemoSettings, stop: &Stop) {
    let mut random = Random::new(1);
    let round = settings.calm + settings.burst;
    for number in 1_u64.. {
        let place = usize::try_from(number % round.max(1) as u64).unwrap_or(0);
        let pause = if place < settings.calm {
            random.between(settings.pause)
        } else {
            settings.burst_pause
        };
        if stop.sleep(pause) {
            return;
        }
        send(producer, number, &mut random);
        producer.poll(Duration::ZERO);
    }
}

fn send(producer: &BaseProducer<Quiet>, number: u64, random: &mut Random) {
    let key = KEYS[random.below(KEYS.len())];
    let order = Order::new(number, key, clock::unix_millis(), random);
    let payload = match serde_json::to_vec(&order) {
        Ok(payload) => payload,
        Err(error) => {
            tracing::error!(%error, "commande impossible à encoder");
            return;
        }
    };
    let record = BaseRecord::to(TOPIC).key(key).payload(&payload);
    if let Err((error, _)) = producer.send(record) {
        tracing::debug!(%error, "commande non envoyée");
    }
}
