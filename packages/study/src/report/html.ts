import type { Block, FigureBlock, Section, TableBlock } from './block.js';

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--head:#f3f5f7;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#a3abb5;--paper:#14171a;--line:#353b43;--head:#1d2126;--link:#7db4f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main,nav{max-width:62rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--line)}
p{max-width:46rem}
.about,figcaption{color:var(--soft)}
a{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none}
nav a{display:inline-block;padding:.35rem 0}
.scroll{overflow-x:auto;margin:1rem 0 1.5rem}
.scroll:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding-bottom:.4rem}
th,td{padding:.35rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
thead th{background:var(--head)}
th:first-child,.words th,.words td{text-align:left}
.words td{white-space:normal;min-width:8rem}
tbody th{font-weight:500}
figure{margin:1.25rem 0 1.75rem}
figure svg{max-width:100%;height:auto}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.25rem 0;list-style:none;font-size:.9rem}
.legend span{display:inline-block;width:.8em;height:.8em;border-radius:50%;margin-right:.4em}
@media(max-width:40rem){body{font-size:15px}h1{font-size:1.4rem}figure .wide{overflow-x:auto}figure .wide svg{min-width:34rem;max-width:none}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--line:#999;--head:#eee;--link:#000}nav{display:none}h2,caption{break-after:avoid}figure,tr{break-inside:avoid}.scroll{overflow:visible}th,td{white-space:normal}}
`;

/**
 * A report as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.
 *
 * @param about what stands below the title
 */
export function htmlOf(title: string, about: string, sections: readonly Section[]): string {
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`).join('');
  const parts = sections.map(
    ({ id, title, blocks }) =>
      `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2>${blocks.map(blockOf).join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><p class="about">${escaped(about)}</p></header>
<nav aria-label="Sections"><ul>${links}</ul></nav>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'table':
      return tableOf(block);
    case 'figure':
      return figureOf(block);
  }
}

function tableOf({ caption, head, rows, words }: TableBlock): string {
  const titles = head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('');
  const lines = rows.map(
    ([first, ...rest]) =>
      `<tr><th scope="row">${escaped(first)}</th>${rest.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
  );
  const label = caption.length > 80 ? `${caption.slice(0, 80)}...` : caption;
  return `<div class="scroll" role="region" tabindex="0" aria-label="Table: ${escaped(label)}"><table${words ? ' class="words"' : ''}><caption>${escaped(caption)}</caption><thead><tr>${titles}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function figureOf({ name, caption, svg, legend = [] }: FigureBlock): string {
  const keys = legend.map(
    ({ label, color }) => `<li><span style="background:${color}"></span>${escaped(label)}</li>`,
  );
  return `<figure id="figure-${name}"><div class="wide" role="group" tabindex="0" aria-label="Figure: ${escaped(name)}">${svg}</div>${keys.length > 0 ? `<ul class="legend">${keys.join('')}</ul>` : ''}<figcaption>${escaped(caption)}</figcaption></figure>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
