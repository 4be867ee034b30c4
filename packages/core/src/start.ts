// No entry for users: what a plain completion takes, which the build puts into a file of its own.

export { completion } from './client/default-completion.ts';
