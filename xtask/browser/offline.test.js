// The course without network: one visit is enough, a newer version waits for the reader, and the server's API is never kept.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { assertQuiet, browser, dist, pageWith, playAll, sitemap } from "./support/course.js";
import { serve } from "./support/static-server.js";

const open = browser();
let folder;
let host;

// A copy of the site, so that a test may publish another version of it; under a sub-path, as on a forge.
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "course-"));
  await cp(dist, folder, { recursive: true });
  host = await serve(folder, "/x/y/");
});
// What tests change.
beforeEach(() => Promise.all(["sw.js", "index.html", "jour-1/index.html"].map((file) => cp(path.join(dist, file), path.join(folder, file)))));
after(async () => {
  host.close();
  await rm(folder, { recursive: true });
});

/** A page of the host with service workers, on the home page. */
async function visit(start = "") {
  const page = await open({ baseURL: host.url, serviceWorkers: "allow" });
  await page.goto(start);
  return page;
}

/** Waits until the whole course is on the device and answers for this page. */
const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", undefined, { timeout: 60_000 });

const published = async () => JSON.parse(await readFile(path.join(folder, "hors-ligne.json"), "utf8"));

/** Publishes another version of the course: its home page says `words`. */
async function publish(words) {
  const file = path.join(folder, "index.html");
  const page = (await readFile(file, "utf8")).replace(/<h1>.*?<\/h1>/s, `<h1>${words}</h1>`);
  await writeFile(file, page);
  const hash = createHash("sha256").update(page).digest("base64");
  const worker = await readFile(path.join(folder, "sw.js"), "utf8");
  const version = createHash("sha256").update(words).digest("hex").slice(0, 16);
  await writeFile(path.join(folder, "sw.js"), worker.replace(/\["","[^"]+"\]/, `["","${hash}"]`).replace(/VERSION = "[^"]+"/, `VERSION = "${version}"`));
}

test("après une visite, tout le cours se lit sans réseau : pages, recherche, simulations, polices", async () => {
  const page = await visit();
  await kept(page);
  await page.context().setOffline(true);
  // Live mode looks for its server, which is no part of the course.
  for (const address of (await sitemap()).filter((candidate) => candidate !== "direct/")) {
    const response = await page.goto(address);
    assert.equal(response.status(), 200, address);
    assert.ok(response.fromServiceWorker(), `/${address} comes from the device`);
  }
  await page.goto(await pageWith(/data-simulation=/));
  assert.ok((await playAll(page)) > 0, "simulations run");
  await page.keyboard.press("/");
  const dialog = page.getByRole("dialog", { name: "Recherche" });
  await dialog.getByRole("searchbox").fill("partition");
  await dialog.getByText(/^\d+ pages?$/).waitFor();
  const fonts = await page.evaluate(async () => [...(await document.fonts.ready)].filter(({ status }) => status === "loaded").map(({ family }) => family));
  for (const family of ["Literata", "Bricolage", "Commit"]) assert.ok(fonts.includes(family), `${family} is read from the device: ${fonts}`);
  assertQuiet(page);
});

test("sans réseau, un lab se télécharge et une adresse inconnue le dit", async () => {
  const page = await visit(await pageWith(/class="take-away"/));
  await kept(page);
  await page.context().setOffline(true);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Télécharger le lab" }).click()]);
  const bytes = await readFile(await download.path());
  assert.equal(bytes.toString("latin1", 0, 2), "PK");
  const response = await page.goto("jour-1/nulle-part/");
  assert.equal(response.status(), 404);
  await page.getByRole("heading", { name: "Offset hors limites" }).waitFor();
  await page.goto("jour-1");
  assert.equal(page.url(), `${host.url}jour-1/`, "an address without its last slash is completed");
});

test("ce qui est gardé est dans la liste, et rien de l'API", async () => {
  const page = await visit();
  await kept(page);
  await page.evaluate((api) => Promise.all(["state", "events"].map((name) => fetch(new URL(name, api)).catch(() => {}))), `${host.url}api/v1/`);
  await page.goto("direct/");
  const keys = await page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((request) => request.url)));
    return { names, urls: all.flat() };
  });
  assert.equal(keys.names.length, 1);
  assert.equal(keys.urls.length, (await published()).files);
  assert.deepEqual(keys.urls.filter((url) => /\/api\/|sw\.js|hors-ligne\.json/.test(url)), []);
  assert.ok(keys.urls.every((url) => url.startsWith(host.url)));
});

test("la taille est dite avant, pendant et après ; retirer la copie la retire pour de bon", async () => {
  const { bytes } = await published();
  const megabytes = `${(Math.round(bytes / 1e5) / 10).toString().replace(".", ",")}\u00a0Mo`;
  const page = await visit("parcours/");
  const state = page.locator("[data-offline-state]");
  await state.filter({ hasText: `Le cours entier tient en ${megabytes}.` }).waitFor();
  await page.getByRole("button", { name: "Garder hors ligne" }).click();
  await state.filter({ hasText: `Le cours entier est sur cet appareil\u202f: ${megabytes}.` }).waitFor();
  await page.getByRole("button", { name: "Retirer la copie" }).click();
  await page.getByRole("button", { name: "Garder hors ligne" }).waitFor();
  await page.goto("");
  await page.waitForTimeout(3_000);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length), 0);
});

test("une nouvelle version s'annonce ; elle attend que le lecteur la prenne", async () => {
  const page = await visit();
  await kept(page);
  const before = await page.getByRole("heading", { level: 1 }).innerText();
  await publish("Seconde édition");
  await page.reload();
  const notice = page.getByRole("complementary", { name: "Mise à jour" });
  await notice.getByText("Une nouvelle version du cours est disponible.").waitFor();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), before, "the old version is still read");
  await notice.getByRole("button", { name: "Plus tard" }).click();
  await page.reload();
  await page.waitForTimeout(3_000);
  assert.equal(await notice.count(), 0, "put off, it is not announced again");
  await page.goto("parcours/");
  await page.getByText("Une nouvelle version du cours est disponible").waitFor();
  await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Mettre à jour" }).click()]);
  await page.goto("");
  await page.getByRole("heading", { name: "Seconde édition" }).waitFor();
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole("heading", { name: "Seconde édition" }).waitFor();
  assertQuiet(page);
});

test("une version qui n'arrive pas entière n'est pas prise", async () => {
  const page = await visit();
  await kept(page);
  const heading = page.getByRole("heading", { level: 1 });
  const before = await heading.innerText();
  await publish("Troisième édition");
  // Another hash is announced for a page than that of the bytes that are there.
  await appendFile(path.join(folder, "jour-1/index.html"), " ");
  const worker = await readFile(path.join(folder, "sw.js"), "utf8");
  await writeFile(path.join(folder, "sw.js"), worker.replace(/(\["jour-1\/",")[^"]{4}/, "$1AAAA"));
  const ended = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const { installing } = await registration.update();
    return new Promise((done) => {
      const look = () => { if (["redundant", "installed"].includes(installing.state)) done(installing.state); };
      installing.addEventListener("statechange", look);
      look();
    });
  });
  assert.equal(ended, "redundant");
  assert.equal(await page.getByRole("complementary", { name: "Mise à jour" }).count(), 0);
  await page.context().setOffline(true);
  await page.reload();
  assert.equal(await heading.innerText(), before, "the whole version that was there is still read");
});

test("un site construit pour le développement défait ce qu'un autre avait gardé à son adresse", async () => {
  const page = await visit();
  await kept(page);
  const retiring = await readFile(new URL("../../site/src/offline/retire.js", import.meta.url), "utf8");
  await writeFile(path.join(folder, "sw.js"), retiring);
  await page.reload();
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length === 0);
});
