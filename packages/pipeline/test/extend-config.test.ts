import { describe, expect, test } from '@jest/globals';

import { checkConfig } from '../src/config/check-config.js';
import { defineConfig } from '../src/config/define-config.js';
import { extendedConfig } from '../src/config/extend-config.js';

describe('a config over another', () => {
  const model = () => 1;
  const configs: Readonly<Record<string, unknown>> = {
    base: {
      name: 'base',
      epochs: 3,
      metrics: ['hr@10', 'mrr'],
      data: { clean: { from: 1, until: 9 } },
      model,
    },
    middle: { extends: 'base', data: { clean: { until: 5 } } },
    circle: { extends: 'circle' },
  };
  const load = (name: string) =>
    name in configs ? Promise.resolve(configs[name]) : Promise.reject(new Error(`no ${name}`));

  test('merges objects, replaces lists, keeps functions and what is not said', async () => {
    const own = { extends: 'middle', name: 'own', metrics: ['ndcg@10'], epochs: undefined };
    expect(await extendedConfig(own, load)).toEqual({
      ...{ name: 'own', epochs: 3, metrics: ['ndcg@10'], data: { clean: { from: 1, until: 5 } }, model },
    });
    expect(configs.middle).toEqual({ extends: 'base', data: { clean: { until: 5 } } });
  });

  test('without the key it is itself', async () => {
    const config = { name: 'a' };
    expect(await extendedConfig(config, load)).toBe(config);
    expect(await extendedConfig(undefined, load)).toBeUndefined();
  });

  test.each([[{ extends: 'circle' }], [{ extends: 3 }], [{ extends: '' }]])('refuses %j', async (config) => {
    await expect(extendedConfig(config, load)).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });

  test('what the base throws comes through', async () => {
    await expect(extendedConfig({ extends: 'gone' }, load)).rejects.toThrow('no gone');
  });

  test('defineConfig checks the keys that are said', () => {
    expect(defineConfig({ extends: 'search', epochs: 2 })).toEqual({ extends: 'search', epochs: 2 });
    expect(() => defineConfig({ extends: 'search', epochs: 0 })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG' }),
    );
  });
});

test('a hybrid and a search in one config', () => {
  expect(() => checkConfig({ name: 'a', hybrid: {}, search: {} })).toThrow(
    expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(/^config: search: /) }),
  );
});
