import { attempts, type Group, matrix, type Outcome, type ProviderId, type Row } from './fault-matrix.ts';

const names: Record<ProviderId, string> = { openai: 'OpenAI', mistral: 'Mistral', ollama: 'Ollama' };

/** The page for users, from the table that the tests run. */
export function reliabilityPage(): string {
  return `${[introduction, ...matrix.map(section), ending].join('\n\n')}\n`;
}

const introduction = `<!-- Written by \`node tests/src/write-reliability.ts\` from the table that the tests run. -->

# What happens when

Each row is a fault that does not go away, and what a call does about it. Every row is tested with OpenAI, Mistral and
Ollama, for whole answers and for streams, on real sockets.

- **without policy**: \`retries: 0\`. What is thrown.
- **retries**: \`retries: ${attempts - 1}\`, which is the default. How often the model is asked; then the same error is thrown, with every
  attempt in \`attempts\`.
- **and a fallback**: with \`fallbacks: ["…"]\` besides. Who answers in the end, when the other model is well.

How to set these: [retries and limits](retries-and-limits.md), [fallback and hedging](fallback-and-hedging.md),
[time limits](timeouts-and-cancellation.md). What the errors hold: [errors](errors.md).`;

const ending = `## In every case

- The total time (\`timeout\`, or \`timeout.total\`) bounds all attempts and waits together. A wait that would not fit is
  not begun: the error is thrown at once, with \`gaveUp: "deadline"\`.
- An abort ends the call at every stage, with your own reason, and closes the socket. It is never retried.
- A failed attempt gives its slot back, and its socket is closed or used again.`;

function section({ title, introduction, rows }: Group): string {
  const header = ['what goes wrong', 'asked', 'without policy', 'retries', 'and a fallback'];
  return [`## ${title}`, wrap(introduction), table([header, ...rows.flatMap(linesOf)])].join('\n\n');
}

function linesOf({ name, whole, streamed, except }: Row): string[][] {
  const lines = formsOf(name, whole, streamed);
  if (!except) return lines;
  const { provider } = except;
  return [...lines, ...formsOf(`${name}: ${names[provider]}`, except.whole, except.streamed)];
}

function formsOf(name: string, whole?: Outcome, streamed?: Outcome): string[][] {
  if (whole && streamed && JSON.stringify(whole) === JSON.stringify(streamed))
    return [[name, 'either way', ...cells(whole)]];
  return [
    ...(whole ? [[name, 'whole', ...cells(whole)]] : []),
    ...(streamed ? [[whole ? '' : name, 'as a stream', ...cells(streamed)]] : []),
  ];
}

function cells({ result, phase, partial, again, elsewhere }: Outcome): string[] {
  if (result === 'answer') return ['the answer', 'once', 'not needed'];
  const thrown = `\`${result}\`${phase ? `, phase \`${phase}\`` : ''}${partial ? ', with `partial`' : ''}`;
  return [thrown, again ? `${attempts} times` : 'once', elsewhere ? 'the other model' : 'nobody: the same error'];
}

function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const line = (row: string[]) => `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`;
  const [header = [], ...body] = rows;
  return [line(header), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

function wrap(text: string, width = 118): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (`${last} ${word}`.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}
