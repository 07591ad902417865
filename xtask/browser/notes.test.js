// Instructor's notes: the learner never meets them, the instructor finds them where they belong.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { violations } from "./support/axe.js";
import { assertQuiet, browser, dist, pageWith } from "./support/course.js";

const open = browser();
const PAGE = await pageWith(/data-note=/);
const NOTES = `formateur/${PAGE.split("/").slice(0, 2).join("/")}/`;
const notes = (page) => page.locator(".alert-instructor");

test("sans le demander, un participant ne reçoit pas les notes", async () => {
  const html = await readFile(path.join(dist, PAGE, "index.html"), "utf8");
  assert.doesNotMatch(html, /alert-instructor/);
  const page = await open();
  const fetched = [];
  page.on("request", (request) => fetched.push(request.url()));
  await page.goto(PAGE, { waitUntil: "networkidle" });
  assert.equal(await notes(page).count(), 0);
  assert.ok(fetched.every((url) => !url.includes("/formateur/") && !/\/notes-[0-9a-f]+\./.test(url)), "nothing of the notes is fetched");
  assertQuiet(page);
});

test("« ?notes=1 » les montre à leur place, et l'appareil s'en souvient jusqu'à « Masquer »", async () => {
  const page = await open();
  await page.goto(`${PAGE}?notes=1`);
  await notes(page).first().waitFor();
  const places = (await readFile(path.join(dist, PAGE, "index.html"), "utf8")).match(/data-note=/g).length;
  assert.equal(await notes(page).count(), places);
  const before = await notes(page).first().evaluate((note) => note.previousElementSibling?.tagName);
  assert.notEqual(before, undefined, "a note follows what it is about");
  await page.goto(PAGE);
  await notes(page).first().waitFor();
  await page.getByRole("button", { name: "Masquer" }).click();
  await page.waitForURL((url) => !url.search);
  await page.waitForLoadState("networkidle");
  assert.equal(await notes(page).count(), 0);
  assertQuiet(page);
});

test("les notes affichées dans une page ne s'impriment pas avec elle", async () => {
  const page = await open();
  await page.goto(`${PAGE}?notes=1`);
  await notes(page).first().waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await notes(page).first().isVisible(), false);
});

test("un livret à imprimer ne les contient que si son adresse le demande", async () => {
  const page = await open();
  await page.goto(`${PAGE}?notes=1`);
  const booklet = `imprimer/${PAGE.split("/").slice(0, 2).join("/")}/`;
  await page.goto(booklet, { waitUntil: "networkidle" });
  assert.equal(await notes(page).count(), 0, "what the device remembers does not count on paper");
  await page.getByRole("link", { name: "Avec les notes du formateur" }).click();
  await notes(page).first().waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await notes(page).first().isVisible(), true);
  assertQuiet(page);
});

test("l'interrupteur de la page du formateur les montre et les cache", async () => {
  const page = await open();
  await page.goto("formateur/");
  await page.getByRole("button", { name: "Afficher les notes dans les pages" }).click();
  const hide = page.getByRole("button", { name: "Ne plus afficher les notes dans les pages" });
  assert.equal(await hide.getAttribute("aria-pressed"), "true");
  await page.goto(PAGE);
  await notes(page).first().waitFor();
  await page.goto("formateur/");
  await hide.click();
  await page.goto(PAGE, { waitUntil: "networkidle" });
  assert.equal(await notes(page).count(), 0);
  assertQuiet(page);
});

test("sans JavaScript, elles se lisent dans leur propre document", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto("");
  await page.getByRole("link", { name: "Formateur" }).click();
  await page.locator(`a[href$="${NOTES}"]`).first().click();
  await page.waitForURL(`**/${NOTES}`);
  assert.ok((await notes(page).count()) > 0);
  assert.notEqual((await notes(page).first().innerText()).trim(), "");
});

test("la recherche ne les trouve pas", async () => {
  const source = await readFile(path.join(dist, NOTES, "index.html"), "utf8");
  assert.doesNotMatch(source, /data-pagefind-body/, "Pagefind leaves the document out");
  assert.match(source, /<meta name="robots" content="noindex">/);
  // A phrase that only a note has.
  const phrase = [...source.matchAll(/<div class="alert alert-instructor[\s\S]*?<p>([^<]{30,80})/g)].map(([, text]) => text.trim())[0];
  assert.ok(phrase, "a note begins with plain text");
  const page = await open();
  await page.goto("");
  const found = await page.evaluate(async (text) => {
    const pagefind = await import(new URL(`${document.documentElement.dataset.search}pagefind.js`, document.baseURI));
    const { results } = await pagefind.search(`"${text}"`);
    return Promise.all(results.map(async (result) => (await result.data()).url));
  }, phrase);
  assert.deepEqual(found.filter((url) => url.includes("formateur") || url.includes("presentation")), []);
});

for (const [name, address] of [["la page du formateur", "formateur/"], ["les notes d'un bloc", NOTES], ["une page avec ses notes", `${PAGE}?notes=1`]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name} : accessible, ${colorScheme === "light" ? "clair" : "sombre"}`, async () => {
      const page = await open({ colorScheme, reducedMotion: "reduce" });
      await page.goto(address, { waitUntil: "networkidle" });
      assert.deepEqual(await violations(page), []);
      assertQuiet(page);
      await page.context().close();
    });
  }

  test(`${name} : tient dans 360 px`, async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    await page.goto(address, { waitUntil: "networkidle" });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${width} px`);
    await page.context().close();
  });
}
