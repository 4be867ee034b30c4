import '@anyllm/provider-ollama';
import { askAnyLLM } from './ask-anyllm.ts';
import type { CreateContestant } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  process.env.OLLAMA_HOST = serverURL;
  return askAnyLLM('ollama/llama3');
};
