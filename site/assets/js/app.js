// What a page does once it is read: each module is one behaviour, and none is needed to read.
import { annotations } from "./annotations.js";
import { bubbles } from "./bubbles.js";
import { checklists } from "./checklist.js";
import { copy } from "./copy.js";
import { embeds } from "./embed.js";
import { progress } from "./progress.js";
import { tabs } from "./tabs.js";
import { theme } from "./theme.js";
import { toc } from "./toc.js";

theme();
tabs();
copy();
checklists();
annotations();
bubbles();
toc();
progress();
embeds();

// The printable day shows its corrections; elsewhere they wait for an answer.
if (document.querySelector("body:not(.impression) [data-quiz]")) import("./quiz.js").then((module) => module.quizzes());

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
