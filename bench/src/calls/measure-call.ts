import { answers, toServerURL } from '../answers/index.ts';
import { type CaseName, cases } from '../cases/index.ts';
import type { Contestant, CreateContestant } from '../contestants/contestant.ts';
import { type ContestantName, contestants } from '../contestants/index.ts';
import { paceUpstream } from './pace-upstream.ts';

// One case with one contestant, in a process of its own: `measure-call.ts <case> <contestant> <origin> <scale>`.
// Prints the figure.

const [caseName, name, origin = '', scale] = process.argv.slice(2) as [CaseName, ContestantName, string, string];
const { protocol } = contestants[name];
const { answer, inFlight, paced, measure } = cases[caseName];
const { text, events } = answers[protocol][answer];
const { createContestant } = (await import(`../contestants/${name}.ts`)) as { createContestant: CreateContestant };

const contestant = createContestant({ serverURL: toServerURL(origin, protocol, answer), inFlight });
if (paced) await paceUpstream(origin);
const figure = await measure(checked(contestant, text), { scale: Number(scale), events });
process.stdout.write(String(figure), () => process.exit()); // not held up by idle connections

/** Fails when an answer is not the one that was sent: who does less work would look fast. */
function checked(contestant: Contestant, expected: string): Contestant {
  const check = (text: string) => {
    if (text !== expected)
      throw new Error(`the text is not the one that was sent: ${JSON.stringify(text.slice(0, 80))}`);
    return text;
  };
  return {
    whole: () => contestant.whole().then(check),
    stream: (onFirstText) => contestant.stream(onFirstText).then(check),
  };
}
