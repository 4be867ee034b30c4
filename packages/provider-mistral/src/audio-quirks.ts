import { type ProviderContext, UnsupportedParameterError } from '@anyllm/core/provider';
import type { SpeechQuirks, TranscriptionsQuirks, WireBody } from '@anyllm/provider-kit/openai';

/** The server's default format is not documented, so ours is sent. The sound comes in JSON, streamed or whole. */
export const speechQuirks: SpeechQuirks = {
  accept: 'text/event-stream',
  adjust(fields, context) {
    const { voice, response_format = 'mp3', ...rest } = without(fields, ['speed', 'instructions'], context);
    if (response_format === 'aac') throw unsupported(fields.model, 'response_format', 'aac');
    return { ...rest, voice_id: voice, response_format, stream: true };
  },
};

/** Formats are ours to make: Mistral has one answer, of which the times and the speakers are asked for one by one. */
export const transcriptionsQuirks: TranscriptionsQuirks = {
  brackets: false,
  toFields(request, context) {
    const { response_format: format = 'json', include, ...tuned } = request;
    const fields = without(tuned, ['prompt', 'chunking_strategy'], context);
    if (format === 'srt' || format === 'vtt') throw unsupported(request.model, 'response_format', format);
    for (const parameter of ['known_speaker_names', 'known_speaker_references'])
      if (fields[parameter] !== undefined) throw unsupported(request.model, parameter);
    if (include?.includes('logprobs')) throw unsupported(request.model, 'include', 'logprobs');
    const tellsSpeakers = format === 'diarized_json' || request.diarize;
    return {
      ...(tellsSpeakers && { diarize: true }),
      ...((tellsSpeakers || format === 'verbose_json') && { timestamp_granularities: ['segment'] }),
      ...fields,
    };
  },
};

/** Without what only tunes and the server refuses. */
function without(fields: WireBody, names: readonly string[], { observer }: ProviderContext): WireBody {
  const dropped = names.filter((name) => fields[name] !== undefined);
  for (const parameter of dropped) {
    const message = `\`${parameter}\` is not supported; it was left out`;
    observer.warn({ code: 'parameter_dropped', parameter, message });
  }
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !dropped.includes(name)));
}

function unsupported(model: unknown, parameter: string, value?: string): UnsupportedParameterError {
  const what = value === undefined ? `\`${parameter}\`` : `${parameter} ${value}`;
  const message = `mistral: ${what} is not supported`;
  return new UnsupportedParameterError(message, { provider: 'mistral', model: String(model), parameter });
}
