import * as z from 'zod/mini';

// The fields that the requests of all operations have.

const text = z.string();

export const modelField = z.union([text, z.array(text).check(z.minLength(1))]);

export const providerOptionsField = z.optional(z.record(text, z.record(text, z.unknown())));
