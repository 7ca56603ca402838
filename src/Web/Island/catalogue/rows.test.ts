import { expect, test } from 'vitest';
import { described, nearest, toThings, valueOf, type Found, type Row } from './rows';

const words = { 'no-value': '값 없음', 'grade.bad': '나쁨', 'health.reporting': '보내는 중', 'health.silent': '끊김' };
const bad: Row = [5, '종로 1', 126.97, 37.57, 'reporting', 38, 'bad'];
const silent: Row = [6, '종로 2', 126.98, 37.58, 'silent', null, null];
const found: Found = { measure: 'pm25', unit: '㎍/㎥', count: 2, sensors: [bad, silent] };

test('what is not heard is hollow, and what has no value is unknown', () => {
  expect(toThings(found)).toEqual([
    { id: 5, at: [126.97, 37.57], grade: 'bad', hollow: false, dormant: false, flagged: false },
    { id: 6, at: [126.98, 37.58], grade: 'unknown', hollow: true, dormant: false, flagged: false },
  ]);
});

test('without a measure every sensor has the same colour', () => {
  expect(toThings({ ...found, measure: null }).map(({ grade }) => grade)).toEqual(['plain', 'plain']);
});

test('a value is said with its mark, unit and grade; a reader hears words only', () => {
  expect(valueOf(words, found, bad)).toBe('◑ 38 ㎍/㎥ 나쁨');
  expect(valueOf(words, found, silent)).toBe('값 없음');
  expect(valueOf(words, { ...found, measure: null }, bad)).toBe('');
  expect(described(words, found, bad)).toBe('종로 1, 38 ㎍/㎥ 나쁨, 보내는 중');
  expect(described(words, { ...found, measure: 'temperature', unit: '℃' }, [5, '가', 1, 2, 'reporting', -3.25, 'band-1'])).toBe('가, −3.3 ℃, 보내는 중');
});

test('the nearest spot is found, also among none', () => {
  expect(nearest({ x: 0, y: 0 }, [{ x: 9, y: 0 }, { x: 3, y: 3 }, { x: -8, y: 1 }])).toBe(1);
  expect(nearest({ x: 0, y: 0 }, [])).toBe(-1);
});

test('a sensor at rest is hollow, but not as one that is missed', () => {
  const [thing] = toThings({ ...found, sensors: [[7, '쉬는 센서', 126.9, 37.5, 'dormant', null, null]] });
  expect(thing).toMatchObject({ hollow: true, dormant: true });
});

test('what the check found is ringed and said', () => {
  const stuck: Row = [8, '멈춘 센서', 126.9, 37.5, 'reporting', 12, 'good', 'stuck drifting'];
  expect(toThings({ ...found, sensors: [stuck] })[0]).toMatchObject({ hollow: false, flagged: true });
  const said = { ...words, 'grade.good': '좋음', 'finding.name.stuck': '값이 멈춤', 'finding.name.drifting': '이웃과 어긋남' };
  expect(described(said, found, stuck)).toBe('멈춘 센서, 12 ㎍/㎥ 좋음, 보내는 중, 값이 멈춤, 이웃과 어긋남');
});
