// node use.cjs PACKAGE ...: uses each package from CommonJS.
const uses = require('./uses.cjs');

(async () => {
  for (const name of process.argv.slice(2)) {
    await uses[name](require);
    console.log(`${name} works`);
  }
})();
