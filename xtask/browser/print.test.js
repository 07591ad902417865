// A whole day on paper.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./support/course.js";

const open = browser();

test("le jour 1 s'imprime en un document de plusieurs pages", async () => {
  const page = await open();
  await page.goto("imprimer/jour-1/");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
  assert.ok(sheets.length > 5, `${sheets.length} pages`);
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
