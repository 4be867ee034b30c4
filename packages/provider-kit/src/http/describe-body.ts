/** What a body is that is not what it should be, without a word of it: it may hold the model's or the user's text. */
export function describeBody(text: string): string {
  const trimmed = text.trimStart();
  if (trimmed === '') return 'empty';
  if (trimmed.startsWith('<')) return 'an HTML or XML page; is the base URL right?';
  if (/^[[{]/.test(trimmed)) return 'unfinished or broken JSON';
  return `plain text of ${text.length} characters`;
}
