// Terms explain themselves in place — by mouse, keyboard and touch — and the glossary leads back to where they are used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, browser, pageWith } from "./support/course.js";

const open = browser();
const path = await pageWith(/<body class="texte">[\s\S]*<p>[^<]*<dfn class="term"/);

/** The page's first term that is not folded away, and what its definition begins with. */
async function term(page) {
  await page.goto(path);
  const dfn = page.locator(".prose > p dfn.term").first();
  return { link: dfn.getByRole("link"), definition: await dfn.getAttribute("data-definition") };
}

test("à la souris, la définition apparaît, se survole, et disparaît", async () => {
  const page = await open();
  const { link, definition } = await term(page);
  await link.hover();
  const bubble = page.getByRole("tooltip");
  await bubble.waitFor();
  assert.equal(await bubble.innerText(), definition);
  await bubble.hover();
  await page.waitForTimeout(400);
  assert.equal(await bubble.isVisible(), true, "it can be read with the mouse over it");
  await page.mouse.move(2, 2);
  await bubble.waitFor({ state: "hidden" });
  assertQuiet(page);
});

test("au clavier, le premier terme atteint s'explique, Échap ferme, et Entrée mène au glossaire", async () => {
  const page = await open();
  const { link, definition } = await term(page);
  const bubble = page.getByRole("tooltip");
  await link.evaluate((element) => {
    // The stop before it, so that Tab is what reaches it.
    const before = document.createElement("button");
    element.closest("p").before(before);
    before.focus();
  });
  for (let stop = 0; stop < 5 && !(await link.evaluate((element) => element === document.activeElement)); stop += 1) await page.keyboard.press("Tab");
  await bubble.waitFor();
  assert.equal(await bubble.innerText(), definition);
  assert.equal(await link.getAttribute("aria-describedby"), "bulle");
  await page.keyboard.press("Escape");
  await bubble.waitFor({ state: "hidden" });
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/glossaire\/#/);
});

test("au doigt, un premier appui explique, un second mène au glossaire, un appui à côté ferme", async () => {
  const page = await open({ hasTouch: true, viewport: { width: 390, height: 800 } });
  const { link, definition } = await term(page);
  const bubble = page.getByRole("tooltip");
  await link.tap();
  await bubble.waitFor();
  assert.equal(await bubble.innerText(), definition);
  const { x, width } = await bubble.boundingBox();
  assert.ok(x >= 0 && x + width <= 390, "the bubble stays on the screen");
  await page.getByRole("heading", { level: 1 }).tap();
  await bubble.waitFor({ state: "hidden" });
  await link.tap();
  await bubble.waitFor();
  await link.tap();
  await page.waitForURL(/\/glossaire\/#/);
});

test("sans JavaScript, un terme mène à sa définition, qui mène à toutes les pages et sections qui l'emploient", async () => {
  const page = await open({ javaScriptEnabled: false });
  const { link } = await term(page);
  const href = await link.getAttribute("href");
  await link.click();
  await page.waitForURL(/\/glossaire\/#/);
  const entry = page.locator(`div:has(> dt[id="${href.split("#")[1]}"])`);
  await entry.locator("summary").click();
  const back = entry.locator(`.uses a[href^="../${path}"]`);
  assert.ok((await back.count()) >= 1, "the page is named");
  await back.last().click();
  await page.waitForURL((url) => url.pathname === `/${path}`);
});

test("chaque renvoi du glossaire mène à une section qui existe", async () => {
  const page = await open();
  await page.goto("glossaire/");
  const links = await page.locator(".uses a").evaluateAll((all) => all.map((link) => link.href));
  assert.ok(links.length > 50, `${links.length} links`);
  for (const address of new Set(links.map((link) => link.split("#")[0]))) {
    const response = await page.request.get(address);
    assert.equal(response.status(), 200, address);
    const html = await response.text();
    for (const link of links.filter((one) => one.startsWith(`${address}#`))) {
      assert.ok(html.includes(`id="${decodeURIComponent(link.slice(address.length + 1))}"`), link);
    }
  }
});
