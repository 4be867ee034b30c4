import type { ProviderOperations } from '@anyllm/core/provider';
import { lateStream } from '../http/late-stream.ts';
import type { Endpoint } from './endpoint.ts';
import { type BeyondChat, beyondChat } from './load-beyond-chat.ts';
import type { ImagesQuirks } from './media/images.ts';
import type { SpeechQuirks } from './media/speech.ts';
import type { TranscriptionsQuirks } from './media/transcriptions.ts';

type Images = Pick<ProviderOperations, 'editImage' | 'generateImage' | 'streamImage' | 'streamImageEdit'>;
type Speech = Pick<ProviderOperations, 'speak'>;
type Transcriptions = Pick<ProviderOperations, 'streamTranscription' | 'transcribe'>;

/** Images as OpenAI has them. */
export function openAIImages(provider: string, endpoint: Endpoint, loadQuirks?: () => Promise<ImagesQuirks>): Images {
  const load = loader(loadQuirks, ({ createImages }, quirks) => createImages(provider, endpoint, quirks));
  return {
    generateImage: async (request, context) => (await load()).generateImage(request, context),
    editImage: async (request, context) => (await load()).editImage(request, context),
    streamImage: (request, context) => lateStream(load(), ({ streamImage }) => streamImage(request, context)),
    streamImageEdit: (request, context) =>
      lateStream(load(), ({ streamImageEdit }) => streamImageEdit(request, context)),
  };
}

/** Speech as OpenAI has it. */
export function openAISpeech(provider: string, endpoint: Endpoint, loadQuirks?: () => Promise<SpeechQuirks>): Speech {
  const load = loader(loadQuirks, ({ createSpeech }, quirks) => createSpeech(provider, endpoint, quirks));
  return { speak: (request, context) => lateStream(load(), ({ speak }) => speak(request, context)) };
}

/** Transcriptions as OpenAI has them, and under Mistral's names. */
export function openAITranscriptions(
  provider: string,
  endpoint: Endpoint,
  loadQuirks?: () => Promise<TranscriptionsQuirks>,
): Transcriptions {
  const load = loader(loadQuirks, ({ createTranscriptions }, quirks) =>
    createTranscriptions(provider, endpoint, quirks),
  );
  return {
    transcribe: async (request, context) => (await load()).transcribe(request, context),
    streamTranscription: (request, context) =>
      lateStream(load(), (loaded) => loaded.streamTranscription(request, context)),
  };
}

/** All of it is loaded when it is first asked for, and with it in what a server differs. */
function loader<Quirks, Operations>(
  loadQuirks: (() => Promise<Quirks>) | undefined,
  create: (module: BeyondChat, quirks: Quirks | undefined) => Operations,
): () => Promise<Operations> {
  return async () => create(...(await Promise.all([beyondChat(), loadQuirks?.()])));
}
