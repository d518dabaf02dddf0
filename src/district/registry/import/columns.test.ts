import { expect, test } from 'vitest';
import { sexWord } from './columns.ts';

test('a word that every object knows is no sex', () => {
  expect(sexWord('constructor')).toBeUndefined();
  expect(sexWord('女')).toBe('female');
});
