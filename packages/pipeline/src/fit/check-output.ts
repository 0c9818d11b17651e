import { holdArtifact } from '@towerkit/artifact';

/**
 * Makes sure, before hours of training, that an artifact can be written to a folder, by taking and giving back its lock.
 * Nothing is left behind.
 *
 * @throws TowerkitError `UNWRITABLE`; `FOLDER_IN_USE` naming a file of the folder that is not an artifact's, which writing
 *   would lose; `LOCKED` while another process writes it
 */
export const checkOutput = (out: string): Promise<void> => holdArtifact(out, async () => undefined);
