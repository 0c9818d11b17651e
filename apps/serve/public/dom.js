/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/**
 * An element with attributes (a function is a listener, `true` an empty attribute, nothing for `false` or `undefined`)
 * and children. Text stays text: no markup of a catalog is ever read as such.
 */
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** The same of SVG. */
export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

function fill(element, attributes = {}, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Shows a problem in its place, or nothing there. */
export function showProblem(place, problem) {
  place.hidden = !problem;
  place.textContent = problem ? (problem.text ?? String(problem.message ?? problem)) : '';
}

/** "1 item", "2 items". */
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** What an item is called. */
export const nameOf = ({ id, title }) => title ?? id;

/** Kilometres in words: metres where it is near. */
export const distance = (km) => (km < 1 ? `${Math.round(km * 1000)} m` : `${km.toFixed(km < 10 ? 1 : 0)} km`);
