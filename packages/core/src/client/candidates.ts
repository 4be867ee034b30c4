import type { CallOptions } from '../contract/call-options.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { parseCandidate } from './resolve-target.ts';

/** Key, address and headers are for the provider of the model that they were given with, and go to no other. */
export function optionsFor(candidate: Candidate, options: CallOptions, owner: Candidate): CallOptions {
  if (candidate === owner || providerOf(candidate) === providerOf(owner)) return options;
  const { apiKey, baseURL, headers, ...rest } = options;
  return rest;
}

/** The id of the provider that a candidate is of. */
export function providerOf({ id, provider }: Candidate): string {
  return parseCandidate(id, provider).provider;
}
