import { AnyLLMError } from './errors/any-llm-error.ts';
import { ProviderError } from './errors/errors.ts';

const lost = 'code that is loaded when it is first needed could not be; were its files replaced? See `cause`';

/**
 * What is imported when it is first needed, and is there without a wait from then on. An import that fails is tried
 * again by the next who asks; it rejects with a `ProviderError`, where the import says nothing of ours itself.
 *
 * ```ts
 * const streams = onDemand(() => import('./streams.ts'));
 * const { CompletionStream } = await streams();
 * ```
 */
export function onDemand<Module>(load: () => Promise<Module>): () => Module | Promise<Module> {
  let loaded: { module: Module } | undefined;
  let loading: Promise<Module> | undefined;

  async function begin(): Promise<Module> {
    try {
      loaded = { module: await load() };
      return loaded.module;
    } catch (cause) {
      throw AnyLLMError.isInstance(cause) ? cause : new ProviderError(lost, { cause });
    } finally {
      loading = undefined;
    }
  }

  return () => {
    if (loaded) return loaded.module;
    loading ??= begin();
    return loading;
  };
}
