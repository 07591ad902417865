// Instructor's notes, for who asks for them: fetched from the bloc's own document and put where the page keeps their places.
import { all, make, root, stylesheet } from "./dom.js";
import { recall, remember } from "./storage.js";

const documents = new Map();

/** Shows the notes of the page if they are wanted: "?notes=1" asks for them, and the device remembers it. */
export function notes() {
  const asked = new URLSearchParams(location.search).get("notes");
  if (asked !== null) remember("notes", asked === "1");
  all("[data-notes-switch]").forEach(noteSwitch);
  // On paper only the address counts.
  const wanted = document.body.matches(".impression") ? asked === "1" : recall("notes", false);
  return wanted ? show() : undefined;
}

async function show() {
  const places = all("[data-note]");
  if (!places.length) return;
  await stylesheet(new URL("../css/notes.css", import.meta.url));
  const shown = await Promise.all(places.map(fill));
  if (!shown.some(Boolean)) return;
  const hide = make("button", { type: "button" }, "Masquer");
  hide.addEventListener("click", () => {
    remember("notes", false);
    const url = new URL(location);
    url.searchParams.delete("notes");
    location.replace(url);
  });
  document.querySelector("main").prepend(make("p", { className: "notes-bar", role: "status" }, "Notes du formateur affichées", hide));
}

/** The switch of the instructor's page. */
function noteSwitch(button) {
  const say = () => {
    const on = recall("notes", false);
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? "Ne plus afficher les notes dans les pages" : "Afficher les notes dans les pages";
  };
  button.addEventListener("click", () => {
    remember("notes", !recall("notes", false));
    say();
  });
  say();
}

/** Puts the note in its place; says whether there is one. */
async function fill(place) {
  const here = location.pathname.slice(root.pathname.length).replace(/index\.html$/, "");
  const page = place.closest("[data-of]")?.dataset.of ?? here;
  const [day, bloc] = page.split("/");
  const source = new URL(`formateur/${day}/${bloc}/`, root);
  try {
    if (!documents.has(source.href)) documents.set(source.href, fetch(source).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.statusText)))).then((text) => new DOMParser().parseFromString(text, "text/html")));
    const found = (await documents.get(source.href)).querySelector(`[data-of="${CSS.escape(page)}"][data-number="${place.dataset.note}"]`);
    if (!found) return false;
    const note = document.importNode(found, true);
    note.classList.remove("prose");
    all("[data-note-section]", note).forEach((line) => line.remove());
    all("[href]", note).forEach((link) => { link.href = new URL(link.getAttribute("href"), source); });
    place.replaceWith(note);
    return true;
  } catch (error) {
    console.warn(error);
    return false;
  }
}
