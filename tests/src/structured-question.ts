import * as z from 'zod';

/** A schema, what a model in strict mode writes by it, and what becomes of that. */
export const city = z.object({ name: z.string(), area: z.number().optional(), mayor: z.string().nullable() });
export const asWritten = JSON.stringify({ name: 'Berlin', area: null, mayor: null });
export const berlin = { name: 'Berlin', mayor: null };

export const prompt = 'Tell me of Berlin.';
export const ask = { prompt, response_format: city };
