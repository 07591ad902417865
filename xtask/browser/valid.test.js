// Every page of the site is valid HTML, as the W3C's Nu Html Checker sees it; warnings count.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { dist } from "./support/course.js";

const jar = path.join(path.dirname(createRequire(import.meta.url).resolve("vnu-jar")), "build/dist/vnu.jar");

/** What the checker says of a folder. */
const check = (folder) =>
  new Promise((resolve, reject) => {
    // It exits with 1 when it finds something, and reports on its error output either way.
    execFile("java", ["-jar", jar, "--skip-non-html", "--format", "json", "--exit-zero-always", folder], { maxBuffer: 1 << 26 }, (error, _, report) => {
      if (error) reject(error);
      else resolve(JSON.parse(report).messages);
    });
  });

test("tout le HTML est valide", async () => {
  const messages = await check(dist);
  const told = messages.map(({ url, lastLine, message, extract }) => `${path.relative(dist, new URL(url).pathname)}:${lastLine} ${message} ${extract ?? ""}`);
  assert.deepEqual(told, []);
});
