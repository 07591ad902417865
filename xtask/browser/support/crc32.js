// CRC-32 of zlib, written here on its own so that the course's partitions are checked by other code than its own.
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Unsigned CRC-32 of bytes, or of a text's UTF-8 bytes. */
export function crc32(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The partition that librdkafka's `consistent_random` gives to a non-empty key. */
export const partition = (key, partitions) => crc32(key) % partitions;
