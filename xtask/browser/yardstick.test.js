// The yardsticks themselves, against published values: the CRC catalogue's, and those of Apache Kafka's UtilsTest.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, partition } from "./support/crc32.js";
import { murmur2 } from "./support/murmur2.js";

test("l'étalon CRC32 est celui du catalogue", () => {
  assert.equal(crc32("123456789"), 0xcbf43926);
  assert.equal(crc32(""), 0);
  assert.equal(partition("123456789", 10), 0xcbf43926 % 10);
});

test("l'étalon murmur2 est celui de Kafka", () => {
  const published = { 21: -973932308, foobar: -790332482, "a-little-bit-long-string": -985981536, abc: 479470107 };
  for (const [key, hash] of Object.entries(published)) assert.equal(murmur2(key), hash, key);
});
