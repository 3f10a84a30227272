/** Nodes that are looked at. */
const MOST_LISTED = 10_000;

/** The nodes that a graph's description lists, without constants; of a damaged one what is whole. */
export function listedNodes(topology: Readonly<Record<string, unknown>>): { name: string; type: string }[] {
  const nodes: readonly unknown[] = Array.isArray(topology['node']) ? topology['node'] : [];
  return nodes.slice(0, MOST_LISTED).flatMap((node) => {
    const { name, op } = (node ?? {}) as Readonly<Record<string, unknown>>;
    const isListed = typeof name === 'string' && typeof op === 'string' && op !== 'Const';
    return isListed ? [{ name, type: op }] : [];
  });
}
