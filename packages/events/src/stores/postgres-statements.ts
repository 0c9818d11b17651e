import { IMPRESSION_COLUMNS, IMPRESSION_FIELDS } from './impression-rows.js';

export const APPEND = `
  INSERT INTO towerkit_events (id, user_id, item_id, at, type, answer)
  SELECT id, user_id, item_id, at, type, answer
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
    WITH ORDINALITY AS given (id, user_id, item_id, at, type, answer, place)
  ORDER BY place
  ON CONFLICT DO NOTHING
`;

export const RECORD = `
  INSERT INTO towerkit_impressions (${IMPRESSION_COLUMNS})
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[])
  ON CONFLICT (id) DO NOTHING
`;

/** In the order of bytes, as SQLite has it, whatever the language of the database. */
export const GROUPS = `
  SELECT experiment, arms, COUNT(*) AS count FROM towerkit_impressions
  WHERE at >= $1 AND at < $2
  GROUP BY experiment, arms ORDER BY experiment COLLATE "C", arms COLLATE "C"
`;

export const VOTES = `
  SELECT e.seq, e.item_id AS item, e.type, ${IMPRESSION_FIELDS}
  FROM (SELECT * FROM towerkit_events WHERE answer IS NOT NULL AND seq > $1 ORDER BY seq LIMIT $2) AS e
  LEFT JOIN towerkit_impressions AS i ON i.id = e.answer AND i.at >= $3 AND i.at < $4 ORDER BY e.seq
`;

export const HISTORY = `
  SELECT item_id, at, type FROM (
    SELECT seq, item_id, at, type FROM towerkit_events WHERE user_id = $1 ORDER BY at DESC, seq DESC LIMIT $4
  ) AS newest
  WHERE $3::text[] IS NULL OR type = ANY ($3) ORDER BY at DESC, seq DESC LIMIT $2
`;

/** From one user to the next along the index, past all events between. */
export const USERS = `
  WITH RECURSIVE each (user_id) AS (
    (SELECT user_id FROM towerkit_events WHERE user_id > $1 ORDER BY user_id LIMIT 1)
    UNION ALL
    SELECT (SELECT user_id FROM towerkit_events WHERE user_id > each.user_id ORDER BY user_id LIMIT 1)
    FROM each WHERE each.user_id IS NOT NULL
  )
  SELECT user_id FROM each WHERE user_id IS NOT NULL LIMIT $2
`;

/** One row that every server writes: also where the disk is full or the database reads only, this tells. */
export const PROBE = `UPDATE towerkit_meta SET value = $1 WHERE key = 'probe'`;

export const SIZE = `
  SELECT pg_total_relation_size('towerkit_events') + pg_total_relation_size('towerkit_impressions') AS bytes
`;
