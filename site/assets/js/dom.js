/** Creates an element with properties, then children (elements or text). */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** All elements below `scope` that match, as an array. */
export const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];

/** Address of the site's root. */
export const root = new URL(document.documentElement.dataset.root, document.baseURI);
