// Definitions and footnotes in place: on hover, on focus, on a first tap; a second tap follows the link. Escape closes,
// and the bubble can be hovered.
import { all, make } from "./dom.js";

const bubble = make("div", { className: "bubble", role: "tooltip", id: "bulle", hidden: true });
let owner = null;
let timer = 0;

/** Called for the first pointer, focus or tap on a term: `link`, which gets its bubble at once. */
export function bubbles(link) {
  document.body.append(bubble);
  all(".term > a, .fn > a").forEach(listen);
  if (link.matches(":hover, :focus")) open(link);
  bubble.addEventListener("pointerenter", () => clearTimeout(timer));
  bubble.addEventListener("pointerleave", () => soon(close));
  addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  addEventListener("pointerdown", (event) => { if (owner && !bubble.contains(event.target) && !owner.contains(event.target)) close(); });
}

function listen(link) {
  link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") soon(() => open(link)); });
  link.addEventListener("pointerleave", () => soon(close));
  link.addEventListener("focus", () => { if (link.matches(":focus-visible")) open(link); });
  link.addEventListener("blur", close);
  link.addEventListener("click", (event) => {
    if (event.pointerType !== "touch" || owner === link) return;
    event.preventDefault();
    open(link);
  });
}

function soon(what) {
  clearTimeout(timer);
  timer = setTimeout(what, 180);
}

function content(link) {
  const definition = link.parentElement.dataset.definition;
  if (definition) return [definition];
  const note = document.getElementById(link.hash.slice(1))?.cloneNode(true);
  note?.querySelectorAll(".fn-back").forEach((back) => back.remove());
  return [note?.textContent.trim() ?? ""];
}

function open(link) {
  close();
  owner = link;
  link.setAttribute("aria-describedby", bubble.id);
  bubble.replaceChildren(...content(link));
  bubble.hidden = false;
  const at = link.getClientRects()[0];
  const below = at.bottom + 8 + bubble.offsetHeight < innerHeight || at.top < bubble.offsetHeight + 8;
  bubble.style.left = `${scrollX + Math.max(16, Math.min(at.left, document.documentElement.clientWidth - bubble.offsetWidth - 16))}px`;
  bubble.style.top = `${scrollY + (below ? at.bottom + 8 : at.top - bubble.offsetHeight - 8)}px`;
}

function close() {
  clearTimeout(timer);
  owner?.removeAttribute("aria-describedby");
  owner = null;
  bubble.hidden = true;
}
