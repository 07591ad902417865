// A bloc on the big screen, and at the lectern: one screen at a time, kept in step between two windows.
import { all, make } from "./dom.js";
import { clock } from "./presentation-clock.js";
import { fit, refit, release } from "./presentation-fit.js";
import { isRevealed, reveal, unreveal } from "./presentation-quiz.js";
import { theme } from "./theme.js";

const body = document.body;
const screens = all("main .screen");
const strip = all(".talk-foot .row a");
const where = document.querySelector(".talk-where");
const speaker = new URLSearchParams(location.search).get("vue") === "pupitre";
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(`formation-kafka:${body.dataset.talk}`) : null;
let at = -1;
let help = null;

body.classList.toggle("speaker", speaker);
theme();
const timer = clock({ speaker, screens, send: (state) => channel?.postMessage({ clock: state }) });
links();
if (document.querySelector("[data-tabs]")) import("./tabs.js").then((module) => { module.tabs(); fit(screens[at]); });
show(indexOf(location.hash), false);
if (!speaker) import("./embed.js").then((module) => module.embeds());
document.fonts.ready.then(() => refit());
addEventListener("resize", () => refit());
addEventListener("hashchange", () => go(indexOf(location.hash)));
addEventListener("keydown", key);
body.addEventListener("click", (event) => {
  const action = event.target.closest("[data-do]")?.dataset.do;
  if (action) act[action]();
});
body.addEventListener("pointerdown", release);
watchSimulations();
channel?.addEventListener("message", ({ data }) => {
  if ("at" in data) {
    if (data.at > at) timer.start();
    show(data.at, data.revealed);
  }
  if ("clock" in data) timer.take(data.clock);
  if ("ask" in data && !speaker) tell();
  if ("do" in data && !speaker) act[data.do]();
});
if (speaker) channel?.postMessage({ ask: true });

/** The screen that a fragment names: itself, or the one that holds what it names. */
function indexOf(fragment) {
  const id = decodeURIComponent(fragment.slice(1).split("?")[0]);
  const target = id ? document.getElementById(id)?.closest(".screen") : null;
  return Math.max(0, screens.indexOf(target));
}

/** Shows screen number `index`, here only. */
function show(index, revealed) {
  const moved = index !== at;
  at = Math.max(0, Math.min(screens.length - 1, index));
  const screen = screens[at];
  if (moved) {
    screens.forEach((other) => other.classList.toggle("current", other === screen));
    const page = screen.dataset.page;
    strip.forEach((link) => {
      const here = link.querySelector(".cell-box").textContent === page;
      if (here) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    where.textContent = `${at + 1} / ${screens.length}  ${screen.querySelector("h2").textContent}`;
    document.title = document.title.replace(/^(\d+ · )?/, `${at + 1} · `);
    if (location.hash.slice(1).split("?")[0] !== screen.id) history.replaceState(null, "", `#${screen.id}`);
    if (document.activeElement !== body && !screen.contains(document.activeElement)) document.activeElement.blur();
  }
  if (revealed) reveal(screen);
  else unreveal(screen);
  timer.move(at);
  fit(screen);
  if (speaker) lectern(screen);
}

/** Shows screen number `index`, in both windows. */
function go(index, revealed = false) {
  show(index, revealed);
  tell();
}

const tell = () => channel?.postMessage({ at, revealed: isRevealed(screens[at]) });

const act = {
  on() {
    timer.start();
    const question = screens[at].querySelector(".quiz-question");
    if (question && !isRevealed(screens[at])) go(at, true);
    else if (at < screens.length - 1) go(at + 1);
  },
  back() {
    if (isRevealed(screens[at])) go(at, false);
    else if (at > 0) go(at - 1);
  },
  first: () => go(0),
  last: () => go(screens.length - 1),
  notes() {
    const url = new URL(location);
    url.search = "?vue=pupitre";
    open(url, `pupitre-${body.dataset.talk}`, "popup,width=1180,height=820");
  },
  timer: () => (speaker ? channel?.postMessage({ do: "timer" }) : timer.toggle()),
  reset: () => (speaker ? channel?.postMessage({ do: "reset" }) : timer.reset()),
  late: () => timer.showLate(),
  black: () => (speaker ? channel?.postMessage({ do: "black" }) : document.documentElement.classList.toggle("talk-black")),
  full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  help: () => helpDialog().showModal(),
  leave() {
    if (speaker) close();
    else location.assign(new URL(screens[at].dataset.url, document.baseURI));
  },
};

/** Keys that a remote control sends, and those of a keyboard. */
const KEYS = {
  ArrowRight: "on", ArrowDown: "on", PageDown: "on", " ": "on", ArrowLeft: "back", ArrowUp: "back", PageUp: "back",
  Home: "first", End: "last", Escape: "leave", "?": "help", n: "notes", t: "timer", c: "late", b: "black", ".": "black", f: "full",
};
const REMOTE = ["PageDown", "PageUp"];
/** What keeps its own keys while it has the focus: the controls of a simulation, a field, a tab. */
const CONTROLS = "input, select, textarea, summary, [contenteditable], [role=listbox], [role=tab], [role=slider], [role=grid], [role=radio], .simulation";

function key(event) {
  release();
  if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  const focused = event.target.closest?.(CONTROLS);
  const pressed = event.target.closest?.("button, a[href]") && event.key === " ";
  if (event.key === "Escape" && focused) {
    document.activeElement.blur();
    return;
  }
  if ((focused || pressed) && !REMOTE.includes(event.key)) return;
  if (document.documentElement.classList.contains("talk-black") && event.key === "Escape") {
    act.black();
    return;
  }
  let action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action === "on" && event.shiftKey) action = "back";
  if (!action) return;
  event.preventDefault();
  act[action]();
}

/** A link of a screen opens elsewhere: the room stays where it is. */
function links() {
  for (const link of all("main .screen a[href]")) {
    if (link.getAttribute("href").startsWith("#")) continue;
    link.target = "_blank";
    link.rel = "noopener";
  }
}

/** A simulation that starts takes the place of its storyboard. On a wall its picture comes first: settings wait, folded. */
function watchSimulations() {
  const started = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const added of addedNodes) {
        if (added.nodeType === Node.ELEMENT_NODE) all("details.sim-settings[open]", added.parentElement).forEach((settings) => { settings.open = false; });
      }
    }
    if (changes.some(({ type }) => type === "attributes")) {
      release();
      refit();
    }
  });
  all("main .simulation").forEach((figure) => started.observe(figure, { attributeFilter: ["class"], childList: true, subtree: true }));
}

/** The lectern beside the screen: what comes next, and the notes of this section. */
function lectern(screen) {
  const next = document.querySelector(".talk-next");
  const following = screens[at + 1]?.cloneNode(true);
  next.replaceChildren();
  if (following) {
    for (const element of [following, ...all("[id]", following)]) element.removeAttribute("id");
    following.setAttribute("inert", "");
    following.classList.remove("current");
    following.classList.add("next");
    next.append(following);
    fit(following);
  }
  const own = document.querySelector(".talk-own-notes");
  const kept = (screen.dataset.notes ?? "").split(" ").filter(Boolean).map((id) => document.getElementById(id).cloneNode(true));
  kept.forEach((note) => note.removeAttribute("id"));
  own.replaceChildren(own.firstElementChild, ...(kept.length ? kept : [make("p", {}, "Pas de note pour cette section.")]));
  own.scrollTop = 0;
}

function helpDialog() {
  if (help) return help;
  const lines = [
    [["→", "Espace", "Page suiv."], "écran suivant\u202f; sur une question, d’abord la réponse"],
    [["←", "Maj+Espace", "Page préc."], "écran précédent"],
    [["Début", "Fin"], "premier, dernier écran"],
    [["N"], "ouvrir le pupitre dans une seconde fenêtre"],
    [["T"], "lancer ou suspendre le chronomètre"],
    [["C"], "montrer ou cacher l’avance et le retard"],
    [["B", "."], "écran noir"],
    [["F"], "plein écran"],
    [["Échap"], "rendre le clavier à la présentation, puis la quitter"],
  ];
  const keys = (names) => names.flatMap((name) => [make("kbd", {}, name), " "]);
  const list = make("dl", {}, ...lines.flatMap(([names, does]) => [make("dt", {}, ...keys(names)), make("dd", {}, does)]));
  const done = make("button", { type: "button" }, "Fermer");
  done.addEventListener("click", () => help.close());
  help = make("dialog", { className: "talk-help" }, make("h2", {}, "Touches"), list, done);
  help.setAttribute("aria-label", "Aide du clavier");
  body.append(help);
  return help;
}
