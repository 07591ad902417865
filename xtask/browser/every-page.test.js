// What must hold on every page of the sitemap.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { violations } from "./support/axe.js";
import { assertQuiet, browser, playAll, sitemap } from "./support/course.js";

const open = browser();
const pages = [...(await sitemap()), "404.html"];

/** The most that a page may weigh: HTML, CSS and scripts under gzip, in bytes. */
const WEIGHT = 30 * 1024;
/** The narrowest screen, in CSS pixels. */
const NARROW = 360;

for (const path of pages) {
  for (const [theme, colorScheme] of [["clair", "light"], ["sombre", "dark"]]) {
    test(`/${path} : accessible et sans erreur, thème ${theme}`, async () => {
      const page = await open({ colorScheme, reducedMotion: "reduce" });
      await page.goto(path);
      await playAll(page);
      assert.equal(await page.locator("h1").count(), 1, "one h1");
      assert.deepEqual(await violations(page), []);
      assertQuiet(page);
      await page.context().close();
    });
  }

  test(`/${path} : tient dans ${NARROW} px`, async () => {
    const page = await open({ viewport: { width: NARROW, height: 740 } });
    await page.goto(path);
    await playAll(page);
    const { wide, culprits } = await page.evaluate(overflow);
    assert.ok(wide <= NARROW, `the page is ${wide} px wide because of ${culprits.join(", ")}`);
    await page.context().close();
  });
}

/** Runs in the page: its width, and what makes it so. */
function overflow() {
  const wide = document.documentElement.scrollWidth;
  const out = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  const culprits = out.slice(0, 8).map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`);
  return { wide, culprits };
}

for (const path of pages.filter((page) => /^jour-\d\/bloc-/.test(page))) {
  test(`/${path} : pèse au plus 30 Kio`, async () => {
    const page = await open();
    const weights = [];
    page.on("response", async (response) => {
      const type = response.headers()["content-type"] ?? "";
      // The visualizer is weighed with its wasm, and fetched only when a simulation comes into view.
      if (!/html|css|javascript/.test(type) || response.url().includes("/visualizer")) return;
      weights.push(response.body().then((body) => [new URL(response.url()).pathname, gzipSync(body, { level: 9 }).length]));
    });
    await page.goto(path, { waitUntil: "networkidle" });
    const parts = await Promise.all(weights);
    const total = parts.reduce((sum, [, weight]) => sum + weight, 0);
    assert.ok(parts.length >= 3, "HTML, CSS and scripts were counted");
    assert.ok(total <= WEIGHT, `${total} bytes: ${JSON.stringify(parts)}`);
    await page.context().close();
  });
}
