// Live mode on the server's embedded cluster: what is drawn moves, and agrees with Kafka's rules and the server's word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, browser, url } from "./support/course.js";
import { partition } from "./support/crc32.js";

const open = browser();

/** The live page, once it has received the cluster's state. */
async function live() {
  const page = await open();
  await page.goto("direct/");
  await page.getByText("Cluster embarqué (démonstration)").waitFor();
  return page;
}

/** The table of the topic's partitions, unfolded. */
async function partitions(page) {
  await page.getByText("Leaders, répliques et bornes de chaque partition").click();
  return page.getByRole("region", { name: "Partitions du topic" }).getByRole("table");
}

const state = async () => (await fetch(new URL("api/v1/state", url))).json();
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Numbers of the column of a table; French groups digits by narrow spaces. */
async function column(table, name) {
  await table.waitFor();
  const heads = await table.getByRole("columnheader").allInnerTexts();
  const index = heads.findIndex((head) => head.trim().toLowerCase() === name.toLowerCase());
  assert.ok(index >= 0, `column ${name} among ${heads}`);
  const rows = await table.locator("tbody tr").all();
  const cells = await Promise.all(rows.map((row) => row.locator("th, td").nth(index).innerText()));
  return cells.map((cell) => Number(cell.replace(/\s/g, "")));
}

/** Waits until `read` gives something that `accept` takes. */
async function until(read, accept, what) {
  let value;
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    value = await read();
    if (accept(value)) return value;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return assert.fail(`${what}: still ${JSON.stringify(value)}`);
}

test("les offsets grandissent à l'écran, sans dépasser ceux du serveur", async () => {
  const page = await live();
  const table = await partitions(page);
  const ends = () => column(table, "Fin");
  const before = await ends();
  assert.equal(before.length, 6, "orders.created has six partitions");
  const after = await until(ends, (now) => sum(now) > sum(before), "log-end offsets");
  after.forEach((end, index) => assert.ok(end >= before[index], "an offset never goes back"));
  const served = (await state()).topic.partitions.map(({ high }) => high);
  after.forEach((end, index) => assert.ok(end <= served[index], `P${index}: ${end} on screen, ${served[index]} at the server`));
  assertQuiet(page);
});

test("chaque message tombe dans la partition que CRC32 donne à sa clé", async () => {
  const page = await live();
  await page.getByLabel("Montrer").selectOption({ label: "les messages" });
  const journal = page.getByRole("list", { name: /^Derniers événements/ });
  const read = async () => {
    const lines = await journal.getByRole("listitem").allInnerTexts();
    return lines.flatMap((line) => [...line.matchAll(/(customer-[A-E]) est écrit dans P(\d+)/g)]);
  };
  const written = await until(read, (lines) => lines.length >= 4, "records in the journal");
  for (const [line, key, number] of written) assert.equal(Number(number), partition(key, 6), line);
});

test("le groupe de consumers est montré : chaque partition a son membre, son offset validé, son retard", async () => {
  const page = await live();
  const table = page.getByRole("region", { name: /^Positions du groupe/ }).first().getByRole("table");
  const commits = () => column(table, "Validé");
  const before = await commits();
  assert.equal(before.length, 6);
  await until(commits, (now) => sum(now.filter(Number.isFinite)) > sum(before.filter(Number.isFinite)), "committed offsets");
  // A partition that never received anything has no committed offset, and no lag.
  const lags = (await column(table, "Retard")).filter(Number.isFinite);
  assert.ok(lags.length >= 3 && lags.every((lag) => lag >= 0), `lags ${lags}`);
  assert.equal(await table.getByText("personne").count(), 0, "every partition has an owner");
});

test("figer arrête l'image, reprendre la rattrape", async () => {
  const page = await live();
  const table = await partitions(page);
  const ends = async () => sum(await column(table, "Fin"));
  await page.getByRole("button", { name: "Figer l’image" }).click();
  const frozen = await ends();
  const served = async () => sum((await state()).topic.partitions.map(({ high }) => high));
  await until(served, (now) => now > frozen + 3, "the cluster goes on");
  assert.equal(await ends(), frozen);
  await page.getByRole("button", { name: "Reprendre" }).click();
  await until(ends, (now) => now > frozen, "the picture goes on");
});

test("sans réponse du serveur, la page le dit, réessaie et se rétablit seule", async () => {
  const page = await open();
  await page.route("**/api/**", (route) => route.abort());
  await page.goto("direct/");
  await page.getByText("Le serveur compagnon ne répond pas").waitFor();
  await page.getByText("cargo xtask serve").waitFor();
  await page.unroute("**/api/**");
  await page.getByText("Cluster embarqué (démonstration)").waitFor({ timeout: 60_000 });
});
