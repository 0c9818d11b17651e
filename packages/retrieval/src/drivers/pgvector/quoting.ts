/** A name as SQL text. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A string as SQL text, for the few statements that take no parameters. */
export const literal = (text: string): string => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** A vector as pgvector reads it: every float32 exactly. */
export const vectorText = (vector: Float32Array): string => `[${vector.join(',')}]`;
