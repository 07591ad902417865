// Validation checklists keep their ticks, by the hash of each item's text.
import { all, make } from "./dom.js";
import { recall, remember } from "./storage.js";

export function checklists() {
  for (const list of all("[data-checklist]")) {
    const key = `check:${list.dataset.checklist}`;
    const boxes = all("[data-check]", list);
    const count = make("p", { className: "checklist-count", role: "status" });
    const say = () => { count.textContent = `${boxes.filter((box) => box.checked).length} sur ${boxes.length}`; };
    const ticked = recall(key, null);
    if (ticked) boxes.forEach((box) => { box.checked = ticked.includes(box.dataset.check); });
    list.addEventListener("change", () => {
      remember(key, boxes.filter((box) => box.checked).map((box) => box.dataset.check));
      say();
    });
    say();
    list.after(count);
  }
}
