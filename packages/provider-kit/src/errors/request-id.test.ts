import { expect, test } from 'vitest';
import { parseRequestId } from './request-id.ts';

test('the vendor comes before the network in front of it', () => {
  expect(parseRequestId({ 'cf-ray': 'ray', 'x-request-id': 'req' })).toBe('req');
  expect(parseRequestId({ 'cf-ray': 'ray', 'x-kong-request-id': 'kong', 'mistral-correlation-id': 'm' })).toBe('m');
  expect(parseRequestId({ 'cf-ray': 'ray' })).toBe('ray');
});

test('an id that is empty or not one short word is passed over', () => {
  expect(parseRequestId({ 'x-request-id': ' ', 'cf-ray': 'ray' })).toBe('ray');
  expect(parseRequestId({ 'x-request-id': 'a\nb' })).toBeUndefined();
  expect(parseRequestId({ 'x-request-id': 'a'.repeat(129) })).toBeUndefined();
  expect(parseRequestId({})).toBeUndefined();
});
