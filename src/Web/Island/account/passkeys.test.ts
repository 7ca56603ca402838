import { expect, test } from 'vitest';
import { saidOf } from './passkeys';

test('a refusal of the browser is said in the words for it', () => {
  expect(saidOf('NotAllowedError')).toBe('cancelled');
  expect(saidOf('AbortError')).toBe('cancelled');
  expect(saidOf('InvalidStateError')).toBe('known');
  expect(saidOf('SecurityError')).toBe('failed');
});
