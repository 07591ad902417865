// Full-text search in French.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, browser } from "./support/course.js";

const open = browser();

async function search(page, text) {
  await page.getByRole("button", { name: "Rechercher" }).click();
  const dialog = page.getByRole("dialog", { name: "Recherche" });
  await dialog.getByRole("searchbox", { name: "Rechercher dans le cours" }).fill(text);
  await dialog.getByText(/^\d+ pages?$|^Rien sur/).waitFor();
  return dialog;
}

for (const [typed, found] of [["equipement", /équipement/i], ["reseau", /réseau/i]]) {
  test(`« ${typed} », tapé sans accent, trouve « ${found.source} »`, async () => {
    const page = await open();
    await page.goto("");
    const dialog = await search(page, typed);
    const marks = await dialog.locator("mark").allInnerTexts();
    assert.ok(marks.some((mark) => found.test(mark)), `found: ${marks.join(", ") || "nothing"}`);
    await dialog.getByRole("link").filter({ hasText: found }).first().click();
    await page.waitForURL((url) => url.pathname !== "/");
    assert.match(await page.locator("main").textContent(), found);
    assertQuiet(page);
  });
}

test("au clavier seul : « / » ouvre, les flèches choisissent, Entrée mène à la page", async () => {
  const page = await open();
  await page.goto("");
  await page.keyboard.press("/");
  const dialog = page.getByRole("dialog", { name: "Recherche" });
  await dialog.waitFor();
  await page.keyboard.type("partition");
  await dialog.getByText(/^\d+ pages?$/).waitFor();
  await page.keyboard.press("ArrowDown");
  const target = await page.evaluate(() => document.activeElement.href);
  assert.ok(target, "the first result has the focus");
  await page.keyboard.press("Enter");
  await page.waitForURL(target);
});

test("un mot absent le dit", async () => {
  const page = await open();
  await page.goto("");
  const dialog = await search(page, "zymurgie");
  await dialog.getByText("Rien sur « zymurgie ».").waitFor();
  assert.equal(await dialog.getByRole("link").count(), 0);
});
