// The bench of the simulations in time: what the tests of several simulations do with it.
import assert from "node:assert/strict";
import { violations } from "./axe.js";
import { plain } from "./course.js";

/** Opens a page of the course and returns its first simulation of a kind, or the one at `index`, running. */
export async function bench(open, path, kind, options = {}, fragment = "", index = 0) {
  const page = await open(options);
  await page.goto(path + fragment);
  const figure = page.locator(`[data-simulation=${kind}]`).nth(index);
  await figure.scrollIntoViewIfNeeded();
  await figure.and(page.locator(".running")).waitFor();
  return { page, figure };
}

/** Leaves the page's question unanswered. */
export const skipQuestion = (figure) => figure.getByRole("button", { name: "Voir sans répondre" }).click();

/** Takes the scenario of the course whose name begins so. */
export async function preset(figure, name) {
  const list = figure.getByRole("combobox", { name: "Scénario" });
  const value = await list.locator("option").evaluateAll((options, name) => options.find((option) => option.textContent.startsWith(name))?.value, name);
  await list.selectOption(value);
}

/** Goes to an instant, in milliseconds. */
export const at = (figure, ms) => figure.getByRole("slider", { name: "Instant", exact: true }).fill(String(ms));

/** A table as rows of texts, its head first. */
export const rows = (table) =>
  table.locator("tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))).then((rows) => rows.map((row) => row.map(plain)));

/** A number in a cell: what is before its unit, without spaces. */
export const number = (cell) => Number(cell.replace(/[^\d]/g, ""));

/** The numbers of the run beside the run, by name: one for each. */
export async function beside(figure) {
  await figure.getByRole("tab", { name: "Mesures" }).click();
  const [, ...lines] = await rows(figure.locator("table").last());
  return Object.fromEntries(lines.map(([name, ...cells]) => [name, cells.map(number)]));
}

/** Copies the link of the present state, and returns its fragment. */
export async function copiedFragment(page, figure) {
  await figure.getByRole("button", { name: "Copier le lien" }).click();
  await figure.getByText("Lien copié.").waitFor({ state: "attached" });
  return new URL(await page.evaluate(() => navigator.clipboard.readText())).hash;
}

export const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

/** Asserts that axe-core has nothing to say of any panel while the simulation plays, in either theme. */
export async function assertAccessible(start) {
  for (const colorScheme of ["light", "dark"]) {
    const { page, figure } = await start({ colorScheme });
    await skipQuestion(figure);
    await figure.getByRole("button", { name: "Lecture" }).click();
    for (const panel of ["Journal", "Mesures", "Réglages", "Exporter"]) {
      await figure.getByRole("tab", { name: panel }).click();
      assert.deepEqual(await violations(page), [], `${panel}, ${colorScheme}`);
    }
    await page.context().close();
  }
}
