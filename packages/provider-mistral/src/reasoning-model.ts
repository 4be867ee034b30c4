/**
 * Whether a model takes `reasoning_effort`, by its id, since a request does not first ask what the model can do: Small
 * from 4 (2603) and Medium from 3.5 (2604) on, and magistral, since these names lead to the other two. The rest answer
 * 400. A model that this does not know can be given the field through `provider_options`.
 * Source: docs.mistral.ai, "Adjustable reasoning" (`mistral-small-latest` and `mistral-medium-3-5`).
 */
export function isReasoningModel(model: string): boolean {
  if (/^magistral-/.test(model) || model === 'mistral-small-latest') return true;
  if (/^mistral-medium-3[-.]5/.test(model)) return true;
  const date = /^mistral-(?:small|medium)-(\d{4})$/.exec(model)?.[1];
  return Number(date) >= 2603;
}
