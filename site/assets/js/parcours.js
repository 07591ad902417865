// « Mon parcours »: the plan of the course filled with what was done, and what the reader may do with it.
import { all, make } from "./dom.js";
import { exported, parse } from "./journey-file.js";
import { change, forget, journey, keeping } from "./journey.js";

/** The largest file worth reading, in bytes: ten times what three days leave. */
const LARGEST = 1_000_000;
const NOTICES = {
  blocked: "Votre navigateur ne laisse rien garder à ce site (cookies bloqués, navigation privée, ou plus de place). Le cours se lit normalement\u202f; rien n’est retenu d’une page à l’autre.",
  newer: "Le parcours gardé ici vient d’une version plus récente du cours. Il est intact\u202f; cette page ne sait pas le lire et n’y changera rien. Mettez le cours à jour pour le retrouver.",
  aside: "Le parcours gardé ici était abîmé et n’a pas pu être lu. Il a été mis de côté dans ce navigateur, et un parcours neuf commence.",
};

export function parcours() {
  const page = document.querySelector("[data-journey]");
  const show = () => fill(page);
  show();
  document.addEventListener("journey", show);
  addEventListener("storage", show);
  const said = page.querySelector("[data-said]");
  const say = (words, refused = false) => {
    said.textContent = words;
    said.classList.toggle("refused", refused);
  };
  const file = page.querySelector("[data-file]");
  page.querySelector("[data-export]").addEventListener("click", () => say(save()));
  page.querySelector("[data-import]").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen) await load(chosen, say);
    file.value = "";
  });
  page.querySelector("[data-erase]").addEventListener("click", () => erase(say));
  const offline = page.querySelector("[data-offline-panel]");
  if (offline) import("./offline-panel.js").then((module) => module.panel(offline));
}

/** Writes what was done into the plan. */
function fill(page) {
  const now = journey();
  const notice = page.querySelector("[data-notice]");
  notice.hidden = keeping() === "kept";
  notice.textContent = NOTICES[keeping()] ?? "";
  const pages = all("[data-page]", page).map((item) => pageState(item, now));
  for (const { item, done, words } of pages) {
    item.classList.toggle("done", done);
    item.querySelector("[data-state]").replaceChildren(...words);
  }
  const quizzes = all("[data-quiz-of]", page).map((line) => quizState(line, now));
  for (const { line, words } of quizzes) line.lastElementChild.textContent = words;
  for (const section of all(".journey-day, [data-part]:has([data-page])", page)) bar(section, pages);
  const sum = (list) => list.reduce((total, { minutes }) => total + minutes, 0);
  const labs = pages.filter(({ item }) => item.dataset.kind === "lab");
  page.querySelector("[data-time]").textContent = duration(sum(pages.filter(({ done }) => done)));
  page.querySelector("[data-pages]").textContent = `${pages.filter(({ read }) => read).length} sur ${pages.length}`;
  page.querySelector("[data-labs]").textContent = `${labs.filter(({ done }) => done).length} sur ${labs.length}`;
  page.querySelector("[data-quizzes]").textContent = `${quizzes.filter(({ passed }) => passed).length} sur ${quizzes.length}`;
}

function pageState(item, now) {
  const { page, kind, minutes, lists } = item.dataset;
  const read = page in now.read;
  const counts = lists.trim().split(" ").filter(Boolean).map((list) => list.split(":"));
  const boxes = counts.reduce((sum, [, count]) => sum + Number(count), 0);
  const ticked = counts.reduce((sum, [id, count]) => sum + Math.min(Number(count), now.checks[id]?.length ?? 0), 0);
  const validated = kind === "lab" && boxes > 0 && (page in now.validated || ticked === boxes);
  const done = kind === "lab" && boxes > 0 ? validated : read;
  const words = [];
  if (validated) words.push(make("b", {}, `✓ validé${on(now.validated[page])}`));
  else if (read) words.push(make("b", {}, `lue${on(now.read[page])}`));
  if (!validated && kind === "lab" && ticked > 0) words.push(`${read ? ", " : ""}${ticked} sur ${boxes} cochés`);
  return { item, read, done, words, minutes: Number(minutes) };
}

function quizState(line, now) {
  const { quizOf, count } = line.dataset;
  const quiz = now.quizzes[quizOf];
  const given = quiz?.answers.filter((answer) => answer?.length).length ?? 0;
  const passed = quiz !== undefined && quiz.passed !== false;
  let words = `${count} question${count > 1 ? "s" : ""}`;
  if (passed) words = `✓ réussi${on(quiz.passed)}, ${quiz.best} sur ${quiz.of}`;
  else if (quiz?.best) words = `meilleur score\u202f: ${quiz.best} sur ${quiz.of}`;
  else if (given) words = `${given} réponse${given > 1 ? "s" : ""} sur ${count}`;
  return { line, passed, words };
}

/** A track under the heading of a day or a bloc: each page as wide as it is long, filled once it is done. */
function bar(section, pages) {
  const time = section.querySelector("[data-sum]");
  const inside = pages.filter(({ item }) => section.contains(item));
  const planned = Number(time.dataset.minutes);
  const done = inside.reduce((sum, page) => sum + (page.done ? page.minutes : 0), 0);
  const rest = planned - inside.reduce((sum, page) => sum + page.minutes, 0);
  time.textContent = done ? `${duration(done)} sur ${duration(planned)}` : duration(planned);
  const track = make("div", { className: "journey-bar" }, ...inside.map((page) => cell(page.minutes, page.done)), ...(rest > 0 ? [cell(rest, false)] : []));
  track.setAttribute("aria-hidden", "true");
  section.querySelector(":scope > .journey-bar")?.remove();
  section.querySelector(".journey-head").after(track);
}

function cell(minutes, done) {
  const made = make("span", { className: done ? "done" : "" });
  made.style.flexGrow = minutes;
  return made;
}

/** Minutes as the timetable says them: « 45 min », « 2 h 05 ». */
function duration(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${rest}\u00a0min`;
  return rest ? `${hours}\u00a0h\u00a0${String(rest).padStart(2, "0")}` : `${hours}\u00a0h`;
}

/** « le 30 novembre », with its year if it is another; nothing for a moment that is not known. */
function on(moment) {
  if (!moment) return "";
  const date = new Date(moment);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return ` le ${new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", ...year }).format(date).replace(/^1 /, "1er ")}`;
}

/** Hands the journey over as a file; says so. */
function save() {
  const address = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const link = make("a", { href: address, download: `parcours-kafka-${day}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return `Fichier «\u202f${link.download}\u202f»\u202f: ${summary(journey())}.`;
}

function summary({ read, validated, quizzes }) {
  const passed = Object.values(quizzes).filter((quiz) => quiz.passed !== false).length;
  const counted = (count, one, many) => `${count}\u00a0${count > 1 ? many : one}`;
  return [
    counted(Object.keys(read).length, "page lue", "pages lues"),
    counted(Object.keys(validated).length, "page validée", "pages validées"),
    counted(passed, "quiz réussi", "quiz réussis"),
  ].join(", ");
}

async function load(chosen, say) {
  let other;
  try {
    if (chosen.size > LARGEST) throw new Error("il est trop gros pour un parcours");
    other = parse(await chosen.text());
  } catch (error) {
    say(`«\u202f${chosen.name}\u202f» n’a pas été importé\u202f: ${error.message}. Votre parcours n’a pas changé.`, true);
    return;
  }
  const choice = await ask("Importer ce parcours\u202f?", `Le fichier contient ${summary(other)}. Ajouté, il complète ce que vous avez fait ici\u202f; à la place, il l’efface.`, { add: "Ajouter au mien", replace: "Mettre à la place", "": "Annuler" });
  if (!choice) return say("");
  change((now) => (choice === "replace" ? other : merged(now, other)));
  say(`Parcours importé\u202f: vous avez maintenant ${summary(journey())}.`);
}

/** What was done in one or the other: the first time counts, and the better of two quizzes. */
function merged(mine, other) {
  const first = (a, b) => (a && b ? (a < b ? a : b) : a ?? b);
  const moments = (a, b) => Object.fromEntries(Object.keys({ ...a, ...b }).map((key) => [key, first(a[key], b[key]) ?? null]));
  const ticks = Object.keys({ ...mine.checks, ...other.checks }).map((key) => [key, [...new Set([...(mine.checks[key] ?? []), ...(other.checks[key] ?? [])])]]);
  const quizzes = { ...mine.quizzes };
  for (const [id, theirs] of Object.entries(other.quizzes)) {
    const ours = quizzes[id];
    if (!ours || rank(theirs) > rank(ours)) quizzes[id] = theirs;
  }
  return {
    ...mine,
    read: moments(mine.read, other.read),
    validated: moments(mine.validated, other.validated),
    checks: Object.fromEntries(ticks),
    quizzes,
    position: mine.position ?? other.position,
  };
}

/** A passed quiz before one that is not, then the better score, then the more answers. */
const rank = (quiz) => (quiz.passed === false ? 0 : 1e6) + quiz.best * 1e3 + quiz.answers.filter((answer) => answer?.length).length;

async function erase(say) {
  const choice = await ask("Effacer votre parcours\u202f?", `Ce navigateur oubliera ${summary(journey())}, vos listes cochées et vos réponses. C’est sans retour\u202f: exportez d’abord un fichier si vous voulez pouvoir y revenir.`, { "": "Garder", erase: "Effacer" });
  if (!choice) return;
  forget();
  say("Votre parcours est effacé.");
}

/** Asks in a dialog; resolves to the key of the chosen answer, or to "" if it is closed. */
function ask(title, text, answers) {
  const buttons = Object.entries(answers).map(([key, label]) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => dialog.close(key));
    return button;
  });
  const heading = make("h2", { id: "question" }, title);
  const dialog = make("dialog", { className: "ask" }, heading, make("p", {}, text), make("p", { className: "journey-actions" }, ...buttons));
  dialog.setAttribute("aria-labelledby", heading.id);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}
