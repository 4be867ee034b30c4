import type { Provider, ProviderOperations } from '@anyllm/core/provider';

/** Each by the function of core that asks for it. */
const operations: [name: string, member: keyof ProviderOperations][] = [
  ['`batch`, at the vendor', 'batches'],
  ['`countTokens`', 'countTokens'],
  ['`embedding`', 'embed'],
  ['`imageEdit`', 'editImage'],
  ['`imageEdit`, streamed', 'streamImageEdit'],
  ['`imageGeneration`', 'generateImage'],
  ['`imageGeneration`, streamed', 'streamImage'],
  ['`listModels`', 'listModels'],
  ['`moderation`', 'moderate'],
  ['`rerank`', 'rerank'],
  ['`responses`, natively', 'respond'],
  ['`speech`', 'speak'],
  ['`transcription`', 'transcribe'],
  ['`transcription`, streamed', 'streamTranscription'],
];

/** The page that shows what each provider can do, made of what the providers declare. */
export function toCapabilityPage(providers: readonly Provider[]): string {
  const names = [...new Set(providers.flatMap(({ capabilities }) => capabilities.parameters))].sort();
  const can = (name: string, test: (provider: Provider) => boolean) => row(name, providers.map((p) => mark(test(p)))); // biome-ignore format: one line
  const has = (list: 'content' | 'responseFormats' | 'toolChoices' | 'parameters', item: string) =>
    can(`\`${item}\``, ({ capabilities }) => (capabilities[list] as readonly string[]).includes(item));
  return [
    '# What each provider can do',
    '',
    'Made from the `capabilities` that the providers declare. A parameter without a mark is refused before the network',
    'when it changes what an answer means, and left out with a warning in `meta.warnings` when it only tunes it;',
    '`unsupported: "error"` refuses both. `max_tokens`, `max_completion_tokens`, `provider_options` and streaming are',
    'there for all.',
    '',
    ...table('Content beyond text', providers, [
      ...['image_data', 'image_url', 'input_audio', 'file'].map((kind) => has('content', kind)),
    ]),
    ...table('Answers', providers, [
      ...['json_object', 'json_schema'].map((format) => has('responseFormats', format)),
      can('`message.reasoning`', ({ capabilities }) => capabilities.reasoning),
    ]),
    ...table('Tools', providers, [
      ...['none', 'required', 'named'].map((choice) => has('toolChoices', choice)),
      can('tools of type `custom`', ({ capabilities }) => capabilities.customTools),
    ]),
    ...table('Parameters', providers, [...names.map((name) => has('parameters', name))]),
    '`image_data` is an image as a `data:` URL, `image_url` one by its address; `none`, `required` and `named` are values',
    'of `tool_choice`.',
    '',
    ...table('Beside completions', providers, [
      ...operations.map(([name, member]) => can(name, (provider) => provider[member] !== undefined)),
    ]),
    'Made from the members that the providers have. A call without a mark is refused before the network, but for batches,',
    'which can run in this process, and responses, which are served over chat.',
    '',
  ].join('\n');
}

function table(title: string, providers: readonly Provider[], rows: string[]): string[] {
  const head = row('', providers.map(({ name }) => name)); // biome-ignore format: one line
  const rule = row('---', providers.map(() => ':-:')); // biome-ignore format: one line
  return [`## ${title}`, '', head, rule, ...rows, ''];
}

function row(first: string, cells: string[]): string {
  return `| ${[first, ...cells].join(' | ')} |`;
}

function mark(can: boolean): string {
  return can ? '✓' : '';
}
