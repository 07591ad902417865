// The site copied to a static host, under a sub-path, without the server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, browser, dist, pageWith, playAll } from "./support/course.js";
import { serve } from "./support/static-server.js";

const open = browser();
let host;
before(async () => { host = await serve(dist, "/x/y/"); });
after(() => host.close());

test("sous un sous-chemin : navigation, recherche et simulation fonctionnent", async () => {
  const page = await open({ baseURL: host.url });
  const outside = [];
  page.on("request", (request) => { if (!request.url().startsWith(host.url)) outside.push(request.url()); });
  await page.goto("");
  await page.getByRole("link", { name: "Commencer à l’offset 0" }).click();
  await page.waitForURL(`${host.url}jour-1/bloc-1-1/`);
  await page.keyboard.press("/");
  const dialog = page.getByRole("dialog", { name: "Recherche" });
  await dialog.getByRole("searchbox").fill("partition");
  await dialog.getByText(/^\d+ pages?$/).waitFor();
  await dialog.getByRole("link").first().click();
  await page.waitForURL((url) => url.pathname.startsWith("/x/y/") && url.pathname !== "/x/y/jour-1/bloc-1-1/");
  await page.goto(await pageWith(/data-simulation=/));
  assert.ok((await playAll(page)) > 0);
  assert.deepEqual(outside, []);
  assertQuiet(page);
});

test("sans serveur compagnon, le mode direct dit comment le lancer", async () => {
  const page = await open({ baseURL: host.url });
  await page.goto("direct/");
  await page.getByText("cargo xtask serve").waitFor();
});
