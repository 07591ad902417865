// The part of « Mon parcours » that says what is kept on the device, how large it is, and lets the reader decide.
import { make, root } from "./dom.js";
import { about, accept, container, refuse, registered, takeOver } from "./offline.js";

let text;
let actions;

export function panel(section) {
  text = section.querySelector("[data-offline-state]");
  actions = section.querySelector("[data-offline-actions]");
  if (!container) {
    say("Ce navigateur ne garde pas le cours à cette adresse\u202f: il le fait en https, ou sur localhost.");
    return;
  }
  container.addEventListener("message", ({ data }) => {
    if (data?.type !== "progress") return;
    if (data.done < data.of) say(`Copie en cours\u202f: ${data.done} fichiers sur ${data.of}…`);
    else setTimeout(show, 300);
  });
  // The first copy answers from now on; a later one loads the page anew.
  if (!container.controller) container.addEventListener("controllerchange", show);
  show();
}

function say(words, ...buttons) {
  text.textContent = words;
  actions.replaceChildren(...buttons);
}

const button = (label, act) => {
  const made = make("button", { type: "button" }, label);
  made.addEventListener("click", () => act().catch((error) => {
    console.warn(error);
    say("Cela n’a pas abouti\u202f: le réseau manque, ou le navigateur refuse. Rien n’a changé.");
  }).then(show, show));
  return made;
};

async function show() {
  const registration = await registered();
  const [active, waiting] = await Promise.all([registration?.active, registration?.waiting].map((worker) => worker && about(worker)));
  const remove = button("Retirer la copie", refuse);
  if (active && waiting) {
    say(`Une nouvelle version du cours est disponible (${size(waiting.bytes)}). Celle de cet appareil occupe ${size(active.bytes)}.`, button("Mettre à jour", () => update(registration)), remove);
  } else if (active) {
    say(`Le cours entier est sur cet appareil\u202f: ${size(active.bytes)}. Il se lit sans réseau, recherche et simulations comprises.`, remove);
  } else if (registration?.installing) {
    say("Copie en cours…");
  } else {
    const notice = await announced();
    if (notice) say(`Le cours entier tient en ${size(notice.bytes)}. Gardé sur cet appareil, il se lit sans réseau, recherche et simulations comprises.`, button("Garder hors ligne", accept));
    else say("Le cours n’est pas sur cet appareil, et le réseau manque pour l’y copier.");
  }
}

/** Takes the new version, and waits for it to load the page anew. */
function update(registration) {
  say("Mise à jour…");
  takeOver(registration);
  return new Promise(() => {});
}

/** What the site says of its present version; null without network. */
async function announced() {
  try {
    const response = await fetch(new URL("hors-ligne.json", root), { cache: "no-cache" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Bytes as one says them: « 24 ko », « 3,2 Mo ». */
function size(bytes) {
  const [unit, name] = bytes >= 1e6 ? [1e6, "Mo"] : [1e3, "ko"];
  const digits = bytes / unit < 10 ? 1 : 0;
  return `${new Intl.NumberFormat("fr-FR", { maximumFractionDigits: digits }).format(bytes / unit)}\u00a0${name}`;
}
