import { expect, test } from '@jest/globals';

import { blocksOf, folderOf } from '../src/markdown/blocks.js';

const TEXT = `<!-- folder: your-data -->

# Page

\`\`\`ts [cold.ts]
export {};
\`\`\`

<!-- not run: it takes hours -->

\`\`\`sh
towerkit train
\`\`\`

<!-- server: http://127.0.0.1:1/health -->

::: code-group

\`\`\`sh
towerkit serve
\`\`\`

:::

- a list

  \`\`\`json {1}
  {}
  \`\`\`

<!-- not run: of a text in between, not of the block -->

Words.

\`\`\`\`md
\`\`\`sh
no block of its own
\`\`\`
\`\`\`\`
`;

test('blocks have their language, file, line, indent and marker', () => {
  const page = 'p';
  expect(blocksOf(page, TEXT)).toEqual([
    { page, line: 6, language: 'ts', file: 'cold.ts', code: 'export {};\n' },
    {
      page,
      line: 12,
      language: 'sh',
      code: 'towerkit train\n',
      marker: { kind: 'not run', text: 'it takes hours' },
    },
    {
      ...{ page, line: 20, language: 'sh', code: 'towerkit serve\n' },
      marker: { kind: 'server', text: 'http://127.0.0.1:1/health' },
    },
    { page, line: 28, language: 'json', code: '{}\n' },
    { page, line: 36, language: 'md', code: '```sh\nno block of its own\n```\n' },
  ]);
  expect(folderOf(TEXT)).toBe('your-data');
  expect(folderOf('# none')).toBeUndefined();
});
