import { defineConfig } from 'vitest/config';

const coverage = { provider: 'v8', include: ['packages/*/src/**/*.ts'], thresholds: { lines: 80 } } as const;

export default defineConfig({ test: { projects: ['packages/*', 'tests'], coverage } });
