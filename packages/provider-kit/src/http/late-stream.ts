/**
 * The stream of something that is loaded on demand: that stream itself when it is there, else one that waits for it.
 * Left before, it ends, and nothing is opened.
 * @param loaded what `onDemand` gives
 * @param open does nothing but by the first `next()` of its stream
 */
export function lateStream<Module, T>(
  loaded: Module | Promise<Module>,
  open: (module: Module) => AsyncIterable<T>,
): AsyncIterable<T> {
  return loaded instanceof Promise ? awaitStream(loaded, open) : open(loaded);
}

function awaitStream<Module, T>(
  loading: Promise<Module>,
  open: (module: Module) => AsyncIterable<T>,
): AsyncIterableIterator<T> {
  let stream: AsyncIterator<T> | undefined;
  let left = false;
  loading.catch(() => {}); // `next()` tells of it; perhaps nobody calls that

  function begin(module: Module): Promise<IteratorResult<T>> {
    if (left) return end();
    stream ??= open(module)[Symbol.asyncIterator]();
    return stream.next();
  }

  return {
    next() {
      if (left) return end();
      return stream ? stream.next() : loading.then(begin);
    },
    return() {
      left = true;
      return stream?.return?.() ?? end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function end(): Promise<IteratorReturnResult<undefined>> {
  return { done: true, value: undefined };
}
