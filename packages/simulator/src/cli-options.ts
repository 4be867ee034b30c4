import { parseArgs } from 'node:util';
import type { Fault, Reply } from './reply.ts';
import type { SimulatorOptions } from './start-simulator.ts';

export const USAGE = `Usage: anyllm-simulator [options]

  --port <n>       port to listen on, 0 for any free one (default 4010)
  --host <name>    address to listen on (default 127.0.0.1)
  --seed <n>       what ids and other arbitrary values follow from (default 1)
  --latency <ms>   delay before each token (default 0)
  --fault <fault>  what goes wrong in every chat: a kind, for some with a value, as in stall:5, cut:3:rst,
                   huge-line:1000000 or redirect:http://localhost:4011
  --require-key    refuse requests without a bearer key, as OpenAI and Mistral do
  --help           show this text`;

/** Reads the command line; undefined asks for help. Throws with one line of explanation. */
export function parseOptions(args: string[]): SimulatorOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '4010' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string', default: '1' },
      latency: { type: 'string', default: '0' },
      fault: { type: 'string' },
      'require-key': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  return {
    port: parseNumber('--port', values.port, 65_535),
    host: values.host,
    seed: parseNumber('--seed', values.seed),
    requireKey: values['require-key'],
    keepRequests: 0, // Nobody can ask for them.
    script: toReply(parseNumber('--latency', values.latency), values.fault),
  };
}

function toReply(tokenMs: number, fault: string | undefined): Reply {
  return {
    latency: { firstTokenMs: tokenMs, tokenMs },
    ...(fault !== undefined && { fault: parseFault(fault) }),
  };
}

function parseNumber(name: string, text: string, highest = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= highest) return value;
  throw new Error(`${name} takes a whole number${highest < 1e6 ? ` up to ${highest}` : ''}, not '${text}'`);
}

const ENDS = ['fin', 'rst', 'no-last-chunk', 'end'] as const;

/** How each kind of fault is read from what follows its name. */
const FAULTS: { [Kind in Fault['kind']]: (value: string) => Fault & { kind: Kind } } = {
  refuse: () => ({ kind: 'refuse' }),
  'reset-before-headers': () => ({ kind: 'reset-before-headers' }),
  'reset-after-headers': () => ({ kind: 'reset-after-headers' }),
  silence: () => ({ kind: 'silence' }),
  'silence-after-headers': () => ({ kind: 'silence-after-headers' }),
  stall: (value) => ({ kind: 'stall', atToken: parseToken(value) }),
  cut: (value) => ({ kind: 'cut', atToken: parseToken(value.split(':')[0]), by: parseEnd(value.split(':')[1]) }),
  'no-terminator': () => ({ kind: 'no-terminator' }),
  'no-finish': () => ({ kind: 'no-finish' }),
  'malformed-event': (value) => ({ kind: 'malformed-event', atToken: parseToken(value) }),
  'error-event': (value) => ({ kind: 'error-event', atToken: parseToken(value) }),
  'empty-body': () => ({ kind: 'empty-body' }),
  html: () => ({ kind: 'html' }),
  'truncated-json': () => ({ kind: 'truncated-json' }),
  'huge-line': (value) => ({ kind: 'huge-line', bytes: parseNumber('--fault huge-line', value || '1000000') }),
  'invalid-utf8': () => ({ kind: 'invalid-utf8' }),
  redirect: (value) => ({ kind: 'redirect', to: value }),
};

function parseFault(text: string): Fault {
  const [kind = '', ...values] = text.split(':');
  if (isFault(kind)) return FAULTS[kind](values.join(':'));
  throw new Error(`--fault does not know '${kind}'; it knows ${Object.keys(FAULTS).join(', ')}`);
}

function isFault(kind: string): kind is Fault['kind'] {
  return Object.hasOwn(FAULTS, kind);
}

function parseToken(value: string | undefined): number {
  return parseNumber('--fault at a token', value || '3');
}

function parseEnd(value: string | undefined): (typeof ENDS)[number] {
  const by = ENDS.find((end) => end === (value ?? 'fin'));
  if (by) return by;
  throw new Error(`--fault cut ends by ${ENDS.join(', ')}, not '${value}'`);
}
