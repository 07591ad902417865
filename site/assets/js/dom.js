/** Creates an element with properties, then children (elements or text). */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Adds a stylesheet and waits for it. One that fails to load is no reason to show nothing. */
export function stylesheet(href) {
  return new Promise((resolve) => {
    document.head.append(make("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });
}

/** All elements below `scope` that match, as an array. */
export const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];

/** Address of the site's root. */
export const root = new URL(document.documentElement.dataset.root, document.baseURI);
