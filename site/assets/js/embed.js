// Simulations and the live view: the module of each is fetched when it comes near the screen, once.
// If it cannot be, the storyboard stays.
import { all, make, stylesheet } from "./dom.js";

const modules = new Map();

/** The module that plays `name`: one of its own, else the one that holds everything. */
function load(name) {
  const source = document.querySelector('meta[name="visualizer"]');
  if (!source) return Promise.reject(new Error("site built without the visualizer"));
  const file = source.dataset.modules.split(" ").includes(name) ? name : "visualizer";
  if (!modules.has(file)) modules.set(file, fetchAll(source, file));
  return modules.get(file);
}

async function fetchAll(source, file) {
  await stylesheet(source.dataset.style);
  const module = await import(new URL(`${source.content}${file}.js`, document.baseURI));
  await module.default();
  return module;
}

export function embeds() {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      start(target);
    }
  }, { rootMargin: "300px" });
  all("[data-simulation], [data-live]").forEach((element) => near.observe(element));
  // A shared link names its figure, then "?" and the scenario: go there, as a browser does for a plain fragment.
  const [figure, scenario] = location.hash.slice(1).split("?");
  if (scenario !== undefined) document.getElementById(figure)?.scrollIntoView();
}

async function start(element) {
  const live = "live" in element.dataset;
  try {
    const module = await load(live ? "live" : element.dataset.simulation);
    if (live) module.mount_live(element, element.dataset.api);
    else module.mount(element.querySelector("[data-stage]"));
    element.classList.add("running");
  } catch (error) {
    console.warn(error);
    const text = live ? "La vue en direct n’a pas pu être chargée." : "La simulation n’a pas pu être chargée\u202f; voici son déroulé en images.";
    element.querySelector("[data-stage]")?.before(make("p", { className: "simulation-notice", role: "status" }, text));
    if (live) element.prepend(make("p", { className: "simulation-notice", role: "status" }, text));
  }
}
