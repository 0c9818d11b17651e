import { expect, test } from '@jest/globals';

import { circles } from './circles.js';

const graph = (edges: Record<string, string>) =>
  new Map(Object.entries(edges).map(([node, to]) => [node, [...to]]));

test('a tree, and two ways to one node, are no circle', () => {
  expect(circles(graph({ a: 'bc', b: 'd', c: 'd', d: '' }))).toEqual([]);
});

test('a node that points to itself, a pair, and the shorter of two ways around', () => {
  expect(circles(graph({ a: 'a' }))).toEqual([['a', 'a']]);
  expect(circles(graph({ a: 'b', b: 'a' }))).toEqual([['a', 'b', 'a']]);
  expect(circles(graph({ a: 'bd', b: 'c', c: 'a', d: 'a' }))).toEqual([
    ['a', 'd', 'a'],
    ['b', 'c', 'a', 'b'],
  ]);
});

test('a node before a circle belongs to none; what is no node is passed over', () => {
  expect(circles(graph({ a: 'bx', b: 'c', c: 'b' }))).toEqual([['b', 'c', 'b']]);
});
