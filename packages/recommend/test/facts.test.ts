import { expect, test } from '@jest/globals';

import { twoTowerFactsOf } from '../src/two-tower/facts.js';

const model = { version: 2, dimensions: 4, maxLength: 5, userInputs: [], history: true };
const of = (facts: object) =>
  twoTowerFactsOf({ folder: 'shop', version: '0', manifest: { model: { ...model, ...facts } } } as never);
const hour = { kind: 'embedding', of: 'hour', dimensions: 2, at: 'moment' };
const momentFeatures = { hour: { kind: 'categorical', names: ['<unknown>', '8'] } };

test('a tower that reads moments is refused where nothing says how to read them', () => {
  expect(of({}).dimensions).toBe(4);
  expect(() => of({ momentInputs: { hour } })).toThrow(
    expect.objectContaining({ code: 'BAD_ARTIFACT', message: expect.stringContaining('hour') }),
  );
  expect(of({ momentInputs: { hour }, momentFeatures }).momentInputs.hour.dimensions).toBe(2);
});

test('so is one that reads texts of moments, which there are none of', () => {
  const hour = {
    kind: 'text',
    columns: ['note'],
    encoder: { kind: 'lsa', dimensions: 2 },
    dimensions: 2,
    fingerprint: 'f',
  };
  expect(() => of({ momentFeatures: { hour } })).toThrow(expect.objectContaining({ code: 'BAD_ARTIFACT' }));
  expect(of({ userFeatures: { hour } }).userFeatures.hour.kind).toBe('text');
});

test('so is one whose time is of no zone, or has parts that there are not', () => {
  const time = (momentTime: object) => () => of({ momentInputs: { hour }, momentFeatures, momentTime });
  expect(time({ parts: ['hour'], timeZone: 'Europe/Vienna' })().momentTime?.parts).toEqual(['hour']);
  for (const bad of [
    { parts: ['hour'], timeZone: 'Atlantis' },
    { parts: ['minute'], timeZone: 'UTC' },
  ])
    expect(time(bad)).toThrow(expect.objectContaining({ code: 'BAD_ARTIFACT' }));
});
