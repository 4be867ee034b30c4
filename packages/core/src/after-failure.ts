// What follows a failure, loaded with a program's first one, and where a call names several models.

export { resolveCandidates } from './client/resolve-candidates.ts';
export { Recovery } from './policy/recovery.ts';
