import { isPlainObject } from './plain-object.ts';

/**
 * A request as it is at the call, with its lists: programs write what they ask next into the same object, push to the
 * same conversation, and a call may wait before it reads them. What is no plain object stays as it is.
 */
export function snapshot<Request>(request: Request): Request {
  return copyFields(request, (value) => value);
}

/** The same of options, and of what is in them, as `headers` and `timeout`. */
export function snapshotOptions<Options>(options: Options): Options {
  return copyFields(options, snapshot);
}

function copyFields<T>(given: T, copyObject: (value: unknown) => unknown): T {
  if (!isPlainObject(given)) return given;
  const copy: Record<string, unknown> = { ...given };
  for (const name in copy) {
    const value = copy[name];
    copy[name] = Array.isArray(value) ? [...value] : copyObject(value);
  }
  return copy as T;
}
