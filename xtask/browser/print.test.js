// A day, a bloc and the timetable on paper, and as PDF files.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { browser, dist, source } from "./support/course.js";
import { pageCount, pagesOf } from "./support/pdf.js";

const open = browser();
const run = promisify(execFile);

test("le jour 1 s'imprime en un document de plusieurs pages", async () => {
  const page = await open();
  await page.goto("imprimer/jour-1/");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.ok(pageCount(pdf) > 5, `${pageCount(pdf)} pages`);
});

test("un bloc s'imprime seul, et ses liens vers les autres blocs mènent à leurs pages", async () => {
  const day = await source("imprimer/jour-1/");
  const bloc = await source("imprimer/jour-1/bloc-1-1/");
  assert.ok(bloc.length < day.length);
  assert.match(day, /href="#bloc-1-2/);
  assert.doesNotMatch(bloc, /href="#bloc-1-2/);
  assert.match(bloc, /href="\.\.\/\.\.\/\.\.\/jour-1\/bloc-1-2\//);
});

test("sur papier, aucune ligne de code n'est coupée", async () => {
  const page = await open({ viewport: { width: 640, height: 900 } });
  await page.goto("imprimer/jour-1/");
  await page.emulateMedia({ media: "print" });
  const cut = await page.evaluate(() => [...document.querySelectorAll(".code pre")].filter((pre) => pre.scrollWidth > pre.clientWidth + 1 || pre.scrollHeight > pre.clientHeight + 1).map((pre) => pre.textContent.slice(0, 60)));
  assert.deepEqual(cut, []);
});

test("sur papier, aucune image ne dépasse sa page", async () => {
  const mm = 96 / 25.4;
  const page = await open({ viewport: { width: Math.round(170 * mm), height: 900 } });
  await page.goto("imprimer/jour-1/");
  await page.emulateMedia({ media: "print" });
  // 251 mm of A4 are printed on; a caption of a few lines stands above the picture.
  const large = await page.evaluate((tallest) => [...document.querySelectorAll("main figure svg")].map((svg) => ({ figure: svg.closest("figure").textContent.trim().slice(0, 40), box: svg.getBoundingClientRect() })).filter(({ box }) => box.height > tallest || box.right > innerWidth + 1).map(({ figure, box }) => `${figure}: ${Math.round(box.right)} × ${Math.round(box.height)}`), 215 * mm);
  assert.deepEqual(large, []);
});

test("les horaires s'impriment une journée par page", async () => {
  const page = await open();
  await page.goto("horaires/");
  const days = await page.locator(".hours-day").count();
  assert.equal(pageCount(await page.pdf({ preferCSSPageSize: true })), days);
});

test("build --pdf : un fichier par jour et par bloc, le sommaire dit les vraies pages", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "pdf-"));
  try {
    await run(process.execPath, [fileURLToPath(new URL("./pdf.js", import.meta.url)), dist, folder], { timeout: 600_000 });
    const bloc = await readFile(path.join(folder, "jour-1/bloc-1-1.pdf"));
    const day = await readFile(path.join(folder, "jour-1.pdf"));
    assert.ok(pageCount(day) > pageCount(bloc));
    const pages = pagesOf(bloc);
    const numbers = [...(await source("imprimer/jour-1/bloc-1-1/")).matchAll(/<li><a href="#([^"]+)">/g)].map(([, id]) => pages.get(id));
    assert.ok(numbers.length > 5 && numbers.every(Number.isInteger), `${numbers}`);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b), "sections follow each other");
    assert.equal(numbers[0], 3, "after the cover and the contents");
    assert.match(bloc.toString("latin1"), /\/Outlines/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("un PDF n'est proposé que s'il existe", async () => {
  const html = await source("imprimer/jour-1/");
  const link = /href="([^"]+\.pdf)"/.exec(html);
  if (link) await readFile(path.join(dist, "imprimer/jour-1", link[1]));
  else await assert.rejects(readFile(path.join(dist, "pdf/jour-1.pdf")));
});

test("sur papier : ni navigation ni boutons, et les corrections sont dépliées", async () => {
  const page = await open();
  await page.goto("imprimer/jour-1/");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByRole("navigation", { name: "Site" }).isVisible(), false);
  assert.equal(await page.getByRole("button").filter({ visible: true }).count(), 0);
  const corrections = page.locator("form[data-quiz] details");
  const count = await corrections.count();
  assert.ok(count > 0, "the day has quizzes");
  for (const index of [0, count - 1]) {
    const inside = corrections.nth(index).locator(":scope > :not(summary)").first();
    assert.equal(await inside.isVisible(), true, `correction ${index} can be read on paper`);
  }
});
