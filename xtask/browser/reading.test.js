// Opening the course and turning its pages, by the links and by the keyboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, browser, sitemap } from "./support/course.js";

const open = browser();

test("de l'accueil, le premier lien mène à la première page du bloc 1.1", async () => {
  const page = await open();
  await page.goto("");
  await page.getByRole("link", { name: "Commencer à l’offset 0" }).click();
  await page.waitForURL("**/jour-1/bloc-1-1/");
  await assertHeading(page);
  assertQuiet(page);
});

test("« suivant » parcourt tout le jour 1, « précédent » revient à la page d'avant", async () => {
  const expected = (await sitemap()).filter((path) => /^jour-1\/bloc-/.test(path));
  const page = await open();
  await page.goto("jour-1/bloc-1-1/");
  const seen = [];
  for (;;) {
    const path = new URL(page.url()).pathname.slice(1);
    if (!path.startsWith("jour-1/bloc-") || seen.includes(path)) break;
    seen.push(path);
    await assertHeading(page);
    const next = page.getByRole("navigation", { name: "Page précédente, page suivante" }).locator("[rel=next]");
    if (!(await next.count())) break;
    await next.click();
    await page.waitForURL((url) => url.pathname.slice(1) !== path);
  }
  assert.deepEqual(new Set(seen), new Set(expected), "every page of the day, each once");
  await page.goto(seen.at(-1));
  await page.locator("[rel=prev]").click();
  await page.waitForURL(`**/${seen.at(-2)}`);
  assertQuiet(page);
});

test("le lien d'évitement est le premier atteint au clavier et mène au contenu", async () => {
  const page = await open();
  await page.goto("jour-1/bloc-1-1/");
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => document.activeElement.textContent);
  assert.equal(focused, "Aller au contenu");
  await page.keyboard.press("Enter");
  assert.equal(new URL(page.url()).hash, "#contenu");
});

test("le thème choisi est gardé d'une page à l'autre", async () => {
  const page = await open({ colorScheme: "light" });
  await page.goto("jour-1/bloc-1-1/");
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Passer au thème sombre" }).click();
  const dark = await background();
  assert.notEqual(dark, light);
  await page.locator("[rel=next]").click();
  await page.waitForURL((url) => url.pathname !== "/jour-1/bloc-1-1/");
  assert.equal(await background(), dark);
  await page.getByRole("button", { name: "Passer au thème clair" }).click();
  assert.equal(await background(), light);
});

test("une adresse inconnue donne la page 404, qui ramène au cours", async () => {
  const page = await open();
  const response = await page.goto("jour-1/nulle-part/");
  assert.equal(response.status(), 404);
  await page.getByRole("link", { name: "revenir au début du cours" }).click();
  await page.getByRole("link", { name: "Commencer à l’offset 0" }).waitFor();
});

test("copier un bloc de code met son texte dans le presse-papiers", async () => {
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  for (const path of (await sitemap()).filter((candidate) => /^jour-1\/bloc-/.test(candidate))) {
    await page.goto(path);
    const code = page.locator("figure.code").filter({ has: page.getByRole("button", { name: /copier/i }) }).first();
    if (!(await code.count())) continue;
    await code.getByRole("button", { name: /copier/i }).click();
    // The clipboard is the whole browser's: until then it may hold what another test put there.
    await code.getByText("Copié", { exact: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const first = copied.split("\n").find((line) => line.trim() !== "");
    assert.ok(first && (await code.innerText()).includes(first.trim()), `copied: ${copied.slice(0, 80)}`);
    return;
  }
  assert.fail("no page has a code block with a copy button");
});

async function assertHeading(page) {
  const heading = page.getByRole("heading", { level: 1 });
  assert.notEqual((await heading.innerText()).trim(), "");
}
