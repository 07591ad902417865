// The yardstick itself, against the check value of the CRC catalogue.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, partition } from "./support/crc32.js";

test("l'étalon CRC32 est celui du catalogue", () => {
  assert.equal(crc32("123456789"), 0xcbf43926);
  assert.equal(crc32(""), 0);
  assert.equal(partition("123456789", 10), 0xcbf43926 % 10);
});
