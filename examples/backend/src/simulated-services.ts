import { parentPort } from 'node:worker_threads';
import { type DialectName, type Latency, type RecordedRequest, type Reply, startSimulator } from '@anyllm/simulator';
import { findAnswer } from './answers.ts';

/** A large model far away, a small one nearby, and one on a laptop. */
const latencies: Record<DialectName, Latency> = {
  openai: { headersMs: 320, tokenMs: 17 },
  mistral: { headersMs: 140, tokenMs: 12 },
  ollama: { headersMs: 60, firstTokenMs: 500, tokenMs: 36 },
};

function reply({ dialect, path, body = {} }: RecordedRequest): Reply {
  const { messages } = body as { messages?: { content?: unknown }[] };
  const text = findAnswer(dialect, String(messages?.at(-1)?.content ?? path));
  return { latency: latencies[dialect], ...(text !== undefined && { text }) };
}

const { baseURL } = await startSimulator({ script: reply });
parentPort?.postMessage(baseURL);
