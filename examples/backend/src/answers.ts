import type { DialectName, ReplyToolCall } from '@anyllm/simulator';

interface ScriptedAnswer {
  about: RegExp;
  /** The same for all, or one for each. */
  text: string | Record<DialectName, string>;
}

const answers: ScriptedAnswer[] = [
  {
    about: /ropes/i,
    text: {
      openai:
        'Light the first rope at both ends and the second at one end. The first is gone after 30 minutes, however ' +
        'unevenly it burns, since two flames share one hour. At that moment light the other end of the second rope: ' +
        'its remaining half hour now takes 15 minutes. When it is gone, 45 minutes have passed.',
      mistral:
        'Burn rope A from both ends and rope B from one. When A is gone (30 min), light the other end of B. ' +
        'B had 30 min left and now needs 15. Total: 45 minutes.',
      ollama:
        'The trick is that a rope lit at both ends lasts half its time. So: rope one at both ends, rope two at one ' +
        'end. After half an hour rope one is ash; light the free end of rope two, and a quarter of an hour later it ' +
        'is ash too. Thirty and fifteen make forty-five.',
    },
  },
  {
    about: /entanglement/i,
    text: 'Two entangled particles share one state, so that measuring one tells what the other will show, however far apart they are.',
  },
  {
    about: /event loop/i,
    text:
      'The event loop is a waiter with many tables: it takes an order, hands it to the kitchen and goes on to the ' +
      'next table, and it brings each dish when the bell rings. It never stands still at one table, unless a guest ' +
      'makes it do the cooking itself.',
  },
  {
    about: /lentil soup/i,
    text: JSON.stringify({
      title: 'Lentil soup',
      minutes: 45,
      ingredients: [
        { name: 'red lentils', amount: '250 g' },
        { name: 'carrots', amount: '2' },
        { name: 'onion', amount: '1' },
        { name: 'cumin', amount: null },
      ],
    }),
  },
  {
    about: /no station|not allowed/i,
    text: 'Rome is sunny at 24 °C, Oslo has rain at 9 °C, and of Atlantis nothing is known.',
  },
  { about: /audio\/transcriptions$/, text: 'Boarding begins at gate seven. Please have your passes ready.' },
  { about: /capital of France/i, text: 'Paris.' },
  { about: /capital of Japan/i, text: 'Tokyo.' },
  { about: /capital of Kenya/i, text: 'Nairobi.' },
  { about: /capital of Peru/i, text: 'Lima.' },
  { about: /prime/i, text: 'A prime is a whole number above one that only one and itself divide.' },
];

/** The scripted answer to a question; without one, the simulator makes up its own. */
export function findAnswer(dialect: DialectName, question: string): string | undefined {
  const text = answers.find(({ about }) => about.test(question))?.text;
  return typeof text === 'object' ? text[dialect] : text;
}

const callsAbout = [{ about: /weather in/i, name: 'weather', places: ['Rome', 'Oslo', 'Atlantis'] }];

/** The tools that a model would call for a question, all at once. */
export function findCalls(question: string): ReplyToolCall[] | undefined {
  const found = callsAbout.find(({ about }) => about.test(question));
  return found?.places.map((city) => ({ name: found.name, arguments: { city } }));
}
