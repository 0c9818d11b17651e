export { builtProgram } from './built-program.js';
export { openRegular, readRegular } from './open-regular.js';
export { isMountPoint } from './mount-point.js';
export { isRunning, THIS_PROCESS, type ProcessIdentity } from './process-identity.js';
export { fillFileAtomic, removeTemporaryFiles, writeFileAtomic } from './write-file-atomic.js';
export { writeFolderAtomic, type WriteFolderOptions } from './write-folder-atomic.js';
export {
  holdFolder,
  holdPath,
  recoverFolder,
  type HeldPath,
  type HoldFolderOptions,
  type HoldPathOptions,
} from './hold-path.js';
export type { OwnedFiles } from './owned-files.js';
