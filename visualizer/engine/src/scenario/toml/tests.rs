//! The format, by examples.

use super::*;
use crate::ids::PartitionId;
use crate::partitioner::Partitioner;
use crate::scenario::{Action, Keys, Produce, Skew, TimedAction};
use crate::time::Duration;

const WHOLE: &str = r#"
type = "partitionnement"
title = "Cinq clients, six partitions"
seed = 42
duration = "5s"
[config]
"num.partitions" = 6
"partitioner" = "consistent_random"
"sticky.partitioning.linger.ms" = "10ms"
[compare]
"partitioner" = "murmur2_random"
[[action]]
at = "4s"
add-partitions = 12
[[action]]
at = "0ms"
produce = { keys = ["customer-A", "customer-B"], every = "100ms", count = 30, skew = { key = "customer-A", share = 80 } }
[[action]]
at = "1s"
produce = { nulls = true, burst = 5, count = 20, value-size = 1000, producer = ".NET", partition = 3 }
[[expect]]
that = 'partition("customer-A", 6)'
equals = 3
[[expect]]
that = "total()"
at = "3s"
equals = [1, 2.5, "é"]
[[frame]]
at = "1s"
caption = "Une phrase."
[predict]
question = "Où tombera customer-A ?"
answer = 'partition("customer-A", 6)'
"#;

#[test]
fn a_whole_scenario_is_read() {
    let scenario = Scenario::from_toml(WHOLE).unwrap();
    assert_eq!(scenario.title, "Cinq clients, six partitions");
    assert_eq!(
        (scenario.seed, scenario.duration),
        (42, Some(Duration::from_millis(5_000)))
    );
    assert_eq!(scenario.config.partitions(), 6);
    assert_eq!(scenario.config.sticky_linger(), Duration::from_millis(10));
    assert_eq!(
        scenario.compare.as_ref().unwrap().partitioner(),
        Partitioner::Murmur2Random
    );
    let keys = Keys::List(vec!["customer-A".into(), "customer-B".into()]);
    let keyed = Produce {
        count: 30,
        skew: Some(Skew {
            key: "customer-A".into(),
            share: 80,
        }),
        ..Produce::of(keys)
    };
    let nulls = Produce {
        count: 20,
        burst: 5,
        value_size: 1_000,
        producer: Some(".NET".into()),
        partition: Some(PartitionId(3)),
        ..Produce::of(Keys::Null)
    };
    let at = |ms, action| TimedAction {
        at: Instant::from_millis(ms),
        action,
    };
    assert_eq!(
        scenario.actions,
        [
            at(0, Action::Produce(keyed)),
            at(1_000, Action::Produce(nulls)),
            at(4_000, Action::AddPartitions(12))
        ]
    );
    let expect = &scenario.expect[0];
    assert_eq!(
        (expect.place.line, expect.place.column, expect.place.length),
        (22, 9, 26)
    );
    assert_eq!(
        scenario.expect[1].equals,
        Value::List(vec![
            Value::Integer(1),
            Value::Real(2.5),
            Value::Text("é".into())
        ])
    );
    assert_eq!(scenario.frames[0].caption, "Une phrase.");
    assert_eq!(scenario.predict.as_ref().unwrap().place.line, 33);
}

#[test]
fn a_scenario_goes_into_a_link_without_what_belongs_to_the_page() {
    let scenario = Scenario::from_toml(WHOLE).unwrap();
    let read = crate::share::decode(&crate::share::encode(&scenario)).unwrap();
    let bare = Scenario {
        expect: Vec::new(),
        frames: Vec::new(),
        predict: None,
        ..scenario
    };
    assert_eq!(read, bare);
}

#[test]
fn property_names_need_no_quotes() {
    let scenario = Scenario::from_toml(
        "type = 'partitionnement'\ntitle = 't'\n[config]\nnum.partitions = 6\nlinger.ms = 20\nsticky.partitioning.linger.ms = 0",
    )
    .unwrap();
    assert_eq!(scenario.config.partitions(), 6);
    assert_eq!(scenario.config.linger(), Duration::from_millis(20));
    assert_eq!(scenario.config.sticky_linger(), Duration(0));
}

/// The faults of a text, each as `line:column+length message`.
fn faults(text: &str) -> Vec<String> {
    let errors = Scenario::from_toml(text).expect_err("the text has faults");
    errors
        .iter()
        .map(|error| format!("{}:{}+{} {error}", error.line, error.column, error.length))
        .collect()
}

/// The faults of a scenario that is right but for this.
fn faults_in(rest: &str) -> Vec<String> {
    faults(&format!(
        "type = \"partitionnement\"\ntitle = \"t\"\n{rest}"
    ))
}

#[test]
fn everything_wrong_is_told_in_one_pass() {
    let text = r#"tipe = "partitionnement"
seed = -1
[config]
"num.partitions" = 0
"linger_ms" = "10ms"
"batch.size" = "10 pommes"
"partitioner" = "consistent-random"
[[action]]
produce = { set = "client-5", count = "dix" }
[[expect]]
that = 'records(1)'
"#;
    assert_eq!(
        faults(text),
        [
            "1:1+4 clé « tipe » inconnue dans la simulation : vouliez-vous dire « type » ?",
            "1:1+24 il manque la clé « type » dans la simulation",
            "1:1+24 il manque la clé « title » dans la simulation",
            "2:8+2 « seed » doit être compris entre 0 et 9223372036854775807",
            "4:20+1 « num.partitions » : la valeur doit être comprise entre 1 et 1000",
            "5:1+11 clé « linger_ms » inconnue dans [config] : vouliez-vous dire « linger.ms » ?",
            "6:16+11 « batch.size » : unité « pommes » inconnue : B, kB, MB, KiB ou MiB",
            "7:17+19 « partitioner » : partitionneur « consistent-random » inconnu : vouliez-vous dire « consistent_random » ?",
            "8:1+10 il manque la clé « at » dans [[action]]",
            "9:19+10 « client-5 » n'est pas une valeur de « set » : vouliez-vous dire « clients-5 » ?",
            "9:39+5 « count » doit être un nombre entier, et non un texte",
            "10:1+10 il manque la clé « equals » dans [[expect]]",
        ]
    );
}

#[test]
fn actions_must_make_sense_in_the_order_of_time() {
    assert_eq!(
        faults_in(
            r#"duration = "3s"
[config]
num.partitions = 6
[[action]]
at = "2s"
add-partitions = 8
[[action]]
at = "1s"
add-partitions = 12
[[action]]
at = "1500ms"
produce = { keys = ["é"], partition = 11 }
[[action]]
at = "1500ms"
produce = { keys = ["é"], partition = 12 }
[[action]]
at = "4s"
produce = { keys = [], count = 2, producer = "Java" }
[[action]]
at = "0s"
produce = { keys = ["a"], nulls = true }
[[action]]
at = "0s"
"#
        ),
        [
            "8:18+1 le topic a déjà 12 partitions : on ne peut qu'en ajouter, et 8 n'est pas plus grand",
            "17:39+2 la partition 12 n'existe pas : elles vont de 0 à 11",
            "19:6+4 la simulation se termine à 3s : avancez cet instant ou allongez « duration »",
            "20:20+2 il n'y a rien à envoyer : donnez au moins une clé et un message",
            "23:11+30 produce doit contenir une et une seule de ces clés : keys, set, nulls",
            "24:1+10 [[action]] doit contenir une et une seule de ces clés : produce, add-partitions, do",
        ]
    );
}

#[test]
fn properties_must_suit_the_client() {
    assert_eq!(
        faults_in(
            r#"[config]
"partitioner" = "java_default"
"batch.num.messages" = 10
[compare]
"num.partitions" = 3
"partitioner.ignore.keys" = true
"linger.ms" = -5
"#
        ),
        [
            "5:1+20 « batch.num.messages » n'existe pas chez le client dont le partitionneur est java_default : retirez-la",
            "7:1+16 « num.partitions » configure le topic, que les deux producers partagent : placez-la dans [config]",
            "8:1+25 « partitioner.ignore.keys » n'existe pas chez le client dont le partitionneur est consistent_random : retirez-la",
            "9:15+2 « linger.ms » : la valeur ne peut pas être négative",
        ]
    );
}

#[test]
fn incidents_are_lines_and_variants_are_settings() {
    let scenario = Scenario::from_toml(
        r#"type = "reequilibrage"
title = "Crash"
[topics]
"orders.created" = 12
payments = 6
[config]
session.timeout.ms = "10s"
[[variant]]
name = "Coopératif"
config = { "partition.assignment.strategy" = "cooperative-sticky" }
[[action]]
at = "0s"
do = "join C1 topics=payments"
[[action]]
at = "20s"
do = "crash C1"
"#,
    )
    .unwrap();
    assert_eq!(
        scenario.all_topics(),
        [("orders.created".into(), 12), ("payments".into(), 6)]
    );
    assert_eq!(scenario.actions.len(), 2);
    let strategy = crate::config::Property::AssignmentStrategy;
    assert_eq!(scenario.variant(0).config.choice(strategy), "range");
    let variant = scenario.variant(1).config;
    assert_eq!(variant.choice(strategy), "cooperative-sticky");
    let session = crate::config::Property::SessionTimeoutMs;
    assert_eq!(variant.time(session), Duration::from_millis(10_000));
    let link = crate::share::encode(&scenario);
    assert!(link.ends_with("crash:C1"), "{link}");
    assert_eq!(crate::share::decode(&link), Ok(scenario));
}

#[test]
fn incidents_must_make_sense_in_their_simulation() {
    assert_eq!(
        faults(
            r#"type = "replication"
title = "t"
compare = {}
[config]
"session.timeout.ms" = "10s"
[[variant]]
nom = "x"
[[action]]
at = "0s"
do = "crash broker-4"
[[action]]
at = "1s"
do = "crash broker-1"
[[action]]
at = "2s"
do = "crash broker-1"
[[action]]
at = "3s"
do = "join C1"
[[action]]
at = "4s"
do = "crach broker-2"
[[expect]]
that = "leader(0)"
variant = "y"
equals = 1
"#
        ),
        [
            "3:11+2 « compare » ne sert à rien dans une simulation de type replication : retirez cette section",
            "5:1+20 « session.timeout.ms » ne veut rien dire dans une simulation de type replication : retirez-la",
            "6:1+11 il manque la clé « name » dans [[variant]]",
            "7:1+3 clé « nom » inconnue dans [[variant]] : vouliez-vous dire « name » ?",
            "10:6+16 « broker-4 » n'existe pas ; il y a broker-1, broker-2, broker-3, producer",
            "16:6+16 « broker-1 » est arrêté",
            "19:6+9 « join » ne veut rien dire dans cette simulation",
            "22:6+16 verbe « crach » inconnu : vouliez-vous dire « crash » ?",
            "25:11+3 aucune variante ne s'appelle « y » : reprenez le « name » d'un [[variant]]",
        ]
    );
}

#[test]
fn times_need_units_and_sections_their_shape() {
    assert_eq!(
        faults_in(
            r#"duration = "5"
action = 3
frame = [1]
expect = [{ that = "1", equals = 2020-01-01 }]
predict = { question = " ", answer = 4 }
"#
        ),
        [
            "3:12+3 « duration » : il manque l'unité : us, ms, s, min ou h",
            "4:10+1 « action » doit être une liste de tables, écrite avec deux crochets, et non un nombre entier",
            "5:10+1 « frame » doit être une table de clés, et non un nombre entier",
            "6:34+10 « equals » doit être un nombre, un texte ou une liste, et non une date",
            "7:24+3 « question » est vide",
            "7:38+1 « answer » doit être un texte entre guillemets, et non un nombre entier",
        ]
    );
}

#[test]
fn syntax_errors_are_told_in_french_with_their_place() {
    assert_eq!(
        faults("type = \"partitionnement\"\ntype = \"x\"\n"),
        ["2:1+4 TOML mal formé : cette clé est donnée deux fois : retirez-en une"]
    );
    let unquoted = "la valeur manque, ou c'est un texte sans ses guillemets";
    assert_eq!(
        faults("title = \n"),
        [format!("1:9+1 TOML mal formé : {unquoted}")]
    );
    assert_eq!(
        faults("title = Bonjour à tous\n"),
        [format!("1:9+14 TOML mal formé : {unquoted}")]
    );
    assert_eq!(
        faults("[config\n"),
        ["1:8+1 TOML mal formé : il manque le crochet fermant ] de la section"]
    );
}

#[test]
fn an_empty_text_lacks_type_and_title() {
    assert_eq!(faults("").len(), 2);
}

proptest::proptest! {
    /// A damaged text is read, or refused with places that are in it.
    #[test]
    fn faults_are_placed_in_the_text(
        at in proptest::prelude::any::<proptest::sample::Index>(),
        removed in 0..12_usize,
        inserted in "[-a-z0-9=\"'\\[\\]{}.,é \\n]{0,6}",
    ) {
        let mut characters: Vec<char> = WHOLE.chars().collect();
        let start = at.index(characters.len());
        let end = (start + removed).min(characters.len());
        characters.splice(start..end, inserted.chars());
        let text: String = characters.into_iter().collect();
        let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
        for error in Scenario::from_toml(&text).err().unwrap_or_default() {
            proptest::prop_assert!(error.line >= 1 && error.line <= lines.len(), "{error:?}");
            let length = lines[error.line - 1];
            proptest::prop_assert!(error.column >= 1 && error.column <= length + 1, "{error:?}");
            proptest::prop_assert!(error.column + error.length <= length + 2, "{error:?}");
        }
    }
}
