/** The first line of what a library says of an error, or what TensorFlow calls its message, as a sentence. */
export function firstSentence(message: string): string {
  const line = (/Message: ([^\n]+)/.exec(message)?.[1] ?? message).split('\n')[0] ?? '';
  // A mistake of the library's own, made over what it did not expect.
  if (
    /^Cannot (read|set|convert)|is not (a function|iterable)|\bundefined\b(?! or)|\[object /.test(
      line.replace('null/undefined', 'null'),
    )
  )
    return 'its description is damaged.';
  const plain = line.replace(' or null/undefined', '');
  const short = plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
  return /[!?…]$/.test(short) ? short : `${short.replace(/[.:;,\s]+$/, '')}.`;
}
