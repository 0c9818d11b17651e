/// <reference lib="dom" />
import type * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** The marks and the rest of a plot, for the library that draws it. */
export type Draw = (plot: typeof Plot) => Plot.PlotOptions & { marks: Plot.Markish[] };

/** Colors that stand out from white and from near black alike. */
export const COLORS = [
  '#2f7ed8',
  '#d9622b',
  '#2a9d6f',
  '#b05cc6',
  '#b8860b',
  '#d14a78',
  '#5f7f95',
  '#7a6ff0',
  '#3a9fb5',
  '#8c7a3f',
  '#c0504d',
  '#6b9e3a',
];

/** Colors of names, in their order; they come again where there are more names. */
export const colorScale = (names: readonly string[]) => ({
  domain: [...names],
  range: names.map((_, i) => COLORS[i % COLORS.length]),
});

/** What the colors of a plot mean. */
export const legendOf = (names: readonly string[]): { readonly label: string; readonly color: string }[] =>
  names.map((label, i) => ({ label, color: COLORS[i % COLORS.length] }));

/**
 * Draws a plot as the text of an SVG. Lines and letters have the color of the text around it.
 *
 * @param label what it shows, for those who do not see it
 */
export async function drawPlot(label: string, draw: Draw): Promise<string> {
  const plot = await import('@observablehq/plot');
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = plot.plot({
    width: 720,
    marginTop: 28,
    marginBottom: 48,
    style: { fontSize: '13px', overflow: 'visible' },
    ...draw(plot),
    document: document as unknown as Plot.PlotOptions['document'],
  });
  // Groups of marks have names of their own, which nobody reads within one picture.
  for (const group of Array.from(drawn.querySelectorAll('g[aria-label]')))
    group.removeAttribute('aria-label');
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', label);
  drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const name = drawn.getAttribute('class')?.split(' ')[0];
  return named(name ? drawn.outerHTML.replaceAll(name, 'plot') : drawn.outerHTML, label);
}

/** Ids of markers counted from 1, so that the same figures give the same text, and after the label, so that each is one of a page. */
function named(svg: string, label: string): string {
  const slug = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const ids = new Map<string, string>();
  return svg.replaceAll(/plot-marker-\d+/g, (id) => {
    if (!ids.has(id)) ids.set(id, `${slug}-marker-${ids.size + 1}`);
    return ids.get(id)!;
  });
}

/** An SVG as a file of its own: black on white, white on black where the reader prefers that. */
export const standalone = (svg: string): string =>
  svg.replace(
    /<svg([^>]*)>/,
    '<svg$1><style>svg{color:#1b1f24;background:#fff}@media(prefers-color-scheme:dark){svg{color:#e6e8eb;background:#14171a}}</style>',
  );
