import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import type { SpeechChunk, SpeechRequest } from '../contract/speech.ts';
import { checkRequest } from '../request/check-request.ts';
import { atLeast, atMost, closed, nonEmpty, number, oneOf, optional, text } from '../request/shape.ts';
import { mayRepeatBilled } from './billed.ts';
import type { EventKinds } from './event-stream.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runStreamedOperation } from './run-operation.ts';
import { SpeechStream } from './speech-stream.ts';

const shape = closed(
  {
    model: modelField,
    input: nonEmpty(text),
    voice: nonEmpty(text),
    response_format: optional(oneOf('mp3', 'opus', 'aac', 'flac', 'wav', 'pcm')),
    speed: optional(atMost(4, atLeast(0.25, number))),
    instructions: optional(text),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

const kinds: EventKinds<SpeechChunk> = {
  isContent: ({ type }) => type === 'audio',
  isEnd: ({ type }) => type === 'end',
  usageOf: (chunk) => (chunk.type === 'end' ? chunk.usage : undefined),
};

/** What `speech` does. */
export async function askSpeech(
  runtime: ClientRuntime,
  request: SpeechRequest,
  options?: CallOptions,
): Promise<SpeechStream> {
  checkRequest(shape, request);
  const { model, ...parameters } = request;
  const operation = { member: 'speak', label: 'speech is', models: model, parameters } as const;
  const asked = { ...operation, mayRepeat: mayRepeatBilled };
  const speak = ({ speak }: Provider) => speak;
  const stream = await runStreamedOperation(runtime, { ...asked, pick: speak }, kinds, options);
  const chunks = stream[Symbol.asyncIterator]();
  return new SpeechStream((await chunks.next()).value, stream, chunks);
}
