/** The first line of what a library says of an error, or what TensorFlow calls its message, as a sentence. */
export function firstSentence(message: string): string {
  const line = (/Message: ([^\n]+)/.exec(message)?.[1] ?? message).split('\n')[0] ?? '';
  const short = line.length > 200 ? `${line.slice(0, 199)}…` : line;
  return /[!?…]$/.test(short) ? short : `${short.replace(/[.:;,\s]+$/, '')}.`;
}
