//! Asks librdkafka's assignors about the groups that the Java recorder has made up (`java-assignors.tsv`), step by step: what
//! members own is what librdkafka gave them.

use crate::Outcome;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::{CString, c_char, c_int};
use std::fmt::Write as _;
use std::path::Path;

/// See `assign.c`.
#[repr(C)]
struct CGroup {
    topic_cnt: c_int,
    topics: *const *const c_char,
    partitions: *const c_int,
    member_cnt: c_int,
    ids: *const *const c_char,
    instances: *const *const c_char,
    generations: *const c_int,
    subscribed: *const u8,
    owned: *const u8,
    partition_cnt: c_int,
}

unsafe extern "C" {
    fn assign(
        rk: *mut rdkafka_sys::rd_kafka_t,
        name: *const c_char,
        group: *const CGroup,
        owners: *mut c_int,
    ) -> c_int;
}

/// By letter: member id, and `group.instance.id` of a static member.
type Pool = BTreeMap<char, (CString, Option<CString>)>;

/// A member: letter, places of its topics, generation.
type Member = (char, Vec<usize>, c_int);

/// By topic, the owner of each partition.
type Owners = Vec<Vec<char>>;

pub fn record(recorded: &Path, header: &str) -> Outcome<()> {
    let java = std::fs::read_to_string(recorded.join("java-assignors.tsv"))?;
    let mut out = format!(
        "{header}# assignor\tby topic, the owner of each partition (. for none) of the groups of java-assignors.tsv, in turn\n\
         # A group ends early where librdkafka fails (!).\n"
    );
    let consumer: BaseConsumer = ClientConfig::new()
        .set("group.id", "group")
        .set("log_level", "0")
        .create()?;
    let client = consumer.client().native_ptr();
    let mut pools: BTreeMap<&str, Pool> = BTreeMap::new();
    let mut pool = "";
    let mut step = -1;
    let mut before: Option<Owners> = Some(Vec::new());
    for line in java.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        match columns[..] {
            ["client", pool, letter, id, instance] => {
                let instance = (!instance.is_empty()).then(|| CString::new(instance));
                let letter = letter.chars().next().ok_or("no letter")?;
                let client = (CString::new(id)?, instance.transpose()?);
                pools.entry(pool).or_default().insert(letter, client);
            }
            ["group", number] => {
                pool = number;
                step = -1;
                before = Some(Vec::new());
            }
            [assignor, topics, members, claims, _] => {
                let Some(name) = assignor
                    .strip_prefix("java ")
                    .filter(|name| *name != "sticky")
                else {
                    continue;
                };
                let Some(owners) = &before else {
                    continue;
                };
                let members = read_members(members)?;
                before = ask(
                    client,
                    name,
                    topics,
                    &members,
                    claims,
                    owners,
                    step,
                    &pools[pool],
                )?;
                let written = before.as_ref().map_or("!".to_owned(), |owners| {
                    let topics: Vec<String> =
                        owners.iter().map(|topic| topic.iter().collect()).collect();
                    topics.join(" ")
                });
                writeln!(out, "librdkafka {name}\t{written}")?;
                step += 1;
            }
            _ => return Err(line.into()),
        }
    }
    Ok(std::fs::write(
        recorded.join("librdkafka-assignors.tsv"),
        out,
    )?)
}

/// `012@3:AB 0@-1:C`
fn read_members(written: &str) -> Outcome<Vec<Member>> {
    let mut members = Vec::new();
    for group in written.split(' ') {
        let (kind, letters) = group.split_once(':').ok_or("no members")?;
        let (topics, generation) = kind.split_once('@').ok_or("no generation")?;
        let topics: Vec<usize> = topics
            .bytes()
            .map(|digit| usize::from(digit - b'0'))
            .collect();
        let generation = generation.parse()?;
        members.extend(
            letters
                .chars()
                .map(|letter| (letter, topics.clone(), generation)),
        );
    }
    Ok(members)
}

/// What librdkafka answers; none if it fails.
fn ask(
    client: *mut rdkafka_sys::rd_kafka_t,
    name: &str,
    topics: &str,
    members: &[Member],
    claims: &str,
    before: &Owners,
    step: c_int,
    pool: &Pool,
) -> Outcome<Option<Owners>> {
    let topics: Vec<(CString, c_int)> = topics
        .split(' ')
        .map(|topic| {
            let (name, partitions) = topic.split_once('=').ok_or("no partitions")?;
            Ok((CString::new(name)?, partitions.parse()?))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let counts: Vec<c_int> = topics.iter().map(|topic| topic.1).collect();
    let starts: Vec<usize> = counts
        .iter()
        .scan(0, |next, &count| {
            Some(std::mem::replace(
                next,
                *next + usize::try_from(count).ok()?,
            ))
        })
        .collect();
    let total = usize::try_from(counts.iter().sum::<c_int>())?;
    let mut subscribed = vec![0; members.len() * topics.len()];
    let mut owned = vec![0; members.len() * total];
    for (at, (letter, subscription, generation)) in members.iter().enumerate() {
        for &topic in subscription {
            subscribed[at * topics.len() + topic] = 1;
        }
        for (topic, owners) in before
            .iter()
            .enumerate()
            .filter(|_| *generation == step && step >= 0)
        {
            for (number, _) in owners.iter().enumerate().filter(|owner| owner.1 == letter) {
                owned[at * total + starts[topic] + number] = 1;
            }
        }
    }
    for claim in claims.split(' ').filter(|claim| !claim.is_empty()) {
        let (letter, rest) = claim.split_once(':').ok_or("no member")?;
        let (topic, numbers) = rest.split_once('/').ok_or("no partitions")?;
        let member = |member: &Member| letter.starts_with(member.0);
        let at = members.iter().position(member).ok_or("no such member")?;
        for number in numbers.split(',') {
            owned[at * total + starts[topic.parse::<usize>()?] + number.parse::<usize>()?] = 1;
        }
    }
    let mut owners = vec![-1; total];
    let pointer = |text: &CString| text.as_ptr();
    let names: Vec<_> = topics.iter().map(|topic| pointer(&topic.0)).collect();
    let ids: Vec<_> = members
        .iter()
        .map(|member| pointer(&pool[&member.0].0))
        .collect();
    let instances: Vec<_> = members
        .iter()
        .map(|member| pool[&member.0].1.as_ref().map_or(std::ptr::null(), pointer))
        .collect();
    let generations: Vec<c_int> = members.iter().map(|member| member.2).collect();
    let group = CGroup {
        topic_cnt: names.len().try_into()?,
        topics: names.as_ptr(),
        partitions: counts.as_ptr(),
        member_cnt: ids.len().try_into()?,
        ids: ids.as_ptr(),
        instances: instances.as_ptr(),
        generations: generations.as_ptr(),
        subscribed: subscribed.as_ptr(),
        owned: owned.as_ptr(),
        partition_cnt: total.try_into()?,
    };
    let name = CString::new(name)?;
    // SAFETY: the arrays live until the end and are as long as the counts say; `owners` has room for every partition.
    let failed = unsafe { assign(client, name.as_ptr(), &group, owners.as_mut_ptr()) };
    if failed != 0 {
        return Ok(None);
    }
    let letter = |&owner: &c_int| usize::try_from(owner).map_or('.', |owner| members[owner].0);
    let ends = starts.iter().skip(1).copied().chain([total]);
    let answer = starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| owners[start..end].iter().map(letter).collect());
    Ok(Some(answer.collect()))
}
