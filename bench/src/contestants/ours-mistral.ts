import '@anyllm/provider-mistral';
import { askAnyLLM } from './ask-anyllm.ts';
import type { CreateContestant } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  process.env.MISTRAL_API_KEY = 'key';
  process.env.MISTRAL_BASE_URL = `${serverURL}/v1`;
  return askAnyLLM('mistral/mistral-small-latest');
};
