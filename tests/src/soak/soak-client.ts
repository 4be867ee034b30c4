import { type Client, createClient } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import type { Simulator } from '@anyllm/simulator';
import { models } from './scenarios.ts';

/** Everything in force, and so tight that calls do queue, wait, are hedged and meet an open circuit. */
export function createSoakClient(baseURL: Simulator['baseURL']): Client<string> {
  const limits = { concurrency: 10 };
  return createClient({
    providers: [
      createOpenAI({ baseURL: baseURL.openai, apiKey: 'key' }),
      createMistral({ baseURL: baseURL.mistral, apiKey: 'key' }),
      createOllama({ baseURL: baseURL.ollama }),
    ],
    timeout: { total: 5_000 },
    retries: { baseMs: 5 },
    limits: {
      openai: limits,
      mistral: { ...limits, adaptive: true },
      ollama: { ...limits, requestsPerMinute: 60_000 },
    },
    hedge: { afterMs: 20, maxShare: 0.5 },
    balance: { any: { models: models.map((model) => ({ model })), strategy: 'lowest-latency' } },
    breaker: { minimumCalls: 50, failureRatio: 0.9 },
  }) as Client<string>;
}
