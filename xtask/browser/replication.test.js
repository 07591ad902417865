// The replication simulation, by mouse and by keyboard: what is acknowledged, kept, lost, refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIPBOARD, assertAccessible, at, bench, copiedFragment, preset, skipQuestion } from "./support/bench.js";
import { assertQuiet, browser, plain, tabTo } from "./support/course.js";

const open = browser();
const PAGE = "jour-1/bloc-1-1/architecture/";
const simulation = (options, fragment, index) => bench(open, PAGE, "replication", options, fragment, index);

/** The simulation past its question. */
async function skipped(...where) {
  const opened = await simulation(...where);
  await skipQuestion(opened.figure);
  return opened;
}

/** What became of the messages of a run: the numbers by their names. */
async function fates(figure, run = 0) {
  const parts = await figure.locator(".rep-run").nth(run).locator(".rep-summary li").allInnerTexts();
  return Object.fromEntries(parts.map((part) => plain(part).match(/^\S (.+) (\d+)$/).slice(1)).map(([name, number]) => [name, Number(number)]));
}

test("à la souris : prédire, aller à la fin, voir trois messages acquittés perdus, et aucun avec acks=all", async () => {
  const { page, figure } = await simulation();
  assert.equal(await figure.locator(".rep-run").count(), 0, "nothing is given away before the prediction");
  await figure.getByRole("textbox", { name: "Votre réponse" }).fill("3");
  await figure.getByRole("button", { name: "Répondre", exact: true }).click();
  await figure.getByText(/^✓ Juste\s: 3\./).waitFor();
  await figure.getByRole("button", { name: "Fermer" }).click();

  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.deepEqual(await fates(figure, 0), { "acquittés, gardés": 4, "acquittés, perdus": 3, refusés: 0, incertains: 0, "en cours": 0 });
  assert.deepEqual(await fates(figure, 1), { "acquittés, gardés": 7, "acquittés, perdus": 0, refusés: 0, incertains: 0, "en cours": 0 });
  // What the dead leader alone had is crossed, and said to those who do not see it.
  const logs = figure.locator(".rep-run").first().getByRole("img");
  assert.equal(await logs.locator(".record .cell-lost").count(), 3);
  assert.match(plain(await logs.getAttribute("aria-label")), /broker-1 arrêté · hors ISR · LEO 5 · HW 2 — broker-2 ★ leader · ISR · LEO 4 · HW 4/);
  assertQuiet(page);
});

test("au clavier seul : lire, avancer, aller à la fin, changer de panneau, intervenir et revenir", async () => {
  const { page, figure } = await skipped();
  const instant = figure.getByRole("slider", { name: "Instant" });
  await tabTo(page, figure.getByRole("button", { name: "Lecture" }));
  await page.keyboard.press("k");
  await figure.getByRole("button", { name: "❚❚ Pause" }).waitFor();
  await page.keyboard.press("k");
  await figure.getByRole("button", { name: "Lecture" }).waitFor();
  const before = Number(await instant.inputValue());
  await page.keyboard.press("ArrowRight");
  assert.ok(Number(await instant.inputValue()) > before, "an arrow goes to the next event");
  assert.ok((await figure.getByRole("status").last().innerText()).length > 0, "and the event is told");
  await page.keyboard.press("End");
  assert.equal((await fates(figure))["acquittés, perdus"], 3);
  await page.keyboard.press("Home");
  assert.equal(await instant.inputValue(), "0");

  await page.keyboard.press("2");
  await figure.getByRole("tab", { name: "Mesures", selected: true }).waitFor();
  await tabTo(page, figure.getByRole("button", { name: "Arrêter net" }));
  await page.keyboard.press("Enter");
  await figure.getByText("Bifurcation").waitFor();
  await figure.getByText(/broker-1 arrêté/).first().waitFor();
  // The button is of no use any more; keys are still heard.
  await page.keyboard.press("r");
  await figure.getByText("Bifurcation").waitFor({ state: "detached" });
  assertQuiet(page);
});

test("le tableau : acks × min.insync.replicas × instant du crash", async () => {
  const { page, figure } = await skipped();
  const cases = figure.locator(".rep-case");
  assert.equal(await cases.count(), 27);
  await figure.locator(".rep-case.waiting").first().waitFor({ state: "detached" });
  // The rule, said again: before the sending, only acks=all can refuse; before the copy, only acks=all keeps; after, all is kept.
  const expected = [0, 1, 2].flatMap((crash) => ["0", "1", "all"].flatMap((acks) => [1, 2, 3].map((isr) => {
    if (crash === 2 || (crash === 0 && acks !== "all")) return "✓ gardé";
    if (crash === 0) return isr === 3 ? "⊘ refusé" : "✓ gardé";
    if (acks !== "all") return "✕ perdu";
    return isr === 3 ? "? absent" : "✓ gardé";
  })));
  assert.deepEqual((await cases.allInnerTexts()).map(plain), expected);

  const lost = figure.getByRole("table", { name: /avant la copie/ }).getByRole("button", { name: "perdu" }).nth(4);
  await lost.click();
  assert.equal(await lost.getAttribute("aria-pressed"), "true");
  await figure.getByText(/^acks=1, min\.insync\.replicas=2/).first().waitFor();
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.equal((await fates(figure))["acquittés, perdus"], 1);
  await figure.getByRole("button", { name: "Tout réinitialiser" }).click();
  assert.equal(await figure.locator(".rep-run").count(), 2, "the page's own two runs are back");
  assertQuiet(page);
});

test("pourquoi : de la perte au crash, en phrases", async () => {
  const { page, figure } = await skipped();
  await at(figure, 40_000);
  const line = figure.getByRole("listitem").filter({ hasText: "n’a jamais eu" }).first();
  await line.getByRole("button", { name: /pourquoi/ }).click();
  const chain = await figure.locator(".lab-why li").allInnerTexts();
  assert.ok(chain.some((text) => text.includes("broker-1 est tué net")), chain.join("\n"));
  assert.ok(chain.at(-1).includes("n’a jamais eu"), chain.join("\n"));
  assert.ok(!chain.join().includes("de le message"), "French contracts");
  assertQuiet(page);
});

test("l'ancien leader revient et tronque ; avec min ISR 2, tout avait été refusé", async () => {
  const { page, figure } = await skipped({}, "", 1);
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.deepEqual([await fates(figure, 0), await fates(figure, 1)].map((fate) => [fate["acquittés, perdus"], fate["refusés"]]), [[3, 0], [0, 3]]);
  const [unsafe, safe] = [figure.locator(".rep-run").nth(0), figure.locator(".rep-run").nth(1)];
  assert.equal(await unsafe.locator(".gone").count(), 3);
  await unsafe.getByText(/5\smessages lus, dont 3\squi n’existent plus/).waitFor();
  await safe.getByText(/^Le producer voit .*NotPersisted/).waitFor();
  assertQuiet(page);
});

test("un leader figé se croit encore leader : acquitté avec acks=1, puis coupé", async () => {
  const { page, figure } = await skipped();
  await preset(figure, "Le leader se fige");
  await at(figure, 20_000);
  const logs = figure.locator(".rep-run").first().getByRole("img");
  assert.match(plain(await logs.getAttribute("aria-label")), /broker-1 figé · hors ISR · .* — broker-2 ★ leader · ISR/);
  await figure.getByText("figé, écarté par le contrôleur").waitFor();
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.deepEqual([await fates(figure, 0), await fates(figure, 1)].map((fate) => fate["acquittés, perdus"]), [10, 0]);
  assert.equal(await figure.locator(".rep-run").first().locator(".gone").count(), 10);
  assertQuiet(page);
});

test("mesures, réglages, export, partage", async () => {
  const { page, figure } = await skipped(CLIPBOARD);
  await at(figure, 40_000);
  await figure.getByRole("tab", { name: "Mesures" }).click();
  await figure.getByRole("row", { name: /^acquittés, perdus 3 0/ }).waitFor();

  await figure.getByRole("tab", { name: "Réglages" }).click();
  await figure.getByRole("combobox", { name: "acks" }).selectOption("all");
  assert.equal((await fates(figure))["acquittés, perdus"], 0, "the run is played anew");

  await figure.getByRole("tab", { name: "Exporter" }).click();
  const listings = (await figure.locator(".sim-panel pre").allInnerTexts()).join("\n");
  assert.match(listings, /type = "replication"/);
  assert.match(listings, /new ProducerConfig/);
  assert.match(listings, /Acks = Acks\.All/);

  const other = await simulation({}, await copiedFragment(page, figure));
  await other.figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.equal((await fates(other.figure))["acquittés, perdus"], 0, "the link carries the setting");
  assertQuiet(page);
});

test("un lien abîmé est refusé avec sa raison", async () => {
  const first = await simulation();
  const id = await first.figure.getAttribute("id");
  const { page, figure } = await simulation({}, `#${id}?v=1&sim=replication&acks=quorum`);
  const alert = figure.getByRole("alert");
  await alert.getByText("refusé").waitFor();
  assert.match(plain(await alert.innerText()), /« quorum » inconnu/, "the reason is given");
  assertQuiet(page);
});

test("accessible dans chaque panneau, dans les deux thèmes", () => assertAccessible(simulation));

test("sans JavaScript : quatre images, vêtues", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(PAGE);
  const figure = page.locator("[data-simulation=replication]").first();
  const frames = figure.locator(".storyboard > li");
  assert.equal(await frames.count(), 4);
  await figure.getByText(/Trois messages acquittés sont perdus/).waitFor();
  const lost = frames.last().locator(".cell-lost").first();
  const dashes = await lost.evaluate((cell) => getComputedStyle(cell).strokeDasharray);
  assert.notEqual(dashes, "none", "its style does not come with the simulation");
});

test("à 360 px, et sans mouvement : rien ne dépasse, la lecture avance par pas", async () => {
  const { page, figure } = await skipped({ viewport: { width: 360, height: 800 }, reducedMotion: "reduce" });
  await at(figure, 40_000);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok((await overflow()) <= 0, `${await overflow()} px too wide`);
  for (const panel of ["Mesures", "Réglages", "Exporter"]) {
    await figure.getByRole("tab", { name: panel }).click();
    assert.ok((await overflow()) <= 0, `${panel}: ${await overflow()} px too wide`);
  }
  await figure.getByRole("button", { name: "Début", exact: true }).click();
  await figure.getByRole("button", { name: "Lecture" }).click();
  const seen = new Set();
  for (let sample = 0; sample < 8; sample += 1) {
    seen.add(await figure.getByRole("slider", { name: "Instant" }).inputValue());
    await page.waitForTimeout(40);
  }
  assert.ok(seen.size <= 3, `it glides: ${[...seen]}`);
  assertQuiet(page);
});
