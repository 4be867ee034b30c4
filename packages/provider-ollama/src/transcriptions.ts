import { type ProviderContext, UnsupportedParameterError } from '@anyllm/core/provider';
import { openAITranscriptions, type TranscriptionsQuirks } from '@anyllm/provider-kit/openai';

/** By OpenAI's protocol, which Ollama has for sound alone: a chat model that hears writes down what is said. */
export const { transcribe, streamTranscription } = openAITranscriptions(
  'ollama',
  ({ path, headers = {}, ...request }) => ({ ...request, provider: 'ollama', path: `v1/${path}`, headers }),
  async () => quirks,
);

const known = new Set(['model', 'language', 'prompt']);
const tuning = new Set(['temperature', 'chunking_strategy']);

/** The server passes over what it does not know. */
const quirks: TranscriptionsQuirks = {
  streams: false,
  toFields(request, { observer }: ProviderContext) {
    const { response_format: format, ...fields } = request;
    const plain = format === undefined || format === 'json' || format === 'text';
    if (!plain) throw unsupported(request.model, 'response_format', format);
    const asked = Object.entries(fields).filter(([, value]) => value !== undefined && value !== false);
    for (const [parameter] of asked.filter(([name]) => !known.has(name))) {
      if (!tuning.has(parameter)) throw unsupported(request.model, parameter);
      const message = `\`${parameter}\` is not supported; it was left out`;
      observer.warn({ code: 'parameter_dropped', parameter, message });
    }
    const sent = asked.filter(([name]) => known.has(name));
    return { ...Object.fromEntries(sent), ...(format && { response_format: format }) };
  },
};

function unsupported(model: string, parameter: string, value?: string): UnsupportedParameterError {
  const what = value === undefined ? `\`${parameter}\`` : `${parameter} ${value}`;
  const message = `ollama: ${what} is not supported in transcriptions`;
  return new UnsupportedParameterError(message, { provider: 'ollama', model, parameter });
}
