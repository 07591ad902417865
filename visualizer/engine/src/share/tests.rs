//! Links, by examples and at random.

use super::*;
use crate::scenario::{Action, Kind, Produce, Scenario, TimedAction};
use crate::testing::scenario;
use crate::time::Instant;
use proptest::prelude::*;

fn example() -> Scenario {
    let mut scenario = Scenario::new(Kind::Partitioning, "Cinq clients");
    scenario.seed = 42;
    scenario
        .config
        .set_text(crate::config::Property::NumPartitions, "6")
        .unwrap();
    let set = crate::keys::KeySet::from_name("clients-5").unwrap();
    let produce = Produce {
        count: 30,
        ..Produce::of(crate::scenario::Keys::Set(set))
    };
    scenario.actions = vec![
        TimedAction {
            at: Instant::ZERO,
            action: Action::Produce(produce),
        },
        TimedAction {
            at: Instant::from_millis(4_000),
            action: Action::AddPartitions(12),
        },
    ];
    scenario
}

const EXAMPLE: &str = "v=1&sim=partitionnement&title=Cinq%20clients&seed=42&topic=orders.created&num.partitions=6\
    &do=0ms:produce:set(clients-5):count(30)&do=4s:add-partitions:12";

#[test]
fn a_link_can_be_read_by_a_person() {
    assert_eq!(encode(&example()), EXAMPLE);
    assert_eq!(decode(EXAMPLE), Ok(example()));
}

#[test]
fn steps_topics_and_variants_survive_a_link() {
    let mut scenario = Scenario::new(Kind::Rebalancing, "Crash");
    scenario.topics = vec![("orders.created".into(), 12), ("payments".into(), 6)];
    let set = |config: &mut crate::config::Config, property, text| {
        config.set_text(property, text).unwrap();
    };
    let heartbeat = crate::config::Property::HeartbeatIntervalMs;
    set(&mut scenario.config, heartbeat, "1s");
    for (name, assignor) in [("Coopératif", "cooperative-sticky"), ("Range", "range")] {
        let mut config = crate::config::Config::default();
        let strategy = crate::config::Property::AssignmentStrategy;
        set(&mut config, strategy, assignor);
        scenario.variants.push(crate::scenario::Variant {
            name: name.to_owned(),
            config,
        });
    }
    for (ms, line) in [(0, "join C1 topics=payments"), (20_000, "crash C1")] {
        scenario.actions.push(TimedAction {
            at: Instant::from_millis(ms),
            action: Action::Do(line.parse().unwrap()),
        });
    }
    let link = "v=1&sim=reequilibrage&title=Crash&seed=1&topic=orders.created&topics=orders.created:12\
        &topics=payments:6&heartbeat.interval.ms=1s&variant=Coop%C3%A9ratif\
        &variant.partition.assignment.strategy=cooperative-sticky&variant=Range\
        &variant.partition.assignment.strategy=range&do=0ms:join:C1:topics=payments&do=20s:crash:C1";
    assert_eq!(encode(&scenario), link);
    assert_eq!(decode(link), Ok(scenario));
    let refused = |from: &str, to: &str| refused(&link.replace(from, to));
    assert_eq!(
        refused("crash:C1", "crash:C2"),
        "Ce lien est refusé : « do=20s:crash:C2 », « C2 » n'existe pas ; il y a C1"
    );
    assert_eq!(
        refused("reequilibrage", "replication"),
        "Ce lien est refusé : « heartbeat.interval.ms=1s », cette propriété ne veut rien dire dans cette simulation"
    );
    assert_eq!(
        refused("payments:6", "payments:0"),
        "Ce lien est refusé : « topics=payments:0 », un topic s'écrit nom:partitions, de 1 à 1000 partitions"
    );
}

#[test]
fn a_browser_may_undo_the_escapes() {
    let undone = EXAMPLE.replace("Cinq%20clients", "Cinq clientés");
    assert_eq!(decode(&undone).unwrap().title, "Cinq clientés");
}

fn refused(link: &str) -> String {
    decode(link).expect_err("the link is malformed").to_string()
}

#[test]
fn a_malformed_link_is_refused_with_the_reason() {
    let with = |part: &str| refused(&format!("{EXAMPLE}&{part}"));
    let version =
        "il doit commencer par v=1 ; il a été tronqué, ou fait par une autre version du cours";
    assert_eq!(refused(""), format!("Ce lien est refusé : {version}"));
    assert_eq!(
        refused("v=2&sim=partitionnement"),
        format!("Ce lien est refusé : « v=2 », {version}")
    );
    assert_eq!(
        refused("v=1&sim=partitionnement&title=t&seed=1"),
        "Ce lien est refusé : il manque « topic »"
    );
    for (part, reason) in [
        ("seed=1", "donné deux fois"),
        ("linger.ms", "il manque le signe = et une valeur"),
        ("", "il manque le signe = et une valeur"),
        (
            "linger_ms=5",
            "ce nom ne veut rien dire ici : vouliez-vous dire « linger.ms » ?",
        ),
        (
            "linger.ms=%zz",
            "un % doit être suivi de deux chiffres hexadécimaux, et le tout être de l'UTF-8",
        ),
        (
            "linger.ms=%ff",
            "un % doit être suivi de deux chiffres hexadécimaux, et le tout être de l'UTF-8",
        ),
        ("linger.ms=-1", "la valeur ne peut pas être négative"),
        (
            "partitioner.ignore.keys=true",
            "cette propriété n'existe pas chez le client choisi par « partitioner »",
        ),
        ("compare.linger.ms=1", "il manque « compare=1 »"),
        ("compare=2", "ce nom ne veut rien dire ici"),
        ("duration=2", "il manque l'unité : us, ms, s, min ou h"),
        ("duration=25h", "une simulation dure au plus un jour"),
        (
            "do=1s",
            "une action s'écrit instant:produce:…, instant:add-partitions:nombre ou instant:verbe:nom",
        ),
        (
            "do=1s:stop:3",
            "une action s'écrit instant:produce:…, instant:add-partitions:nombre ou instant:verbe:nom",
        ),
        ("do=1s:add-partitions:-3", "un nombre entier est attendu"),
        (
            "do=1s:add-partitions:99999999999",
            "un nombre entier est attendu",
        ),
        (
            "do=5s:add-partitions:9",
            "le topic a déjà 12 partitions : on ne peut qu'en ajouter, et 9 n'est pas plus grand",
        ),
        ("do=1s:produce:set(chats-3)", "ce jeu de clés n'existe pas"),
        (
            "do=1s:produce:nulls:count(1):count(2)",
            "« count(2) » est inconnu, mal écrit ou donné deux fois",
        ),
        (
            "do=1s:produce:nulls:count(1",
            "« count(1 » est inconnu, mal écrit ou donné deux fois",
        ),
        (
            "do=1s:produce:nulls:skew(a)",
            "« skew(a) » est inconnu, mal écrit ou donné deux fois",
        ),
        (
            "do=1s:produce:nulls:skew(a,101)",
            "une part va de 0 à 100 %",
        ),
        (
            "do=1s:produce:nulls:skew(a,300)",
            "un nombre entier est attendu",
        ),
        (
            "do=1s:produce:nulls:count(4000000000)",
            "une simulation envoie au plus 100\u{202f}000 messages par producer",
        ),
        (
            "do=1s:produce:",
            "«  » est inconnu, mal écrit ou donné deux fois",
        ),
        (
            "do=1s:produce:nulls:producer(Java)",
            "il n'y a pas de producer « Java »",
        ),
    ] {
        let expected = if part.is_empty() {
            format!("Ce lien est refusé : {reason}")
        } else {
            format!("Ce lien est refusé : « {part} », {reason}")
        };
        assert_eq!(with(part), expected);
    }
}

#[test]
fn a_fault_is_placed_in_the_link() {
    let error = decode("v=1&sim=partitionnement&title=é&seed=x").unwrap_err();
    assert_eq!((error.column, error.part.as_str()), (33, "seed=x"));
}

proptest! {
    /// What a run depends on survives the link, whatever the texts and numbers.
    #[test]
    fn links_carry_scenarios_whole(scenario in scenario(20)) {
        prop_assert_eq!(decode(&encode(&scenario)), Ok(scenario));
    }

    /// No text makes the decoder do anything but read or refuse.
    #[test]
    fn any_text_is_read_or_refused(link in "(v=1&)?[ -~é&=:(),%]{0,80}") {
        let _ = decode(&link);
    }

    /// A damaged link is refused, or it is read as something that writes back: never half-read.
    #[test]
    fn damaged_links_are_not_half_read(scenario in scenario(4), at in any::<prop::sample::Index>(), with in "[ -~]?") {
        let link = encode(&scenario);
        let at = at.index(link.len());
        let damaged = format!("{}{with}{}", &link[..at], &link[at + 1..]);
        if let Ok(read) = decode(&damaged) {
            prop_assert_eq!(decode(&encode(&read)), Ok(read));
        }
    }
}
