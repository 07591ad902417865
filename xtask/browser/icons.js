// The icons of the installed course, from the site's own icon: node icons.js
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { quantize } from "./support/png.js";

const FOLDER = new URL("../../site/assets/icons/", import.meta.url);
const PAPER = "#fbf9f4";
/** What each file is for, its side in pixels, and how much of it the drawing fills: a maskable icon may lose its edges. */
const ICONS = [
  { name: "icon-180.png", side: 180, part: 0.8 },
  { name: "icon-192.png", side: 192, part: 0.88 },
  { name: "icon-512.png", side: 512, part: 0.88 },
  { name: "icon-maskable-512.png", side: 512, part: 0.66 },
];

const drawing = await readFile(new URL("icon.svg", FOLDER), "utf8");
const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await chrome.newPage();
for (const { name, side, part } of ICONS) {
  await page.setViewportSize({ width: side, height: side });
  await page.setContent(`<style>body { margin: 0; height: 100vh; display: grid; place-items: center; background: ${PAPER}; } svg { width: ${100 * part}%; }</style>${drawing}`);
  const file = fileURLToPath(new URL(name, FOLDER));
  await writeFile(file, quantize(await page.screenshot()));
  console.log(file);
}
await chrome.close();
