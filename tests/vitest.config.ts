import { defineProject } from 'vitest/config';

export default defineProject({
  test: {
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/warm-up.ts'],
    typecheck: { enabled: true, include: ['src/**/*.test-d.ts'] },
  },
});
