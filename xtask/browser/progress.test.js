// What the learner did: kept on the device, shown, handed over as a file, erased on demand, and never half-read.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { assertQuiet, browser, pageWith, source } from "./support/course.js";

const open = browser();
const KEY = "formation-kafka:parcours";
const FIRST = "jour-1/bloc-1-1/";
const lab = await pageWith(/<body class="lab">[\s\S]*data-checklist=/);
const quiz = await pageWith(/<form[^>]+data-quiz=/);

const stored = (page) => page.evaluate((key) => JSON.parse(localStorage.getItem(key)), KEY);

/** Opens « Mon parcours », once it has been filled. */
async function overview(page) {
  await page.goto("parcours/");
  await page.locator("[data-pages]:not(:empty)").waitFor();
}

/** Reads a page to its end. */
async function read(page, address) {
  await page.goto(address);
  await page.locator("[data-end]").scrollIntoViewIfNeeded();
  await page.waitForFunction(([key, url]) => url in JSON.parse(localStorage.getItem(key)).read, [KEY, address]);
}

/** Answers all questions of the first quiz of the page, rightly or not. */
async function answerAll(page, rightly) {
  const form = page.locator("form[data-quiz]").first();
  await form.scrollIntoViewIfNeeded();
  await form.locator(".quiz-check").first().waitFor();
  for (const question of await form.locator(".quiz-question").all()) {
    const value = question.locator(".quiz-value");
    if (await value.count()) await question.locator("input").fill(rightly ? await value.getAttribute("data-value") : "-1");
    else {
      for (const note of await question.locator("[data-answer]").all()) {
        const { answer, correct } = await note.evaluate(({ dataset }) => ({ ...dataset }));
        if ((correct === "true") === rightly) await question.locator(`input[value="${answer}"]`).check();
      }
    }
    await question.getByRole("button", { name: "Vérifier" }).click();
  }
  return form;
}

/** Chooses a file with this content on « Mon parcours ». */
const choose = (page, content, name = "parcours.json") => page.locator("[data-file]").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)) });

const journey = (changes = {}) => ({ format: "formation-kafka/parcours", version: 2, read: {}, validated: {}, checks: {}, quizzes: {}, position: null, exported: "2026-11-30T10:00:00.000Z", ...changes });

test("une page lue jusqu'au bout compte, dans le plan et dans « Mon parcours »", async () => {
  const page = await open();
  await page.goto(FIRST);
  const line = page.locator("[data-progress]");
  await line.filter({ hasText: /^0 lue sur \d+/ }).waitFor();
  await read(page, FIRST);
  await line.filter({ hasText: /^1 lue sur \d+/ }).waitFor();
  await line.getByRole("link", { name: "mon parcours" }).click();
  await page.waitForURL("**/parcours/");
  const item = page.locator(`[data-page="${FIRST}"]`);
  await item.getByText(/^lue le \d/).waitFor();
  const minutes = await item.getAttribute("data-minutes");
  assert.equal(await page.locator("[data-time]").innerText(), `${minutes}\u00a0min`);
  assert.match(await page.locator("[data-pages]").innerText(), /^1 sur \d+$/);
  await page.getByText("Rien ne quitte votre appareil").waitFor();
  await page.getByRole("link", { name: /^Reprendre\s: 1\.1 / }).waitFor();
  assertQuiet(page);
});

test("un lab est validé quand sa liste est toute cochée, et ne l'est plus quand on décoche", async () => {
  const page = await open();
  await page.goto(lab);
  const boxes = page.locator("[data-checklist] input");
  for (const box of await boxes.all()) await box.check();
  await page.getByText(/: validé$/).first().waitFor();
  await overview(page);
  const item = page.locator(`[data-page="${lab}"]`);
  await item.getByText(/^✓ validé le/).waitFor();
  assert.match(await page.locator("[data-labs]").innerText(), /^1 sur \d+$/);
  await page.goto(lab);
  await page.getByRole("button", { name: "Tout décocher" }).first().click();
  assert.equal(await boxes.first().isChecked(), false);
  await overview(page);
  assert.equal(await item.getByText(/validé/).count(), 0);
  assertQuiet(page);
});

test("un quiz réussi le reste quand on le refait moins bien, et dit son meilleur score", async () => {
  const page = await open();
  await page.goto(quiz);
  let form = await answerAll(page, true);
  await form.getByText("quiz réussi").waitFor();
  const count = await form.locator(".quiz-question").count();
  await form.getByText(`Meilleur score\u202f: ${count} sur ${count}`).waitFor();
  await form.getByRole("button", { name: "Recommencer" }).click();
  assert.equal(await form.locator("input:checked").count(), 0);
  form = await answerAll(page, false);
  await form.getByText(/^0 sur \d+, quiz terminé/).waitFor();
  await page.reload();
  await form.scrollIntoViewIfNeeded();
  await form.getByText(`Meilleur score\u202f: ${count} sur ${count}`).waitFor();
  await overview(page);
  await page.getByText(new RegExp(`^✓ réussi le .*, ${count} sur ${count}$`)).waitFor();
  assertQuiet(page);
});

test("ce que la version précédente avait gardé est repris", async () => {
  const page = await open();
  const list = /data-checklist="([^"]+)"[\s\S]*?data-check="([^"]+)"/.exec(await source(lab));
  const form = /data-quiz="([^"]+)"/.exec(await source(quiz));
  await page.addInitScript(([kept]) => {
    if (sessionStorage.getItem("done")) return;
    sessionStorage.setItem("done", "1");
    for (const [name, value] of Object.entries(kept)) localStorage.setItem(`formation-kafka:v1:${name}`, JSON.stringify(value));
  }, [{ committed: [FIRST], position: { url: FIRST, title: "1.1 Début" }, [`check:${list[1]}`]: [list[2]], [`quiz:${form[1]}`]: [["0"]], theme: "dark" }]);
  await overview(page);
  await page.locator(`[data-page="${FIRST}"]`).getByText("lue").first().waitFor();
  await page.getByRole("link", { name: "Reprendre\u202f: 1.1 Début" }).waitFor();
  await page.goto(lab);
  assert.equal(await page.locator(`[data-check="${list[2]}"]`).isChecked(), true);
  const names = await page.evaluate(() => Object.keys(localStorage).sort());
  assert.deepEqual(names, ["formation-kafka:parcours", "formation-kafka:v1:theme"]);
  assertQuiet(page);
});

test("un parcours exporté s'importe ailleurs : ajouté, ou mis à la place", async () => {
  const page = await open({ acceptDownloads: true });
  await read(page, FIRST);
  await overview(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Exporter mon parcours" }).click()]);
  assert.match(download.suggestedFilename(), /^parcours-kafka-\d{4}-\d\d-\d\d\.json$/);
  const text = await readFile(await download.path(), "utf8");
  assert.deepEqual(Object.keys(JSON.parse(text).read), [FIRST]);

  const other = await open();
  await read(other, `${FIRST}journal/`);
  await overview(other);
  await choose(other, text);
  await other.getByRole("dialog").getByText(/Le fichier contient 1\u00a0page lue/).waitFor();
  await other.getByRole("button", { name: "Ajouter au mien" }).click();
  await other.getByText(/vous avez maintenant 2\u00a0pages lues/).waitFor();
  await choose(other, text);
  await other.getByRole("button", { name: "Mettre à la place" }).click();
  await other.getByText(/vous avez maintenant 1\u00a0page lue/).waitFor();
  assert.deepEqual((await stored(other)).read, JSON.parse(text).read);
  assertQuiet(other);
});

const REFUSED = [
  ["un texte quelconque", "bonjour", "ce n’est pas du JSON, ou il est tronqué"],
  ["un fichier tronqué", JSON.stringify(journey()).slice(0, -9), "ce n’est pas du JSON, ou il est tronqué"],
  ["un autre JSON", { a: 1 }, "ce n’est pas un parcours exporté de ce cours"],
  ["null", "null", "ce n’est pas un parcours exporté de ce cours"],
  ["une version à venir", journey({ version: 3 }), "il est au format 3, plus récent que celui de cette page (2)"],
  ["une version inconnue", journey({ version: "x" }), "son format («\u202fx\u202f») n’existe pas"],
  ["une rubrique de trop", journey({ notes: [] }), "la rubrique «\u202fnotes\u202f» est inconnue"],
  ["une rubrique qui manque", journey({ read: undefined }), "la rubrique «\u202fread\u202f» manque"],
  ["une date fausse", journey({ read: { "jour-1/": "hier" } }), "la rubrique «\u202fread\u202f» n’est pas de la forme attendue"],
  ["une page hors du cours", journey({ read: { "https://example.org/": null } }), "la rubrique «\u202fread\u202f» n’est pas de la forme attendue"],
  ["un script pour position", journey({ position: { url: "javascript:alert(1)", title: "x" } }), "la rubrique «\u202fposition\u202f» n’est pas de la forme attendue"],
  ["un quiz incomplet", journey({ quizzes: { q: { page: "", answers: [] } } }), "la rubrique «\u202fquizzes\u202f» n’est pas de la forme attendue"],
];

test("un fichier malformé ou trop récent est refusé avec sa raison, et rien ne change", async () => {
  const page = await open();
  await read(page, FIRST);
  await overview(page);
  const before = await stored(page);
  const said = page.locator("[data-said]");
  for (const [what, content, reason] of REFUSED) {
    await choose(page, content, `${what}.json`);
    await said.filter({ hasText: `«\u202f${what}.json\u202f» n’a pas été importé\u202f: ${reason}` }).waitFor();
    assert.deepEqual(await stored(page), before, what);
  }
  await choose(page, " ".repeat(1_000_001));
  await said.filter({ hasText: "il est trop gros pour un parcours" }).waitFor();
  await choose(page, journey());
  await page.getByRole("button", { name: "Annuler" }).click();
  assert.deepEqual(await stored(page), before);
  assertQuiet(page);
});

test("effacer demande confirmation ; garder ne change rien, effacer oublie tout", async () => {
  const page = await open();
  await read(page, FIRST);
  await overview(page);
  const erase = page.getByRole("button", { name: "Effacer mon parcours…" });
  await erase.click();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Garder", "the safe answer has the focus");
  await page.keyboard.press("Escape");
  assert.equal(Object.keys((await stored(page)).read).length, 1);
  await erase.click();
  await page.getByRole("button", { name: "Effacer", exact: true }).click();
  await page.getByText("Votre parcours est effacé.").waitFor();
  assert.deepEqual((await stored(page)).read, {});
  assert.match(await page.locator("[data-pages]").innerText(), /^0 sur/);
  assertQuiet(page);
});

test("un parcours abîmé est mis de côté ; un parcours d'une version plus récente reste intact", async () => {
  const page = await open();
  await overview(page);
  await page.evaluate((key) => localStorage.setItem(key, "{"), KEY);
  await page.reload();
  await page.getByText("Le parcours gardé ici était abîmé").waitFor();
  assert.equal(await page.evaluate((key) => localStorage.getItem(`${key}:illisible`), KEY), "{");
  const newer = JSON.stringify(journey({ version: 9, read: { x: null } }));
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [KEY, newer]);
  await page.reload();
  await page.getByText("vient d’une version plus récente du cours").waitFor();
  await page.goto(FIRST);
  await page.locator("[data-end]").scrollIntoViewIfNeeded();
  await page.locator("[data-progress]").filter({ hasText: /^1 lue/ }).waitFor();
  assert.equal(await page.evaluate((key) => localStorage.getItem(key), KEY), newer);
  assertQuiet(page);
});

test("quand le navigateur ne garde rien, le cours se lit et « Mon parcours » le dit", async () => {
  const page = await open();
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
  });
  await page.goto(lab);
  await page.locator("[data-checklist] input").first().check();
  await page.getByText(/^1 sur \d+/).first().waitFor();
  await overview(page);
  await page.getByText("Votre navigateur ne laisse rien garder à ce site").waitFor();
  assertQuiet(page);
});

test("sans JavaScript, « Mon parcours » est le plan du cours", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto("parcours/");
  await page.getByText("Sans JavaScript, rien n’est retenu").waitFor();
  assert.equal(await page.getByRole("button").count(), 0);
  await page.locator(`[data-page="${FIRST}"] a`).click();
  await page.waitForURL(`**/${FIRST}`);
});

test("une question, un quiz et une simulation ont une adresse qui y mène", async () => {
  const page = await open({ viewport: { width: 1000, height: 700 } });
  const [, id] = /<form[^>]+ id="(quiz-[^"]+)"/.exec(await source(quiz));
  for (const anchor of [id, `${id}-2`]) {
    await page.goto(`${quiz}#${anchor}`);
    await page.locator("form[data-quiz] .quiz-check").first().waitFor({ state: "attached" });
    await page.waitForFunction((name) => {
      const { top } = document.getElementById(name).getBoundingClientRect();
      return top > -50 && top < innerHeight / 2;
    }, anchor);
    assert.equal(await page.locator(`a.anchor[href="#${anchor}"]`).count(), 1);
    await page.goto("about:blank");
  }
  await page.goto(await pageWith(/data-simulation=/));
  const figure = page.locator("[data-simulation]").first();
  assert.equal(await figure.locator("figcaption a.anchor").getAttribute("href"), `#${await figure.getAttribute("id")}`);
});
