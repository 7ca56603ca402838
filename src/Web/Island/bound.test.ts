import { expect, it } from 'vitest';
import { bidi, bound } from './bound';

it('keeps a number with its unit', () => {
  expect(bound('종로구의 초미세먼지는 164 ㎍/㎥입니다.', '㎍/㎥')).toBe('종로구의 초미세먼지는 164\u00a0㎍\u2060/\u2060㎥입니다.');
  expect(bound('Temperature is 9.8 °C.', '°C')).toBe('Temperature is 9.8\u00a0°C.');
  expect(bound('No unit here.', '')).toBe('No unit here.');
});

it('keeps a bracket with the name before it and the particle after it', () => {
  expect(bound('관악구(53.3)에서 가장 높습니다.', 'dB')).toBe('관악구\u2060(53.3)\u2060에서 가장 높습니다.');
});

it('shuts in a name that turns letters round', () => {
  expect(bidi('강남구 센서 1')).toBe('강남구 센서 1');
  expect(bidi('abc\u202e\u2069def')).toBe('\u2068abc\u202edef\u2069');
});
