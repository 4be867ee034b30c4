import type { ModelCapability } from '@anyllm/core/provider';
import { type Fields, fieldsOf } from '../openai/wire-fields.ts';

/** Vendors' words for what we have a word for. */
const names: Readonly<Record<string, ModelCapability>> = {
  audio_speech: 'speech', // Mistral
  audio_transcription: 'transcription', // Mistral
  chat: 'completion', // Together
  completion_chat: 'completion', // Mistral
  completion_fim: 'fim', // Mistral
  function_calling: 'tools', // Mistral
  insert: 'fim', // Ollama
  language: 'completion', // Together
  thinking: 'reasoning', // Ollama
};

/**
 * What a row of a list of models states: `capabilities` as a list (Ollama) or as switches (Mistral), `type` (Together),
 * or the parameters and inputs that the model takes (OpenRouter).
 */
export function toModelCapabilities(row: Fields): ModelCapability[] | undefined {
  const stated = wordsOf(row.capabilities) ?? wordsOf(row.type, ['base', 'fine-tuned', 'model']) ?? fromParameters(row);
  return (
    stated && [...new Set(stated.map((word) => (Object.hasOwn(names, word) ? (names[word] as ModelCapability) : word)))]
  );
}

function wordsOf(value: unknown, unless: readonly string[] = []): string[] | undefined {
  if (typeof value === 'string') return unless.includes(value) ? undefined : [value];
  if (Array.isArray(value)) return value.filter((word) => typeof word === 'string');
  const switches = fieldsOf(value);
  return switches && Object.keys(switches).filter((name) => switches[name] === true);
}

function fromParameters({ supported_parameters, architecture }: Fields): string[] | undefined {
  if (!Array.isArray(supported_parameters)) return undefined;
  const inputs = fieldsOf(architecture)?.input_modalities;
  return [
    'completion',
    ...supported_parameters.filter((name) => name === 'tools' || name === 'reasoning'),
    ...(Array.isArray(inputs) && inputs.includes('image') ? ['vision'] : []),
  ];
}
