// The theme button: turns the page over and remembers it.
import { remember } from "./storage.js";

const html = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const current = () => html.dataset.theme ?? (system.matches ? "dark" : "light");

export function theme() {
  const button = document.querySelector(".theme");
  const say = () => button.setAttribute("aria-label", current() === "dark" ? "Passer au thème clair" : "Passer au thème sombre");
  button.addEventListener("click", () => {
    html.dataset.theme = current() === "dark" ? "light" : "dark";
    remember("theme", html.dataset.theme);
    say();
  });
  system.addEventListener("change", say);
  say();
}
