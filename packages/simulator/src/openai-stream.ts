import { type Exchange, type StreamAnswer, type StreamEvent, scriptedEvents } from './answer.ts';
import { openaiErrorBody, openaiHeaders } from './openai-errors.ts';

/** A stream of events whose errors are events of their own. */
export function toOpenaiStream(
  exchange: Exchange,
  events: Iterable<StreamEvent>,
  frame: (data: string) => string,
): StreamAnswer {
  const scripted = exchange.reply.events;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', ...openaiHeaders(exchange) },
    stream: {
      events: scripted ? scriptedEvents(scripted) : events,
      frame,
      keepAlive: ': keep-alive\n\n',
      errorEvent: (error) => JSON.stringify({ type: 'error', ...openaiErrorBody({ status: 500, ...error }) }),
    },
  };
}
