import { checkModel } from './check-openai-chat.ts';
import { type FormField, filesOf } from './form-fields.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';
import { SOUND_FORMATS } from './sound.ts';

const COMMON = ['model', 'prompt', 'n', 'size', 'quality', 'user'];
const GPT = [...COMMON, 'background', 'output_format', 'output_compression', 'stream', 'partial_images'];

/** By the family of the model. */
const DRAWING_FIELDS = {
  gpt: new Set([...GPT, 'moderation']),
  dall: new Set([...COMMON, 'response_format', 'style']),
};
const EDIT_FIELDS = { gpt: new Set([...GPT, 'input_fidelity']), dall: new Set([...COMMON, 'response_format']) };

export function isGptImage(model: unknown): boolean {
  return /^(chat)?gpt-/.test(String(model));
}

/** The first reason for which OpenAI refuses to draw. */
export function checkOpenaiImages(body: JsonObject): ReplyError | undefined {
  return checkModel(body) ?? checkPicture(body, DRAWING_FIELDS[isGptImage(body.model) ? 'gpt' : 'dall']);
}

/** Values of a form are all text. */
export function checkOpenaiImageEdit(body: JsonObject, form: readonly FormField[]): ReplyError | undefined {
  const images = filesOf(form, 'image', 'image[]');
  const error = checkModel(body) ?? checkPicture(body, EDIT_FIELDS[isGptImage(body.model) ? 'gpt' : 'dall']);
  if (error) return error;
  if (images.length === 0) return missing('image');
  if (!isGptImage(body.model) && images.length > 1) return { param: 'image', message: 'Only one image is allowed.' };
  const wrong = images.find(({ type = '', filename = '' }) => !/^image\//.test(type) || !/\.\w+$/.test(filename));
  return wrong && invalidValue(wrong.name, `unsupported mimetype ('${wrong.type}')`);
}

function checkPicture(body: JsonObject, known: ReadonlySet<string>): ReplyError | undefined {
  const { prompt, n = 1, size = 'auto' } = body;
  const stranger = Object.keys(body).find((name) => !known.has(name));
  if (stranger) return unknownParameter(stranger);
  if (typeof prompt !== 'string' || prompt === '') return missing('prompt');
  if (!(Number(n) >= 1 && Number(n) <= 10)) return invalidValue('n', 'must be between 1 and 10');
  if (!/^(auto|\d+x\d+)$/.test(String(size))) return invalidValue('size', `'${size}' is not supported`);
  const { stream, partial_images } = body;
  if (partial_images !== undefined && String(stream) !== 'true')
    return invalidValue('partial_images', 'is only allowed when streaming');
  return undefined;
}

const TRANSCRIPTION_FIELDS = new Set(
  `model language prompt response_format temperature timestamp_granularities[] include[] chunking_strategy
  chunking_strategy[type] chunking_strategy[threshold] chunking_strategy[prefix_padding_ms]
  chunking_strategy[silence_duration_ms] known_speaker_names[] known_speaker_references[] keywords[] languages[]
  stream`.split(/\s+/),
);

const SOUND_NAMES = /\.(flac|mp3|mp4|mpeg|mpga|m4a|ogg|wav|webm)$/i;
const MAX_FILE_BYTES = 26_214_400;

/** By the model: what it can answer with. */
function formatsOf(model: string): string[] {
  if (model.includes('-diarize')) return ['json', 'text', 'diarized_json'];
  return /^gpt-/.test(model) ? ['json'] : ['json', 'text', 'srt', 'vtt', 'verbose_json'];
}

export function checkOpenaiTranscription(body: JsonObject, file: FormField | undefined): ReplyError | undefined {
  const error = checkModel(body);
  if (error) return error;
  const stranger = Object.keys(body).find((name) => !TRANSCRIPTION_FIELDS.has(name));
  if (stranger) return unknownParameter(stranger);
  const { response_format: format = 'json' } = body;
  if (!formatsOf(String(body.model)).includes(String(format)))
    return {
      code: 'unsupported_value',
      param: 'response_format',
      message: `response_format '${format}' is not compatible with model '${body.model}'.`,
    };
  if (body['timestamp_granularities[]'] !== undefined && format !== 'verbose_json')
    return invalidValue('timestamp_granularities', "needs response_format 'verbose_json'");
  if (!file) return missing('file');
  if (file.bytes.length > MAX_FILE_BYTES)
    return { status: 413, message: `Maximum content size limit (${MAX_FILE_BYTES}) exceeded` };
  if (SOUND_NAMES.test(file.filename ?? '')) return undefined;
  return invalidValue('file', 'unsupported file format');
}

const SPEECH_FIELDS = new Set(['model', 'input', 'voice', 'response_format', 'speed', 'instructions', 'stream_format']);

export function checkOpenaiSpeech(body: JsonObject): ReplyError | undefined {
  const error = checkModel(body);
  if (error) return error;
  const stranger = Object.keys(body).find((name) => !SPEECH_FIELDS.has(name));
  if (stranger) return unknownParameter(stranger);
  const { input, voice, response_format: format = 'mp3', speed = 1 } = body;
  if (typeof input !== 'string' || input === '') return missing('input');
  if (input.length > 4096) return { param: 'input', code: 'string_too_long', message: 'input is longer than 4096' };
  if (voice === undefined) return missing('voice');
  if (!SOUND_FORMATS.includes(String(format))) return invalidValue('response_format', `'${format}' is not supported`);
  if (!(Number(speed) >= 0.25 && Number(speed) <= 4)) return invalidValue('speed', 'must be between 0.25 and 4');
  const isOld = /^tts-1/.test(String(body.model));
  const refused = ['instructions', 'stream_format'].find((name) => isOld && body[name] !== undefined);
  return refused === undefined ? undefined : unknownParameter(refused);
}

function unknownParameter(param: string): ReplyError {
  return { param, code: 'unknown_parameter', message: `Unknown parameter: '${param}'.` };
}

function missing(param: string): ReplyError {
  return { param, code: 'missing_required_parameter', message: `Missing required parameter: '${param}'.` };
}

function invalidValue(param: string, why: string): ReplyError {
  return { param, code: 'invalid_value', message: `Invalid value for '${param}': ${why}.` };
}
