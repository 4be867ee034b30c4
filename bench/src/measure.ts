import { answers } from './answers.ts';
import type { Case } from './cases/case.ts';
import { cases } from './cases/index.ts';
import type { Contestant, CreateContestant } from './contestants/contestant.ts';

// One case with one contestant, in a process of its own: `measure.ts <case> <contestant> <origin> <scale>`.
// Prints the figure.

const [name = '', contestant = '', origin = '', scale = '1'] = process.argv.slice(2);
const { answer, inFlight, measure } = cases[name] as Case;
const { createContestant } = (await import(`./contestants/${contestant}.ts`)) as { createContestant: CreateContestant };

const figure = await measure(
  checked(createContestant({ baseURL: `${origin}/${answer}/v1`, inFlight }), answers[answer]?.text),
  Number(scale),
);
process.stdout.write(String(figure), () => process.exit()); // not held up by idle connections

/** Fails when an answer is not the one that was sent: who does less work would look fast. */
function checked(contestant: Contestant, expected: string | undefined): Contestant {
  const check = (text: string) => {
    if (text !== expected) throw new Error(`the text is not the one that was sent: ${text.slice(0, 80)}`);
    return text;
  };
  return {
    whole: () => contestant.whole().then(check),
    stream: (onFirstText) => contestant.stream(onFirstText).then(check),
  };
}
