// The whole course, kept on the device. The generator writes before this the constants VERSION, BYTES and FILES: each
// file's path below the site's root, with the SHA-256 of its bytes.
//
// A version is kept whole or not at all: what cannot be fetched, or is not what was announced, ends its installation, and
// the version before it stays. A new version waits until the reader takes it. Everything that is not in the list — the
// server's API first — goes to the network as if this were not there.

const SCOPE = new URL(self.registration.scope);
const PREFIX = `formation-kafka:${SCOPE.pathname}:`;
const CACHE = PREFIX + VERSION;
/** Files fetched at a time while a version is installed. */
const LANES = 6;
const HASHES = new Map(FILES);

/** Address of the file `path`; a page is known by the address of its folder. */
const address = (path) => new URL(path.split("/").map(encodeURIComponent).join("/"), SCOPE);

/** What a file is kept under: other bytes, other key. */
const key = (path) => `${address(path).href}?${encodeURIComponent(HASHES.get(path))}`;

self.addEventListener("install", (event) => event.waitUntil(install()));

async function install() {
  const cache = await caches.open(CACHE);
  const queue = [...HASHES.keys()];
  let done = 0;
  const lane = async () => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      await keep(cache, path);
      done += 1;
      tell({ type: "progress", done, of: HASHES.size });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Puts the file `path` into `cache`: as another version already has it, else from the network. */
async function keep(cache, path) {
  const kept = await caches.match(key(path));
  if (kept) return cache.put(key(path), kept);
  const response = await fetch(address(path), { cache: "no-cache", integrity: `sha256-${HASHES.get(path)}` });
  if (!response.ok) throw new Error(`${response.status}: ${path}`);
  return cache.put(key(path), response);
}

async function tell(message) {
  for (const client of await clients.matchAll({ type: "window", includeUncontrolled: true })) client.postMessage(message);
}

self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.method === "GET" ? below(new URL(request.url)) : null;
  if (path === null) return;
  if (HASHES.has(path)) event.respondWith(kept(path, request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch((error) => lost(path, error)));
});

/** Path of `url` below the site's root, without its "index.html"; null if it is elsewhere. */
function below(url) {
  if (url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return null;
  try {
    return decodeURIComponent(url.pathname.slice(SCOPE.pathname.length)).replace(/(^|\/)index\.html$/, "$1");
  } catch {
    return null;
  }
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(key(path))) ?? fetch(request);
}

/** What a reader sees who asks, without network, for a page that is not in the course. */
async function lost(path, error) {
  if (HASHES.has(`${path}/`)) return Response.redirect(address(`${path}/`));
  const cache = await caches.open(CACHE);
  const page = HASHES.has("404.html") && (await cache.match(key("404.html")));
  if (!page) throw error;
  return new Response(page.body, { status: 404, headers: page.headers });
}

self.addEventListener("message", (event) => {
  if (event.data === "about") event.ports[0].postMessage({ version: VERSION, bytes: BYTES });
  if (event.data === "take over") self.skipWaiting();
});
