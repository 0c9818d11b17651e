/** One line of the plot: recall against microseconds. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly recall: number; readonly p50: number }[];
}

const [WIDTH, HEIGHT] = [860, 520];
const PLOT = { left: 70, right: 600, top: 50, bottom: 460 };
const COLORS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
  '#999999',
  '#7b3294',
  '#8c6d31',
  '#17becf',
  '#e377c2',
];
/** Recall is shown from here on; the axis is that of -log10(1 - recall), and ends at 1. */
const [FROM, TO] = [0.5, 0.9999];

/** A plot of recall against the median latency, both on logarithmic axes. */
export function plot(title: string, curves: readonly Curve[]): string {
  const shown = curves
    .map(({ name, points }) => ({ name, points: points.filter(({ recall }) => recall >= FROM) }))
    .filter(({ points }) => points.length > 0);
  const all = shown.flatMap(({ points }) => points.map(({ p50 }) => Math.log10(p50)));
  const [low, high] = [Math.floor(2 * Math.min(...all)) / 2, Math.ceil(2 * Math.max(...all)) / 2];
  const nines = (recall: number) => -Math.log10(1 - Math.min(TO, recall));
  const x = (recall: number) => scale(nines(recall), nines(FROM), nines(TO), PLOT.left, PLOT.right);
  const y = (p50: number) => scale(Math.log10(p50), low, high, PLOT.bottom, PLOT.top);
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(PLOT.left, 28, title, 'start', 15),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 12, 'recall@10', 'middle'),
    `<g transform="translate(18 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)">${text(0, 0, 'microseconds a query (median)', 'middle')}</g>`,
    ...[0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1].map(
      (recall) =>
        line(x(recall), PLOT.top, x(recall), PLOT.bottom) +
        text(x(recall), PLOT.bottom + 18, String(recall), 'middle', 11),
    ),
    ...ticks(low, high).map(
      (p50) =>
        line(PLOT.left, y(p50), PLOT.right, y(p50)) +
        text(PLOT.left - 6, y(p50) + 4, p50.toLocaleString('en'), 'end', 11),
    ),
    ...shown.flatMap(({ name, points }, i) => {
      const color = COLORS[i % COLORS.length];
      const places = points.map(({ recall, p50 }) => `${x(recall).toFixed(1)},${y(p50).toFixed(1)}`);
      return [
        `<polyline points="${places.join(' ')}" fill="none" stroke="${color}" stroke-width="1.6"/>`,
        ...places.map(
          (place) =>
            `<circle cx="${place.split(',')[0]}" cy="${place.split(',')[1]}" r="3.2" fill="${color}"/>`,
        ),
        `<rect x="${PLOT.right + 20}" y="${PLOT.top + 22 * i}" width="12" height="12" fill="${color}"/>`,
        text(PLOT.right + 38, PLOT.top + 10 + 22 * i, name, 'start'),
      ];
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif">\n${parts.join('\n')}\n</svg>\n`;
}

const scale = (value: number, low: number, high: number, from: number, to: number) =>
  from + ((value - low) / (high - low)) * (to - from);

/** 1, 2 and 5 times the powers of ten. */
function ticks(low: number, high: number): number[] {
  const out = [];
  for (let power = Math.floor(low); power <= high; power++)
    for (const step of [1, 2, 5]) out.push(step * 10 ** power);
  return out.filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);
}

const line = (x1: number, y1: number, x2: number, y2: number) =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`;

const text = (x: number, y: number, words: string, anchor: string, size = 12) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}">${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
