import { ResponseParseError } from '@anyllm/core/provider';

/**
 * What a server sent, as JSON again.
 * @throws ResponseParseError where it is nested so deeply that it can be read but not written
 */
export function jsonText(value: unknown, provider: string): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    throw new ResponseParseError(`${provider}: the answer is nested too deeply`, { provider });
  }
}
