import { defineProject } from 'vitest/config';

export default defineProject({
  test: {
    testTimeout: 30_000, // of a property on a busy machine
    include: ['src/**/*.test.ts'],
    setupFiles: ['../../vitest.properties.ts'],
    typecheck: { enabled: true, include: ['src/**/*.test-d.ts'] },
  },
});
