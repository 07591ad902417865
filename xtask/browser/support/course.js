// The course under test: its address, its pages, and a browser that notes everything that goes wrong.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

const variable = (name) => process.env[name] ?? assert.fail(`${name} is not set: run « cargo xtask test browser »`);

/** What Playwright itself says where service workers are left out. */
const BLOCKED = "Service Worker registration blocked by Playwright";

/** Address of the server, with a slash at the end. */
export const url = variable("COURSE_URL");
/** Folder of the built site. */
export const dist = variable("COURSE_DIST");

/** Paths of every page that the sitemap lists, relative to the site's root. */
export async function sitemap() {
  const xml = await readFile(path.join(dist, "sitemap.xml"), "utf8");
  const addresses = [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address);
  assert.ok(addresses.length > 5, `the sitemap lists only ${addresses.length} pages`);
  const home = addresses.reduce((shortest, address) => (address.length < shortest.length ? address : shortest));
  return addresses.map((address) => address.slice(home.length));
}

/** HTML of a page, as it was built. */
export const source = (page) => readFile(path.join(dist, page, "index.html"), "utf8");

/** The first page whose HTML matches. */
export async function pageWith(pattern) {
  for (const page of await sitemap()) {
    if (pattern.test(await source(page))) return page;
  }
  return assert.fail(`no page has ${pattern}`);
}

/**
 * Launches one Chromium for the file; returns a function that opens a page in a fresh profile. What keeps the course
 * offline is left out unless asked for: it would fetch the whole course behind each page.
 */
export function browser() {
  let chrome;
  before(async () => {
    chrome = await chromium.launch({
      executablePath: variable("CHROMIUM"),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
  });
  after(() => chrome?.close());
  return async (options = {}) => {
    const context = await chrome.newContext({ baseURL: url, locale: "fr-FR", viewport: { width: 1280, height: 900 }, serviceWorkers: "block", ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.troubles = await watch(page);
    return page;
  };
}

/** Notes errors in the console, uncaught exceptions, refused policies, failed and bad requests. */
async function watch(page) {
  const troubles = [];
  page.on("console", (message) => {
    if (message.text() === BLOCKED) return;
    if (message.type() === "error" || message.type() === "warning") troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`exception: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    // Leaving a page ends its event stream: the browser calls that a failure.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") troubles.push(`${request.failure()?.errorText}: ${request.url()}`);
  });
  await page.exposeFunction("noteViolation", (text) => troubles.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.noteViolation(`${event.violatedDirective} blocked ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  return troubles;
}

/** Opens everything folded, brings every simulation of the page into view, past its question, and waits until all run. */
export async function playAll(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  const simulations = page.locator("[data-simulation]");
  for (const simulation of await simulations.all()) {
    await simulation.scrollIntoViewIfNeeded();
    await simulation.and(page.locator(".running")).waitFor();
    const skip = simulation.getByRole("button", { name: "Voir sans répondre" });
    if (await skip.count()) await skip.click();
    // What is below the pictures follows them.
    if (await simulation.locator(".lab").count()) await simulation.locator(".sim-tabs").first().waitFor();
  }
  return simulations.count();
}

/** Asserts that nothing went wrong on the page. */
export const assertQuiet = (page) => assert.deepEqual(page.troubles, []);

/** Text with its narrow and no-break spaces made ordinary. */
export const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ");

/** Presses Tab, or at need Shift+Tab, until the element has the focus, as someone without a mouse does. */
export async function tabTo(page, target) {
  const focused = () => target.evaluate((element) => element === document.activeElement);
  for (const key of ["Tab", "Shift+Tab"]) {
    for (let presses = 0; presses < 200; presses += 1) {
      if (await focused()) return;
      await page.keyboard.press(key);
    }
  }
  assert.fail(`${target} cannot be reached by Tab`);
}
