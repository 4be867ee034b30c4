import type { Usage } from '../contract/chat-completion.ts';

/** What several answers have cost together; of one that does not say, nothing is known. */
export function sumUsage(sum: Usage | undefined, more: Usage | undefined): Usage | undefined {
  if (!sum || !more) return sum ?? more;
  return addNumbers({ ...sum }, { ...more }) as unknown as Usage;
}

type Figures = Record<string, unknown>;

function addNumbers(sum: Figures, more: Figures): Figures {
  for (const [name, value] of Object.entries(more)) {
    const known = sum[name];
    if (typeof value === 'number') sum[name] = typeof known === 'number' ? known + value : value;
    else if (typeof value === 'object' && value !== null) sum[name] = addNumbers({ ...(known as Figures) }, value as Figures); // biome-ignore format: one line
  }
  return sum;
}
