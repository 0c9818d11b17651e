import type { Inspection } from '../inspection.js';
import { isSearch } from '../propose/search-text.js';
import { chooseModel, grouped } from '../propose/choose-model.js';

/** A file of a project by its name in the folder. */
export interface ProjectFile {
  readonly name: string;
  readonly text: string;
}

/** What a project is told beside its data. */
export interface ProjectFacts {
  readonly name: string;
  /** Versions of packages to depend on, such as `{ towerkit: '^1.0.0' }`. */
  readonly packages: Readonly<Record<string, string>>;
  /** Whether installs run where a dependency's script downloads what is not needed: Linux on x64. */
  readonly skipScripts: boolean;
}

/** The scripts of a project. */
export const scriptsOf = (name: string): Readonly<Record<string, string>> => ({
  train: 'towerkit train',
  baseline: 'towerkit baseline als',
  evaluate: `towerkit evaluate --artifact artifacts/${name}`,
  recommend: `towerkit recommend --artifact artifacts/${name}`,
  start: `towerkit serve --artifact artifacts/${name}`,
});

/** A `package.json` for a folder that has none. */
export const packageText = ({ name, packages }: ProjectFacts): string =>
  `${JSON.stringify(
    {
      name:
        name
          .toLowerCase()
          .replace(/[^a-z0-9._-]+/g, '-')
          .replace(/^[._-]+/, '') || 'recommender',
      version: '0.0.0',
      private: true,
      type: 'module',
      scripts: scriptsOf(name),
      dependencies: packages,
    },
    undefined,
    2,
  )}\n`;

/**
 * A `package.json` with the scripts it lacks; every other byte of meaning stays.
 *
 * @returns undefined where nothing is lacking, or it is no JSON object
 */
export function withScripts(text: string, name: string): string | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined;
  const own = (read as { scripts?: unknown }).scripts ?? {};
  if (typeof own !== 'object' || own === null || Array.isArray(own)) return undefined;
  const lacking = Object.entries(scriptsOf(name)).filter(([script]) => !Object.hasOwn(own, script));
  if (lacking.length === 0) return undefined;
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return `${JSON.stringify({ ...read, scripts: { ...own, ...Object.fromEntries(lacking) } }, undefined, indent)}\n`;
}

/** An `.npmrc` for where one helps. */
export const NPMRC = `# No package here needs an install script. That of onnxruntime-node would fetch CUDA libraries, which the CPU does not need.
ignore-scripts=true
`;

/** What the folder is and how to go on, for a person. */
export function readmeText(inspection: Inspection, { name }: ProjectFacts, config: string): string {
  const { log, facts, catalog, columns } = inspection;
  const choice = chooseModel(inspection);
  const user = shell(facts!.example);
  const text = facts!.example.replace(/["$`\\]/g, '');
  const asks = isSearch(inspection)
    ? `npx towerkit search --artifact artifacts/${name} "${text}"`
    : log!.queries
      ? `npx towerkit recommend --artifact artifacts/${name} --text "${text}"`
      : `npx towerkit recommend --artifact artifacts/${name} --user ${user}`;
  const who = log!.queries ? 'queries' : 'users';
  const lines = [
    `# ${name}`,
    '',
    `A recommender for ${log!.file.name}: ${grouped(facts!.users)} ${who}, ${grouped(facts!.items)} items, ${grouped(facts!.rows)} rows.`,
    `\`${config}\` says how the files are read and what is trained; what \`towerkit init\` guessed stands there with its reason.`,
    '',
    '```sh',
    'npm install            # once',
    'npx towerkit train     # reads the config here; prints how good the model is beside popularity',
    `${asks}`,
    'npm install @towerkit/serve && npm start   # over HTTP, with a page to try it',
    '```',
    '',
    '## The model',
    '',
    ...choice.why.map((line) => `- ${line}.`),
    '',
    '## Next steps',
    '',
    `- \`npm run baseline\` fits ALS on the same rows; \`npx towerkit compare --artifacts artifacts/${name},artifacts/${name}-als\` tests which is better.`,
    `- \`npx towerkit train --refit\` trains again on the rows held back, once the settings are settled.`,
    ...(catalog && choice.kind !== 'baskets'
      ? [`- \`npx towerkit add-items --artifact artifacts/${name} --items FILE\` adds items that came later.`]
      : []),
    ...(columns!.rest.length > 0 && choice.kind === 'next'
      ? [
          `- ${columns!.rest
            .slice(0, 5)
            .map((column) => `\`${column.name}\``)
            .join(', ')}: what is known of the moment of a question may go under \`data.moment\`.`,
        ]
      : []),
    '',
  ];
  return lines.join('\n');
}

const shell = (text: string) => (/^[\w.@:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
