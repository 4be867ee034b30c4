/** How an API that models are called by says what it says: the bytes differ, the text does not. */
export interface Dialect {
  /** Where completions are asked for. */
  path: string;
  /** Of every answer, besides those that frame it: reading them is a part of the work. */
  headers: string[];
  whole: { contentType: string; toBody(words: string[]): string };
  stream: {
    contentType: string;
    /** As they are sent, each with what ends it. */
    toEvents(words: string[]): string[];
  };
}
