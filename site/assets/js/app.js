// What a page does once it is read. Each module is one behaviour, fetched only where the page has a use for it;
// none is needed to read.
import { progress } from "./progress.js";
import { theme } from "./theme.js";
import { toc } from "./toc.js";

theme();
toc();
progress();

const has = (selector) => document.querySelector(selector) !== null;

if (has("[data-tabs]")) import("./tabs.js").then((module) => module.tabs());
if (has("figure.code")) import("./copy.js").then((module) => module.copy());
if (has(".code .mark")) import("./annotations.js").then((module) => module.annotations());
if (has(".term, .fn")) import("./bubbles.js").then((module) => module.bubbles());
if (has("[data-checklist]")) import("./checklist.js").then((module) => module.checklists());
if (has("[data-simulation], [data-live]")) import("./embed.js").then((module) => module.embeds());
// The printable day shows its corrections; elsewhere they wait for an answer.
if (has("body:not(.impression) [data-quiz]")) import("./quiz.js").then((module) => module.quizzes());

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
