import type { ModelResult, TheirContent, TheirStreamPart } from '../specification.ts';

/** The parts in which a whole answer would have been streamed: so that there is one translation of both. */
export function* toStreamParts(result: ModelResult<TheirContent>): Generator<TheirStreamPart> {
  const { content, warnings, response, usage, finishReason } = result;
  yield { type: 'stream-start', warnings };
  yield { type: 'response-metadata', ...response };
  for (const [at, piece] of content.entries()) yield* toParts(piece, String(at));
  yield { type: 'finish', usage, finishReason };
}

function* toParts(piece: TheirContent, id: string): Generator<TheirStreamPart> {
  if (piece.type !== 'text' && piece.type !== 'reasoning') {
    yield piece;
    return;
  }
  const { type, text, providerMetadata } = piece;
  yield { type: `${type}-start`, id };
  yield { type: `${type}-delta`, id, delta: text };
  yield { type: `${type}-end`, id, ...(providerMetadata && { providerMetadata }) };
}
