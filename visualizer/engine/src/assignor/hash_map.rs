//! The order in which Java walks a `HashMap` or a `HashSet` (JDK 8 and later), which nothing promises and which decides all the
//! same who gets one partition more.
//!
//! A table of 16 buckets, doubled each time that it holds more than three quarters of its size; a key is in the bucket that
//! the lower bits of its hash say, after the upper 16 have been folded into them; keys of one bucket are in order of insertion.
//! (Buckets of eight keys become trees, which keep that order too, but for their first key: it does not happen here.)

/// `String.hashCode`.
pub(super) fn hash_string(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}

/// `TopicPartition.hashCode`.
pub(super) fn hash_partition(topic: i32, partition: i32) -> i32 {
    partition
        .wrapping_add(31)
        .wrapping_mul(31)
        .wrapping_add(topic)
}

/// Bucket of this hash in a table of so many.
fn bucket(hash: i32, buckets: u32) -> u32 {
    let hash = hash.cast_unsigned();
    (hash ^ (hash >> 16)) & (buckets - 1)
}

/// Buckets of a table of this size once it holds so many keys.
pub(super) fn grown(mut buckets: u32, keys: usize) -> u32 {
    while keys > buckets as usize / 4 * 3 {
        buckets *= 2;
    }
    buckets
}

/// Buckets of a new, empty table.
pub(super) const NEW: u32 = 16;

/// Sorts keys, given in order of insertion, as a table of so many buckets is walked.
pub(super) fn walk(keys: &mut [usize], buckets: u32, hash: &dyn Fn(usize) -> i32) {
    super::order::sort_by_rank(keys, &|key| bucket(hash(key), buckets) as usize);
}

/// The key of which the walk begins.
pub(super) fn first<T: Copy>(keys: &[T], buckets: u32, hash: impl Fn(T) -> i32) -> Option<T> {
    keys.iter()
        .copied()
        .min_by_key(|&key| bucket(hash(key), buckets))
}

/// Places of the members, as a map by member id that grew with them is walked.
pub(super) fn walk_members(members: &[super::Member<'_>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..members.len()).collect();
    walk(&mut places, grown(NEW, members.len()), &|member| {
        hash_string(members[member].id)
    });
    places
}

/// Buckets of a set that was copied from a collection of so many keys: the power of two above four thirds of them.
pub(super) fn sized_for(keys: usize) -> u32 {
    let mut buckets = NEW;
    while (buckets as usize) < keys * 4 / 3 + 1 {
        buckets *= 2;
    }
    buckets
}
