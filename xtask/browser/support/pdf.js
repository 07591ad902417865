// What Chromium's PDF files say about their pages. Their objects are plain text; only streams are compressed.

/** Page numbers, from 1, of the document's ids that something links to. */
export function pagesOf(pdf) {
  const text = pdf.toString("latin1");
  const order = new Map();
  for (const number of leaves(text)) order.set(number, order.size + 1);
  const destinations = text.match(/\/Dests (\d+) 0 R/);
  const table = destinations ? object(text, destinations[1]) : "";
  const found = new Map();
  for (const [, name, page] of table.matchAll(/\/(\S+) \[(\d+) 0 R \/XYZ/g)) {
    found.set(name.replace(/#([0-9a-fA-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16))), order.get(page));
  }
  return found;
}

/** How many pages the file has. */
export const pageCount = (pdf) => leaves(pdf.toString("latin1")).length;

/** Numbers of the objects of the pages, in order: the leaves of the tree that the catalogue names. */
function leaves(text) {
  const root = text.match(/\/Type \/Catalog\s+\/Pages (\d+) 0 R/);
  const walk = (number) => {
    const kids = object(text, number).match(/\/Kids \[([^\]]*)\]/);
    return kids ? [...kids[1].matchAll(/(\d+) 0 R/g)].flatMap(([, kid]) => walk(kid)) : [number];
  };
  return root ? walk(root[1]) : [];
}

/** Text of object `number`. */
function object(text, number) {
  const start = text.indexOf(`\n${number} 0 obj\n`);
  return start < 0 ? "" : text.slice(start, text.indexOf("endobj", start));
}
