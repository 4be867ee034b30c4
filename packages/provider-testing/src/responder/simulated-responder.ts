import { type DialectName, type RecordedRequest, type Reply, startSimulator } from '@anyllm/simulator';
import { batchContentNames } from '../batch-contents.ts';
import { type Contents, contentsWithout, standardContents } from '../contents.ts';
import type { Scenario } from '../scenario.ts';
import type { Responder } from './responder.ts';
import { toReply } from './to-reply.ts';

/** What each vendor's protocol has words for. */
const contents: Record<DialectName, Contents> = {
  openai: standardContents,
  mistral: contentsWithout('reasoning-tokens', 'ranking', 'images', 'image-stream', 'response', 'token-count'),
  ollama: contentsWithout(
    ...(['choices', 'cached-tokens', 'reasoning-tokens', 'content_filter'] as const),
    ...(['moderations', 'moderation-of-parts', 'ranking', 'images', 'image-stream', 'speech'] as const),
    ...(['response', 'token-count'] as const),
    ...batchContentNames,
  ),
};

/** A responder for the vendors that the simulator knows. */
export function simulatedResponder(dialect: DialectName): Responder {
  return {
    contents: contents[dialect],
    async start(scenarios) {
      const simulator = await startSimulator({ script: toScript(dialect, scenarios) });
      const { requests } = simulator;
      return { baseURL: simulator.baseURL[dialect], requests, close: () => simulator.close() };
    },
  };
}

function toScript(dialect: DialectName, scenarios: readonly Scenario[]) {
  return (request: RecordedRequest): Reply | undefined => {
    const scenario = scenarios[Math.min(request.index, scenarios.length - 1)];
    return scenario && toReply(dialect, scenario, request);
  };
}
