import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const lines = (await runReadme(`${import.meta.dirname}/..`)).trim().split('\n');
  expect(lines[0]).toBe(
    'popularity histories.parquet items.json items.parquet notes.txt popularity.safetensors',
  );
  expect(lines.slice(1)).toEqual(['ann: Red mug, Teapot', 'bo: Teapot']);
});
