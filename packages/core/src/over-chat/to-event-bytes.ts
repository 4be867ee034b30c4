/**
 * Events as server-sent events under the names of their types, pulled one by one as the reader asks for them. A failure
 * is sent as an event of its own before the stream fails, so that the other end learns of it too.
 * @param toFailure the event that tells of a failure
 */
export function toEventBytes<Event extends { type: string }>(
  events: AsyncIterator<Event>,
  toFailure: (error: unknown) => { type: string },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const frame = (event: { type: string }) => encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  let failure: { error: unknown } | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (failure) return controller.error(failure.error);
        try {
          const { value, done } = await events.next();
          if (done) controller.close();
          else controller.enqueue(frame(value));
        } catch (error) {
          // Failing at once would discard the event: the stream itself fails with the next pull.
          failure = { error };
          controller.enqueue(frame(toFailure(error)));
        }
      },
      async cancel() {
        await events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
