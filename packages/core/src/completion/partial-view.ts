/** What reads JSON piece by piece. */
export interface PartialReader {
  /** @returns whether there is more of the value now */
  write(piece: string): boolean;
  /** The text is over. */
  end(): void;
}

export interface PartialReading<Reader extends PartialReader> {
  /** Called with the first piece. */
  open(): Reader | Promise<Reader>;
  /** What of it the consumer gets; `undefined`: nothing yet. */
  read(json: Reader): unknown;
  /** Called when the text is over. What it throws, the iteration throws. */
  end(json: Reader): Promise<unknown>;
}

/** The value of a JSON text after each of its pieces that adds to it. Leaving it leaves the text. */
export function partialView<Reader extends PartialReader>(
  texts: AsyncIterableIterator<string>,
  { open, read, end }: PartialReading<Reader>,
): AsyncIterableIterator<unknown> {
  let json: Reader | undefined;
  async function next(): Promise<IteratorResult<unknown, undefined>> {
    json ??= await open();
    for (;;) {
      const { done, value: piece } = await texts.next();
      if (done) {
        json.end();
        await end(json);
        return { done: true, value: undefined };
      }
      const value = json.write(piece) ? read(json) : undefined;
      if (value !== undefined) return { done: false, value };
    }
  }
  return {
    next,
    async return() {
      await texts.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
