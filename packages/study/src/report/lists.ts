import type { MeasuredStudy } from '../measure/measure-artifacts.js';
import { table, text, type Section } from './block.js';

/** Ten users with the list of each model. */
export const listsSection = ({ shown }: MeasuredStudy): Section => ({
  id: 'lists',
  title: 'Ten users',
  blocks: [
    text('The best five items of each model; * marks what the user went on to.'),
    ...shown.map(({ user, history, length, targets, lists }) =>
      table(
        `${user}, ${length} items, the last: ${history.join('; ')}. Then: ${targets.join('; ')}`,
        ['model', ...Array.from({ length: 5 }, (_, i) => String(i + 1))],
        lists.map(({ label, items }) => [
          label,
          ...Array.from({ length: 5 }, (_, i) =>
            items[i] ? `${items[i].isTarget ? '* ' : ''}${items[i].title}` : '-',
          ),
        ]),
        true,
      ),
    ),
  ],
});
