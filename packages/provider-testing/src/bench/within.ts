/** Far above what it takes where it happens at all, so that a slow machine fails nothing. */
const defaultMs = 5_000;

/** Waits for something that has to happen. */
export async function within<T>(promise: PromiseLike<T>, what: string | (() => string), ms = defaultMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it does not happen within ${ms} ms: ${typeof what === 'string' ? what : what()}`)),
      ms,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until something holds. */
export function eventually(holds: () => boolean, what: string | (() => string), ms = defaultMs): Promise<void> {
  let over = false;
  const poll = async () => {
    while (!holds() && !over) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return within(poll(), what, ms).finally(() => {
    over = true;
  });
}
