// The plainest static host, under a sub-path, as a project page on a forge would be.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json",
  ".png": "image/png", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".woff2": "font/woff2",
};

/** Serves `folder` under `prefix` on a free port; everything else is 404. */
export async function serve(folder, prefix) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const relative = decodeURIComponent(pathname.slice(prefix.length));
    const file = path.join(folder, relative.endsWith("/") || relative === "" ? `${relative}index.html` : relative);
    try {
      if (!pathname.startsWith(prefix)) throw new Error("outside");
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("404");
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}${prefix}`, close: () => server.close() };
}
