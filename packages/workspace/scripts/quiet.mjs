/** What the tools that build and test this workspace would send or look up unasked, by the variable that stops it. */
const UNASKED = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false', // of npm, npx and pnpm
  // Of tests, whose modules see a copy of the environment that native code does not read.
  ORT_DISABLE_TELEMETRY: '1',
};

/** The environment for a tool; what the user has set there stays. */
export const quiet = () => ({ ...UNASKED, ...process.env });
