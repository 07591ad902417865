// A mark in the code and its explanation light up together.
import { all } from "./dom.js";

export function annotations() {
  for (const mark of all(".code .mark")) {
    const note = document.getElementById(mark.hash.slice(1));
    if (!note) continue;
    const light = (on) => () => [mark, note].forEach((element) => element.classList.toggle("lit", on));
    for (const element of [mark, note]) {
      element.addEventListener("pointerenter", light(true));
      element.addEventListener("pointerleave", light(false));
      element.addEventListener("focusin", light(true));
      element.addEventListener("focusout", light(false));
    }
  }
}
