// The course kept on the device: registered once the page is read, announced when a newer version has arrived whole, taken
// only when the reader says so. Where the reader wants none of it, or saves data, nothing is fetched ahead.
import { make, root } from "./dom.js";
import { recall, remember } from "./storage.js";

const WORKER = new URL("sw.js", root);
/** How often a page that stays open asks for a newer version, in milliseconds. */
const HOUR_MS = 3_600_000;
const CHOICE = "offline";

/** The browser's side of it; missing over plain http, except on this machine. */
export const container = navigator.serviceWorker;

// Another version has taken the place of the one that this page came from: what it still has to fetch may be gone.
if (container?.controller) container.addEventListener("controllerchange", () => location.reload(), { once: true });

/** The worker's registration, if there is one. */
export const registered = () => container?.getRegistration(root);

export async function offline() {
  if (!container || !(await wanted())) return;
  // Without network or memory the course is read as before.
  await keep().catch(() => {});
}

async function wanted() {
  if (recall(CHOICE, null) === "no") return false;
  return !navigator.connection?.saveData || (await registered()) !== undefined;
}

let watched = null;

/** Registers the worker, and watches for newer versions. */
export async function keep() {
  const registration = await container.register(WORKER, { scope: root });
  if (!registration || registration === watched) return;
  watched = registration;
  if (registration.waiting) announce(registration);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing.addEventListener("statechange", () => {
      if (installing.state === "installed" && registration.active) announce(registration);
    });
  });
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - asked < HOUR_MS) return;
    asked = Date.now();
    registration.update().catch(() => {});
  });
}

/** Keeps the course from now on, whatever was chosen before. */
export async function accept() {
  remember(CHOICE, null);
  await keep();
}

/** Takes the course off the device, and keeps it off. */
export async function refuse() {
  remember(CHOICE, "no");
  for (const name of await caches.keys()) {
    if (name.startsWith(`formation-kafka:${root.pathname}:`)) await caches.delete(name);
  }
  await (await registered())?.unregister();
}

/** What a worker says of itself: its version and how many bytes it keeps. */
export const about = (worker) => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data);
  worker.postMessage("about", [port2]);
});

/**
 * Lets the version that waits take the place of the one in use; the page is then loaded anew. Nothing may be asked of the
 * one in use meanwhile: Chromium waits until it is idle, and can miss that moment if an answer falls into it.
 */
export const takeOver = (registration) => registration.waiting?.postMessage("take over");

/** Says that a newer version waits. « Plus tard » is remembered as long as the browser stays open. */
async function announce(registration) {
  const { version } = await about(registration.waiting);
  if (later(version) || document.querySelector(".update")) return;
  const take = make("button", { type: "button" }, "Mettre à jour");
  const wait = make("button", { type: "button" }, "Plus tard");
  const notice = make("aside", { className: "update" }, make("p", { role: "status" }, "Une nouvelle version du cours est disponible."), make("p", {}, take, wait));
  notice.setAttribute("aria-label", "Mise à jour");
  take.addEventListener("click", () => takeOver(registration));
  wait.addEventListener("click", () => {
    later(version, true);
    notice.remove();
  });
  document.body.append(notice);
}

/** True if the reader put this version off; puts it off if `now`. */
function later(version, now = false) {
  try {
    if (now) sessionStorage.setItem("formation-kafka:later", version);
    return sessionStorage.getItem("formation-kafka:later") === version;
  } catch {
    return false;
  }
}
