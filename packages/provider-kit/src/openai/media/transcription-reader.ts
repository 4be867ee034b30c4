import type { ProviderTranscription, TranscriptionEvent } from '@anyllm/core/provider';
import type { EventReader } from '../../decode/event-decoder.ts';
import { type Fields, fieldsOf, objectsOf, textOf } from '../wire-fields.ts';
import { toSegments, toTranscription } from './to-transcription.ts';

/**
 * Reads the events of a streamed transcription: OpenAI's (`transcript.text.delta`), Mistral's (`transcription.text.delta`)
 * and the chunks of vLLM, which look like those of a chat. What came before the end completes what that leaves out.
 * @param isPlain a whole answer may be the text itself
 */
export function transcriptionReader(isPlain: boolean): EventReader<TranscriptionEvent> {
  const heard = new Heard();
  const reader: EventReader<TranscriptionEvent> = {
    read(wire) {
      const { type } = wire;
      if (type.endsWith('.delta')) return heard.delta(textOf(wire.delta) || textOf(wire.text));
      if (type.endsWith('.segment'))
        return toSegments(wire).map((segment) => ({ type: 'transcript.text.segment', segment }));
      if (type.endsWith('.language')) heard.language = textOf(wire.audio_language);
      if (type.endsWith('.done')) return heard.done(wire);
      return wire.object === 'transcription.chunk' ? heard.chunk(wire) : undefined;
    },
    isEnd: ({ type }) => type === 'transcript.text.done',
    readWhole(wire) {
      const transcription = toTranscription(wire);
      return transcription && inOnePiece(transcription);
    },
  };
  return isPlain ? { ...reader, readText: (text) => inOnePiece({ text }) } : reader;
}

/** What has been told so far. */
class Heard {
  language = '';
  #text = '';

  delta(delta: string): TranscriptionEvent | undefined {
    this.#text += delta;
    return delta === '' ? undefined : { type: 'transcript.text.delta', delta };
  }

  done(wire: Fields): TranscriptionEvent {
    const transcription = toTranscription({ text: this.#text, ...wire }) ?? { text: this.#text };
    const { language = this.language } = transcription;
    return { type: 'transcript.text.done', transcription: { ...transcription, ...(language && { language }) } };
  }

  chunk({ choices, usage }: Fields): TranscriptionEvent[] {
    const [choice] = objectsOf(choices);
    const delta = this.delta(textOf(fieldsOf(choice?.delta)?.content));
    const done = textOf(choice?.finish_reason) && this.done({ usage });
    return [delta, done].filter((event) => typeof event === 'object');
  }
}

function inOnePiece(transcription: ProviderTranscription): TranscriptionEvent[] {
  return [
    { type: 'transcript.text.delta', delta: transcription.text },
    { type: 'transcript.text.done', transcription },
  ];
}
