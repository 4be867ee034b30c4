import { openAICapabilities } from '@anyllm/provider-kit/openai';
import { type Vendor, vendorIds, vendors } from '../vendors.ts';

const head = ['provider', 'vendor', 'address', 'key', 'address from', 'also has', 'differs in'];

/** The vendors as a table in Markdown, for the docs. */
export function vendorTable(): string {
  const rows = vendorIds.map((id) => [code(id), ...columnsOf(vendors[id])]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function columnsOf({
  name,
  baseURL,
  apiKeyEnv = [],
  apiKeyOptional,
  baseURLEnv = [],
  ...differences
}: Vendor): string[] {
  const keys = [apiKeyEnv].flat().map(code).join(' ');
  const key = keys === '' ? 'none needed' : apiKeyOptional ? `${keys}, optional` : keys;
  return [
    name,
    baseURL ? code(baseURL) : 'you name it',
    key,
    [baseURLEnv].flat().map(code).join(' '),
    operationsOf(differences),
    differ(differences),
  ];
}

function operationsOf({ completions = true, operations: { models = true, ...others } = {} }: Partial<Vendor>): string {
  const also = [...(models ? ['models'] : []), ...Object.keys(others)].sort().join(', ');
  return completions ? also : `only ${also}`;
}

function differ({ capabilities = {}, quirks = {} }: Pick<Vendor, 'capabilities' | 'quirks'>): string {
  const { content, parameters, responseFormats } = capabilities;
  const more = parameters?.filter((name) => !openAICapabilities.parameters.includes(name)) ?? [];
  return [
    ...(content?.length === 0 ? ['text only'] : []),
    ...(content?.includes('file') ? ['takes files'] : []),
    ...(content?.includes('input_audio') ? ['takes audio'] : []),
    ...(capabilities.customTools ? ['custom tools'] : []),
    ...(capabilities.reasoning === false ? ['shows no reasoning'] : []),
    ...(responseFormats ? [`only ${responseFormats.map(code).join(' ')}`] : []),
    ...(more.length > 0 ? [`also ${more.map(code).join(' ')}`] : []),
    ...Object.entries(quirks).map(([quirk, value]) => describe(quirk, value)),
  ].join('; ');
}

function describe(quirk: string, value: unknown): string {
  if (quirk === 'dropParams') return `no ${(value as string[]).map(code).join(' ')}`;
  return typeof value === 'function' ? `its own ${code(quirk)}` : code(`${quirk}: ${value}`);
}

function code(text: string): string {
  return `\`${text}\``;
}
