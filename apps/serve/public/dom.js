/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/**
 * An element with attributes (a function is a listener, `true` an empty attribute, nothing for `false` or `undefined`)
 * and children. Text stays text: no markup of a catalog is ever read as such.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
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
