export { runProgram as main } from './commands/program.js';
