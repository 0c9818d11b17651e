/** What a value looks like, for telling a name from the values below it. */
type Shape = 'number' | 'date' | 'empty' | 'long' | 'word';

const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|^\d{1,2}-[A-Za-z]{3}-\d{2,4}$/;
const NAME = /^[\p{L}_#][\p{L}\p{N} _.:/()#-]{0,60}$/u;

function shapeOf(value: string): Shape {
  const plain = value.trim();
  if (plain === '') return 'empty';
  if (NUMBER.test(plain)) return 'number';
  if (DATE.test(plain)) return 'date';
  return plain.length > 80 ? 'long' : 'word';
}

/**
 * Whether the first record of a table names its columns: it holds different words, and below some of them stand numbers or
 * dates, or words that come again while those of the first record do not.
 *
 * @param records the first ones, each its values
 */
export function hasHeader(records: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = records;
  if (first === undefined) return false;
  const names = first.map((value) => value.trim());
  if (names.some((name) => shapeOf(name) === 'number' || shapeOf(name) === 'date')) {
    // A pivot has dates or ids for names: then they are all different and the first is a word.
    return false;
  }
  const said = names.filter((name) => name !== '');
  if (said.length === 0 || new Set(said).size < said.length || said.some((name) => !NAME.test(name))) {
    return said.length > 0 && rest.length > 0 && votes(names, rest) >= 2;
  }
  if (rest.length === 0) return true;
  return votes(names, rest) > 0;
}

/** For (above 0) and against (below 0) the first record being one of names. */
function votes(names: readonly string[], rest: readonly (readonly string[])[]): number {
  let sum = 0;
  names.forEach((name, column) => {
    const values = rest.map((record) => record[column]?.trim() ?? '').filter((value) => value !== '');
    if (values.length === 0) return;
    const typed =
      values.filter((value) => ['number', 'date'].includes(shapeOf(value))).length / values.length;
    if (typed > 0.8 && name !== '') sum += 2;
    else if (values.includes(name)) sum -= 2;
    else if (KNOWN.test(name)) sum += 1;
    else if (new Set(values).size < values.length / 2) sum += 0.5;
  });
  return sum;
}

/** Words that name columns far more often than they are values. */
const KNOWN =
  /(^|[\s_.-])(id|ids|uid|user|customer|item|product|sku|name|title|date|time|timestamp|rating|type|category|price|event|query)([\s_.-]|$)|[a-z]Id$/i;
