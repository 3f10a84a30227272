/** What a bundle has of a message. */
export type BundleText = string | { readonly message: string; readonly comment: readonly string[] };

export function messagesOf(file: string, text: string): ReadonlyMap<string, BundleText>;
export function englishBundle(): string;
export function differences(
  english: Readonly<Record<string, BundleText>>,
  translated: Readonly<Record<string, BundleText>>,
): { readonly missing: readonly string[]; readonly extra: readonly string[] };
