// The reader's preferences, in the browser only. Blocked or full storage is not an error: nothing is remembered.
export const PREFIX = "formation-kafka:v1:";

/** The value kept under `name`, or `fallback` if there is none, or none that can be read. */
export function recall(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Names under which version 1 of the learner's journey kept things: see journey-v1.js. */
export function namesOfVersion1() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
    return names.filter((name) => /^(committed$|position$|check:|quiz:)/.test(name));
  } catch {
    return [];
  }
}

/** Keeps `value` under `name`. */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch { /* the page works without memory */ }
}
