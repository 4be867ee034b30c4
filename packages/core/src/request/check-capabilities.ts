import type { Warning } from '../contract/call-meta.ts';
import type { ContentPart, Message, ParameterName } from '../contract/chat-request.ts';
import type { BasicParameter, Capabilities, ChatRequest, ContentKind, Provider } from '../contract/provider.ts';
import { dropped, unsupported } from './left-out.ts';

const basic: ReadonlySet<string> = new Set<BasicParameter>([
  'max_tokens',
  'max_completion_tokens',
  'stream_options',
  'provider_options',
]);

/** Those that change what an answer means: without them the caller would get something else than they asked for. */
const meaning: ReadonlySet<string> = new Set<ParameterName>([
  'audio',
  'logprobs',
  'modalities',
  'moderation',
  'n',
  'response_format',
  'stop',
  'tool_choice',
  'tools',
  'top_logprobs',
  'web_search_options',
]);

/** Values that ask for nothing: the same as leaving the parameter out. */
function asksNothing(name: string, value: unknown): boolean {
  switch (name) {
    case 'n':
      return value === 1;
    case 'logprobs':
      return value === false;
    case 'top_logprobs':
      return value === 0;
    case 'stop':
      return value === null || (Array.isArray(value) && value.length === 0);
    case 'tools':
      return Array.isArray(value) && value.length === 0;
    case 'tool_choice':
      return value === 'auto';
    case 'response_format':
      return (value as { type: string }).type === 'text';
    case 'modalities':
      return Array.isArray(value) && value.every((modality) => modality === 'text');
    default:
      return value === null;
  }
}

export interface CheckedRequest {
  /** Without what the provider cannot take. */
  request: ChatRequest;
  warnings: Warning[];
}

/**
 * Compares a request with what a provider declares, before the network.
 * @param strict refuses also what would only be dropped with a warning
 * @throws UnsupportedParameterError
 */
export function checkCapabilities(request: ChatRequest, provider: Provider, strict: boolean): CheckedRequest {
  const { capabilities } = provider;
  const checked: Record<string, unknown> = {};
  const warnings: Warning[] = [];
  const fields = request as unknown as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (name === 'model' || name === 'messages' || basic.has(name)) checked[name] = value;
    else if (asksNothing(name, value)) continue;
    else if (capabilities.parameters.includes(name as never)) checked[name] = value;
    else if (strict || meaning.has(name)) throw unsupported(provider, name, `\`${name}\``);
    else warnings.push(dropped(provider, name));
  }
  checkForms(request, provider);
  checkContent(request.messages, provider);
  return { request: checked as unknown as ChatRequest, warnings };
}

function checkForms(request: ChatRequest, provider: Provider): void {
  const { capabilities } = provider;
  const format = request.response_format?.type;
  if (format !== undefined && format !== 'text' && !capabilities.responseFormats.includes(format)) {
    throw unsupported(provider, 'response_format', `the response format \`${format}\``);
  }
  const choice = toolChoiceKind(request.tool_choice);
  if (choice !== 'auto' && !capabilities.toolChoices.includes(choice)) {
    throw unsupported(
      provider,
      'tool_choice',
      choice === 'named' ? 'a named `tool_choice`' : `tool_choice "${choice}"`,
    );
  }
  const custom = request.tools?.findIndex((tool) => tool.type === 'custom') ?? -1;
  if (custom !== -1 && !capabilities.customTools) throw unsupported(provider, `tools[${custom}]`, 'a custom tool');
}

function toolChoiceKind(choice: ChatRequest['tool_choice']): 'auto' | Capabilities['toolChoices'][number] {
  if (choice === undefined) return 'auto';
  return typeof choice === 'string' ? choice : 'named';
}

function checkContent(messages: readonly Message[], provider: Provider): void {
  messages.forEach(({ content }, m) => {
    if (!Array.isArray(content)) return;
    content.forEach((part, p) => {
      const kind = contentKind(part as ContentPart);
      if (kind !== undefined && !provider.capabilities.content.includes(kind)) {
        throw unsupported(provider, `messages[${m}].content[${p}]`, contentNames[kind]);
      }
    });
  });
}

const contentNames: Record<ContentKind, string> = {
  image_url: 'an image by its http address (send it as a `data:` URL)',
  image_data: 'an image',
  input_audio: 'audio input',
  file: 'a file part',
};

function contentKind(part: ContentPart): ContentKind | undefined {
  switch (part.type) {
    case 'image_url':
      return part.image_url.url.startsWith('data:') ? 'image_data' : 'image_url';
    case 'input_audio':
    case 'file':
      return part.type;
    default:
      return undefined;
  }
}
