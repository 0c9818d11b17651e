// tfjs greets every Node process that uses its plain backend, to advise another one.
const { warn } = console;
console.warn = (...words) => {
  if (!String(words[0]).includes('looks like you are running TensorFlow.js in Node.js')) warn(...words);
};
