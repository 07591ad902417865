// Full-text search in a dialog. Pagefind and its index are fetched when the dialog first opens.
import { all, make, root, stylesheet } from "./dom.js";

/** Most results shown. */
const LIMIT = 12;
/** Wait for the next key before searching. */
const PAUSE_MS = 120;
let styled = null;
let view = null;
let pagefind = null;
let turn = 0;

/** Opens the dialog, made at the first call. */
export async function openSearch() {
  styled ??= stylesheet(document.querySelector(".search-open").dataset.style);
  await styled;
  view ??= build();
  if (!view.dialog.open) view.dialog.showModal();
  view.input.select();
  engine().catch(() => {}); // a failure is told when there is something to search
}

/** Pagefind, fetched once; after a failure, tried again. */
function engine() {
  pagefind ??= load().catch((error) => {
    pagefind = null;
    throw error;
  });
  return pagefind;
}

async function load() {
  const module = await import(new URL(`${document.documentElement.dataset.search}pagefind.js`, root));
  await module.options({ excerptLength: 22 });
  await module.init();
  return module;
}

function build() {
  const input = make("input", { type: "search", autocomplete: "off", spellcheck: false, placeholder: "partition, offset, équipement…" });
  input.setAttribute("aria-label", "Rechercher dans le cours");
  const close = make("button", { type: "button" }, "Fermer");
  const form = make("form", {}, input, close);
  const status = make("output");
  const list = make("ol");
  const dialog = make("dialog", { className: "search" }, make("div", {}, form, status, list));
  dialog.setAttribute("aria-label", "Recherche");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("a")) dialog.close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  input.addEventListener("input", () => search(input.value.trim()));
  dialog.addEventListener("keydown", (event) => walk(event, [input, ...all("a", list)]));
  document.body.append(dialog);
  return { dialog, input, status, list };
}

/** Arrow keys go from the field through the results and back. */
function walk(event, stops) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = stops.indexOf(document.activeElement);
  if (!step || from < 0) return;
  event.preventDefault();
  stops[Math.max(0, Math.min(stops.length - 1, from + step))].focus();
}

async function search(text) {
  const mine = ++turn;
  if (!text) return show([], "");
  try {
    const index = await engine();
    await pause(PAUSE_MS);
    if (mine !== turn) return;
    const found = await find(index, text);
    const first = await Promise.all(found.slice(0, LIMIT).map((result) => result.data()));
    if (mine !== turn) return;
    const hits = first.filter((hit) => near(hit, text));
    const count = found.length - first.length + hits.length;
    show(hits, count === 0 ? `Rien sur «\u202f${text}\u202f».` : count === 1 ? "1 page" : `${count} pages`);
  } catch (error) {
    console.warn(error);
    show([], "La recherche n’a pas pu être chargée\u202f: l’index manque, ou le réseau.");
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Pagefind cuts words at spaces and keeps ligatures: elided articles are dropped, and « oe » is sought as « œ » too. */
async function find(index, text) {
  const plain = text.replace(/(^|\s)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]/gi, "$1");
  const ligatures = plain.replace(/oe/gi, "œ").replace(/ae/gi, "æ");
  const lists = await Promise.all([...new Set([plain, ligatures])].map((query) => index.search(query)));
  const best = new Map();
  for (const result of lists.flatMap((list) => list.results)) {
    if (!(best.get(result.id)?.score >= result.score)) best.set(result.id, result);
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}

const fold = (text) => text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD").replace(/\p{M}/gu, "");

/** For a word it does not know, Pagefind takes any that begins as it does, by a letter if need be: that is not an answer. */
function near(hit, text) {
  const found = fold([hit, ...(hit.sub_results ?? [])].map(({ excerpt }) => (excerpt.match(/<mark>.*?<\/mark>/g) ?? []).join()).join());
  return fold(text).split(/[\s'’]+/).some((word) => word && found.includes(word.slice(0, Math.max(2, Math.ceil(word.length * 0.6)))));
}

/** The index holds a space after each elision; what is shown does not. */
const elided = (text) => text.replace(/’ /g, "’");

function show(hits, message) {
  view.status.textContent = message;
  view.list.replaceChildren(...hits.map((hit) => {
    const part = hit.sub_results?.find((sub) => sub.url !== hit.url && sub.excerpt.includes("<mark>"));
    const excerpt = make("p");
    excerpt.innerHTML = elided((part ?? hit).excerpt); // Pagefind escapes the text and adds only <mark>
    const where = part ? make("small", {}, elided(part.title)) : "";
    const bloc = hit.meta.bloc ? make("span", { className: "num" }, `${hit.meta.bloc} `) : "";
    return make("li", {}, make("a", { href: (part ?? hit).url }, make("b", {}, bloc, elided(hit.meta.title)), where, excerpt));
  }));
}
