// This site keeps nothing for reading offline. A browser that kept an earlier one of this address fetches this file in the
// place of that one's worker: it clears what was kept, removes itself, and the pages come from the network again.
const PREFIX = `formation-kafka:${new URL(self.registration.scope).pathname}:`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(retire()));

async function retire() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX)) await caches.delete(name);
  }
  await self.registration.unregister();
  for (const client of await clients.matchAll({ type: "window" })) client.navigate(client.url);
}
