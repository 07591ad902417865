// Kafka's murmur2, written here on its own so that the course's partitions are checked by other code than its own.
const M = 0x5bd1e995;

/** Signed 32-bit murmur2 of a text's UTF-8 bytes, with Kafka's seed. */
export function murmur2(text) {
  const data = new TextEncoder().encode(text);
  const view = new DataView(data.buffer);
  let hash = 0x9747b28c ^ data.length;
  const whole = data.length - (data.length % 4);
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getInt32(at, true), M);
    word = Math.imul(word ^ (word >>> 24), M);
    hash = Math.imul(hash, M) ^ word;
  }
  let rest = 0;
  for (let at = data.length - 1; at >= whole; at -= 1) rest = (rest << 8) | data[at];
  if (whole < data.length) hash = Math.imul(hash ^ rest, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

/** The partition that Java's default partitioner gives to a key. */
export const javaPartition = (key, partitions) => (murmur2(key) & 0x7fffffff) % partitions;
