export interface Answer {
  /** Bytes that are ready to be written: the response's head with the first packet, the end of the body with the last. */
  packets: Buffer[];
  /** What a client should make of them. */
  text: string;
}

/** In OpenAI's order. */
const head = (object: string) => ({
  id: 'chatcmpl-CkXyz0123456789abcdefghijkl',
  object,
  created: 1_764_000_000,
  model: 'gpt-4o-mini-2024-07-18',
});
const fingerprint = { service_tier: 'default', system_fingerprint: 'fp_0123456789' };
const usage = {
  prompt_tokens: 19,
  completion_tokens: 200,
  total_tokens: 219,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

const words = Array.from({ length: 200 }, (_, at) => ` word${at % 37}`);

/** OpenAI hides the length of each event behind padding, so that no two end alike. */
const padding = 'xQ3p9aZk71LmVb0TsRd5YhGfN2cWqE8uJoI';

/** The headers of a real answer: reading them is a part of the work. */
const commonHeaders = [
  'date: Mon, 24 Nov 2025 12:00:00 GMT',
  'openai-organization: org-example',
  'openai-processing-ms: 312',
  'openai-project: proj_example',
  'openai-version: 2020-10-01',
  'x-envoy-upstream-service-time: 330',
  'x-ratelimit-limit-requests: 10000',
  'x-ratelimit-limit-tokens: 2000000',
  'x-ratelimit-remaining-requests: 9999',
  'x-ratelimit-remaining-tokens: 1999970',
  'x-ratelimit-reset-requests: 6ms',
  'x-ratelimit-reset-tokens: 0s',
  'x-request-id: req_0123456789abcdef0123456789abcdef',
  'strict-transport-security: max-age=31536000; includeSubDomains; preload',
  'server: cloudflare',
  'cf-ray: 9a0000000000abcd-FRA',
];

/** By the first part of the path. */
export const answers: Record<string, Answer> = {
  whole: whole(),
  'stream-1': streamed(words, 1),
  'stream-16': streamed(words, 16),
  'first-text': streamed(words.slice(0, 2), 2), // the first packet brings the role and a word
  held: streamed(words.slice(0, 20), 2),
};

function whole(): Answer {
  const text = words.join('');
  const message = { role: 'assistant', content: text, refusal: null, annotations: [] };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  const body = JSON.stringify({ ...head('chat.completion'), choices, usage, ...fingerprint }, null, 2);
  const bytes = `${toHead('application/json', `content-length: ${Buffer.byteLength(body)}`)}${body}`;
  return { packets: [Buffer.from(bytes)], text };
}

function streamed(words: string[], eventsPerPacket: number): Answer {
  const packets = groupsOf(eventsPerPacket, toEvents(words)).map((events) => toHttpChunk(events.join('')));
  const last = packets.length - 1;
  packets[0] = `${toHead('text/event-stream; charset=utf-8', 'transfer-encoding: chunked')}${packets[0]}`;
  packets[last] += '0\r\n\r\n';
  return { packets: packets.map((packet) => Buffer.from(packet)), text: words.join('') };
}

function toHead(contentType: string, framing: string): string {
  return ['HTTP/1.1 200 OK', `content-type: ${contentType}`, framing, ...commonHeaders, '', ''].join('\r\n');
}

/** A role, the words, a finish reason, the usage, `[DONE]`: the framing of OpenAI with `include_usage`. */
function toEvents(words: string[]): string[] {
  const chunks = [
    toChunk({ role: 'assistant', content: '', refusal: null }),
    ...words.map((content) => toChunk({ content })),
    toChunk({}, 'stop'),
    { ...toChunk({}), choices: [], usage },
  ].map((chunk, at) => ({ ...chunk, obfuscation: padding.slice(at % 13, 4 + ((at * 7) % 31)) }));
  return [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`);
}

function toChunk(delta: object, finish_reason: string | null = null): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
  return { ...head('chat.completion.chunk'), ...fingerprint, choices, usage: null };
}

function toHttpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function groupsOf<T>(size: number, items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
