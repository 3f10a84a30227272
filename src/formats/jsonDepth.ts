const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How deep brackets lie in each other in a JSON text. */
export function jsonDepth(text: string): number {
  let deepest = 0;
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      for (i++; i < text.length && text.charCodeAt(i) !== QUOTE; i++)
        if (text.charCodeAt(i) === BACKSLASH) i++;
    } else if (code === 0x5b || code === 0x7b) {
      deepest = Math.max(deepest, ++open);
    } else if (code === 0x5d || code === 0x7d) {
      open--;
    }
  }
  return deepest;
}
