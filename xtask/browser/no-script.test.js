// The course without JavaScript: everything to read is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, pageWith } from "./support/course.js";

const open = browser();

test("sans JavaScript, une simulation est son déroulé en images légendées", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(await pageWith(/data-simulation=/));
  const figure = page.locator("[data-simulation]").first();
  const frames = figure.getByRole("listitem");
  assert.ok((await frames.count()) >= 2, "at least two frames");
  for (const frame of await frames.all()) {
    assert.notEqual((await frame.innerText()).trim(), "", "each frame says what it shows");
    const box = await frame.locator("svg").first().boundingBox();
    assert.ok(box && box.width > 100 && box.height > 40, "each frame is drawn");
  }
});

test("sans JavaScript, un quiz donne sa correction à qui l'ouvre", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(await pageWith(/<form[^>]+data-quiz=/));
  const correction = page.locator("form[data-quiz] details").first();
  const inside = correction.locator(":scope > :not(summary)").first();
  assert.equal(await inside.isVisible(), false);
  await correction.locator("summary").click();
  assert.equal(await inside.isVisible(), true);
  assert.notEqual((await inside.innerText()).trim(), "");
});

test("sans JavaScript, on lit, on suit les liens, et rien ne prétend fonctionner", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto("jour-1/bloc-1-1/");
  assert.ok((await page.locator("main").innerText()).length > 500);
  assert.equal(await page.getByRole("button", { name: "Rechercher" }).count(), 0);
  await page.locator("[rel=next]").click();
  await page.waitForURL((url) => url.pathname !== "/jour-1/bloc-1-1/");
  await page.goto("direct/");
  await page.getByText("cargo xtask serve").waitFor();
});
