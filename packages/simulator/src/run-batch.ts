import type { Answer, Exchange } from './answer.ts';
import { type BatchRow, nowInSeconds, type StoredBatch, type StoredFile } from './batch-store.ts';
import { createRandom } from './random.ts';

/** Answers the request of a row as it would be answered by itself. */
export type AskRow = (exchange: Exchange) => Answer;

/** Time goes on with each look at a batch. */
export function lookAt(batch: StoredBatch, exchange: Exchange, ask: AskRow): void {
  const { polls = 0, end = 'completed' } = exchange.store.behaviour;
  if (batch.state === 'cancelling') {
    finish(batch, exchange, ask, batch.rows.length >> 1, 'cancelled');
    return;
  }
  if (batch.state !== 'validating' && batch.state !== 'in_progress') return;
  batch.looks++;
  if (batch.problems.length > 0 || end === 'failed') {
    batch.state = 'failed';
    batch.endedAt = nowInSeconds();
  } else if (batch.looks > polls) {
    finish(batch, exchange, ask, end === 'expired' ? batch.rows.length >> 1 : batch.rows.length, end);
  } else {
    batch.state = 'in_progress';
    batch.answered = Math.floor((batch.rows.length * batch.looks) / (polls + 1));
  }
}

/** Writes the files of a batch that ends with its first `asked` rows. */
function finish(batch: StoredBatch, exchange: Exchange, ask: AskRow, asked: number, state: StoredBatch['state']): void {
  const { extraLines = [] } = exchange.store.behaviour;
  const answers: string[] = [...extraLines];
  const failures: string[] = [];
  batch.rows.forEach((row, at) => {
    const { line, failed } = at < asked ? askRow(row, at, exchange, ask) : notAsked(row, at, state);
    (failed ? failures : answers).push(line);
  });
  batch.state = state;
  batch.endedAt = nowInSeconds();
  batch.answered = answers.length - extraLines.length;
  batch.refused = failures.length;
  batch.outputId = answers.length > 0 ? keep(exchange, `${batch.id}_output.jsonl`, answers) : undefined;
  batch.errorId = failures.length > 0 ? keep(exchange, `${batch.id}_error.jsonl`, failures) : undefined;
}

function askRow({ custom_id, body }: BatchRow, at: number, exchange: Exchange, ask: AskRow) {
  const { route, request, store } = exchange;
  const answer = ask({
    store,
    route: { dialect: route.dialect, endpoint: 'chat', path: '/v1/chat/completions' },
    request: { ...request, body, text: JSON.stringify(body) },
    reply: store.behaviour.reply?.({ custom_id, body }) ?? {},
    random: createRandom(at + 1, request.index),
  });
  if (!('body' in answer)) return notAsked({ custom_id, body }, at, 'streamed');
  const response = { status_code: answer.status, request_id: `req_${at}`, body: parse(answer.body) };
  const line = JSON.stringify({ id: `batch_req_${at}`, custom_id, response, error: null });
  return { line, failed: answer.status >= 400 };
}

function notAsked({ custom_id }: BatchRow, at: number, why: string) {
  const error = { code: `batch_${why}`, message: 'This request was not executed.' };
  return { line: JSON.stringify({ id: `batch_req_${at}`, custom_id, response: null, error }), failed: true };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function keep({ store, random }: Exchange, filename: string, lines: readonly string[]): string {
  const file: StoredFile = {
    id: `file-${random.text(24)}`,
    filename,
    purpose: 'batch_output',
    createdAt: nowInSeconds(),
    text: `${lines.join('\n')}\n`,
  };
  store.files.set(file.id, file);
  return file.id;
}
