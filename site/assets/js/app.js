// What a page does once it is read. Each module is one behaviour, fetched only where the page has a use for it; what has no
// business before it is seen waits until it comes near the screen, or the page is at rest. None is needed to read.
import { all } from "./dom.js";
import { progress } from "./progress.js";
import { namesOfVersion1, recall } from "./storage.js";
import { theme } from "./theme.js";

/** How long a loaded page is left alone before what can wait is fetched, in milliseconds. */
const REST_MS = 2_000;

theme();
const former = namesOfVersion1();
if (former.length) await import("./journey-v1.js").then((module) => module.takeOver(former));
progress();

const has = (selector) => document.querySelector(selector) !== null;

/** Calls `start` once the page is loaded and at rest. */
function atRest(start) {
  const wait = () => setTimeout(start, REST_MS);
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait);
}

/** Calls `start` once one of the elements that match comes near the screen; at rest at the latest. */
function near(selector, start) {
  const elements = all(selector);
  if (!elements.length) return;
  const observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) begin(); }, { rootMargin: "300px" });
  const begin = () => {
    if (started) return;
    started = true;
    observer.disconnect();
    start();
  };
  let started = false;
  elements.forEach((element) => observer.observe(element));
  atRest(begin);
}

if (has("[data-tabs]")) import("./tabs.js").then((module) => module.tabs());
if (has("[data-checklist]")) import("./checklist.js").then((module) => module.checklists());
// A shared link names its figure, then "?" and the scenario: it is gone to at once.
const embeds = () => import("./embed.js").then((module) => module.embeds());
if (location.hash.includes("?")) embeds();
else near("[data-simulation], [data-live]", embeds);
near("figure.code", () => import("./copy.js").then((module) => module.copy()));
near(".code .mark", () => import("./annotations.js").then((module) => module.annotations()));
// The printable day shows its corrections; elsewhere they wait for an answer.
near("body:not(.impression) [data-quiz]", () => import("./quiz.js").then((module) => module.quizzes()));
if (has("[data-journey]")) import("./parcours.js").then((module) => module.parcours());

// Where one is in the page is told once one moves in it.
if (has(".toc")) addEventListener("scroll", () => import("./toc.js").then((module) => module.toc()), { once: true });

// Definitions wait for the first pointer, focus or tap on a term, which they then answer.
const ASKS = {
  pointerover: (event) => event.pointerType === "mouse",
  focusin: (event) => event.target.matches(":focus-visible"),
  click: (event) => event.pointerType === "touch",
};
function define(event) {
  const link = event.target.closest?.(".term > a, .fn > a");
  if (!link || !ASKS[event.type](event)) return;
  if (event.type === "click") event.preventDefault();
  Object.keys(ASKS).forEach((type) => removeEventListener(type, define));
  import("./bubbles.js").then((module) => module.bubbles(link));
}
if (has(".term, .fn")) Object.keys(ASKS).forEach((type) => addEventListener(type, define));

if ("offline" in document.documentElement.dataset) atRest(() => import("./offline.js").then((module) => module.offline()));

// Instructor's notes, for who asks for them ("?notes=1") or did before.
if (location.search || recall("notes") || has(".formateur")) import("./notes.js").then((module) => module.notes());

document.querySelector(".print-now")?.addEventListener("click", () => print());

const searchButton = document.querySelector(".search-open");
if (searchButton) {
  const open = () => import("./search.js").then((module) => module.openSearch());
  searchButton.addEventListener("click", open);
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (slash || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
  });
}
