/** Settles when the stream has brought something; what it settles with reads the rest and gives the whole text. */
export type OpenStream = () => Promise<() => Promise<string>>;

/**
 * @param serverURL the address up to and without `/v1/chat/completions`
 * @param streams how many will be open at once
 */
export type CreateOpenStream = (serverURL: string, streams: number) => OpenStream;
