// Enlarges a screen until it fills the wall, and no further than nothing being cut.

import { all } from "./dom.js";

/** Lines of text that a wall holds at the largest size. */
const LINES = 12;
/** Characters of text, about, that a line holds at the largest size. */
const CHARACTERS = 36;
/** Letters' heights, about, in the height of a wall, while a simulation is played. */
const PLAYED = 46;
/** Lines of code from which two columns are tried. */
const LONG = 18;
/** Steps of the search: the size found is within a hundredth. */
const STEPS = 8;
/** How long what was touched may make its screen larger, in milliseconds. */
const MOMENT = 700;
let free = 0;
let current = null;
let watched = null;

/** Sizes `screen`, and keeps doing so while its content changes. */
export function fit(screen) {
  const content = screen.firstElementChild;
  screen.classList.remove("two-columns");
  const size = best(screen, content, Infinity);
  if (screen.querySelectorAll(".code .line").length > LONG) {
    screen.classList.add("two-columns");
    if (best(screen, content, Infinity) < size * 1.1) screen.classList.remove("two-columns");
  }
  content.style.zoom = best(screen, content, Infinity);
  if (screen.classList.contains("next")) return;
  current = screen;
  watched?.disconnect();
  // What grows by itself may make its screen smaller, never larger: a picture that moves must not breathe. It may when it has
  // just been touched, or when it takes the place of its storyboard.
  watched = new ResizeObserver(() => {
    const size = Number(content.style.zoom);
    if (performance.now() < free) content.style.zoom = best(screen, content, Infinity);
    else if (overflows(screen, content)) content.style.zoom = best(screen, content, size);
  });
  watched.observe(content.lastElementChild);
}

/** Lets the screen grow again for a moment. */
export function release() {
  free = performance.now() + MOMENT;
}

/** Sizes the screen shown last again. */
export function refit() {
  if (current) fit(current);
}

function best(screen, content, limit) {
  const text = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const line = text * 1.6;
  const largest = Math.min(screen.clientHeight / (LINES * line), screen.clientWidth / (CHARACTERS * text * 0.52), limit);
  // What one plays with may be scrolled, what one reads may not.
  const least = screen.querySelector(".simulation.running") ? Math.min(largest, screen.clientHeight / (PLAYED * text)) : 0;
  content.style.zoom = largest;
  if (!overflows(screen, content)) return largest;
  let low = largest / 12;
  let high = largest;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    content.style.zoom = middle;
    if (overflows(screen, content)) high = middle;
    else low = middle;
  }
  return Math.max(low, least);
}

/** True if something of the screen is cut, below or at the side, or a line of code runs into the other column. */
function overflows(screen, content) {
  if (screen.classList.contains("two-columns") && all(".code .line", screen).some((line) => line.scrollWidth > line.clientWidth + 1)) return true;
  return screen.scrollHeight > screen.clientHeight + 1 || screen.scrollWidth > screen.clientWidth + 1 || content.scrollWidth > content.clientWidth + 1;
}
