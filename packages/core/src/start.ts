// No entry for users: what a plain completion and its provider take, which the build puts into a file of its own.

export { completion } from './client/default-completion.ts';
export * from './provider.ts';
