// Validation checklists survive a reload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, browser, pageWith } from "./support/course.js";

const open = browser();

test("une case cochée le reste après rechargement, les autres non", async () => {
  const page = await open();
  await page.goto(await pageWith(/data-checklist=/));
  const list = page.locator("[data-checklist]").first();
  const boxes = list.getByRole("checkbox");
  assert.ok((await boxes.count()) >= 2, "a list of at least two items");
  assert.equal(await boxes.first().isChecked(), false);
  await boxes.first().check();
  await page.reload();
  assert.equal(await boxes.first().isChecked(), true);
  assert.equal(await boxes.nth(1).isChecked(), false);
  await boxes.first().focus();
  await page.keyboard.press("Space");
  await page.reload();
  assert.equal(await boxes.first().isChecked(), false);
  assertQuiet(page);
});
