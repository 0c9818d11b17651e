import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** The one lint configuration: correctness rules only; Prettier owns the layout. */
export const preset = tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '*/*/types/**',
      'datasets/types/**',
      '**/node_modules/**',
      '**/artifacts/**',
      '**/*.gen.ts',
      '**/*.cjs',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', globalThis: 'readonly' },
    },
    rules: { 'no-console': 'off' },
  },
  { files: ['**/examples/*.ts'], rules: { 'no-console': 'off' } },
  {
    // Pages, which browsers read as they are.
    files: ['**/public/**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'AbortController',
          'AbortSignal',
          'URLSearchParams',
          'clearTimeout',
          'document',
          'fetch',
          'performance',
          'setTimeout',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
