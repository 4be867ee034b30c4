import { InvalidRequestError } from '../errors/errors.ts';
import { remember } from '../remember.ts';

/** A provider's name: what may follow `@anyllm/provider-` in a package name, so that no model string imports anything else. */
export const providerIdPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

export interface ModelId {
  readonly provider: string;
  /** The vendor's own id. */
  readonly model: string;
}

/**
 * Splits `provider/model` or `provider:model` once, at whichever separator comes first, so that
 * `ollama/llama3:8b` and `openrouter:meta/llama` both work.
 * @param provider named by the caller: then `model` is taken verbatim, less a prefix equal to that provider
 * @throws InvalidRequestError with path `model`, or `options.provider`
 */
export function parseModelId(id: string, provider?: string): ModelId {
  if (provider !== undefined)
    return { provider: parseProviderId(provider, 'options.provider'), model: withoutPrefix(id, provider) };
  return split(id);
}

const split = /* @__PURE__ */ remember((id): ModelId => {
  const at = id.search(/[/:]/);
  if (at === -1) throw malformed(id, 'it names no provider; write `provider/model`, as `mistral/mistral-small-latest`');
  return { provider: parseProviderId(id.slice(0, at)), model: nonEmpty(id.slice(at + 1).trim(), id) };
});

/**
 * Trims and lower-cases.
 * @param path where the name stands
 * @throws InvalidRequestError when nothing or something else than a name is left
 */
export function parseProviderId(name: unknown, path = 'model'): string {
  const id = typeof name === 'string' ? name.trim().toLowerCase() : '';
  if (providerIdPattern.test(id)) return id;
  const given = typeof name === 'string' ? JSON.stringify(clip(name)) : `\`${path}\``;
  const message = `${given} is not a provider name (at most 64 letters, digits and hyphens, as \`openai\`)`;
  throw new InvalidRequestError(message, { path });
}

function withoutPrefix(id: string, provider: string): string {
  const prefix = provider.trim().toLowerCase();
  const rest = id.trim();
  const hasPrefix = rest.slice(0, prefix.length).toLowerCase() === prefix && /[/:]/.test(rest.charAt(prefix.length));
  return nonEmpty(hasPrefix ? rest.slice(prefix.length + 1).trim() : rest, id);
}

function nonEmpty(model: string, id: string): string {
  if (model === '') throw malformed(id, 'the part after the provider is empty');
  return model;
}

function malformed(id: string, why: string): InvalidRequestError {
  return new InvalidRequestError(`model id ${JSON.stringify(clip(id))}: ${why}`, { path: 'model' });
}

/** A model id is the caller's text of any length: what does not look like one is not repeated whole. */
function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
