// The printable documents of a built site as PDF files, with the page numbers of their contents: node pdf.js SITE FOLDER
//
// 1. Each document under `imprimer/` is printed, to learn on which page each section begins.
// 2. The numbers go into its table of contents, and it is printed again, until no number moves.
// 3. `imprimer/jour-1/` becomes `jour-1.pdf`, `imprimer/jour-1/bloc-1-1/` becomes `jour-1/bloc-1-1.pdf`.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { pagesOf } from "./support/pdf.js";
import { serve } from "./support/static-server.js";

const [, , site, folder] = process.argv;
const PRINTED = "imprimer/";
/** A first print may still load what only paper shows; two that agree are enough. */
const PASSES = 6;
/** As CSS lays it out, with bookmarks and a structure that screen readers follow. */
const OPTIONS = { preferCSSPageSize: true, outline: true, tagged: true };

/** Folders of the printable documents, relative to the site. */
async function documents() {
  const files = await readdir(path.join(site, PRINTED), { recursive: true });
  return files.filter((file) => path.basename(file) === "index.html").map((file) => `${PRINTED}${path.dirname(file)}/`).sort();
}

async function print(page, address) {
  await page.goto(address, { waitUntil: "networkidle" });
  await page.evaluate(() => document.fonts.ready);
  let written = "";
  for (let pass = 0; pass < PASSES; pass += 1) {
    const pdf = await page.pdf(OPTIONS);
    const numbers = JSON.stringify(await page.evaluate(fillContents, Object.fromEntries(pagesOf(pdf))));
    if (numbers === written) return pdf;
    written = numbers;
  }
  throw new Error(`${address}: its page numbers do not settle`);
}

/** Runs in the page: writes the page numbers into the contents, and says them. */
function fillContents(numbers) {
  return [...document.querySelectorAll(".booklet-toc li:has(a)")].map((line) => {
    const id = decodeURIComponent(line.querySelector("a").hash.slice(1));
    if (!numbers[id]) throw new Error(`no page found for #${id}`);
    line.querySelector(".toc-page").textContent = numbers[id];
    return numbers[id];
  });
}

const host = await serve(site, "/");
const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await chrome.newPage({ locale: "fr-FR", colorScheme: "light" });
  for (const document of await documents()) {
    const pdf = await print(page, host.url + document);
    const file = path.join(folder, `${document.slice(PRINTED.length, -1)}.pdf`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, pdf);
    console.log(`${file} : ${pdf.length} octets`);
  }
} finally {
  await chrome.close();
  host.close();
}
