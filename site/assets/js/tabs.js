// Tabs over sections that read well stacked. A choice made in one group is made in all that offer it, and remembered.
import { all, make } from "./dom.js";
import { recall, remember } from "./storage.js";

export function tabs() {
  const groups = all("[data-tabs]").map(build);
  const choose = (label) => groups.forEach((group) => group.choose(label));
  for (const group of groups) group.onchoice = (label) => { choose(label); remember("tabs", [label, ...recall("tabs", []).filter((kept) => kept !== label)].slice(0, 9)); };
  recall("tabs", []).reverse().forEach(choose);
  openTarget(choose);
  addEventListener("hashchange", () => openTarget(choose));
}

/** A link to something inside a tab opens that tab. */
function openTarget(choose) {
  // A fragment with "?" carries a simulation, see embed.js; it may hold anything.
  const id = location.hash.slice(1);
  const target = id && !id.includes("?") && document.getElementById(decodeURIComponent(id));
  const tab = target && target.closest(".tab");
  if (!tab) return;
  choose(tab.dataset.tab);
  target.scrollIntoView();
}

function build(element) {
  const panels = all(":scope > .tab", element);
  const list = make("div", { className: "tablist", role: "tablist" });
  const group = { onchoice() {} };
  const buttons = panels.map((panel) => {
    const button = make("button", { type: "button", role: "tab", id: `choix-${panel.id}` }, panel.dataset.tab);
    button.setAttribute("aria-controls", panel.id);
    button.addEventListener("click", () => group.onchoice(panel.dataset.tab));
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    panel.tabIndex = 0;
    return button;
  });
  list.append(...buttons);
  list.addEventListener("keydown", (event) => move(event, buttons));
  element.prepend(list);
  element.classList.add("ready");
  group.choose = (label) => {
    if (!panels.some((panel) => panel.dataset.tab === label)) return;
    panels.forEach((panel, index) => {
      const chosen = panel.dataset.tab === label;
      panel.hidden = !chosen;
      buttons[index].setAttribute("aria-selected", chosen);
      buttons[index].tabIndex = chosen ? 0 : -1;
    });
  };
  group.choose(panels[0]?.dataset.tab);
  return group;
}

function move(event, buttons) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const last = buttons.length - 1;
  const from = buttons.indexOf(event.target);
  const to = Number.isFinite(step) ? (from + step + buttons.length) % buttons.length : step > 0 ? last : 0;
  buttons[to].click();
  buttons[to].focus();
}
