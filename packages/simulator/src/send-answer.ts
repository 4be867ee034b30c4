import type { Answer, WholeAnswer } from './answer.ts';
import { Rechunker, toBytes } from './body-bytes.ts';
import type { Delivery } from './delivery.ts';
import type { Random } from './random.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { Fault, Reply } from './reply.ts';
import { StreamWriter } from './stream-writer.ts';

interface Sending {
  answer: Answer;
  reply: Reply;
  record: RecordedRequest;
  delivery: Delivery;
  random: Random;
}

/** Puts an answer on the wire with the reply's latency and fault. */
export async function sendAnswer(sending: Sending): Promise<void> {
  const { answer, reply, delivery } = sending;
  const waitMs = (reply.latency?.headersMs ?? 0) + ('body' in answer ? generationMs(answer, reply) : 0);
  if (waitMs > 0) await delivery.pause(waitMs);
  if (await failedBeforeHeaders(reply.fault, delivery)) return;
  const headers = { ...answer.headers, ...lowerCased(reply.headers) };
  if ('body' in answer) await sendWhole({ ...sending, answer: withFault(answer, reply.fault) }, headers);
  else await sendStream(sending, answer, headers);
}

async function sendStream(sending: Sending, answer: Exclude<Answer, WholeAnswer>, headers: Record<string, string>) {
  const { reply, delivery, record, random } = sending;
  delivery.sendHead(answer.status, headers);
  if (await failedAfterHeaders(reply.fault, delivery)) return;
  if (reply.fault?.kind === 'empty-body') delivery.end();
  else await new StreamWriter(answer.stream, delivery, record, reply, random).write();
}

async function sendWhole(sending: Sending & { answer: WholeAnswer }, headers: Record<string, string>): Promise<void> {
  const { answer, reply, delivery, random } = sending;
  const bytes = toBytes(answer.body);
  const head = { ...headers, 'content-length': String(bytes.length) };
  if (!reply.fault && !reply.wire?.chunkBytes) return delivery.sendAll(answer.status, head, bytes);
  delivery.sendHead(answer.status, head);
  if (await failedAfterHeaders(reply.fault, delivery)) return;
  const isBroken = reply.fault?.kind === 'stall' || reply.fault?.kind === 'cut';
  const body = isBroken ? bytes.subarray(0, bytes.length / 2) : bytes;
  const chunkBytes = reply.wire?.chunkBytes ?? (body.length || 1);
  for (const chunk of new Rechunker(chunkBytes, random).push(body, true)) {
    if (!delivery.write(chunk)) await delivery.drained();
  }
  if (isBroken) await breakOff(reply.fault as Fault, delivery);
  else delivery.end();
}

async function breakOff(fault: Fault, delivery: Delivery): Promise<void> {
  if (fault.kind !== 'cut') await delivery.departed();
  else if (fault.by === 'rst') await delivery.reset();
  else delivery.hangUp();
}

async function failedBeforeHeaders(fault: Fault | undefined, delivery: Delivery): Promise<boolean> {
  if (fault?.kind === 'silence') await delivery.departed();
  else if (fault?.kind === 'refuse' || fault?.kind === 'reset-before-headers') await delivery.reset();
  else return false;
  return true;
}

async function failedAfterHeaders(fault: Fault | undefined, delivery: Delivery): Promise<boolean> {
  if (fault?.kind === 'silence-after-headers') await delivery.departed();
  else if (fault?.kind === 'reset-after-headers') await delivery.reset();
  else return false;
  return true;
}

function withFault(answer: WholeAnswer, fault: Fault | undefined): WholeAnswer {
  if (fault?.kind === 'empty-body') return { ...answer, body: '' };
  // Half of the text, not of the bytes, so that it stays valid UTF-8.
  if (fault?.kind === 'truncated-json' || fault?.kind === 'malformed-event')
    return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
  return answer;
}

// A whole answer is there when its last token is.
function generationMs({ tokens = 0 }: WholeAnswer, { latency }: Reply): number {
  if (tokens === 0) return 0;
  return (latency?.firstTokenMs ?? 0) + (tokens - 1) * (latency?.tokenMs ?? 0);
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
