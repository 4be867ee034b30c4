import type { PartialRequest } from '../bench/bench.ts';

export interface ParameterSample {
  request: PartialRequest;
  /** What stands in the request on the wire, by whatever name, when it was passed on. */
  sent: string;
}

/**
 * Values that nothing else has, for the parameters that vendors send on as they are. Those that they translate into
 * words of their own (efforts, tool choices, formats) have cases of their own or none.
 */
export const parameterSamples: Readonly<Record<string, ParameterSample>> = {
  temperature: { request: { temperature: 0.6125 }, sent: '0.6125' },
  top_p: { request: { top_p: 0.8125 }, sent: '0.8125' },
  stop: { request: { stop: ['STOP-HERE'] }, sent: 'STOP-HERE' },
  seed: { request: { seed: 424_242 }, sent: '424242' },
  frequency_penalty: { request: { frequency_penalty: 0.3125 }, sent: '0.3125' },
  presence_penalty: { request: { presence_penalty: 0.4375 }, sent: '0.4375' },
  logit_bias: { request: { logit_bias: { '50256': -37 } }, sent: '-37' },
  top_logprobs: { request: { logprobs: true, top_logprobs: 17 }, sent: '17' },
  user: { request: { user: 'suite-user-9' }, sent: 'suite-user-9' },
  metadata: { request: { metadata: { suite: 'suite-metadata-9' } }, sent: 'suite-metadata-9' },
  prompt_cache_key: { request: { prompt_cache_key: 'suite-cache-9' }, sent: 'suite-cache-9' },
  safety_identifier: { request: { safety_identifier: 'suite-safety-9' }, sent: 'suite-safety-9' },
};

/** What changes the meaning of an answer: where it is not declared, it has to be refused. */
export const meaningSamples: Readonly<Record<string, PartialRequest>> = {
  n: { n: 2 },
  stop: { stop: ['STOP-HERE'] },
  logprobs: { logprobs: true },
  top_logprobs: { logprobs: true, top_logprobs: 17 },
  audio: { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } },
  web_search_options: { web_search_options: {} },
};
