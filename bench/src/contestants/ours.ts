import '@anyllm/provider-openai';
import { askAnyLLM } from './ask-anyllm.ts';
import { type CreateContestant, question } from './contestant.ts';

export const createContestant: CreateContestant = ({ serverURL }) => {
  process.env.OPENAI_API_KEY = 'key';
  process.env.OPENAI_BASE_URL = `${serverURL}/v1`;
  return askAnyLLM(`openai/${question.model}`);
};
