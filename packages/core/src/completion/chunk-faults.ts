import {
  type Fault,
  type Fields,
  faultInList,
  faultInSpeech,
  finishReasons,
  isIndex,
  isLogprobs,
  isNone,
  isRecord,
  isTextOrNone,
} from './answer-faults.ts';

/** Written for text, of which there is most: that costs a few comparisons. */
export function faultInChunk(chunk: unknown): Fault {
  if (!isRecord(chunk)) return '';
  return faultInList(chunk.choices, '.choices', faultInChoice);
}

function faultInChoice({ index, delta, finish_reason, logprobs }: Fields): Fault {
  if (!isIndex(index)) return '.index';
  if (!isRecord(delta)) return '.delta';
  if (finish_reason && !finishReasons.has(finish_reason)) return '.finish_reason';
  if (!isLogprobs(logprobs)) return '.logprobs';
  const fault = faultInSpeech(delta, faultInFragment);
  return fault === undefined ? undefined : `.delta${fault}`;
}

function faultInFragment({ index, function: called, custom }: Fields): Fault {
  return isIndex(index) && isCallBody(called) && isCallBody(custom) ? undefined : '';
}

function isCallBody(body: unknown): boolean {
  if (isNone(body)) return true;
  return isRecord(body) && isTextOrNone(body.name) && isTextOrNone(body.arguments) && isTextOrNone(body.input);
}
