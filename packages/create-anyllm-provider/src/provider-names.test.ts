import { expect, test } from 'vitest';
import { namesOf } from './provider-names.ts';

test.each([
  ['groq', { id: 'groq', pascal: 'Groq', constant: 'GROQ' }],
  ['my-vendor2', { id: 'my-vendor2', pascal: 'MyVendor2', constant: 'MY_VENDOR2' }],
  ['anyllm-provider-groq', { id: 'groq', pascal: 'Groq', constant: 'GROQ' }],
])('%s', (name, names) => {
  expect(namesOf(name)).toEqual(names);
});

test.each(['', 'Groq', '01-ai', 'a--b', 'a_b', '../a', "a'", '@scope/a', 'a'.repeat(65)])('not %s', (name) => {
  expect(() => namesOf(name)).toThrow("a provider's name has lower-case letters");
});
