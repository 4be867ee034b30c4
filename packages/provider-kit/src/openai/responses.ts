import { lateStream } from '../http/late-stream.ts';
import type { Endpoint } from './endpoint.ts';
import { beyondChat } from './load-beyond-chat.ts';
import type { ResponsesOperations } from './native-responses.ts';

/** The Responses API as OpenAI has it. Its code is loaded with the first call. */
export function openAIResponses(provider: string, endpoint: Endpoint): ResponsesOperations {
  const native = async () => (await beyondChat()).createNativeResponses(provider, endpoint);
  return {
    async respond(request, context) {
      return (await native()).respond(request, context);
    },
    streamResponse: (request, context) =>
      lateStream(native(), ({ streamResponse }) => streamResponse(request, context)),
  };
}
