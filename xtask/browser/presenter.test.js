// A bloc on the big screen: keys and remote, one idea a screen, nothing cut, the lectern in a second window.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./support/axe.js";
import { assertQuiet, browser, sitemap, source } from "./support/course.js";

const open = browser();
const TALK = "presentation/jour-1/bloc-1-1/";
const html = await source(TALK);
const questions = [...html.matchAll(/<section class="screen screen-question" id="([^"]+)"/g)].map(([, id]) => id);

/** All presentations: one for each bloc that is written. */
const talks = [...new Set((await sitemap()).map((page) => /^jour-\d+\/bloc-[^/]+\//.exec(page)?.[0]).filter(Boolean))].map((bloc) => `presentation/${bloc}`);

/** Ids of the screens of a presentation, in order. */
const screensOf = async (address) => [...(await source(address)).matchAll(/<section class="screen[^"]*" id="([^"]+)"/g)].map(([, id]) => id);

const ids = await screensOf(TALK);

/** The presentation at a screen. */
async function talk(id = "", options = {}) {
  const page = await open(options);
  await page.goto(`${TALK}${id && `#${id}`}`);
  await page.locator(".screen.current").waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page;
}

const shown = (page) => page.locator("main .screen.current").getAttribute("id");

/** Opens the lectern by its key. */
async function lectern(page) {
  const [popup] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("n")]);
  await popup.locator(".screen.current").waitFor();
  return popup;
}

async function until(read, expected) {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline;) {
    if ((await read()) === expected) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  assert.equal(await read(), expected);
}

test("chaque page du bloc ouvre un écran, chaque titre aussi", () => {
  assert.ok(ids.length > 60, `${ids.length} screens`);
  assert.equal(new Set(ids).size, ids.length, "each has an address of its own");
  assert.equal(html.match(/class="screen [^"]*screen-opening"/g).length, html.match(/data-minutes="\d+"><span class="cell-box"/g).length);
});

test("au clavier et à la télécommande : avancer, reculer, début, fin", async () => {
  const page = await talk();
  assert.equal(await shown(page), ids[0]);
  const steps = [["ArrowRight", 1], ["Space", 2], ["PageDown", 3], ["PageUp", 2], ["ArrowLeft", 1], ["Shift+Space", 0], ["End", ids.length - 1], ["PageDown", ids.length - 1], ["Home", 0], ["PageUp", 0]];
  for (const [key, index] of steps) {
    await page.keyboard.press(key);
    assert.equal(await shown(page), ids[index], key);
  }
  assertQuiet(page);
});

test("l'écran courant est dans l'adresse, et l'adresse y ramène", async () => {
  const page = await talk(ids[20]);
  assert.equal(await shown(page), ids[20]);
  await page.keyboard.press("ArrowRight");
  assert.equal(decodeURIComponent(new URL(page.url()).hash.slice(1)), ids[21]);
  await page.reload();
  assert.equal(await shown(page), ids[21]);
  await page.evaluate((id) => { location.hash = id; }, ids[5]);
  await until(() => shown(page), ids[5]);
});

/** Runs in the page: shows a screen; says what of it is cut, if anything is. */
function whatIsCut(target) {
  location.hash = target;
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const screen = document.querySelector(".screen.current");
      const edges = screen.getBoundingClientRect();
      const seen = [...screen.querySelectorAll(".line, p, li, td, svg")].filter((element) => element.checkVisibility() && !element.closest(".simulation.running"));
      const out = seen.find((element) => {
        const box = element.getBoundingClientRect();
        return box.right > edges.right + 1 || box.bottom > edges.bottom + 1;
      });
      resolve(screen.id !== target ? `shows ${screen.id}` : out ? out.outerHTML.slice(0, 120) : "");
    }));
  });
}

for (const address of talks) {
  test(`${address} : rien n'est coupé, à aucun écran`, async () => {
    const wall = { width: 1920, height: 1080 };
    for (const viewport of address === TALK ? [wall, { width: 1024, height: 768 }] : [wall]) {
      const page = await open({ viewport });
      await page.goto(address);
      await page.evaluate(() => document.fonts.ready);
      for (const id of await screensOf(address)) assert.equal(await page.evaluate(whatIsCut, id), "", `${id} at ${viewport.width} px`);
      assertQuiet(page);
      await page.context().close();
    }
  });
}

test("le texte se lit du fond de la salle", async () => {
  const page = await talk("", { viewport: { width: 1920, height: 1080 } });
  const sizes = await page.evaluate(async (all) => {
    const found = [];
    for (const id of all) {
      location.hash = id;
      await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
      const screen = document.querySelector(".screen.current");
      const zoom = Number(screen.firstElementChild.style.zoom);
      if (screen.matches(".screen-texte, .screen-encadre")) found.push(parseFloat(getComputedStyle(document.documentElement).fontSize) * zoom);
    }
    return found;
  }, ids);
  // One thirtieth of the wall's height: what a reader sees at six times the height of the picture, and half as much again.
  const small = sizes.filter((size) => size < 1080 / 36);
  assert.deepEqual(small, []);
  assert.ok(sizes.filter((size) => size >= 1080 / 24).length > sizes.length * 0.8, "most texts are larger still");
});

test("une question se montre d'abord, sa réponse ensuite, et le retour la referme", async () => {
  const page = await talk(questions[0]);
  const right = page.locator(".screen.current .good-mark");
  const correction = page.locator(".screen.current .quiz-correction");
  assert.equal(await right.count(), 0);
  assert.equal(await correction.isVisible(), false);
  await page.keyboard.press("ArrowRight");
  assert.equal(await shown(page), questions[0], "the answer comes before the next screen");
  assert.equal(await right.count(), 1);
  assert.equal(await correction.isVisible(), true);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await right.count(), 0);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.equal(await shown(page), ids[ids.indexOf(questions[0]) + 1]);
  assertQuiet(page);
});

test("le pupitre suit et conduit, avec les notes, l'écran suivant et le temps", async () => {
  const section = /id="([^"]+)"[^>]*data-notes="([^"]+)"/.exec(html.slice(html.indexOf("data-notes") - 400));
  const page = await talk(section[1]);
  const desk = await lectern(page);
  assert.equal(await shown(desk), section[1]);
  const note = await desk.locator(".talk-own-notes .alert-instructor").first().innerText();
  assert.notEqual(note.trim(), "");
  const index = ids.indexOf(section[1]);
  await desk.bringToFront();
  await desk.keyboard.press("PageDown");
  await until(() => shown(page), ids[index + 1]);
  await until(() => desk.locator('[data-do="timer"]').innerText(), "Suspendre");
  await page.bringToFront();
  await page.keyboard.press("PageDown");
  await until(() => shown(desk), ids[index + 2]);
  const next = await desk.locator(".talk-next h2").innerText();
  assert.equal(next, await page.evaluate((id) => document.getElementById(id).querySelector("h2").textContent.trim(), ids[index + 3]));
  await desk.getByText(/fin prévue/).waitFor();
  assertQuiet(page);
});

test("le chronomètre compte la page, le bloc et le jour, et dit l'avance et le retard", async () => {
  const page = await open();
  await page.clock.install({ time: new Date("2026-11-30T09:00:00") });
  await page.goto(TALK);
  const late = page.locator(".talk-late");
  await page.keyboard.press("c");
  await page.keyboard.press("t");
  await page.clock.runFor(62_000);
  assert.match(await late.innerText(), /bloc 1:0\d sur 1 h 30/);
  // The opening page is planned for three minutes; ten minutes on it are seven too many.
  await page.clock.runFor(9 * 60_000);
  assert.match(await late.innerText(), /bloc 10:0\d sur 1 h 30, \d+ min de retard/);
  await page.keyboard.press("End");
  assert.match(await late.innerText(), /7\d min d’avance/);
  await page.keyboard.press("t");
  const before = await late.innerText();
  await page.clock.runFor(5 * 60_000);
  assert.equal(await late.innerText(), before, "suspended");
});

test("une simulation garde ses touches, la télécommande garde les siennes", async () => {
  const id = /<section class="screen screen-figure" id="([^"]+)"(?:(?!<\/section>)[\s\S])*?data-simulation=/.exec(html)[1];
  const page = await talk(id);
  const figure = page.locator(".screen.current [data-simulation]");
  await figure.and(page.locator(".running")).waitFor();
  const control = figure.locator("button:visible, input:visible").first();
  await control.focus();
  await page.keyboard.press("Escape");
  assert.equal(await shown(page), id, "the first Escape gives the keyboard back");
  await page.keyboard.press("PageDown");
  assert.notEqual(await shown(page), id);
  assertQuiet(page);
});

test("« ? » montre les touches, Échap les referme puis quitte vers la page", async () => {
  const page = await talk(ids[0]);
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Aide du clavier" });
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  assert.equal(await shown(page), ids[0]);
  await page.keyboard.press("Escape");
  await page.waitForURL("**/jour-1/bloc-1-1/");
});

test("les liens d'un écran s'ouvrent ailleurs, et la salle reste où elle est", async () => {
  const page = await talk();
  const targets = await page.locator("main .screen a[href]").evaluateAll((links) => links.filter((link) => !link.getAttribute("href").startsWith("#")).map((link) => link.target));
  assert.ok(targets.length > 0);
  assert.ok(targets.every((target) => target === "_blank"));
});

test("sans JavaScript, les écrans se lisent l'un sous l'autre, les notes repliées", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(TALK);
  for (const id of [ids[0], ids[30], ids.at(-1)]) assert.equal(await page.locator(`[id="${id}"]`).isVisible(), true, id);
  const note = page.locator(".talk-notes .alert-instructor").first();
  assert.equal(await note.isVisible(), false);
  await page.getByText("Notes du formateur").click();
  assert.equal(await note.isVisible(), true);
});

for (const colorScheme of ["light", "dark"]) {
  test(`écrans et pupitre accessibles, ${colorScheme === "light" ? "clair" : "sombre"}`, async () => {
    const page = await talk(ids[1], { colorScheme, reducedMotion: "reduce" });
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("End");
    assert.deepEqual(await violations(page), []);
    const desk = await lectern(page);
    assert.deepEqual(await violations(desk), []);
    assertQuiet(page);
    await page.context().close();
  });
}
