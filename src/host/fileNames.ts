/** The longest name that is proposed, in characters. */
const LONGEST = 80;

/** A text as the name of a file, without an ending: of any text something every disk takes. */
export function fileName(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return (
    [...plain]
      .slice(0, LONGEST)
      .join('')
      .replace(/[-.]+$/, '') || 'neuron-deletion'
  );
}
