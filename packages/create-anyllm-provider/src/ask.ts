import { select, text } from '@clack/prompts';
import type { CliOptions } from './cli-options.ts';
import { type Dialect, dialects } from './dialects.ts';
import { complaintOf } from './provider-names.ts';

/** Completes the options by asking. Undefined when the user has left. */
export async function ask(options: CliOptions): Promise<CliOptions | undefined> {
  const name = options.name ?? (await askName());
  if (typeof name === 'symbol') return undefined;
  const dialect = options.dialect ?? (await askDialect());
  if (typeof dialect === 'symbol') return undefined;
  const baseURL = options.baseURL ?? (await askBaseURL());
  return typeof baseURL === 'symbol' ? undefined : { ...options, name, dialect, baseURL: baseURL || undefined };
}

function askName(): Promise<string | symbol> {
  const message = "What is the provider's name? It is the prefix of its model ids.";
  return text({ message, placeholder: 'my-vendor', validate: (value = '') => complaintOf(value) });
}

function askDialect(): Promise<Dialect | symbol> {
  const names = Object.keys(dialects) as Dialect[];
  return select<Dialect>({
    message: 'What does its server speak?',
    options: names.map((value) => ({ value, label: dialects[value].label })),
  });
}

function askBaseURL(): Promise<string | symbol> {
  const message = 'Where does it listen? The address up to the names of the endpoints; leave empty to fill in later.';
  const validate = (value = '') => (value === '' || URL.canParse(value) ? undefined : 'that is not an address');
  return text({ message, placeholder: 'https://api.my-vendor.example/v1', defaultValue: '', validate });
}
