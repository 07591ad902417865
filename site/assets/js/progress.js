// The reader is a consumer: a page is committed once its end has been reached, and the position is kept.
import { all, make, root } from "./dom.js";
import { recall, remember } from "./storage.js";

const here = path(location);

/** Address below the site's root, without the fragment. */
function path(url) {
  return url.pathname.slice(root.pathname.length).replace(/index\.html$/, "");
}

export function progress() {
  const end = document.querySelector("[data-end]");
  if (end) {
    const bloc = document.querySelector("article[data-number]")?.dataset.number;
    const title = document.querySelector("h1").textContent;
    remember("position", { url: here, title: bloc ? `${bloc} ${title}` : title });
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      seen.disconnect();
      remember("committed", [...new Set([...recall("committed", []), here])]);
      show();
    });
    seen.observe(end);
  }
  show();
  resume(recall("position", null));
}

/** Marks the cells of committed pages. */
function show() {
  const committed = new Set(recall("committed", []));
  for (const link of all(".log a, .row a, .pages a")) {
    if (link.hash || link.classList.contains("committed") || !committed.has(path(link))) continue;
    link.classList.add("committed");
    link.append(make("span", { className: "sr" }, " (lu)"));
  }
  for (const cell of all("[data-bloc]")) {
    const read = [...committed].filter((url) => url.startsWith(cell.dataset.bloc)).length;
    all(".cell-box", cell).slice(0, read).forEach((box) => box.classList.add("committed"));
  }
}

/** Home and 404: a link back to the last page read. */
function resume(position) {
  const link = document.querySelector("[data-resume]");
  if (!link || typeof position?.url !== "string") return;
  link.href = new URL(position.url, root);
  link.hidden = false;
  if (link.closest("[data-resume-line]")) link.closest("[data-resume-line]").hidden = false;
  else link.textContent = `Reprendre\u202f: ${position.title}`;
}
