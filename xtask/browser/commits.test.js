// The chronology of commits: one crash under two ways to commit, and the crash moved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIPBOARD, assertAccessible, at, beside, bench, copiedFragment, preset, skipQuestion } from "./support/bench.js";
import { assertQuiet, browser, plain, tabTo } from "./support/course.js";

const open = browser();
const PAGE = "jour-1/bloc-1-1/offsets/";
const simulation = (options, fragment) => bench(open, PAGE, "commits", options, fragment);

/** The runs: automatic commit, then `StoreOffset` after processing. */
const run = (figure, index) => figure.locator(".com-run").nth(index);
const slider = (figure, index = 0) => run(figure, index).getByRole("slider", { name: /Instant de l’arrêt brutal/ });
/** What is said of the crash, once its consequences are known. */
async function consequence(figure, index = 0) {
  const sentence = run(figure, index).getByText(/tué à [\d,]+\ss, .+\s: /);
  await sentence.waitFor();
  return plain(await sentence.innerText());
}
const log = async (figure, index) => plain(await run(figure, index).getByRole("img", { name: /^orders.created/ }).getAttribute("aria-label"));
const lit = (figure, index) => run(figure, index).locator(".com-line.lit").innerText();

test("à la souris : prédire ce qui sera perdu, puis comparer les deux façons de valider", async () => {
  const { page, figure } = await simulation();
  await figure.getByRole("textbox", { name: "Votre réponse" }).fill("1");
  await figure.getByRole("button", { name: "Répondre", exact: true }).click();
  await figure.getByText(/^✓ Juste\s: 1\./).waitFor();
  await figure.getByRole("button", { name: "Fermer", exact: true }).click();

  await at(figure, 5_200);
  assert.match(await log(figure, 0), /stocké 2 · validé 2/);
  assert.match(await log(figure, 1), /stocké 1 · validé 1/);
  for (const index of [0, 1]) assert.match(await lit(figure, index), /HandleAsync/);
  await at(figure, 6_000);
  assert.match(await run(figure, 0).locator(".com-line.dead").innerText(), /HandleAsync/, "where the process died");

  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.match(await log(figure, 0), /✕ perdus 1/);
  assert.match(await log(figure, 1), /✕ perdus 0/);
  const { "Messages perdus": lost, "Messages traités une fois": once } = await beside(figure);
  assert.deepEqual({ lost, once }, { lost: [1, 0], once: [3, 4] });
  assertQuiet(page);
});

test("l'arrêt se glisse à la souris : ce qui est perdu ou rejoué change, dans les deux déroulés", async () => {
  const { page, figure } = await simulation();
  await skipQuestion(figure);
  assert.match(await consequence(figure), /pendant le traitement du message 1 : 1 message perdu/);
  const strip = run(figure, 1).getByRole("img", { name: /^Si le processus mourait/ });
  await strip.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await strip.boundingBox();
  await page.mouse.move(x + 10, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 6 });
  assert.match(await consequence(figure, 1), /message 2 : 1 traitement en double/);
  // Beyond the edges the pointer still holds the crash.
  await page.mouse.move(x + width + 40, y - 60, { steps: 6 });
  const last = Number(await slider(figure, 1).getAttribute("max"));
  assert.equal(Number(await slider(figure, 1).inputValue()), last);
  await page.mouse.up();
  await page.mouse.move(x + 10, y + height / 2, { steps: 3 });
  assert.equal(Number(await slider(figure, 1).inputValue()), last, "released, it stays");
  assertQuiet(page);
});

test("au doigt : la page ne défile pas, l'arrêt suit", async () => {
  const { page, figure } = await simulation({ hasTouch: true, viewport: { width: 360, height: 740 } });
  await skipQuestion(figure);
  await consequence(figure);
  const strip = run(figure, 0).getByRole("img", { name: /^Si le processus mourait/ });
  await strip.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await strip.boundingBox();
  const touch = await page.context().newCDPSession(page);
  const send = (type, x) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: x === undefined ? [] : [{ x, y: y + height / 2 }] });
  await send("touchStart", x + 5);
  for (const part of [0.2, 0.4, 0.5]) await send("touchMove", x + width * part);
  await send("touchEnd");
  assert.match(await consequence(figure), /message 2/);
  assertQuiet(page);
});

test("au clavier seul : l'arrêt se déplace, le curseur garde le focus, et le lien le retient", async () => {
  const { page, figure } = await simulation(CLIPBOARD);
  await tabTo(page, figure.getByRole("button", { name: "Voir sans répondre" }));
  await page.keyboard.press("Enter");
  await consequence(figure);
  await tabTo(page, slider(figure));
  await page.keyboard.press("ArrowRight");
  assert.match(await consequence(figure), /message 2/);
  assert.ok(await slider(figure).evaluate((element) => element === document.activeElement), "the slider keeps the focus");
  await page.keyboard.press("ArrowRight");
  const said = await consequence(figure);
  const spoken = plain(await slider(figure).getAttribute("aria-valuetext"));
  assert.equal(spoken, said, "what is seen is what is said");

  const other = await simulation({}, await copiedFragment(page, figure));
  assert.equal(await consequence(other.figure), said);
  await at(other.figure, 26_000);
  await at(figure, 26_000);
  assert.equal(await log(other.figure, 0), await log(figure, 0));
  assertQuiet(page);
});

test("cinq stratégies côte à côte, et le code de celle que l'on choisit", async () => {
  const { page, figure } = await simulation();
  await skipQuestion(figure);
  await preset(figure, "Cinq stratégies");
  assert.equal(await figure.locator(".com-run").count(), 5);
  for (const [name, line] of [["Commit avant", /consumer\.Commit\(result\);[\s\S]*HandleAsync/], ["Tâches", /Task\.Run/]]) {
    await figure.locator(".com-run").getByRole("button", { name, exact: true }).click();
    assert.match(await figure.locator(".com-code code").innerText(), line);
  }
  await preset(figure, "Auto-commit");
  await figure.locator(".com-code").getByText("— Java").waitFor();
  assertQuiet(page);
});

test("un lien abîmé est refusé avec sa raison, et la simulation de la page reste", async () => {
  const first = await simulation();
  const id = await first.figure.getAttribute("id");
  const { page, figure } = await simulation({}, `#${id}?v=1&sim=commits&title=t&seed=x&topic=t`);
  const alert = figure.getByRole("alert").first();
  await alert.getByText("La simulation de la page est affichée à la place").waitFor();
  assert.ok((await alert.innerText()).length > 80, "the reason is given");
  await skipQuestion(figure);
  await consequence(figure);
  assertQuiet(page);
});

test("en lecture, chaque volet est accessible dans les deux thèmes", () => assertAccessible(simulation));

test("sans JavaScript, les deux façons de valider sont dessinées l'une sous l'autre", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(PAGE);
  const last = page.locator("[data-simulation=commits]").first().getByRole("listitem").last();
  const drawn = plain(await last.locator("svg").innerHTML());
  assert.match(drawn, />Auto-commit<[\s\S]*✕ perdus 1[\s\S]*>StoreOffset après<[\s\S]*✕ perdus 0/);
  const dashes = await last.locator("svg .cell-lost").evaluate((cell) => getComputedStyle(cell).strokeDasharray);
  assert.match(dashes, /4/, "the lost record is told apart without the visualizer's stylesheet");
});
