import { parentPort } from 'node:worker_threads';
import {
  type BatchBehaviour,
  type DialectName,
  type Latency,
  type RecordedRequest,
  type Reply,
  startSimulator,
} from '@anyllm/simulator';
import { findAnswer, findCalls } from './answers.ts';

/** A large model far away, a small one nearby, and one on a laptop. */
const latencies: Record<DialectName, Latency> = {
  openai: { headersMs: 320, tokenMs: 17 },
  mistral: { headersMs: 140, tokenMs: 12 },
  ollama: { headersMs: 60, firstTokenMs: 500, tokenMs: 36 },
};

function reply({ dialect, path, body }: Pick<RecordedRequest, 'dialect' | 'path' | 'body'>): Reply {
  const { messages, input, tools } = (body ?? {}) as Question;
  const last = messages?.at(-1);
  const question = String(last?.content ?? input ?? path);
  const toolCalls = tools && last?.role === 'user' ? findCalls(question) : undefined;
  if (toolCalls) return { latency: latencies[dialect], toolCalls };
  const text = findAnswer(dialect, question);
  return { latency: latencies[dialect], ...(text !== undefined && { text }) };
}

interface Question {
  messages?: { role?: string; content?: unknown }[];
  input?: unknown;
  tools?: unknown[];
}

/** A batch takes a while, in which it is looked at. */
const batches: BatchBehaviour = {
  polls: 3,
  reply: ({ body }) => reply({ dialect: 'openai', path: '', body }),
};

const { baseURL } = await startSimulator({ script: reply, batches });
parentPort?.postMessage(baseURL);
