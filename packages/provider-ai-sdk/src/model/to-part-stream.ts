import type { CompletionStream } from '@anyllm/core';
import type { ModelStreamPart, ModelWarning } from '../specification.ts';
import { ChunkTranslator } from './chunk-translator.ts';
import { toMetadata } from './to-metadata.ts';
import { toModelError } from './to-model-error.ts';
import { toWarning } from './to-warning.ts';

interface PartStreamOptions {
  warnings: readonly ModelWarning[];
  includeRawChunks: boolean | undefined;
}

/** The parts of an answer as a web stream. Cancelling it closes the socket; a failure fails it. */
export function toPartStream(stream: CompletionStream, options: PartStreamOptions): ReadableStream<ModelStreamPart> {
  const parts = toParts(stream, options);
  return new ReadableStream<ModelStreamPart>(
    {
      async pull(controller) {
        try {
          const { done, value } = await parts.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(toModelError(error));
        }
      },
      cancel: () => stream.close(), // a generator could not be told while it waits
    },
    { highWaterMark: 0 }, // nothing is read ahead of who asks for it
  );
}

async function* toParts(stream: CompletionStream, options: PartStreamOptions): AsyncGenerator<ModelStreamPart> {
  const translator = new ChunkTranslator();
  yield { type: 'stream-start', warnings: [...options.warnings, ...stream.meta.warnings.map(toWarning)] };
  for await (const chunk of stream) {
    if (options.includeRawChunks) yield { type: 'raw', rawValue: chunk };
    yield* translator.translate(chunk);
  }
  yield* translator.end(toMetadata(stream.meta));
}
