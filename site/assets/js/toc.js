// In the rail, the section being read.
import { all } from "./dom.js";

export function toc() {
  const links = new Map(all(".toc a").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const rail = document.querySelector(".rail");
  if (!links.size) return;
  const spy = new IntersectionObserver((entries) => {
    const entered = entries.find((entry) => entry.isIntersecting);
    if (!entered) return;
    const current = links.get(entered.target.id);
    links.forEach((link) => link.removeAttribute("aria-current"));
    current.setAttribute("aria-current", "true");
    rail.scrollTop = current.offsetTop - rail.clientHeight / 2;
  }, { rootMargin: "0px 0px -70% 0px" });
  links.forEach((_, id) => {
    const heading = document.getElementById(id);
    if (heading) spy.observe(heading);
  });
}
