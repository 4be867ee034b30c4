import { createReadStream } from 'node:fs';

export interface Line {
  text: string;
  /** From 1. */
  number: number;
  /** Of the file, up to and with the end of this line. */
  endByte: number;
  /** Whether a line feed ends it; the last line of a file may lack one. */
  ended: boolean;
}

const LF = 10;

/**
 * The lines of a file of any size, one at a time, in constant memory.
 * @throws LineTooLong; the file system's own error
 */
export async function* linesOf(path: string, maxLineBytes = Number.POSITIVE_INFINITY): AsyncGenerator<Line> {
  let pieces: Buffer[] = [];
  let size = 0;
  let number = 0;
  let endByte = 0;
  const take = (ended: boolean): Line => {
    const text = (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)).toString();
    endByte += size + (ended ? 1 : 0);
    pieces = [];
    size = 0;
    number++;
    return { text: number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text, number, endByte, ended };
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      add(chunk.subarray(start, end));
      yield take(true);
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (size > 0) yield take(false);

  function add(piece: Buffer): void {
    size += piece.length;
    if (size > maxLineBytes) throw new LineTooLong(number + 1);
    pieces.push(piece);
  }
}

export class LineTooLong extends Error {
  readonly number: number;

  constructor(number: number) {
    super(`line ${number} is too long`);
    this.number = number;
  }
}
