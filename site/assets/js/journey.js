// The learner's journey: one document in this browser's storage. Nothing is sent anywhere. What other browsers hand over is
// read by journey-file.js, what an earlier version kept by journey-v1.js.
import { root } from "./dom.js";

/** Where the document is kept, and where one that cannot be read is put, so that it is not lost. */
const NAME = "formation-kafka:parcours";
const ASIDE = `${NAME}:illisible`;
export const FORMAT = "formation-kafka/parcours";
/** Version of the document. Version 1 was one entry per thing remembered. */
export const VERSION = 2;

export const empty = () => ({ format: FORMAT, version: VERSION, read: {}, validated: {}, checks: {}, quizzes: {}, position: null });

let memory = null;
let state = "kept";

/** What becomes of the journey: "kept"; "blocked" or "newer" when it lasts as long as the page; "aside" when a damaged one was set aside. */
export const keeping = () => state;

/** The journey as it is kept now. */
export function journey() {
  if (memory) return memory;
  try {
    const text = localStorage.getItem(NAME);
    return text === null ? empty() : (known(text) ?? setAside(text));
  } catch {
    return hold("blocked");
  }
}

/** The journey in `text`, which this page or another one of the course wrote; null if it is damaged. */
function known(text) {
  try {
    const found = JSON.parse(text);
    if (found.format === FORMAT && found.version > VERSION) return hold("newer");
    if (found.format !== FORMAT || found.version !== VERSION) return null;
    return Object.entries(empty()).every(([key, like]) => like === null || (typeof found[key] === typeof like && found[key])) ? found : null;
  } catch {
    return null;
  }
}

function setAside(text) {
  localStorage.setItem(ASIDE, text);
  localStorage.removeItem(NAME);
  state = "aside";
  return empty();
}

function hold(why, now = empty()) {
  state = why;
  memory = now;
  return now;
}

/** Changes the journey, or puts what `edit` returns in its place, and tells the page. */
export function change(edit) {
  const before = journey();
  const now = edit(before) ?? before;
  try {
    if (memory) memory = now;
    else localStorage.setItem(NAME, JSON.stringify(now));
  } catch {
    hold("blocked", now);
  }
  document.dispatchEvent(new Event("journey"));
}

/** Forgets everything, what was set aside included. */
export function forget() {
  try {
    [NAME, ASIDE].forEach((name) => localStorage.removeItem(name));
    memory = null;
    state = "kept";
  } catch { /* nothing was kept */ }
  change(empty);
}

export const moment = () => new Date().toISOString();

/** Address of a page below the site's root, without the fragment. */
export const pathOf = (url) => url.pathname.slice(root.pathname.length).replace(/index\.html$/, "");
