// What the page remembers, in the browser only. Blocked or full storage is not an error: nothing is remembered.
const PREFIX = "formation-kafka:v1:";

/** The value kept under `name`, or `fallback` if there is none, or none that can be read. */
export function recall(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Keeps `value` under `name`. */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch { /* the page works without memory */ }
}
