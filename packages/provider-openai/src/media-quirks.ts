import { type ProviderContext, UnsupportedParameterError } from '@anyllm/core/provider';
import type { ImagesQuirks, SpeechQuirks, TranscriptionsQuirks, WireBody } from '@anyllm/provider-kit/openai';

// Rules of single models, by OpenAI's API reference, "Images" and "Audio".

/** GPT models always give bytes and refuse to be asked for them; those of DALL·E do not stream. */
export const imagesQuirks: ImagesQuirks = {
  adjust(fields, context) {
    const model = String(fields.model);
    if (/^dall-e/.test(model) && fields.stream) throw unsupported(model, 'stream', 'does not stream');
    if (!/^(chat)?gpt-/.test(model) || fields.response_format === undefined) return fields;
    if (fields.response_format === 'url') throw unsupported(model, 'response_format', 'gives bytes, not addresses');
    return without(fields, 'response_format', context);
  },
};

export const speechQuirks: SpeechQuirks = {
  adjust: (fields, context) =>
    /^tts-1/.test(String(fields.model)) && fields.instructions !== undefined
      ? without(fields, 'instructions', context)
      : fields,
};

/** Who speaks is told by models of that kind alone, and only in a format of its own. */
export const transcriptionsQuirks: TranscriptionsQuirks = {
  toFields({ diarize, ...fields }) {
    if (!diarize) return fields;
    if (!/-diarize/.test(fields.model)) throw unsupported(fields.model, 'diarize', 'does not tell speakers apart');
    return { response_format: 'diarized_json', ...fields };
  },
};

function without(fields: WireBody, parameter: string, { observer }: ProviderContext): WireBody {
  const message = `${fields.model} does not take \`${parameter}\`; it was left out`;
  observer.warn({ code: 'parameter_dropped', parameter, message });
  const { [parameter]: _, ...rest } = fields;
  return rest;
}

function unsupported(model: string, parameter: string, why: string): UnsupportedParameterError {
  return new UnsupportedParameterError(`openai: ${model} ${why}`, { provider: 'openai', model, parameter });
}
