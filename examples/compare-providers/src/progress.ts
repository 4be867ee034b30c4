import { stripVTControlCharacters, styleText } from 'node:util';
import type { CompareProgress } from '@anyllm/core';
import spinners from 'cli-spinners';
import logUpdate from 'log-update';
import { seconds } from './seconds.ts';

export interface Progress {
  update(step: CompareProgress): void;
  stop(): void;
}

/** A moving row for each model in a terminal; a line for each event in a file, a pipe or a CI log. */
export function startProgress(models: readonly string[]): Progress {
  const { isTTY, columns } = process.stdout;
  return isTTY && !process.env.CI ? new LiveRows(models, columns) : new PlainLines();
}

const events = { waiting: 'asked', answering: 'first text', fulfilled: 'done', rejected: 'failed' };

class PlainLines implements Progress {
  readonly #shown = new Set<string>();

  update({ model, status, elapsedMs }: CompareProgress): void {
    const event = `${model} ${events[status]}`;
    if (this.#shown.has(event)) return;
    this.#shown.add(event);
    console.log(`${seconds(elapsedMs)}  ${event}`);
  }

  stop(): void {
    console.log();
  }
}

class LiveRows implements Progress {
  readonly #rows: CompareProgress[];
  readonly #columns: number;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(models: readonly string[], columns: number) {
    this.#rows = models.map((model, index) => ({ index, model, status: 'waiting', text: '', elapsedMs: 0 }));
    this.#columns = columns;
    this.#timer = setInterval(() => this.#draw(), spinners.dots.interval);
    this.#draw();
  }

  update(step: CompareProgress): void {
    this.#rows[step.index] = step;
  }

  stop(): void {
    clearInterval(this.#timer);
    logUpdate.clear();
    logUpdate.done();
  }

  #draw(): void {
    const nowMs = performance.now() - this.#startedAt;
    logUpdate(this.#rows.map((row) => this.#line(row, nowMs)).join('\n'));
  }

  #line({ model, status, text, elapsedMs }: CompareProgress, nowMs: number): string {
    const running = status === 'waiting' || status === 'answering';
    const name = model.padEnd(Math.max(...this.#rows.map((row) => row.model.length)));
    const time = seconds(running ? nowMs : elapsedMs);
    const room = Math.max(0, this.#columns - name.length - time.length - 8);
    return `${mark(status, nowMs)} ${name}  ${time}  ${styleText('dim', lastOf(text, room))}`;
  }
}

function mark(status: CompareProgress['status'], nowMs: number): string {
  if (status === 'fulfilled') return styleText('green', '✔');
  if (status === 'rejected') return styleText('red', '✖');
  const { frames, interval } = spinners.dots;
  return styleText('cyan', frames[Math.floor(nowMs / interval) % frames.length] ?? '');
}

/** The end of the text on one line. What a model writes must not steer the terminal. */
function lastOf(text: string, length: number): string {
  const line = stripVTControlCharacters(text).replaceAll(/[\s\p{Cc}]+/gu, ' ');
  return line.length > length ? `…${line.slice(line.length - length + 1)}` : line;
}
