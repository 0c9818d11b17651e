#!/usr/bin/env node
const args = process.argv.slice(2);
// A server that starts is not ended by the signal that asks it to look for a new model: its own handler comes later.
if (args[0] === 'serve') process.on('SIGHUP', () => {});
const { main } = await import('../dist/cli.js');

process.exitCode = await main(args);
// All has been written. Without this, a signal that repeats itself would find its listener gone while Node tidies up.
if (process.exitCode === 130) process.exit();
