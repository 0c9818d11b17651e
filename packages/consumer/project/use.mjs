// node use.mjs PACKAGE ...: uses each package as an ES module.
import uses from './uses.cjs';

for (const name of process.argv.slice(2)) {
  await uses[name]((id) => import(id));
  console.log(`${name} works`);
}
