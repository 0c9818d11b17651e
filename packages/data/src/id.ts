/** Characters of the longest id: a longer one is a text that stands in the wrong column; the server takes no longer one. */
export const LONGEST_ID = 512;

/** Whether a value can be an id: a string that is not blank or too long, of whole characters and without NUL. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.trim() !== '' &&
  value.length <= LONGEST_ID &&
  !value.includes('\0') &&
  !LONE_SURROGATE.test(value);

const LONE_SURROGATE = /\p{Surrogate}/u;
