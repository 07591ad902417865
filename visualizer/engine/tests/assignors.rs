//! The engine's assignors against what the real ones answered, as recorded in `vectors/recorded`.
//!
//! # What is compared
//! Of every recorded call, the owner of every partition, or that it has none. The order of the partitions within a member's
//! list is not: clients make a set of it.
//!
//! Some answers depend on an order that nothing specifies. Compared all the same:
//! * what Java decides by the order of its hash maps of member ids, which is a matter of `String.hashCode` and of insertion
//!   (members are inserted as they are listed);
//! * what librdkafka decides by the order of topics in its metadata: that of the recorded line.
//!
//! Settled by the recorder, because it is random in a real cluster: topic ids, which the broker's assignors walk as sets and
//! by which `uniform` breaks ties. The topics of a line have the ids 1, 2, 3…, and partitions that share a bucket of the sets
//! of owned partitions were inserted from the lowest to the highest.
//!
//! Left out: racks (nobody has one), regular expressions; groups in which Java throws a `NullPointerException` (the previous
//! owner of a partition takes no part in the balance) end there, and so do those in which librdkafka fails: it breaks off, or
//! reads memory that it has freed, when a partition that has moved is to move again.

#![allow(clippy::unwrap_used)]

use engine::assignor::{Assignor, Member, Topic, TopicPartition, assign};
use engine::ids::PartitionId;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A client of a pool: member id, and `group.instance.id` of a static member.
type Client<'a> = (&'a str, Option<&'a str>);

/// By letter, what a member owns or gets.
type Owned = BTreeMap<char, Vec<TopicPartition>>;

/// A recorded call, and what the members owned.
struct Case<'a> {
    topics: Vec<Topic<'a>>,
    /// Letter, places of the topics, generation.
    members: Vec<(char, Vec<usize>, i32)>,
    owned: Owned,
}

fn tp(topic: usize, partition: usize) -> TopicPartition {
    TopicPartition {
        topic,
        partition: PartitionId(partition.try_into().unwrap()),
    }
}

fn topics(written: &str) -> Vec<Topic<'_>> {
    written
        .split(' ')
        .map(|written| {
            let (name, partitions) = written.split_once('=').unwrap();
            Topic {
                name,
                partitions: partitions.parse().unwrap(),
            }
        })
        .collect()
}

/// `012@3:AB 0@-1:C`
fn members(written: &str) -> Vec<(char, Vec<usize>, i32)> {
    let mut members = Vec::new();
    for group in written.split(' ') {
        let (kind, letters) = group.split_once(':').unwrap();
        let (topics, generation) = kind.split_once('@').unwrap();
        let topics: Vec<usize> = topics
            .bytes()
            .map(|digit| usize::from(digit - b'0'))
            .collect();
        let generation: i32 = generation.parse().unwrap();
        members.extend(
            letters
                .chars()
                .map(|letter| (letter, topics.clone(), generation)),
        );
    }
    members
}

/// `A:0/3,4 B:1/7`, added to what members own.
fn add_claims(written: &str, owned: &mut Owned) {
    for claim in written.split(' ').filter(|claim| !claim.is_empty()) {
        let (letter, rest) = claim.split_once(':').unwrap();
        let (topic, numbers) = rest.split_once('/').unwrap();
        let list = owned.entry(letter.chars().next().unwrap()).or_default();
        for number in numbers.split(',') {
            list.push(tp(topic.parse().unwrap(), number.parse().unwrap()));
        }
        list.sort_unstable();
    }
}

/// `AAB. CC`
fn assigned(written: &str) -> Owned {
    let mut assigned = Owned::new();
    for (topic, owners) in written.split(' ').enumerate() {
        for (partition, owner) in owners
            .chars()
            .enumerate()
            .filter(|(_, owner)| *owner != '.')
        {
            assigned
                .entry(owner)
                .or_default()
                .push(tp(topic, partition));
        }
    }
    assigned
}

impl Case<'_> {
    fn run(&self, assignor: Assignor, clients: &BTreeMap<char, Client<'_>>) -> Owned {
        let members: Vec<Member<'_>> = self
            .members
            .iter()
            .map(|(letter, topics, generation)| Member {
                id: clients[letter].0,
                instance_id: clients[letter].1,
                topics,
                owned: self.owned.get(letter).map_or(&[], Vec::as_slice),
                generation: *generation,
            })
            .collect();
        let letters = self.members.iter().map(|member| member.0);
        letters
            .zip(assign(assignor, &self.topics, &members))
            .filter(|(_, list)| !list.is_empty())
            .collect()
    }
}

/// The groups of a recording, step by step.
struct Groups<'a> {
    pools: BTreeMap<&'a str, BTreeMap<char, Client<'a>>>,
    pool: &'a str,
    step: i32,
    /// What the members have; none once the library has failed.
    before: Option<Owned>,
}

impl<'a> Groups<'a> {
    fn new() -> Self {
        Self {
            pools: BTreeMap::new(),
            pool: "",
            step: -1,
            before: None,
        }
    }

    /// Reads the description of a client or the beginning of a group.
    fn begin(&mut self, columns: &[&'a str]) {
        match *columns {
            ["client", pool, letter, id, instance] => {
                let instance = Some(instance).filter(|instance| !instance.is_empty());
                let letter = letter.chars().next().unwrap();
                self.pools
                    .entry(pool)
                    .or_default()
                    .insert(letter, (id, instance));
            }
            ["group", pool] => {
                self.pool = pool;
                self.step = -1;
                self.before = Some(Owned::new());
            }
            _ => panic!("{columns:?}"),
        }
    }

    /// The call, with what members own by then: those of the last generation, what it gave them.
    fn case(&self, topics_: &'a str, members_: &str, claims: &str) -> Option<Case<'a>> {
        let members = members(members_);
        let mut owned = self.before.clone()?;
        owned.retain(|letter, _| {
            let mut members = members.iter();
            members.any(|member| member.0 == *letter && member.2 == self.step && self.step >= 0)
        });
        add_claims(claims, &mut owned);
        Some(Case {
            topics: topics(topics_),
            members,
            owned,
        })
    }

    fn end(&mut self, answer: Option<Owned>) {
        self.before = answer;
        self.step += 1;
    }
}

/// How many cases there are by assignor, and those that fail.
#[derive(Default)]
struct Outcome {
    counts: BTreeMap<String, usize>,
    failures: Vec<String>,
}

impl Outcome {
    fn compare(&mut self, assignor: &str, line: &str, got: &Owned, expected: &Owned) {
        *self.counts.entry(assignor.to_owned()).or_default() += 1;
        if got != expected {
            self.failures.push(format!(
                "{assignor}: {line}\n{got:?}\ninstead of\n{expected:?}"
            ));
        }
    }

    fn assert_counts(&self, counts: &[(&str, usize)]) {
        let shortest = self.failures.iter().min_by_key(|failure| failure.len());
        let failed = self.failures.len();
        assert!(
            failed == 0,
            "{failed} cases fail, e.g. {}",
            shortest.unwrap()
        );
        let expected: BTreeMap<String, usize> = counts
            .iter()
            .map(|(assignor, count)| ((*assignor).to_owned(), *count))
            .collect();
        assert_eq!(self.counts, expected);
    }
}

const JAVA: &str = include_str!("../vectors/recorded/java-assignors.tsv");
const LIBRDKAFKA: &str = include_str!("../vectors/recorded/librdkafka-assignors.tsv");

fn lines(recorded: &str) -> impl Iterator<Item = &str> {
    recorded.lines().filter(|line| !line.starts_with('#'))
}

#[test]
fn java_assigns_the_same() {
    let mut groups = Groups::new();
    let mut outcome = Outcome::default();
    for line in lines(JAVA) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, topics, members, claims, answer] = columns[..] else {
            groups.begin(&columns);
            continue;
        };
        let assignor = match name {
            "client" => {
                groups.begin(&columns);
                continue;
            }
            "java range" => Assignor::JavaRange,
            "java roundrobin" => Assignor::JavaRoundRobin,
            "java sticky" => Assignor::JavaSticky,
            "java cooperative-sticky" => Assignor::JavaCooperativeSticky,
            "server uniform" => Assignor::ServerUniform,
            "server range" => Assignor::ServerRange,
            _ => panic!("{name}"),
        };
        let case = groups.case(topics, members, claims).unwrap();
        let expected = assigned(answer);
        let got = case.run(assignor, &groups.pools[groups.pool]);
        outcome.compare(name, line, &got, &expected);
        groups.end(Some(expected));
    }
    outcome.assert_counts(&[
        ("java range", 174),
        ("java roundrobin", 177),
        ("java sticky", 455),
        ("java cooperative-sticky", 793),
        ("server uniform", 682),
        ("server range", 134),
    ]);
}

#[test]
fn librdkafka_assigns_the_same() {
    let mut groups = Groups::new();
    let mut outcome = Outcome::default();
    let mut answers = lines(LIBRDKAFKA);
    let mut failed = 0;
    for line in lines(JAVA) {
        let columns: Vec<&str> = line.split('\t').collect();
        let ([name, topics, members, claims, _], false) = (&columns[..], columns[0] == "client")
        else {
            groups.begin(&columns);
            continue;
        };
        let assignor = match *name {
            "java range" => Assignor::LibrdkafkaRange,
            "java roundrobin" => Assignor::LibrdkafkaRoundRobin,
            "java cooperative-sticky" => Assignor::LibrdkafkaCooperativeSticky,
            _ => continue,
        };
        let Some(case) = groups.case(topics, members, claims) else {
            continue;
        };
        let (name, answer) = answers.next().unwrap().split_once('\t').unwrap();
        let expected = (answer != "!").then(|| assigned(answer));
        if let Some(expected) = &expected {
            let got = case.run(assignor, &groups.pools[groups.pool]);
            outcome.compare(name, line, &got, expected);
        } else {
            failed += 1;
        }
        groups.end(expected);
    }
    assert_eq!(answers.next(), None);
    assert_eq!(failed, 2);
    outcome.assert_counts(&[
        ("librdkafka range", 174),
        ("librdkafka roundrobin", 177),
        ("librdkafka cooperative-sticky", 790),
    ]);
}

/// What members of one topic get, by name and by what they own.
fn owners(assignor: Assignor, partitions: i32, members: &[(&str, &[i32])]) -> Vec<Vec<i32>> {
    let owned: Vec<Vec<TopicPartition>> = members
        .iter()
        .map(|(_, owned)| {
            let owned = owned.iter().copied().map(PartitionId);
            owned
                .map(|partition| TopicPartition {
                    topic: 0,
                    partition,
                })
                .collect()
        })
        .collect();
    let topic = Topic {
        name: "orders.created",
        partitions,
    };
    let members: Vec<Member<'_>> = members
        .iter()
        .zip(&owned)
        .map(|((id, _), owned)| Member {
            id,
            instance_id: None,
            topics: &[0],
            owned,
            generation: if owned.is_empty() { -1 } else { 1 },
        })
        .collect();
    let numbers = |list: Vec<TopicPartition>| list.iter().map(|owned| owned.partition.0).collect();
    assign(assignor, &[topic], &members)
        .into_iter()
        .map(numbers)
        .collect()
}

const FIVE: [(&str, &[i32]); 5] = [
    ("C0-a", &[]),
    ("C1-b", &[]),
    ("C2-c", &[]),
    ("C3-d", &[]),
    ("C4-e", &[]),
];

/// The course's table: 12 partitions, 5 consumers, then C0 leaves.
#[test]
fn twelve_partitions_for_five_consumers() {
    let ranges: &[&[i32]] = &[&[0, 1, 2], &[3, 4, 5], &[6, 7], &[8, 9], &[10, 11]];
    let turns: &[&[i32]] = &[&[0, 5, 10], &[1, 6, 11], &[2, 7], &[3, 8], &[4, 9]];
    let four_ranges: &[&[i32]] = &[&[0, 1, 2], &[3, 4, 5], &[6, 7, 8], &[9, 10, 11]];
    let four_turns: &[&[i32]] = &[&[0, 4, 8], &[1, 5, 9], &[2, 6, 10], &[3, 7, 11]];
    for range in [
        Assignor::JavaRange,
        Assignor::LibrdkafkaRange,
        Assignor::ServerRange,
    ] {
        assert_eq!(owners(range, 12, &FIVE), ranges);
        assert_eq!(owners(range, 12, &FIVE[1..]), four_ranges);
    }
    for round_robin in [Assignor::JavaRoundRobin, Assignor::LibrdkafkaRoundRobin] {
        assert_eq!(owners(round_robin, 12, &FIVE), turns);
        assert_eq!(owners(round_robin, 12, &FIVE[1..]), four_turns);
    }
    let left: Vec<(&str, &[i32])> = (1..5).map(|at| (FIVE[at].0, turns[at])).collect();
    // librdkafka gives the partitions of who left from the last to the first (measured), Java from the first to the last.
    let librdkafka: &[&[i32]] = &[&[1, 6, 11], &[2, 7, 10], &[3, 5, 8], &[0, 4, 9]];
    let java: &[&[i32]] = &[&[1, 6, 11], &[0, 2, 7], &[3, 5, 8], &[4, 9, 10]];
    for (sticky, after) in [
        (Assignor::LibrdkafkaCooperativeSticky, librdkafka),
        (Assignor::JavaCooperativeSticky, java),
        (Assignor::JavaSticky, java),
    ] {
        assert_eq!(owners(sticky, 12, &FIVE), turns);
        assert_eq!(owners(sticky, 12, &left), after);
    }
    let mut sizes: Vec<usize> = owners(Assignor::ServerUniform, 12, &FIVE)
        .iter()
        .map(Vec::len)
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [2, 2, 2, 3, 3]);
}

/// KIP-429: what must move is in nobody's new assignment, until its owner has given it up.
#[test]
fn cooperative_assignors_withhold_what_another_one_owns() {
    let both: [(&str, &[i32]); 2] = [("C1-a", &[0, 1, 2, 3, 4, 5]), ("C2-b", &[])];
    for cooperative in [
        Assignor::JavaCooperativeSticky,
        Assignor::LibrdkafkaCooperativeSticky,
    ] {
        let first = owners(cooperative, 6, &both);
        assert_eq!((first[0].len(), first[1].len()), (3, 0));
        let given_up = owners(cooperative, 6, &[("C1-a", &first[0]), ("C2-b", &[])]);
        assert_eq!(given_up[0], first[0]);
        assert_eq!(given_up[1].len(), 3);
    }
    assert_eq!(owners(Assignor::JavaSticky, 6, &both)[1].len(), 3);
}

const ALL: [Assignor; 9] = [
    Assignor::JavaRange,
    Assignor::JavaRoundRobin,
    Assignor::JavaSticky,
    Assignor::JavaCooperativeSticky,
    Assignor::LibrdkafkaRange,
    Assignor::LibrdkafkaRoundRobin,
    Assignor::LibrdkafkaCooperativeSticky,
    Assignor::ServerUniform,
    Assignor::ServerRange,
];

/// Those that move as little as they can.
const STICKY: [Assignor; 4] = [
    Assignor::JavaSticky,
    Assignor::JavaCooperativeSticky,
    Assignor::LibrdkafkaCooperativeSticky,
    Assignor::ServerUniform,
];

/// A random group: partitions of each topic, subscriptions of each member.
type Random = (Vec<i32>, Vec<Vec<usize>>);

fn random_group(same_subscriptions: bool) -> impl Strategy<Value = Random> {
    let partitions = proptest::collection::vec(1..12, 1..4_usize);
    partitions.prop_flat_map(move |partitions| {
        let every: Vec<usize> = (0..partitions.len()).collect();
        let subscription = if same_subscriptions {
            Just(every).boxed()
        } else {
            proptest::sample::subsequence(every, 1..=partitions.len()).boxed()
        };
        let members = proptest::collection::vec(subscription, 1..9_usize);
        (Just(partitions), members)
    })
}

/// What the members from `first` on get, when they own this.
fn play(
    assignor: Assignor,
    (partitions, subscriptions): &Random,
    first: usize,
    owned: &[Vec<TopicPartition>],
) -> Vec<Vec<TopicPartition>> {
    let names = ["t1", "t0", "t2"];
    let topics: Vec<Topic<'_>> = names
        .iter()
        .zip(partitions)
        .map(|(name, &partitions)| Topic { name, partitions })
        .collect();
    let ids: Vec<String> = (0..subscriptions.len())
        .map(|at| format!("C{at}-{:08x}", at * 0x9e37_79b9))
        .collect();
    let members: Vec<Member<'_>> = (first..subscriptions.len())
        .map(|at| Member {
            id: &ids[at],
            instance_id: None,
            topics: &subscriptions[at],
            owned: owned.get(at).map_or(&[], Vec::as_slice),
            generation: if at < owned.len() { 3 } else { -1 },
        })
        .collect();
    assign(assignor, &topics, &members)
}

/// Every partition of a topic that has subscribers, once; sorted.
fn all_partitions((partitions, subscriptions): &Random) -> Vec<TopicPartition> {
    (0..partitions.len())
        .filter(|topic| subscriptions.iter().any(|topics| topics.contains(topic)))
        .flat_map(|topic| {
            (0..partitions[topic]).map(move |n| tp(topic, n.cast_unsigned() as usize))
        })
        .collect()
}

fn sorted_partitions(assigned: &[Vec<TopicPartition>]) -> Vec<TopicPartition> {
    let mut all = assigned.concat();
    all.sort_unstable();
    all
}

proptest! {
    /// Each partition has one owner, which is subscribed to its topic.
    #[test]
    fn each_partition_has_one_owner(group in random_group(false)) {
        for assignor in ALL {
            let assigned = play(assignor, &group, 0, &[]);
            prop_assert_eq!(sorted_partitions(&assigned), all_partitions(&group), "{:?}", assignor);
            for (list, topics) in assigned.iter().zip(&group.1) {
                prop_assert!(list.iter().all(|given| topics.contains(&given.topic)));
            }
        }
    }

    /// Of the same subscriptions, nobody has two partitions more than another one (of each topic, under range).
    #[test]
    fn assignments_are_balanced(group in random_group(true)) {
        for assignor in ALL {
            let assigned = play(assignor, &group, 0, &[]);
            let range = matches!(
                assignor,
                Assignor::JavaRange | Assignor::LibrdkafkaRange | Assignor::ServerRange
            );
            for topic in 0..group.0.len() {
                let counted = |given: &&TopicPartition| !range || given.topic == topic;
                let sizes = assigned.iter().map(|list| list.iter().filter(counted).count());
                let (least, most) = (sizes.clone().min(), sizes.max());
                prop_assert!(most.unwrap() - least.unwrap() <= 1, "{:?}: {:?}", assignor, assigned);
            }
        }
    }

    /// When a member leaves, the others keep all they have.
    #[test]
    fn who_stays_keeps_its_partitions(group in random_group(true)) {
        prop_assume!(group.1.len() > 1);
        for assignor in STICKY {
            let before = play(assignor, &group, 0, &[]);
            let after = play(assignor, &group, 1, &before);
            for (had, has) in before[1..].iter().zip(&after) {
                prop_assert!(had.iter().all(|kept| has.contains(kept)), "{:?}", assignor);
            }
            prop_assert_eq!(sorted_partitions(&after), all_partitions(&group));
        }
    }

    /// When a member joins, partitions move to it alone; cooperative members need a second round for that.
    #[test]
    fn only_the_newcomer_gains(group in random_group(true)) {
        let newcomer = group.1.len() - 1;
        prop_assume!(newcomer > 0);
        for assignor in STICKY {
            let old: Random = (group.0.clone(), group.1[..newcomer].to_vec());
            let before = play(assignor, &old, 0, &[]);
            let first = play(assignor, &group, 0, &before);
            let second = play(assignor, &group, 0, &first);
            for (had, has) in before.iter().zip(&second) {
                prop_assert!(has.iter().all(|kept| had.contains(kept)), "{:?}", assignor);
            }
            prop_assert_eq!(sorted_partitions(&second), all_partitions(&group), "{:?}", assignor);
            prop_assert_eq!(play(assignor, &group, 0, &second), second);
        }
    }
}
