/** Runs the first TypeScript example of a package's README and returns what it printed. */
export function runReadme(
  folder: string,
  options?: { fence?: number; env?: Record<string, string>; readme?: string; cwd?: string },
): Promise<string>;
