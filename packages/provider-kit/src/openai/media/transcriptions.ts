import {
  type Asked,
  type ProviderContext,
  type ProviderTranscription,
  type TranscriptionEvent,
  type TranscriptionParameters,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { isPlainText } from '../../decode/event-decoder.ts';
import { parseJson } from '../../decode/parse-json.ts';
import { errorFromEvent } from '../../errors/map-error.ts';
import { describeBody } from '../../http/describe-body.ts';
import type { WireRequest, WireResponse } from '../../http/exchange.ts';
import { encodeForm } from '../../http/form.ts';
import { requestBytes, unreadable } from '../../http/request-bytes.ts';
import { requestEvents } from '../../http/request-events.ts';
import type { Endpoint } from '../endpoint.ts';
import type { WireBody } from '../quirks.ts';
import { fieldsOf } from '../wire-fields.ts';
import { toForm } from './to-form.ts';
import { toTranscription } from './to-transcription.ts';
import { transcriptionReader } from './transcription-reader.ts';

type Question = Asked<TranscriptionParameters>;

/** What differs between servers that have OpenAI's `POST /audio/transcriptions`. */
export interface TranscriptionsQuirks {
  /** The fields apart from `file`, before the caller's `provider_options`. Default: OpenAI's, `diarize` refused. */
  toFields?: (request: Omit<Question, 'file' | 'provider_options'>, context: ProviderContext) => WireBody;
  /** Whether a list is sent as `name[]`. Default `true`. */
  brackets?: boolean;
  /** Whether the server streams. Default `true`; one that does not is asked for the whole, which then is one piece. */
  streams?: boolean;
}

export function createTranscriptions(
  provider: string,
  endpoint: Endpoint,
  { toFields = withoutDiarize(provider), brackets = true, streams = true }: TranscriptionsQuirks = {},
) {
  const toWire = (
    { file, provider_options, ...request }: Question,
    context: ProviderContext,
    stream: boolean,
  ): WireRequest => {
    const fields = { ...toFields(request, context), ...(stream && { stream }), ...provider_options?.[provider] };
    return endpoint(
      {
        model: request.model,
        path: 'audio/transcriptions',
        form: encodeForm(toForm({ model: request.model, ...fields, file }, brackets)), // the file last, as xAI wants it
        headers: { accept: stream ? 'text/event-stream' : '*/*' },
      },
      context,
    );
  };

  return {
    async transcribe(question: Question, context: ProviderContext): Promise<ProviderTranscription> {
      const request = toWire(question, context, false);
      const { bytes, response } = await requestBytes(request, context);
      return readWhole(bytes.toString(), { request, response, context, asked: isPlainFormat(question) });
    },

    streamTranscription(
      question: Question,
      context: ProviderContext,
    ): AsyncIterableIterator<readonly TranscriptionEvent[]> {
      const reader = transcriptionReader(isPlainFormat(question));
      return requestEvents(toWire(question, context, streams), context, reader);
    },
  };
}

/** Tells who speaks: a model does, or it does not, and no field makes it. */
function withoutDiarize(provider: string): TranscriptionsQuirks['toFields'] & {} {
  return ({ diarize, ...fields }) => {
    if (!diarize) return fields;
    const message = `${provider}: speakers are told apart only by models that do so by themselves, not by \`diarize\``;
    throw new UnsupportedParameterError(message, { provider, model: fields.model, parameter: 'diarize' });
  };
}

interface WholeAnswer {
  request: WireRequest;
  response: WireResponse;
  context: ProviderContext;
  /** Whether the text itself was asked for: then silence is an empty one. */
  asked: boolean;
}

function isPlainFormat({ response_format }: Question): boolean {
  return response_format === 'text' || response_format === 'srt' || response_format === 'vtt';
}

/** JSON, or the text itself: some servers answer with the one where the other was asked, so the answer's head tells. */
function readWhole(text: string, { request, response, context, asked }: WholeAnswer): ProviderTranscription {
  const isPlain = isPlainText(String(response.headers['content-type'] ?? ''));
  if (isPlain && (asked || text.trim() !== '')) return { text };
  const wire = fieldsOf(parseJson(text));
  if (wire?.error) {
    const { provider, model } = request;
    throw errorFromEvent({ provider, model, body: wire, requestId: response.requestId, apiKey: context.apiKey });
  }
  const transcription = wire && toTranscription(wire);
  if (transcription) return transcription;
  throw unreadable(request, `holds no transcription (${wire ? 'other JSON' : describeBody(text)})`, response);
}
