// The README's pictures, from the running course: node screenshots.js FOLDER
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { quantize } from "./support/png.js";

const folder = process.argv[2];
const LIMIT = 150_000;

/** Opens the simulation past its question, with a few partitions more, so that moved keys are seen. */
async function simulation(page) {
  const figure = page.locator("[data-simulation]").first();
  await figure.scrollIntoViewIfNeeded();
  await figure.getByRole("button", { name: "Voir sans répondre" }).click();
  await figure.getByRole("tab", { name: "Clés" }).click();
  await figure.getByRole("combobox").nth(1).selectOption({ label: "par défaut (murmur2, KIP-794)" });
  await figure.getByRole("spinbutton", { name: "puis on en ajoute, jusqu’à" }).fill("12");
  await page.keyboard.press("Tab");
  await figure.getByRole("listbox").scrollIntoViewIfNeeded();
  await figure.evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 16));
}

/** Lets some messages land. */
const live = (page) => page.waitForTimeout(8_000);

const PICTURES = [
  { name: "page", path: "jour-1/bloc-1-1/partitions/" },
  { name: "simulation", path: "jour-1/bloc-1-1/partitions/", prepare: simulation },
  { name: "live", path: "direct/", prepare: live },
  { name: "home-dark", path: "", colorScheme: "dark" },
];

await mkdir(folder, { recursive: true });
const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
for (const { name, path: address, prepare, colorScheme = "light" } of PICTURES) {
  const page = await chrome.newPage({ baseURL: process.env.COURSE_URL, locale: "fr-FR", colorScheme, reducedMotion: "reduce", viewport: { width: 1280, height: 860 } });
  await page.goto(address, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  await prepare?.(page);
  const file = path.join(folder, `${name}.png`);
  await writeFile(file, quantize(await page.screenshot()));
  const { size } = await stat(file);
  console.log(`${file} : ${size} octets`);
  if (size > LIMIT) throw new Error(`${file} is larger than ${LIMIT} bytes`);
  await page.close();
}
await chrome.close();
