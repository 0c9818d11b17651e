import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const lists = new URL('../artifacts/sidebar.json', import.meta.url);
const { results, packages, api } = existsSync(lists)
  ? JSON.parse(readFileSync(lists, 'utf8'))
  : { results: [], packages: [], api: [] };

const page = (text, link) => ({ text, link });
const guides = [
  page('Quick start', '/quick-start'),
  page('Your data', '/guides/your-data'),
  page('Features and cold start', '/guides/features'),
  page('Choosing a model', '/guides/models'),
  page('Evaluation done right', '/guides/evaluation'),
  page('Text and search', '/guides/search'),
  page('Places', '/guides/places'),
  page('Ratings and reviews', '/guides/ratings'),
  page('Serving and operations', '/guides/serving'),
  page('A tower of your own', '/guides/own-tower'),
  page('In the browser', '/guides/browser'),
  page('Assistants', '/guides/assistants'),
  page('Studies', '/guides/studies'),
  page('Beyond one machine', '/guides/beyond-one-machine'),
  page('Coming from elsewhere', '/guides/coming-from'),
];
const reference = [
  page('Which package when', '/reference/packages'),
  page('Command line', '/reference/cli'),
  page('Keys of a config', '/reference/config'),
  page('Errors', '/reference/errors'),
  page('Glossary', '/reference/glossary'),
  page('Results', '/results/'),
];

export default defineConfig({
  title: 'Towerkit',
  description: 'Two-tower recommendation for TypeScript',
  lang: 'en-US',
  base: process.env.DOCS_BASE ?? '/',
  srcDir: './artifacts/pages',
  outDir: './artifacts/site',
  cacheDir: './artifacts/cache',
  head: [
    ['meta', { name: 'theme-color', content: '#1c5d99' }],
    ['link', { rel: 'icon', href: 'data:,' }],
  ],
  markdown: {
    // As GitHub does, whose anchors the READMEs use.
    anchor: {
      slugify: (text) =>
        text
          .trim()
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replace(/\s/g, '-'),
    },
    config: (markdown) => {
      // A cell at the head of a table that says nothing is no header.
      markdown.core.ruler.push('empty-headers', ({ tokens }) => {
        tokens.forEach((token, at) => {
          if (token.type !== 'th_open' || tokens[at + 1].content !== '') return;
          token.tag = 'td';
          tokens[at + 2].tag = 'td';
        });
      });
      // Indented blocks are shown as fenced ones, which scroll, also by keyboard.
      markdown.core.ruler.push('indented-blocks', ({ tokens }) => {
        for (const token of tokens)
          if (token.type === 'code_block') Object.assign(token, { type: 'fence', tag: 'code', info: 'text' });
      });
    },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  // The theme's home page has no main landmark.
  transformHtml: (html) => html.replace('class="VPContent is-home"', 'role="main" $&'),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      page('Guides', '/quick-start'),
      page('Reference', '/reference/cli'),
      page('Results', '/results/'),
      page('API', '/api/'),
    ],
    sidebar: {
      '/results/': [{ text: 'Results', link: '/results/', items: results }],
      '/packages/': [{ text: 'Packages', link: '/reference/packages', items: packages }],
      '/api/': [{ text: 'API', link: '/api/', items: api }],
      '/': [
        { text: 'Guides', items: guides },
        { text: 'Reference', items: reference },
        // Not to be folded: the theme makes of it a button within a button.
        { text: 'Packages', items: packages },
      ],
    },
    socialLinks: [{ icon: 'github', link: 'https://github.com/towerkit/towerkit' }],
    footer: { message: 'MIT License' },
  },
});
