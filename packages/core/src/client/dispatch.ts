import { systemClock } from '../clock.ts';
import { ChunkSource } from '../completion/chunk-source.ts';
import { CompletionStream } from '../completion/completion-stream.ts';
import { toChatCompletion } from '../completion/to-chat-completion.ts';
import type { CallOptions, ProviderConfig, Timeouts } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { ChatRequest, Provider } from '../contract/provider.ts';
import type { Target } from '../policy/attempt.ts';
import { Call } from '../policy/call.ts';
import { resolveTimeLimits } from '../policy/time-limits.ts';
import { resolveConnection } from '../registry/resolve-connection.ts';
import { checkCapabilities } from '../request/check-capabilities.ts';
import { checkOptions } from '../request/check-options.ts';
import { parseModelId } from '../request/model-id.ts';
import { type ValidRequest, validateRequest } from '../request/validate-request.ts';

/** What a client brings to each of its calls. */
export interface ClientRuntime {
  find(id: string): Provider | Promise<Provider>;
  timeout: number | Timeouts | undefined;
  unsupported: CallOptions['unsupported'];
  settings: Readonly<Record<string, ProviderConfig>>;
}

/**
 * The path of a request: validate, resolve, check, then the attempt under policy. The provider translates, sends and
 * decodes; its chunks are folded on the way back.
 */
export async function dispatch(
  runtime: ClientRuntime,
  input: unknown,
  options: CallOptions,
): Promise<ChatCompletion | CompletionStream> {
  checkOptions(options);
  const request = validateRequest(input);
  const { provider: id, model } = parseModelId(request.model, options.provider);
  const found = runtime.find(id);
  const provider = found instanceof Promise ? await found : found;
  const settings = Object.hasOwn(runtime.settings, id) ? runtime.settings[id] : undefined;

  const strict = (options.unsupported ?? runtime.unsupported) === 'error';
  const checked = checkCapabilities(toChatRequest(request, model), provider, strict);
  const target: Target = {
    ...resolveConnection(provider, options, settings),
    provider,
    modelId: model,
    transport: options.transport ?? settings?.transport ?? provider.config.transport,
    streamed: request.stream === true,
  };
  const call = new Call({
    clock: systemClock,
    limits: resolveTimeLimits(provider.config.timeout, settings?.timeout, runtime.timeout, options.timeout),
    signal: options.signal,
    warnings: checked.warnings,
  });
  return target.streamed ? openStream(call, target, checked.request) : completeWhole(call, target, checked.request);
}

function toChatRequest({ stream: _, ...request }: ValidRequest, model: string): ChatRequest {
  return { ...request, model };
}

async function completeWhole(call: Call, target: Target, request: ChatRequest): Promise<ChatCompletion> {
  const attempt = call.begin(target);
  try {
    const answer = await attempt.guard(() => target.provider.complete(request, attempt));
    attempt.succeed();
    call.end();
    return toChatCompletion(answer, call.meta(attempt));
  } catch (cause) {
    const error = attempt.toTypedError(cause);
    attempt.fail(error);
    throw call.fail(error);
  }
}

async function openStream(call: Call, target: Target, request: ChatRequest): Promise<CompletionStream> {
  const attempt = call.begin(target);
  let source: ChunkSource | undefined;
  try {
    source = new ChunkSource(call, attempt, target.provider.stream(request, attempt));
    const ahead = await source.open();
    call.timer.letGo();
    return new CompletionStream(source, ahead);
  } catch (cause) {
    const error = attempt.toTypedError(cause);
    source?.cancel(error);
    attempt.fail(error);
    throw call.fail(error);
  }
}
