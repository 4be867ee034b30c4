import { defineProject } from 'vitest/config';

// The templates are whole programs, so that their tests run here as well as in what is made of them.
export default defineProject({
  test: {
    testTimeout: 30_000, // of a property on a busy machine
    include: ['src/**/*.test.ts', 'templates/*/test/**/*.test.ts'],
  },
});
