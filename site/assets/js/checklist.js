// Validation checklists keep their ticks, by the hash of each item's text. A page whose lists are all ticked is validated.
import { all, make } from "./dom.js";
import { change, journey, moment, pathOf } from "./journey.js";

const here = pathOf(location);

export function checklists() {
  const lists = all("[data-checklist]").map(start);
  const show = () => {
    const { checks } = journey();
    lists.forEach((list) => list.show(checks));
  };
  const settle = () => {
    // A day on paper holds the lists of all its pages: it is none of them.
    if (!document.querySelector("[data-end]")) return;
    const whole = lists.every((list) => list.isWhole());
    if (whole === here in journey().validated) return;
    change((now) => {
      if (whole) now.validated[here] = moment();
      else delete now.validated[here];
    });
  };
  show();
  // The list may have got another item since it was ticked.
  settle();
  lists.forEach((list) => { list.onchange = settle; });
  addEventListener("storage", show);
}

function start(list) {
  const id = list.dataset.checklist;
  const boxes = all("[data-check]", list);
  const said = make("span", { role: "status" });
  const none = make("button", { type: "button" }, "Tout décocher");
  const self = { onchange() {} };
  const say = () => {
    const count = boxes.filter((box) => box.checked).length;
    said.textContent = `${count} sur ${boxes.length}${count === boxes.length ? "\u202f: validé" : ""}`;
    none.hidden = count === 0;
  };
  const remember = () => {
    say();
    change((now) => { now.checks[id] = boxes.filter((box) => box.checked).map((box) => box.dataset.check); });
    self.onchange();
  };
  list.addEventListener("change", remember);
  none.addEventListener("click", () => {
    boxes.forEach((box) => { box.checked = false; });
    remember();
    boxes[0].focus();
  });
  list.after(make("p", { className: "checklist-count" }, said, " ", none));
  self.isWhole = () => boxes.every((box) => box.checked);
  self.show = (checks) => {
    if (checks[id]) boxes.forEach((box) => { box.checked = checks[id].includes(box.dataset.check); });
    say();
  };
  return self;
}
