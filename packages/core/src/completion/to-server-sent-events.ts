import type { ChatCompletionChunk } from '../contract/chat-completion.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';

/** Chunks as `data:` events, ended by `[DONE]`, pulled one by one as the reader asks for them. */
export function toServerSentEvents(chunks: AsyncIterator<ChatCompletionChunk>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const event = (data: string) => encoder.encode(`data: ${data}\n\n`);
  let failure: { error: unknown } | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (failure) return controller.error(failure.error);
        try {
          const { value, done } = await chunks.next();
          controller.enqueue(event(done ? '[DONE]' : JSON.stringify(value)));
          if (done) controller.close();
        } catch (error) {
          // Failing at once would discard the event: the stream itself fails with the next pull.
          failure = { error };
          controller.enqueue(event(JSON.stringify({ error: toErrorBody(error) })));
        }
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The in-stream error of the OpenAI protocol. A foreign error's text is not for the other end. */
function toErrorBody(error: unknown): Record<string, unknown> {
  const known = AnyLLMError.isInstance(error);
  return {
    message: known ? error.message : 'the stream was aborted',
    type: known ? error.code : 'aborted',
    param: null,
    code: known ? (error.status ?? null) : null,
  };
}
