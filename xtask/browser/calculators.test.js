// The calculators: static without JavaScript, then by mouse and by keyboard. Their rules are said again here, by other code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./support/axe.js";
import { CLIPBOARD, copiedFragment } from "./support/bench.js";
import { assertQuiet, browser, plain, tabTo } from "./support/course.js";

const open = browser();
const PAGE = "jour-1/bloc-1-1/partitions/";

/** Partitions for a throughput, in steps of the brokers. */
function partitions(target, perPartition, consumers, brokers) {
  let count = 0;
  while (count * perPartition < target || count < consumers || count % brokers !== 0 || count === 0) count += 1;
  return count;
}

async function calculator(place = PAGE, name = /calc=partitions/, options = {}, fragment = "") {
  const page = await open(options);
  await page.goto(place + fragment);
  const figures = page.locator("[data-calculator]");
  const links = await figures.evaluateAll((all) => all.map((figure) => figure.dataset.calculator));
  const figure = figures.nth(links.findIndex((link) => name.test(link)));
  await figure.scrollIntoViewIfNeeded();
  if (options.javaScriptEnabled !== false) await figure.and(page.locator(".running")).waitFor();
  return { page, figure };
}

/** The numbers of the figure, in the order of the formula. */
async function given(figure) {
  const link = await figure.getAttribute("data-calculator");
  return ["target", "per-partition", "consumers", "brokers"].map((name) => Number(new URLSearchParams(link).get(name)));
}

const result = async (figure) => plain(await figure.locator(".calc-result").innerText());

test("sans JavaScript, le résultat et son raisonnement sont dans la page", async () => {
  const { figure } = await calculator(PAGE, /calc=partitions/, { javaScriptEnabled: false });
  const [target, perPartition, consumers, brokers] = await given(figure);
  const expected = partitions(target, perPartition, consumers, brokers);
  assert.equal(await result(figure), `${expected} partitions`);
  assert.equal(await figure.locator(".calc-steps li").count(), 4);
  assert.match(plain(await figure.locator(".calc-steps").innerText()), new RegExp(`max\\(${Math.ceil(target / perPartition)}, ${consumers}\\)`));
});

test("à la souris : un curseur, un champ, un exemple", async () => {
  const { page, figure } = await calculator();
  await figure.getByRole("button", { name: "60 Mo/s, 8 consumers" }).click();
  assert.equal(await result(figure), `${partitions(60, 10, 8, 3)} partitions`);
  const slider = figure.getByRole("slider", { name: /débit visé/ });
  const { width, height } = await slider.boundingBox();
  await slider.click({ position: { x: width / 2, y: height / 2 } });
  const target = Number(await figure.getByRole("spinbutton", { name: "débit visé" }).inputValue());
  assert.ok(target > 300 && target < 700, `the slider moved to ${target}`);
  assert.equal(await result(figure), `${partitions(target, 10, 8, 3)} partitions`);
  assertQuiet(page);
});

test("au clavier seul, et annoncé", async () => {
  const { page, figure } = await calculator();
  const brokers = figure.getByRole("spinbutton", { name: "brokers" });
  const [target, perPartition, consumers] = await given(figure);
  await tabTo(page, brokers);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("8");
  await page.keyboard.press("Tab");
  const expected = `${partitions(target, perPartition, consumers, 8)} partitions`;
  assert.equal(await result(figure), expected);
  assert.ok(plain(await figure.getByRole("status").innerText()).startsWith(expected), "the live region says it");
  await tabTo(page, brokers);
  await page.keyboard.press("ArrowUp");
  assert.equal(await brokers.inputValue(), "9");
  // What makes no sense does not stay, and changes nothing.
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("0");
  await page.keyboard.press("Tab");
  assert.equal(await brokers.inputValue(), "1");
  await tabTo(page, figure.getByRole("button", { name: "Réinitialiser" }));
  await page.keyboard.press("Enter");
  assert.equal(await result(figure), `${partitions(...await given(figure))} partitions`);
  assertQuiet(page);
});

test("le lien copié ramène les mêmes nombres ; un lien abîmé est refusé avec sa raison", async () => {
  const { page, figure } = await calculator(PAGE, /calc=partitions/, CLIPBOARD);
  await figure.getByRole("spinbutton", { name: "consumers d’un groupe" }).fill("37");
  await page.keyboard.press("Tab");
  const other = await calculator(PAGE, /calc=partitions/, {}, await copiedFragment(page, figure));
  assert.equal(await other.figure.getByRole("spinbutton", { name: "consumers d’un groupe" }).inputValue(), "37");
  assert.equal(await result(other.figure), await result(figure));

  const id = await figure.getAttribute("id");
  const refused = await calculator(PAGE, /calc=partitions/, {}, `#${id}?v=1&calc=partitions&target=0`);
  assert.match(plain(await refused.figure.getByRole("alert").innerText()), /refusé : « target » doit être un nombre entier de 1 à/);
  assertQuiet(page);
  assertQuiet(refused.page);
});

test("accessible dans les deux thèmes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page } = await calculator(PAGE, /calc=partitions/, { colorScheme });
    assert.deepEqual(await violations(page), [], colorScheme);
  }
});

test("à 360 px, rien ne dépasse", async () => {
  const { page } = await calculator(PAGE, /calc=partitions/, { viewport: { width: 360, height: 800 } });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  assertQuiet(page);
});

test("délais : détection, règles, configuration à coller", async () => {
  const { page, figure } = await calculator("jour-1/bloc-1-4/faq/", /calc=timeouts/);
  await figure.getByRole("button", { name: "valeurs par défaut" }).click();
  const session = figure.getByRole("spinbutton", { name: "session.timeout.ms" });
  const heartbeat = figure.getByRole("spinbutton", { name: "heartbeat.interval.ms" });
  const remarks = figure.locator(".calc-remarks");
  assert.match(await result(figure), /Crash détecté en 45 s au plus tard/);
  assert.match(plain(await figure.locator(".calc-steps").innerText()), /entre 42 s et 45 s/);
  await remarks.getByText("Aucune règle n’est enfreinte").waitFor();

  await session.fill("5000");
  await page.keyboard.press("Tab");
  await remarks.getByText(/InvalidSessionTimeout/).waitFor();
  await remarks.getByText(/un tiers de la session/).waitFor();
  await heartbeat.fill("5000");
  await page.keyboard.press("Tab");
  await remarks.getByText(/exclu entre deux battements/).waitFor();

  assert.match(await figure.locator("pre").innerText(), /SessionTimeoutMs = 5_000,\n\s+HeartbeatIntervalMs = 5_000,\n\s+MaxPollIntervalMs = 300_000,/);
  await figure.getByRole("combobox", { name: "group.protocol" }).selectOption("consumer");
  const pasted = await figure.locator("pre").innerText();
  assert.match(pasted, /GroupProtocol = GroupProtocol\.Consumer/);
  assert.doesNotMatch(pasted, /SessionTimeoutMs/);
  assert.match(pasted, /consumer\.session\.timeout\.ms=5000,consumer\.heartbeat\.interval\.ms=5000/);
  assertQuiet(page);
});

/** Messages of a batch, played one partition's message at a time. */
function batch(rate, size, partitions, linger, batchSize, batchMessages) {
  let count = 1;
  while (count < batchMessages && (count + 1) * size <= batchSize && count * partitions * 1000 <= linger * rate) count += 1;
  return count;
}

test("lots : le signal, les requêtes, l’attente, la configuration à coller", async () => {
  const { page, figure } = await calculator("jour-1/bloc-1-2/configuration/", /calc=lots/);
  const steps = figure.locator(".calc-steps");
  const remarks = figure.locator(".calc-remarks");
  const said = async (...values) => {
    const messages = batch(...values);
    const requests = (values[0] / messages).toLocaleString("fr-FR", { maximumFractionDigits: 2 });
    assert.ok((await result(figure)).startsWith(plain(`Lots de ${messages} message${messages > 1 ? "s" : ""} : ${requests} requêtes/s`)), await result(figure));
  };
  await figure.getByRole("button", { name: "24 000 par seconde" }).click();
  await said(24000, 226, 6, 5, 1e6, 1e4);
  assert.match(plain(await steps.innerText()), /C’est linger\.ms qui .*Attente : 5 ms pour le premier message d’un lot, 2,5 ms en moyenne/s);

  await figure.getByRole("spinbutton", { name: "linger.ms" }).fill("50");
  await page.keyboard.press("Tab");
  await said(24000, 226, 6, 50, 1e6, 1e4);
  await figure.getByRole("spinbutton", { name: "batch.size" }).fill("16384");
  await page.keyboard.press("Tab");
  await said(24000, 226, 6, 50, 16384, 1e4);
  assert.match(plain(await steps.innerText()), /C’est batch\.size qui/);
  await figure.getByRole("spinbutton", { name: "batch.num.messages" }).fill("10");
  await page.keyboard.press("Tab");
  await said(24000, 226, 6, 50, 16384, 10);
  assert.match(plain(await steps.innerText()), /C’est batch\.num\.messages qui/);

  await figure.getByRole("combobox", { name: "compression.type" }).selectOption("lz4");
  await figure.getByRole("spinbutton", { name: "taille après compression" }).fill("40");
  await page.keyboard.press("Tab");
  assert.match(plain(await steps.innerText()), /5,42 Mo\/s ; à 40 % après compression, 2,17 Mo\/s/);
  await remarks.getByText(/votre mesure/).waitFor();
  assert.match(await figure.locator("pre").innerText(), /LingerMs = 50,\s+BatchSize = 16_384,\s+BatchNumMessages = 10,\s+CompressionType = CompressionType\.Lz4,/);

  await figure.getByRole("button", { name: "dix par seconde" }).click();
  await said(10, 226, 6, 5, 1e6, 1e4);
  await remarks.getByText(/rien ne le rejoint/).waitFor();
  assertQuiet(page);
});
