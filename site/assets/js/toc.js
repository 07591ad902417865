// In the rail, the section being read.
import { all } from "./dom.js";

export function toc() {
  const links = new Map(all(".toc a").map((link) => [link.hash.slice(1), link]));
  if (!links.size) return;
  const spy = new IntersectionObserver((entries) => {
    const entered = entries.find((entry) => entry.isIntersecting);
    if (!entered) return;
    links.forEach((link, id) => {
      if (id === entered.target.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }, { rootMargin: "0px 0px -70% 0px" });
  links.forEach((_, id) => {
    const heading = document.getElementById(decodeURIComponent(id));
    if (heading) spy.observe(heading);
  });
}
