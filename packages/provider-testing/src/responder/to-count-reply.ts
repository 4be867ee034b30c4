import type { RecordedRequest, Reply } from '@anyllm/simulator';
import type { Content } from '../scenario.ts';

/** A count of tokens in the words of OpenAI, vLLM or llama.cpp, by the path; undefined for a content of another kind. */
export function toCountReply({ tokenCount }: Content, { path, body }: RecordedRequest): Reply | undefined {
  if (tokenCount === undefined) return undefined;
  if (path.endsWith('/apply-template')) return {}; // what llama.cpp then counts, the simulator makes of the messages
  if (path.endsWith('/input_tokens')) return { body: { object: 'response.input_tokens', input_tokens: tokenCount } };
  const tokens = Array.from({ length: tokenCount }, (_, at) => at);
  return { body: body?.content === undefined ? { count: tokenCount, max_model_len: 8_192, tokens } : { tokens } };
}
