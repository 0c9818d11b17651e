/**
 * What a fit took, for the manifest: its seconds, and the most memory that the process has held so far, which is that of the fit
 * where a process fits one model.
 */
export const costOf = (seconds: number) => ({
  fitSeconds: seconds,
  peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
});
