import type { ArtifactManifest } from '@towerkit/artifact';
import { basename } from 'node:path';

/** One config of a report, with its artifacts: one for each seed. */
export interface Variant {
  readonly label: string;
  /** Places in the list of artifacts. */
  readonly members: readonly number[];
}

/** What names an artifact. */
export interface Named {
  readonly folder: string;
  readonly manifest: Pick<ArtifactManifest, 'kind' | 'name' | 'recipe'>;
}

/**
 * The artifacts of one config and several seeds together. A two-tower is called by the name of its config, another model by its kind;
 * where two configs would be called the same, their folder stands beside.
 *
 * @returns in the order of the first artifact of each
 */
export function variantsOf(artifacts: readonly Named[]): Variant[] {
  const groups = new Map<string, number[]>();
  artifacts.forEach((artifact, place) => {
    const key = `${nameOf(artifact)} ${settingsOf(artifact)}`;
    const group = groups.get(key);
    const seeds = group?.map((other) => artifacts[other].manifest.recipe.seed);
    if (group && !seeds!.includes(artifact.manifest.recipe.seed)) group.push(place);
    else groups.set(group ? `${key} ${artifact.folder}` : key, [place]);
  });
  const all = [...groups.values()];
  const names = all.map(([first]) => nameOf(artifacts[first]));
  return all.map((members, i) => ({
    label:
      names.indexOf(names[i]) === names.lastIndexOf(names[i])
        ? names[i]
        : `${names[i]} (${basename(artifacts[members[0]].folder)})`,
    members,
  }));
}

const nameOf = ({ manifest: { kind, name } }: Named) => (kind === 'two-tower' ? name : kind);

function settingsOf({ manifest: { kind, recipe } }: Named): string {
  return `${kind} ${JSON.stringify({ ...recipe, seed: undefined, threads: undefined })}`;
}
