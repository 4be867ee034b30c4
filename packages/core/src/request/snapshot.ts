import { isPlainObject } from './plain-object.ts';

/**
 * A request or options as they are at the call, with their lists: programs change the same object for their next call
 * and push to the same conversation, and a call may wait before it reads them. What is no plain object stays as it is.
 */
export function snapshot<T>(given: T): T {
  if (!isPlainObject(given)) return given;
  const copy: Record<string, unknown> = { ...given };
  for (const name in copy) if (Array.isArray(copy[name])) copy[name] = copy[name].slice();
  return copy as T;
}
