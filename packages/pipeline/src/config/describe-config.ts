import { configSchema } from './schema.js';

interface Field {
  readonly description?: string;
  readonly def: { readonly type: string; readonly defaultValue?: unknown; readonly innerType?: Field };
  readonly shape?: Readonly<Record<string, Field>>;
}

/** Every key of a config with its default, one per line: the text of a `--help`. */
export function describeConfig(): string {
  return [
    'Keys of a config, with their defaults:',
    ...lines(configSchema.shape as unknown as Record<string, Field>),
  ].join('\n');
}

const lines = (shape: Readonly<Record<string, Field>>, prefix = ''): string[] =>
  Object.entries(shape).flatMap(([key, field]) => {
    const nested = key === 'data' || key === 'optimizer' ? inner(field).shape : undefined;
    const value = nested ? undefined : defaultOf(field);
    const text = [field.description, value === undefined ? '' : `[${value}]`].filter(Boolean).join(' ');
    return [`  ${`${prefix}${key}`.padEnd(24)}${text}`, ...(nested ? lines(nested, `${prefix}${key}.`) : [])];
  });

const inner = (field: Field): Field => (field.def.innerType ? inner(field.def.innerType) : field);

function defaultOf({ def }: Field): string | undefined {
  if (def.type !== 'default') return undefined;
  const value = def.defaultValue;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
