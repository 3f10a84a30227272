/** Whether bytes begin like a packed picture: PNG, JPEG, BMP, GIF, TIFF or WebP. */
export function isPicture(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.length)).toString('latin1');
  return (
    start.startsWith('\x89PNG') ||
    start.startsWith('\xff\xd8\xff') ||
    start.startsWith('GIF8') ||
    start.startsWith('II*\0') ||
    start.startsWith('MM\0*') ||
    (start.startsWith('RIFF') && start.slice(8) === 'WEBP') ||
    // The size of a BMP stands after its two letters.
    (start.startsWith('BM') && bytes.length > 26 && start.slice(6, 10) === '\0\0\0\0')
  );
}
