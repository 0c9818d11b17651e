import type { LoadedFile } from '../files/load.js';
import type { ColumnProfile } from '../profile/column-profile.js';

/** A file with what its columns hold. */
export interface ProfiledFile extends LoadedFile {
  readonly profiles: readonly ColumnProfile[];
  /** The first three rows, null where a value is empty. */
  readonly samples: readonly (readonly (string | null)[])[];
}

/** A column of a file, by its place. */
export interface ColumnOf {
  readonly file: ProfiledFile;
  readonly column: ColumnProfile;
}
