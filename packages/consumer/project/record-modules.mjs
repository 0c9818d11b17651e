// For `node --import`: appends the file of every module that this process and its threads load to the file that
// LOADED_MODULES names.
import { appendFileSync } from 'node:fs';
import { Module, register } from 'node:module';

const to = process.env.LOADED_MODULES;

// CommonJS, on this thread.
for (const extension of ['.js', '.json', '.node']) {
  const load = Module._extensions[extension];
  Module._extensions[extension] = (module, file) => {
    appendFileSync(to, `${file}\n`);
    return load(module, file);
  };
}

// ES modules: hooks are on a thread of their own.
const hooks = `
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(${JSON.stringify(to)}, url + '\\n');
    return next(url, context);
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
