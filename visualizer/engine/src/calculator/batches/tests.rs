use super::*;
use proptest::prelude::*;
use std::collections::VecDeque;

fn batching(rate: u32, size: u32, partitions: u32, linger: u32) -> Batching {
    Batching::of(&[rate, size, partitions, linger, 1_000_000, 10_000, 0, 100])
}

#[test]
fn linger_sends_the_first_message_and_those_that_join_it() {
    // One message every 0.25 ms: the first, and 20 more until 5 ms.
    let usual = batching(24_000, 226, 6, 5);
    assert_eq!(usual.signal(), Signal::Linger);
    assert_eq!((usual.messages(), usual.bytes()), (21, 4_746));
    // The last of the 21 comes when the batch goes: from 5 ms to 0.
    assert_eq!(usual.delays(), (5_000, 2_500));
    assert_eq!(usual.requests(), 114_286);
    assert_eq!(usual.throughput(), (5_424_000, 5_424_000));

    let longer = batching(24_000, 226, 6, 50);
    assert_eq!((longer.messages(), longer.requests()), (201, 11_940));
    assert_eq!(longer.delays(), (50_000, 25_000));
}

#[test]
fn a_slow_flow_waits_for_nothing() {
    let slow = batching(10, 226, 6, 5);
    assert_eq!(slow.messages(), 1);
    assert_eq!(slow.delays(), (5_000, 5_000));
    assert_eq!(slow.requests(), 1_000);
    assert_eq!(batching(10, 226, 6, 0).delays(), (0, 0));
    // One every 5 ms: not yet another at 4 ms, one at 5.
    assert_eq!(batching(800, 100, 4, 4).messages(), 1);
    assert_eq!(batching(800, 100, 4, 5).messages(), 2);
    assert_eq!(batching(800, 100, 4, 50).messages(), 11);
}

#[test]
fn size_sends_what_fits_and_keeps_the_message_that_does_not() {
    // 16 384 / 226 = 72.5: the 73rd message reaches the size, 72 × 0.25 ms after the first, and does not fit.
    let sized = Batching {
        batch_size: 16_384,
        ..batching(24_000, 226, 6, 50)
    };
    assert_eq!(sized.signal(), Signal::Size);
    assert_eq!((sized.by_size(), sized.messages()), (73, 72));
    assert_eq!(sized.delays(), (18_000, 18_000 - 71 * 125));
    // An exact fit goes with its last message.
    let exact = Batching { size: 256, ..sized };
    assert_eq!((exact.by_size(), exact.messages()), (64, 64));
    assert_eq!(exact.delays(), (15_750, 7_875));
    // A message larger than a batch goes alone, at once.
    let large = Batching {
        size: 20_000,
        ..sized
    };
    assert_eq!((large.messages(), large.delays()), (1, (0, 0)));
}

#[test]
fn the_number_of_messages_sends_too() {
    let one = Batching {
        batch_messages: 1,
        ..batching(24_000, 226, 6, 5)
    };
    assert_eq!(one.signal(), Signal::Messages);
    assert_eq!((one.messages(), one.delays()), (1, (0, 0)));
    let four = Batching {
        batch_messages: 4,
        ..one
    };
    assert_eq!(four.delays(), (750, 375));
}

#[test]
fn compression_takes_what_the_reader_measured_and_only_with_a_codec() {
    let half = Batching {
        compressed: 33,
        ..batching(10, 226, 6, 5)
    };
    assert_eq!(half.throughput(), (2_260, 2_260));
    // 745.8 bytes, rounded up.
    assert_eq!(Batching { codec: 3, ..half }.throughput(), (2_260, 746));
}

#[test]
fn the_reasoning_is_shown() {
    let report = batching(24_000, 226, 6, 5).report();
    assert_eq!(
        report.result,
        "Lots de 21\u{a0}messages : 1\u{202f}142,86\u{a0}requêtes/s, 5\u{a0}ms d’attente au plus"
    );
    assert_eq!(
        report.steps,
        [
            "Cadence : 24\u{202f}000\u{a0}messages par seconde sur 6\u{a0}partitions, soit un toutes les 0,25\u{a0}ms dans chacune.",
            "Signaux : linger.ms laisse venir 21\u{a0}messages, batch.size en permet 4\u{202f}424, batch.num.messages 10\u{202f}000. \
             C’est linger.ms qui fait partir le lot.",
            "Lot : 21\u{a0}messages de 226\u{a0}octets, soit 4,75\u{a0}ko avant compression.",
            "Requêtes : 24\u{202f}000 ÷ 21 ≈ 1\u{202f}142,86 ProduceRequest par seconde, car librdkafka met un seul lot dans chacune.",
            "Attente : 5\u{a0}ms pour le premier message d’un lot, 2,5\u{a0}ms en moyenne.",
            "Débit : 24\u{202f}000 × 226\u{a0}octets = 5,42\u{a0}Mo/s, envoyés tels quels, sans compression.",
        ]
    );
}

#[test]
fn remarks_say_what_the_numbers_mean() {
    let first = |batching: Batching| batching.report().remarks.swap_remove(0);
    assert_eq!(
        first(batching(24_000, 226, 6, 5)).text,
        "21 fois moins de requêtes qu’avec un message par lot."
    );
    assert!(
        first(batching(10, 226, 6, 5))
            .text
            .contains("retient 5\u{a0}ms")
    );
    assert!(
        first(batching(10, 226, 6, 0))
            .text
            .contains("rien n’attend")
    );

    let weighed = |batching: Batching| {
        let remarks = batching.report().remarks;
        remarks.iter().any(|remark| remark.weight == Weight::Broken)
    };
    // 1 + 100 000 messages in 500 ms; one fewer in 499.995.
    assert!(weighed(batching(200_000, 100, 100, 500)));
    assert!(!weighed(batching(199_999, 100, 100, 500)));

    let said = |codec, compressed, linger| {
        let measured = Batching {
            codec,
            compressed,
            ..batching(24_000, 226, 6, linger)
        };
        measured.compression()
    };
    assert_eq!(said(0, 100, 5), None);
    assert!(said(0, 40, 5).is_some_and(|text| text.contains("ne sert pas")));
    assert!(said(3, 100, 5).is_some_and(|text| text.contains("ne gagne rien")));
    assert!(said(3, 40, 5).is_some_and(|text| text.contains("des lots de 21\u{a0}messages")));
    assert!(said(3, 90, 0).is_some_and(|text| text.contains("un message seul")));
}

#[test]
fn the_configuration_can_be_pasted() {
    let lz4 = Batching {
        codec: 3,
        ..batching(24_000, 226, 6, 50)
    };
    assert!(lz4.code().contains(
        "    LingerMs = 50,\n    BatchSize = 1_000_000,\n    BatchNumMessages = 10_000,\n    CompressionType = CompressionType.Lz4,\n};"
    ));
}

/// What a simulation of every message saw, in time multiplied by the rate.
#[derive(Default)]
struct Seen {
    /// Messages, wait of the first and sum of the waits of each batch.
    batches: Vec<(u64, u64, u64)>,
    /// Most messages that waited at once.
    waiting: u64,
}

/// Sends what fits of a queue at `now`; the rest opens the next batch.
fn send(queue: &mut VecDeque<u64>, now: u64, of: Batching, seen: &mut Seen) {
    let (mut bytes, mut messages, mut sum) = (0, 0, 0);
    let first = now - queue[0];
    while let Some(came) = queue.front() {
        bytes += of.size;
        if messages > 0 && (bytes > of.batch_size || messages == u64::from(of.batch_messages)) {
            break;
        }
        sum += now - came;
        messages += 1;
        queue.pop_front();
    }
    seen.batches.push((messages, first, sum));
}

/// Plays messages one by one, each to the next partition.
fn play(of: Batching, messages: u64) -> Seen {
    let mut seen = Seen::default();
    let mut queues = vec![VecDeque::new(); of.partitions as usize];
    let linger = u64::from(of.linger) * 1_000 * u64::from(of.rate);
    for (message, partition) in (0..messages).zip((0..queues.len()).cycle()) {
        let now = message * SECOND;
        for queue in &mut queues {
            while let Some(due) = queue
                .front()
                .map(|came| came + linger)
                .filter(|due| *due < now)
            {
                send(queue, due, of, &mut seen);
            }
        }
        queues[partition].push_back(now);
        seen.waiting = seen
            .waiting
            .max(queues.iter().map(|queue| queue.len() as u64).sum());
        for queue in &mut queues {
            let bytes = queue.len() as u64 * u64::from(of.size);
            let full =
                bytes >= of.batch_size.into() || queue.len() as u64 >= of.batch_messages.into();
            if full {
                send(queue, now, of, &mut seen);
            }
        }
    }
    seen
}

proptest! {
    #[test]
    fn every_batch_of_a_simulation_is_the_one_computed(
        rate in 1_u32..5_000,
        size in 1_u32..400,
        partitions in 1_u32..5,
        linger in 0_u32..40,
        batch_size in 1_u32..3_000,
        batch_messages in 1_u32..30,
    ) {
        let of = Batching::of(&[rate, size, partitions, linger, batch_size, batch_messages, 0, 100]);
        // Enough for several batches of each partition.
        let seen = play(of, 4 * u64::from(partitions) * (of.queued() + 1));
        prop_assert!(seen.batches.len() >= 3);
        for (messages, first, sum) in seen.batches {
            prop_assert_eq!(messages, of.messages());
            prop_assert_eq!(first, of.longest());
            let rate = u64::from(rate);
            prop_assert_eq!(
                (rounded(first, rate), rounded(sum, messages * rate)),
                of.delays()
            );
        }
        prop_assert_eq!(seen.waiting, of.waiting());
    }
}
