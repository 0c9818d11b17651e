import type { Inspection, SideTable } from '../inspection.js';
import { chooseModel } from '../propose/choose-model.js';

/** What was found as plain JSON, for programs. */
export function inspectionResult(inspection: Inspection) {
  const { files, log, columns, catalog, users, unused, apart, facts, traps } = inspection;
  const chosen = log &&
    columns && {
      file: log.file.path,
      queries: log.queries,
      user: { column: log.user.name, why: log.why.user },
      item: { column: log.item.name, why: log.why.item },
      ...(columns.time && {
        time: {
          column: columns.time.column.name,
          why: columns.time.why,
          ...(columns.time.unit && { unit: columns.time.unit }),
          ...(columns.time.form && { format: columns.time.form.format }),
          position: columns.time.isPosition,
        },
      }),
      ...Object.fromEntries(
        (['rating', 'weight', 'kind'] as const).flatMap((role) => {
          const one = columns[role];
          return one ? [[role, { column: one.column.name, why: one.why }]] : [];
        }),
      ),
      rest: columns.rest.map(({ name }) => name),
      ...(log.rival && { rival: log.rival }),
    };
  const { time, busiest, perUser, perItem, ...figures } = facts ?? {};
  return {
    files: files.map(
      ({ path, rows, sampled, rejected, layout: { oddities, ...layout }, columns: names }) => ({
        ...{ path, rows, rejected, layout, columns: names },
        ...(sampled && { sampled }),
        ...(oddities.length > 0 && { oddities }),
      }),
    ),
    ...(chosen && { log: chosen }),
    ...(catalog && { catalog: sideResult(catalog) }),
    ...(users && { users: sideResult(users) }),
    ...(inspection.joined && { joined: inspection.joined }),
    ...(inspection.heldBack && {
      held_back: Object.fromEntries(
        Object.entries(inspection.heldBack).map(([part, file]) => [part, file.path]),
      ),
    }),
    unused: unused.map(({ file, why }) => ({ file: file.path, why })),
    apart: apart.map(({ file, what }) => ({ file: file.path, what })),
    ...(facts && {
      facts: { ...figures, per_user: perUser, per_item: perItem, busiest, ...(time && { time }) },
    }),
    traps,
    ...(log && { model: chooseModel(inspection) }),
  };
}

const sideResult = ({ file, key, log, duplicates, columns, join }: SideTable) => ({
  ...{ file: file.path, id: key.name, of_log: log, duplicates },
  ...(join && {
    without_row: join.column.distinct - join.shared,
    without_interactions: key.distinct - join.shared,
  }),
  columns: columns.map(({ column, why, ...use }) => ({ column: column.name, ...use, why })),
});
