export { openRegular } from './open-regular.js';
export { readRegular } from './read-regular.js';
export { writeFileAtomic } from './write-file-atomic.js';
export { writeFolderAtomic } from './write-folder-atomic.js';
