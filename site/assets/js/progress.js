// The reader is a consumer: a page is committed once its end has been reached, and the position is kept.
import { all, make, root } from "./dom.js";
import { change, journey, moment, pathOf } from "./journey.js";

const here = pathOf(location);

export function progress() {
  const end = document.querySelector("[data-end]");
  // Taken before this page becomes the position.
  const before = journey().position;
  if (end) {
    const bloc = document.querySelector("article[data-number]")?.dataset.number;
    const title = document.querySelector("h1").textContent;
    change((now) => { now.position = { url: here, title: bloc ? `${bloc} ${title}` : title }; });
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      seen.disconnect();
      if (!(here in journey().read)) change((now) => { now.read[here] = moment(); });
    });
    seen.observe(end);
  }
  show();
  document.addEventListener("journey", show);
  addEventListener("storage", show);
  resume(before);
}

/** Marks what was read, validated and passed, wherever the page lists pages. */
function show() {
  const { read, validated, quizzes } = journey();
  const passed = new Set(Object.values(quizzes).filter((quiz) => quiz.passed !== false).map((quiz) => quiz.page));
  for (const link of all(".log > li > a, .row a, main:not(.journey) .pages a")) {
    const page = pathOf(link);
    mark(link, "committed", page in read, "lu");
    if (link.closest(".row")) continue;
    mark(link, "validated", page in validated, "validé", "✓");
    mark(link, "passed", passed.has(page), "quiz réussi", "✓");
  }
  for (const cell of all("[data-bloc]")) {
    const count = Object.keys(read).filter((url) => url.startsWith(cell.dataset.bloc)).length;
    all(".cell-box", cell).forEach((box, index) => box.classList.toggle("committed", index < count));
  }
  const line = document.querySelector("[data-progress]");
  if (line) {
    const links = all(".rail .log > li > a");
    const count = links.filter((link) => pathOf(link) in read).length;
    const text = `${count} lue${count > 1 ? "s" : ""} sur ${links.length} · `;
    line.replaceChildren(text, make("a", { href: new URL("parcours/", root) }, "mon parcours"));
  }
}

/** Puts on `link`, or takes from it, the sign that it is `name`; `words` say so to those who do not see it. */
function mark(link, name, wanted, words, sign = "") {
  const label = link.querySelector(`.is-${name}`);
  link.classList.toggle(name, wanted);
  if (!wanted) label?.remove();
  else if (!label) link.append(sign ? make("span", { className: `won is-${name}` }, sign, spoken(words)) : spoken(words, `is-${name}`));
}

/** Words for those who do not see the sign. */
const spoken = (words, name = "") => make("span", { className: `sr ${name}` }, ` (${words})`);

/** Home, 404 and « Mon parcours »: a link back to the last page read. */
function resume(position) {
  const link = document.querySelector("[data-resume]");
  if (!link || !position) return;
  link.href = new URL(position.url, root);
  link.hidden = false;
  if (link.closest("[data-resume-line]")) link.closest("[data-resume-line]").hidden = false;
  else link.textContent = `Reprendre\u202f: ${position.title}`;
}
