import { batchContents } from './batch-contents.ts';
import type { Content, ContentChoice, ContentName, ContentUsage, ContentVerdict, ServerErrorCode } from './scenario.ts';

/** What a responder can say, by name. A missing one is a difference between vendors, and skips the cases that need it. */
export type Contents = Partial<Record<ContentName, Content>>;

const usage: ContentUsage = { prompt: 21, completion: 13 };
const says = (choice: ContentChoice): Content => ({ choices: [choice], usage });
const fails = (code: ServerErrorCode, retryAfter?: number): Content => ({
  choices: [],
  error: { code, ...(retryAfter !== undefined && { retryAfter }) },
});

/** Characters of one to four bytes, one that is two code points, line ends that are none, and what looks like a frame. */
const tokens = [
  'Zwölf ',
  '“Boxkämpfer” ',
  '跨越了',
  ' 🥊',
  '👩‍🚀',
  ' data: ',
  '\u2028',
  '\r\n\r\n',
  '{"a":',
  '[DONE]',
  '.',
];

const weather = (city: string) => ({ name: 'get_weather', arguments: { city, days: 2, note: 'warm — “wärmer”' } });

/** Exact as floats of 32 bits, in which some protocols pack them. */
const vectors = [
  [0.5, -0.25, 0],
  [-1, 0.125, 0.75],
  [0, 1, -0.5],
];

const verdict = (violence: number, hate: number): ContentVerdict => ({
  categories: { violence: violence > 0.5, hate: hate > 0.5 },
  scores: { violence, hate },
});

const inBase64 = (text: string) => Buffer.from(text).toString('base64');

/** All values that a byte has, most of which are no text. */
const allBytes = Uint8Array.from({ length: 256 }, (_, at) => at);

/** All of them, for responders that can say whatever they are told. */
export const standardContents: Readonly<Record<ContentName, Content>> = {
  text: says({ tokens }),
  'long-text': says({ tokens: Array.from({ length: 300 }, (_, at) => `word${at} `) }),
  'many-tokens': says({ tokens: repeated('x'.repeat(16_384), 4_096) }),
  length: says({ tokens: ['And ', 'so ', 'on'], finishReason: 'length' }),
  choices: {
    choices: [{ tokens: ['one ', 'two ', 'three'] }, { tokens: ['uno ', 'due'] }, { tokens: ['eins'] }],
    usage,
  },
  'tool-call': says({ tokens: [], toolCalls: [weather('Zürich')] }),
  'tool-call-without-arguments': says({ tokens: [], toolCalls: [{ name: 'get_weather', arguments: {} }] }),
  'tool-call-of-hostile-name': says({
    tokens: [],
    toolCalls: [
      {
        name: '__proto__',
        arguments: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
      },
    ],
  }),
  'parallel-tool-calls': says({ tokens: [], toolCalls: [weather('Paris'), weather('Oslo'), weather('東京')] }),
  json: says({ tokens: ['{"city":', '"Zürich",', '"days":', '2}'] }),
  reasoning: says({ tokens: ['Forty', '-two'], reasoning: 'Six times seven is forty-two.' }),
  usage: { choices: [{ tokens: ['Hello'] }], usage: { prompt: 1_234, completion: 567 } },
  'no-usage': { choices: [{ tokens: ['Hello'] }] },
  'cached-tokens': { choices: [{ tokens: ['Hello'] }], usage: { prompt: 1_234, completion: 567, cached: 1_024 } },
  'reasoning-tokens': { choices: [{ tokens: ['Hello'] }], usage: { prompt: 1_234, completion: 567, reasoning: 512 } },
  embeddings: { choices: [], embeddings: vectors, usage: { prompt: 1_234, completion: 0 } },
  'embeddings-without-usage': { choices: [], embeddings: vectors },
  models: {
    choices: [],
    models: [
      { id: 'suite-model', created: 1_700_000_001 },
      { id: 'suite/model-2.5:8b', created: 1_700_000_002 },
      { id: 'suite-embedder', created: 1_700_000_003 },
    ],
  },
  'no-models': { choices: [], models: [] },
  moderations: { choices: [], moderations: [verdict(0.01, 0.02), verdict(0.98, 0.25), verdict(0.03, 0.75)] },
  'moderation-of-parts': { choices: [], moderations: [verdict(0.98, 0.25)] },
  ranking: {
    choices: [],
    ranking: [
      { index: 1, score: 0.125 },
      { index: 2, score: 0.875 },
      { index: 0, score: 0.5 },
    ],
    usage: { prompt: 1_234, completion: 0 },
  },
  images: { choices: [], images: [{ b64_json: inBase64('a first picture') }, { url: 'https://suite.example/2.png' }] },
  'image-stream': {
    choices: [],
    images: ['sketch', 'better sketch', 'picture'].map((text) => ({ b64_json: inBase64(text) })),
  },
  transcription: { choices: [], transcription: tokens },
  speech: { choices: [], speech: [Buffer.from('ID3'), allBytes, allBytes.toReversed(), allBytes] },
  response: says({ tokens }),
  'token-count': { choices: [], tokenCount: 1_234 },
  ...batchContents,
  invalid_request: fails('invalid_request'),
  authentication: fails('authentication'),
  permission_denied: fails('permission_denied'),
  model_not_found: fails('model_not_found'),
  context_length_exceeded: fails('context_length_exceeded'),
  content_filter: fails('content_filter'),
  rate_limit: fails('rate_limit', 7),
  quota_exceeded: fails('quota_exceeded'),
  overloaded: fails('overloaded'),
  provider: fails('provider'),
};

/** All of them but some, for a protocol that has no words for these. */
export function contentsWithout(...names: readonly ContentName[]): Contents {
  const contents: Contents = { ...standardContents };
  for (const name of names) delete contents[name];
  return contents;
}

export function textOf({ tokens }: ContentChoice): string {
  return [...tokens].join('');
}

/** Lazy, so that a long answer costs no memory. */
function repeated(token: string, times: number): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (let at = 0; at < times; at += 1) yield token;
    },
  };
}
