import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import type { TranscriptionEvent, TranscriptionRequest, TranscriptionResult } from '../contract/transcription.ts';
import { checkOptions } from '../request/check-options.ts';
import { checkRequest } from '../request/check-request.ts';
import {
  atLeast,
  atMost,
  closed,
  either,
  flag,
  list,
  number,
  oneOf,
  optional,
  record,
  text,
} from '../request/shape.ts';
import type { EventKinds, EventStream } from './event-stream.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runOperation, runStreamedOperation } from './run-operation.ts';
import { toFile } from './to-file.ts';

const shape = closed(
  {
    model: modelField,
    file: () => [], // looked at where it is read
    language: optional(text),
    prompt: optional(text),
    response_format: optional(oneOf('json', 'text', 'srt', 'vtt', 'verbose_json', 'diarized_json')),
    temperature: optional(atMost(1, atLeast(0, number))),
    timestamp_granularities: optional(list(oneOf('segment', 'word'))),
    include: optional(list(oneOf('logprobs'))),
    chunking_strategy: optional(either(oneOf('auto'), record())),
    known_speaker_names: optional(list(text)),
    known_speaker_references: optional(list(text)),
    diarize: optional(flag),
    stream: optional(flag),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

const kinds: EventKinds<TranscriptionEvent> = {
  isContent: () => true,
  isEnd: ({ type }) => type === 'transcript.text.done',
  usageOf: (event) => (event.type === 'transcript.text.done' ? totalOf(event.transcription) : undefined),
};

/** What `transcription` does. */
export async function askTranscription(
  runtime: ClientRuntime,
  request: TranscriptionRequest,
  options: CallOptions = {},
): Promise<TranscriptionResult | EventStream<TranscriptionEvent>> {
  checkRequest(shape, request);
  checkOptions(options); // whose signal ends the reading of files
  const { model, stream, file, ...rest } = request;
  const parameters = { ...rest, file: await toFile(file, 'file', options.signal) };
  const operation = { label: 'transcriptions are', models: model, parameters };
  if (!stream) {
    return runOperation(runtime, { ...operation, member: 'transcribe', pick: pickWhole } as const, options);
  }
  const streamed = { ...operation, member: 'streamTranscription', label: 'streamed transcriptions are' } as const;
  return runStreamedOperation(runtime, { ...streamed, pick: pickStreamed }, kinds, options);
}

function totalOf({ usage }: { usage?: { total_tokens?: number } }): { total_tokens: number } | undefined {
  return usage?.total_tokens === undefined ? undefined : { total_tokens: usage.total_tokens };
}

const pickWhole = ({ transcribe }: Provider) => transcribe;
const pickStreamed = ({ streamTranscription }: Provider) => streamTranscription;
