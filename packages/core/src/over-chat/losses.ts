import type { Warning } from '../contract/call-meta.ts';
import { UnsupportedParameterError } from '../errors/errors.ts';

/** What a translation leaves out or does in another way, each thing once. */
export class Losses {
  readonly #warnings = new Map<string, Warning>();

  get warnings(): Warning[] {
    return [...this.#warnings.values()];
  }

  /** It only tunes: the call goes on without it, unless the caller wants an error. */
  drop(parameter: string, why: string): void {
    this.#add({ code: 'parameter_dropped', parameter, message: `\`${parameter}\` was left out: ${why}` });
  }

  adjust(parameter: string, how: string): void {
    this.#add({ code: 'parameter_adjusted', parameter, message: `\`${parameter}\` ${how}` });
  }

  #add(warning: Warning): void {
    this.#warnings.set(warning.parameter ?? '', warning);
  }
}

/** It would change what the answer means to leave it out. */
export function noCounterpart(parameter: string, what?: string): UnsupportedParameterError {
  const named = `\`${parameter}\``;
  const subject = what === undefined ? named : `${what} (${named})`;
  return new UnsupportedParameterError(`${subject} has no counterpart in chat completions`, { parameter });
}
