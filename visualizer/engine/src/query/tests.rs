//! The language, by examples.

use super::*;
use crate::scenario::{Kind, Scenario};

fn shown(expression: &str) -> String {
    match evaluate(expression) {
        Ok(value) => value.to_string(),
        Err(error) => format!("{}+{}: {error}", error.column, error.length),
    }
}

/// The demonstration table of the course: CRC-32 for .NET, murmur2 for Java.
#[test]
fn keys_go_where_the_clients_send_them() {
    for (key, six, six_java) in [
        ("21", 4, 0),
        ("foobar", 5, 0),
        ("abc", 0, 3),
        ("kafka", 5, 4),
        ("client-42", 5, 3),
    ] {
        assert_eq!(
            shown(&format!("partition(\"{key}\", 6)")),
            six.to_string(),
            "{key}"
        );
        assert_eq!(
            shown(&format!("partition(\"{key}\", 6, \"murmur2_random\")")),
            six_java.to_string(),
            "{key}"
        );
    }
    assert_eq!(shown("partition(\"commande-1001\", 12)"), "9");
    assert_eq!(
        shown("partition(\"commande-1001\", 12, \"java_default\")"),
        "4"
    );
}

#[test]
fn hashes_are_shown_as_numbers_or_in_hexadecimal() {
    assert_eq!(shown("hex(murmur2(\"kafka\"))"), "0xd067cf64");
    assert_eq!(shown("hex(crc32(\"\"))"), "0x00000000");
    assert_eq!(shown("hash(\"abc\", \"java_default\") % 6"), "3");
}

#[test]
fn sets_and_lists_of_keys_are_spread() {
    assert_eq!(
        shown("load([\"21\", \"foobar\", \"abc\", \"kafka\"], 6)"),
        "1, 0, 0, 0, 1, 2"
    );
    assert_eq!(
        shown("keys([\"21\", \"foobar\", \"abc\", \"kafka\"], 6, 5)"),
        "foobar, kafka"
    );
    assert_eq!(
        shown("count([\"21\", \"foobar\", \"abc\", \"kafka\"], 6, 5)"),
        "2"
    );
    assert_eq!(shown("sum(load(\"commandes-1000\", 12))"), "1\u{202f}000");
    assert_eq!(shown("len(load(\"restaurants-50\", 24))"), "24");
    assert_eq!(
        shown("max(load(\"restaurants-50\", 24)) - max_load(\"restaurants-50\", 24)"),
        "0"
    );
    assert_eq!(
        shown("agree(\"restaurants-50\", 6) + disagree(\"restaurants-50\", 6)"),
        "50"
    );
    assert_eq!(
        shown("moved([\"21\", \"foobar\", \"abc\", \"kafka\"], 6, 12)"),
        "2"
    );
}

#[test]
fn arithmetic_keeps_whole_numbers_whole() {
    assert_eq!(shown("2 + 3 * 4"), "14");
    assert_eq!(shown("(2 + 3) * 4"), "20");
    assert_eq!(shown("7 / 2"), "3,5");
    assert_eq!(shown("8 / 2"), "4");
    assert_eq!(shown("-7 % 4"), "\u{2212}3");
    assert_eq!(shown("max(ceil(500 / 50), 20)"), "20");
    assert_eq!(shown("round(10000 / 3600 * 100) / 100"), "2,78");
    assert_eq!(shown("1.5 * 2"), "3");
    assert_eq!(shown("min(3, 2.5, 7)"), "2,5");
}

#[test]
fn faults_have_a_place_and_say_what_to_do() {
    for (expression, fault) in [
        ("", "1+1: l'expression est vide"),
        ("partition(\"a\", 6", "17+1: il faut ici « , » ou « ) »"),
        ("partition(\"a)", "11+3: guillemet fermant \" manquant"),
        (
            "partitoin(\"a\", 6)",
            "1+9: fonction « partitoin » inconnue : vouliez-vous dire « partition » ?",
        ),
        (
            "partition(\"a\")",
            "1+14: 1 argument(s) donné(s), or la fonction s'écrit partition(clé, n [, partitionneur])",
        ),
        (
            "partition(6, \"a\")",
            "11+1: il faut un texte entre guillemets : la fonction s'écrit partition(clé, n [, partitionneur])",
        ),
        (
            "partition(\"é\", 0)",
            "16+1: le nombre de partitions doit être compris entre 1 et 1000",
        ),
        (
            "partition(\"a\", 6, \"murmur_random\")",
            "19+15: partitionneur « murmur_random » inconnu : vouliez-vous dire « murmur2_random » ?",
        ),
        (
            "load(\"restaurant-50\", 24)",
            "6+15: jeu de clés « restaurant-50 » inconnu (clients-5, restaurants-50, capteurs-100, commandes-1000…) : \
             vouliez-vous dire « restaurants » ?",
        ),
        (
            "count(\"clients-5\", 6, 6)",
            "23+1: il n'y a pas de partition 6 : elles vont de 0 à 5",
        ),
        (
            "partition(\"\", 6)",
            "1+16: consistent_random n'envoie pas cette clé vers une partition fixe",
        ),
        (
            "records(2)",
            "1+10: « records » interroge une simulation : elle n'a de sens que dans [[expect]] ou [predict]",
        ),
        ("1 / 0", "1+5: division par zéro"),
        ("9223372036854775807 + 1", "1+23: résultat trop grand"),
        ("99999999999999999999", "1+20: nombre trop grand"),
        ("2 = 2", "3+1: caractère « = » inattendu"),
        (
            "1 2",
            "3+1: il faut ici un opérateur ou la fin de l'expression",
        ),
        (
            "1. + 2",
            "1+2: il faut ici un chiffre après le point décimal",
        ),
        ("max([])", "1+7: la liste est vide"),
        (
            "1 + \"a\"",
            "1+7: il faut ici un nombre de chaque côté de l'opérateur",
        ),
    ] {
        assert_eq!(shown(expression), fault, "{expression}");
    }
    let deep = "(".repeat(1_000);
    assert!(matches!(
        evaluate(&deep),
        Err(QueryError {
            kind: QueryErrorKind::TooDeep,
            ..
        })
    ));
    let minuses = "-".repeat(100_000);
    assert!(evaluate(&minuses).is_err());
}

#[test]
fn the_rules_of_the_calculators_are_functions() {
    for (expression, value) in [
        ("partitions_needed(500, 50, 20)", "20"),
        ("partitions_needed(500, 50, 20, 3)", "21"),
        ("partitions_even(500, 50, 20, 3)", "60"),
        ("crash_noticed(45000, 3000)", "42\u{202f}000, 45\u{202f}000"),
        ("records_between_polls(300000, 200)", "1\u{202f}500"),
        ("rules_broken(45000, 3000, 300000)", "0"),
        ("rules_broken(5000, 3000, 1000)", "3"),
        ("rules_broken(10000, 3000, 300000, \"consumer\")", "2"),
        ("batch_messages(24000, 226, 6, 5)", "21"),
        ("batch_messages(24000, 226, 6, 50, 16384)", "72"),
        ("batch_messages(24000, 226, 6, 50, 16384, 10)", "10"),
        ("batch_requests(24000, 226, 6, 5)", "1\u{202f}142,86"),
        ("batch_requests(10, 226, 6, 5)", "10"),
        ("batch_delays(24000, 226, 6, 5)", "5, 2,5"),
        (
            "batch_messages(24000, 226, 0, 5)",
            "28+1: il faut un nombre que le calculateur « lots » admet : la fonction s'écrit batch_messages(messages_par_s, \
             octets, partitions, linger_ms [, batch_size [, batch_num_messages]])",
        ),
        (
            "partitions_needed(0, 50, 20)",
            "19+1: il faut un nombre entier, au moins 1 : la fonction s'écrit \
             partitions_needed(débit, débit_par_partition, consumers [, brokers])",
        ),
    ] {
        assert_eq!(shown(expression), value, "{expression}");
    }
}

#[test]
fn a_run_is_asked_in_the_state_it_has() {
    let run = Simulation::new(Scenario::new(Kind::Partitioning, "vide"));
    assert_eq!(evaluate_in("partitions()", &run), Ok(Value::Integer(1)));
    assert_eq!(
        evaluate_in("records(0) + total()", &run),
        Ok(Value::Integer(0))
    );
    let unseen = evaluate_in("partition_of(\"a\")", &run).unwrap_err();
    assert_eq!(
        unseen.to_string(),
        "aucun message de clé « a » à cet instant"
    );
    let unknown = evaluate_in("records(0, \"Java\")", &run).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "producer « Java » inconnu ; la simulation a « .NET »"
    );
}

proptest::proptest! {
    /// Whatever is written, it has a value or a fault that is in it.
    #[test]
    fn faults_are_placed_in_the_expression(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "partition", "load", "moved", "hottest", "max", "records", "(", ")", "[", "]", ",", "+", "-", "/", "%",
                "\"clients-5\"", "\"é\"", "6", "0", "2.5", "9223372036854775807", "\"", " ", "#",
            ]),
            0..14,
        ),
    ) {
        let expression = pieces.concat();
        if let Err(error) = evaluate(&expression) {
            let length = expression.chars().count();
            proptest::prop_assert!(error.column >= 1 && error.column <= length + 1, "{expression}: {error:?}");
            proptest::prop_assert!(error.length >= 1 && error.column + error.length <= length + 2, "{expression}: {error:?}");
        }
    }
}
