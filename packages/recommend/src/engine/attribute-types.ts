/** What the values of a column are, as JSON has them. */
export interface AttributeType {
  /** `mixed` where they are of several types, or lists. */
  readonly type: 'string' | 'number' | 'boolean' | 'mixed';
  /** Whether some are missing; a number that is not finite is. */
  readonly nullable: boolean;
}

type Catalog = Readonly<Record<string, ArrayLike<unknown>>>;

/** Columns that are told of by themselves, not among the attributes of an item. */
const OWN = ['id', 'title', 'training_count'];

/**
 * The types of the catalog's columns beside `id`, `title` and `training_count`: what a client may expect of the attributes of an
 * item.
 *
 * @param catalog columns by name, [items] each
 * @example
 * ```ts
 * attributeTypes({ id: ['a', 'b'], price: [3, null] }); // { price: { type: 'number', nullable: true } }
 * ```
 */
export function attributeTypes(catalog: Catalog): Record<string, AttributeType> {
  const columns = Object.entries(catalog).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(columns.map(([name, values]) => [name, typeOf(values)]));
}

/** Types of catalogs that were asked for: to look at every value takes a while. */
const known = new WeakMap<Catalog, Readonly<Record<string, AttributeType>>>();

/**
 * A JSON schema of the attributes of an item of any of these catalogs: a column is required if all have it, and typed if all agree.
 *
 * @param catalogs must not change afterwards
 */
export function attributesSchema(catalogs: readonly Catalog[]): object {
  const all = catalogs.map((catalog) => {
    const types = known.get(catalog) ?? attributeTypes(catalog);
    known.set(catalog, types);
    return types;
  });
  const names = [...new Set(all.flatMap((types) => Object.keys(types)))].sort();
  const properties = Object.fromEntries(
    names.map((name) => [name, schemaOf(all.flatMap((types) => types[name] ?? []))]),
  );
  const required = names.filter((name) => all.every((types) => name in types));
  const description = 'the other columns of the catalog';
  return { type: 'object', description, properties, ...(required.length > 0 && { required }) };
}

function schemaOf(types: readonly AttributeType[]): object {
  const [{ type }] = types;
  if (type === 'mixed' || types.some((one) => one.type !== type)) return {};
  return { type: types.some(({ nullable }) => nullable) ? [type, 'null'] : type };
}

function typeOf(values: ArrayLike<unknown>): AttributeType {
  const types = new Set<AttributeType['type']>();
  let nullable = false;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value)))
      nullable = true;
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      types.add(typeof value as AttributeType['type']);
    else types.add('mixed');
  }
  return { type: types.size === 1 ? [...types][0] : 'mixed', nullable };
}
