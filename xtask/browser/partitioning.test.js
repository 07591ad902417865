// The partitioning simulation, by mouse and by keyboard. What it must show is computed here, by other code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, browser, plain, tabTo } from "./support/course.js";
import { partition } from "./support/crc32.js";
import { javaPartition } from "./support/murmur2.js";

const open = browser();
const PAGE = "jour-1/bloc-1-1/partitions/";
const CUSTOMERS = ["customer-A", "customer-B", "customer-C", "customer-D", "customer-E"];
const PARTITIONS = 6;

/** How many partitions receive none of the customers: the page's own question. */
const empty = PARTITIONS - new Set(CUSTOMERS.map((key) => partition(key, PARTITIONS))).size;
const movedTo = (partitions) => CUSTOMERS.filter((key) => partition(key, PARTITIONS) !== partition(key, partitions));

/** The first simulation of the page, running: five customers, six partitions. */
async function simulation(options = {}, fragment = "") {
  const page = await open(options);
  await page.goto(PAGE + fragment);
  const figure = page.locator("[data-simulation]").first();
  await figure.scrollIntoViewIfNeeded();
  await figure.and(page.locator(".running")).waitFor();
  const grown = figure.getByRole("spinbutton", { name: "puis on en ajoute, jusqu’à" });
  const rows = figure.getByRole("listbox", { name: "Clés et partitions" }).getByRole("option");
  return { page, figure, grown, rows };
}

async function skipQuestion(figure) {
  await figure.getByRole("button", { name: "Voir sans répondre" }).click();
  await showKeys(figure);
}

const showKeys = (figure) => figure.getByRole("tab", { name: "Clés" }).click();

/** What a row says to those who hear it: its first part. */
const spoken = (row) => row.locator("> span").first().textContent();

/** Asserts that each row says its key's partition out of `partitions`. */
async function assertPlaced(rows, keys, partitions) {
  const said = await rows.evaluateAll((options) => options.map((option) => option.firstElementChild.textContent));
  const expected = keys.map((key) => `${key} : .NET partition ${partition(key, partitions)}`);
  assert.deepEqual(said.map((text) => text.match(/^[^,]+/)[0]), expected);
}

async function assertMoved(figure, rows, partitions) {
  const moved = movedTo(partitions);
  const sentence = plain(await figure.getByText(/des clés changent de partition/).first().innerText());
  assert.match(sentence, new RegExp(`De ${PARTITIONS} à ${partitions} partitions.*, ${moved.length} clés? sur ${CUSTOMERS.length} `));
  await assertPlaced(rows, CUSTOMERS, partitions);
  for (const key of moved) {
    const row = await rows.filter({ hasText: key }).innerText();
    assert.ok(row.includes(`P${partition(key, PARTITIONS)} ↷ P${partition(key, partitions)}`), `${key}: ${row}`);
  }
}

test("deux producers et douze partitions : chaque ligne tient dans sa place", async () => {
  const { page, figure, grown, rows } = await simulation();
  await skipQuestion(figure);
  await figure.getByRole("combobox").nth(1).selectOption({ label: "par défaut (murmur2, KIP-794)" });
  await grown.fill("12");
  await page.keyboard.press("Tab");
  await rows.filter({ hasText: "P5 ↷ P11" }).waitFor();
  const outside = await rows.locator(".sim-half").evaluateAll((halves) => halves.filter((half) => half.scrollWidth > half.clientWidth).map((half) => half.innerText));
  assert.deepEqual(outside, []);
  assertQuiet(page);
});

test("à la souris : prédire, voir, ajouter des partitions, voir les clés déplacées", async () => {
  const { page, figure, grown, rows } = await simulation();
  assert.equal(await rows.count(), 0, "nothing is given away before the prediction");
  await figure.getByRole("textbox", { name: "Votre réponse" }).fill(String(empty));
  await figure.getByRole("button", { name: "Répondre", exact: true }).click();
  await figure.getByText(new RegExp(`^✓ Juste\\s: ${empty}\\.`)).waitFor();
  await figure.getByText("Score : 1 sur 1").waitFor();
  await figure.getByRole("button", { name: "Fermer" }).click();
  await showKeys(figure);
  await assertPlaced(rows, CUSTOMERS, PARTITIONS);

  const slider = figure.getByRole("slider", { name: /après l’ajout/ });
  const { width, height } = await slider.boundingBox();
  await slider.click({ position: { x: width / 2, y: height / 2 } });
  const partitions = Number(await grown.inputValue());
  assert.ok(partitions > PARTITIONS, `the slider moved to ${partitions}`);
  assert.ok(movedTo(partitions).length > 0);
  await assertMoved(figure, rows, partitions);

  await figure.getByRole("button", { name: "↷ déplacées" }).click();
  await assertPlaced(rows, movedTo(partitions), partitions);
  assertQuiet(page);
});

test("une prédiction fausse est dite fausse, avec la bonne réponse", async () => {
  const { figure } = await simulation();
  await figure.getByRole("textbox", { name: "Votre réponse" }).fill(String(empty + 1));
  await figure.getByRole("button", { name: "Répondre", exact: true }).click();
  await figure.getByText(new RegExp(`^✗ Non\\s: c’est ${empty}\\.`)).waitFor();
  await figure.getByText("Score : 0 sur 1").waitFor();
});

test("au clavier seul : prédire, voir, ajouter des partitions, parcourir les clés, changer de vue", async () => {
  const { page, figure, grown, rows } = await simulation();
  await tabTo(page, figure.getByRole("textbox", { name: "Votre réponse" }));
  await page.keyboard.type(String(empty));
  await page.keyboard.press("Enter");
  await figure.getByText(/^✓ Juste/).waitFor();
  await tabTo(page, figure.getByRole("button", { name: "Fermer" }));
  await page.keyboard.press("Enter");

  await tabTo(page, grown);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("12");
  await page.keyboard.press("Tab");
  await tabTo(page, figure.getByRole("button", { name: "Copier le lien" }));
  await page.keyboard.press("1");
  await assertMoved(figure, rows, 12);

  await tabTo(page, figure.getByRole("listbox", { name: "Clés et partitions" }));
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  const chosen = rows.and(figure.locator("[aria-selected=true]"));
  assert.match(await spoken(chosen), /^customer-B /);
  await figure.getByText("Pourquoi ? customer-B").waitFor();

  await tabTo(page, figure.getByRole("button", { name: "Copier le lien" }));
  await page.keyboard.press("2");
  const load = figure.getByRole("tab", { name: "Répartition", selected: true });
  await load.waitFor();
  await tabTo(page, load);
  await page.keyboard.press("ArrowLeft");
  await figure.getByRole("tab", { name: "Clés", selected: true }).waitFor();
  assertQuiet(page);
});

test(".NET et Java côte à côte : chacun selon son hachage, et où ils ne sont pas d'accord", async () => {
  const { page, figure, rows } = await simulation();
  await skipQuestion(figure);
  const producers = figure.getByRole("combobox");
  await producers.nth(1).selectOption({ label: "par défaut (murmur2, KIP-794)" });
  for (const key of CUSTOMERS) {
    const [dotnet, java] = [partition(key, PARTITIONS), javaPartition(key, PARTITIONS)];
    const label = await spoken(rows.filter({ hasText: key }));
    const [first, second] = [...label.matchAll(/partition (\d+)/g)].map(([, number]) => Number(number));
    assert.deepEqual([first, second], [dotnet, java], label);
    assert.ok(label.endsWith(dotnet === java ? "d’accord" : "en désaccord"), label);
  }
  assertQuiet(page);
});

test("10 000 clés et 100 partitions : comptées toutes, dessinées seulement celles qui sont en vue", async () => {
  const { page, figure, rows } = await simulation();
  await skipQuestion(figure);
  const keys = Array.from({ length: 10_000 }, (_, index) => `commande-${index}`);
  await figure.getByText("Modifier toute la liste").click();
  // Set at once, as a paste does: Playwright's `fill` takes a minute for so many lines.
  await figure.getByRole("textbox", { name: /Une clé par ligne/ }).evaluate((field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, keys.join("\n"));
  await figure.getByRole("spinbutton", { name: "num.partitions" }).fill("100");
  await page.keyboard.press("Tab");
  const first = rows.first();
  assert.equal(await first.getAttribute("aria-setsize"), "10000");
  assert.ok((await rows.count()) < 60, "only the rows in sight are in the page");
  assert.ok((await spoken(first)).startsWith(`commande-0 : .NET partition ${partition("commande-0", 100)}`));
  assertQuiet(page);
});

test("le lien copié ramène le même état dans un autre navigateur", async () => {
  const { page, figure, grown } = await simulation({ permissions: ["clipboard-read", "clipboard-write"] });
  await skipQuestion(figure);
  await grown.fill("17");
  await page.keyboard.press("Tab");
  await figure.getByRole("button", { name: "Copier le lien" }).click();
  await figure.getByText("Lien copié.").waitFor({ state: "attached" });
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, page.url(), "the address bar shows the same link");
  const other = await simulation({}, new URL(link).hash);
  assert.equal(await other.grown.inputValue(), "17");
  await showKeys(other.figure);
  await assertMoved(other.figure, other.rows, 17);
});

test("un lien abîmé est refusé avec sa raison, et la simulation de la page reste", async () => {
  const first = await simulation();
  const id = await first.figure.getAttribute("id");
  const { page, figure } = await simulation({}, `#${id}?n'importe-quoi`);
  const alert = figure.getByRole("alert");
  await alert.getByText("Ce lien est refusé").waitFor();
  assert.ok((await alert.innerText()).length > 80, "the reason is given");
  await skipQuestion(figure);
  await figure.getByRole("listbox", { name: "Clés et partitions" }).waitFor();
  assertQuiet(page);
});
