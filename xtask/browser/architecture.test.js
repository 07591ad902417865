// Three architectures under the same load: break ShippingService and watch. What must come out is reckoned here from the load.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIPBOARD, assertAccessible, at, bench, copiedFragment, skipQuestion } from "./support/bench.js";
import { assertQuiet, browser, plain, tabTo } from "./support/course.js";

const open = browser();
const PAGE = "jour-1/bloc-1-1/probleme-metier/";
const simulation = (options, fragment) => bench(open, PAGE, "architecture", options, fragment);
/** One order every 360 ms, from 0. */
const ordersUntil = (ms) => Math.floor(ms / 360) + 1;

/** The simulation past its question. */
async function skipped(options) {
  const opened = await simulation(options);
  await skipQuestion(opened.figure);
  return opened;
}

/** What the picture says of each architecture: accepted, refused, waiting. */
async function lanes(figure) {
  const said = plain(await figure.getByRole("img").first().getAttribute("aria-label"));
  const found = [...said.matchAll(/(REST|File|Journal) : ([\d ]+) acceptées? et ([\d ]+) refusées?, ([\d ]+) traitements? en attente/g)];
  const number = (text) => Number(text.replaceAll(" ", ""));
  return Object.fromEntries(found.map(([, name, ...numbers]) => [name, numbers.map(number)]));
}

test("une minute de panne : REST refuse, la file et le journal attendent et rattrapent", async () => {
  const { page, figure } = await simulation();
  await figure.getByRole("textbox", { name: "Votre réponse" }).fill("0");
  await figure.getByRole("button", { name: "Répondre", exact: true }).click();
  await figure.getByText(/^✓ Juste/).waitFor();
  await figure.getByRole("button", { name: "Fermer" }).click();

  await at(figure, 22_000);
  const before = await lanes(figure);
  assert.deepEqual([before.REST[1], before.File[1], before.Journal[1]], [0, 0, 0]);

  await at(figure, 83_000);
  const broken = await lanes(figure);
  const during = ordersUntil(83_000) - ordersUntil(23_000);
  assert.ok(broken.REST[1] > during * 0.9 && broken.REST[1] <= during, `${broken.REST[1]} of ${during} are refused`);
  for (const name of ["File", "Journal"]) {
    assert.equal(broken[name][1], 0, `${name} refuses nothing`);
    assert.ok(Math.abs(broken[name][2] - during) < 8, `${name}: ${broken[name][2]} wait, ${during} came`);
  }
  await figure.getByText(/^✗ REST/).first().waitFor();

  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  const after = await lanes(figure);
  assert.equal(after.File[0], 660);
  assert.equal(after.Journal[0], 660);
  assert.equal(after.REST[0] + after.REST[1], 660, "every customer has an answer");
  assertQuiet(page);
});

test("au clavier seul : arrêter ShippingService, avancer, réparer, revenir", async () => {
  const { page, figure } = await skipped();
  await tabTo(page, figure.getByRole("button", { name: "Casser" }));
  await page.keyboard.press("Enter");
  await figure.getByText("Bifurcation").waitFor();
  const shipping = figure.getByRole("img").first().locator(".service", { hasText: "✗ Shipping" });
  assert.equal(await shipping.count(), 3, "it is stopped in all three");
  await page.keyboard.press("End");
  const down = await lanes(figure);
  assert.ok(down.Journal[2] > 500, `${down.Journal[2]} events wait`);
  await page.keyboard.press("r");
  await figure.getByText("Bifurcation").waitFor({ state: "detached" });
  assert.equal(await shipping.count(), 0, "the planned repair is back");
  assertQuiet(page);
});

test("pourquoi, mesures et préréglages", async () => {
  const { page, figure } = await skipped();
  await at(figure, 60_000);
  const refused = figure.getByRole("listitem").filter({ hasText: "504" }).first();
  await refused.getByRole("button", { name: /pourquoi/ }).click();
  const chain = await figure.locator(".lab-why li").allInnerTexts();
  assert.ok(chain.length > 2, chain.join("\n"));
  await figure.getByRole("tab", { name: "Mesures" }).click();
  await figure.getByRole("row", { name: /^REST\s: refusées/ }).first().waitFor();

  const presets = figure.getByRole("combobox", { name: "Scénario" });
  const names = await presets.locator("option").allInnerTexts();
  for (const name of names) {
    await presets.selectOption({ label: name });
    await page.keyboard.press("Escape");
    await figure.getByRole("button", { name: "Fin", exact: true }).click();
    const { REST, File, Journal } = await lanes(figure);
    assert.ok(REST && File && Journal, name);
  }
  assert.equal(await figure.locator(".lab-breach").count(), 0);
  assertQuiet(page);
});

test("côte à côte dans la colonne du texte, l'une sous l'autre à 360 px", async () => {
  const wide = await skipped();
  const tops = await wide.figure.locator(".picture .lane").evaluateAll((all) => all.map((lane) => Math.round(lane.getBoundingClientRect().top)));
  assert.equal(new Set(tops).size, 1, String(tops));
  const narrow = await skipped({ viewport: { width: 360, height: 800 } });
  const stacked = await narrow.figure.locator(".picture .lane").evaluateAll((all) => all.map((lane) => lane.getBoundingClientRect().top));
  assert.ok(stacked[0] < stacked[1] && stacked[1] < stacked[2], String(stacked));
  const overflow = await narrow.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  assertQuiet(wide.page);
  assertQuiet(narrow.page);
});

test("le lien copié ramène la panne que l'on a faite", async () => {
  const { page, figure } = await skipped(CLIPBOARD);
  await at(figure, 5_000);
  await figure.getByRole("button", { name: "Casser" }).click();
  const fragment = await copiedFragment(page, figure);
  assert.match(decodeURIComponent(fragment), /do=5s:break:ShippingService/, "the log of actions can be read");
  const other = await simulation({}, fragment);
  await at(other.figure, 6_000);
  assert.equal(await other.figure.locator(".service", { hasText: "✗ Shipping" }).count(), 3);
  assertQuiet(page);
});

test("accessible dans chaque panneau, dans les deux thèmes", () => assertAccessible(simulation));

test("sans JavaScript : deux images", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(PAGE);
  const frames = page.locator("[data-simulation=architecture]").first().locator(".storyboard > li");
  assert.equal(await frames.count(), 2);
  assert.match(plain(await frames.nth(0).innerText()), /gardent 167 commandes pour lui/);
});
