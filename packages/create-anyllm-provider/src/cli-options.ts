import { parseArgs } from 'node:util';
import { type Dialect, dialects } from './dialects.ts';

export const usage = `Usage: create-anyllm-provider [name] [options]

  name                the provider's id, which is the prefix of its model ids: lower-case letters, digits, hyphens
  --dialect <name>    ${Object.entries(dialects)
    .map(([name, { says }]) => `${name}: ${says}`)
    .join('\n                      ')}
  --base-url <url>    where the server listens (default https://api.<name>.example/v1)
  --directory <path>  where to write (default anyllm-provider-<name>)
  --help              show this text

What is not given is asked for, unless there is nobody to ask.`;

export interface CliOptions {
  name?: string | undefined;
  dialect?: Dialect | undefined;
  baseURL?: string | undefined;
  directory?: string | undefined;
}

/** Reads the command line; undefined asks for help. Throws with one line of explanation. */
export function parseCliOptions(args: string[]): CliOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dialect: { type: 'string' },
      'base-url': { type: 'string' },
      directory: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const [name, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`one name is needed, not ${positionals.length}`);
  const { dialect, 'base-url': baseURL, directory } = values;
  return { name, dialect: parseDialect(dialect), baseURL, directory };
}

function parseDialect(value: string | undefined): Dialect | undefined {
  if (value === undefined || Object.hasOwn(dialects, value)) return value as Dialect | undefined;
  throw new Error(`--dialect is ${Object.keys(dialects).join(' or ')}, not '${value}'`);
}
