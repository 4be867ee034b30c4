// For those who write a store of limits that several processes share.

export type { LimitStore, StoredEnd, StoredStart, StoreLimits, TakeResult } from './policy/limits/limit-store.ts';
export { MemoryStore } from './policy/limits/memory-store.ts';
