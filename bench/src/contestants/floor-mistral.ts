export { createContestant } from './floor.ts'; // as far as it reads them, Mistral's answers look like OpenAI's
