import { remember } from '@anyllm/core/provider';

/**
 * Whether a model reasons before it answers, by its id: `o1` and the like, and `gpt-5` or later but not its chat
 * variants. A fine-tuned model is judged by its base; `gpt-35-turbo` is Azure's way to write 3.5.
 */
export const isReasoningModel: (model: string) => boolean = /* @__PURE__ */ remember((model) => {
  const base = baseModel(model);
  if (/^o\d/.test(base)) return true;
  const generation = /^gpt-(?!35)(\d+)/.exec(base)?.[1];
  return generation !== undefined && Number(generation) >= 5 && !/^gpt-\d+(\.\d+)?-chat/.test(base);
});

/** From gpt-5.1 on, sampling may be set where reasoning is switched off. */
export function samplesWithoutReasoning(model: string): boolean {
  const [, major = '0', minor = '0'] = /gpt-(?!35)(\d+)(?:\.(\d+))?/.exec(model) ?? [];
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1);
}

/** Stop sequences are gone since o3. */
export function takesStop(model: string): boolean {
  return !isReasoningModel(model) || /^o1/.test(baseModel(model));
}

function baseModel(model: string): string {
  const own = model.slice(model.lastIndexOf('/') + 1);
  return own.startsWith('ft:') ? own.slice(3) : own;
}
