import type { TableColumn } from '@towerkit/data';
import type { PlaceFeatures } from '@towerkit/geo';

/**
 * How far two tables of features agree, a line for each class: the share of equal counts, the ratio of the sums of lengths or areas
 * over all places inside, and the mean difference as a share of the mean.
 */
export function agreement(
  { names, columns }: PlaceFeatures,
  others: Readonly<Record<string, TableColumn>>,
): string[] {
  const lines: string[] = [];
  for (const name of names) {
    let [rows, equal, own, other, apart] = [0, 0, 0, 0, 0];
    columns[name].forEach((value, row) => {
      if (Number.isNaN(value)) return;
      const peer = Number(others[name][row]);
      rows++;
      own += value;
      other += peer;
      apart += Math.abs(value - peer);
      if (value === peer) equal++;
    });
    const share = name.endsWith('_count') ? `${((100 * equal) / rows).toFixed(2)}% equal, ` : '';
    const ratio = other === 0 ? (own === 0 ? 'both 0' : 'theirs 0') : (own / other).toFixed(5);
    lines.push(`${name}: ${share}sums ${ratio}, apart ${((100 * apart) / Math.max(other, 1)).toFixed(3)}%`);
  }
  return lines;
}
