import type { Rule } from 'eslint';

export function layerViolation(file: string, source: string): string | null;
export const layers: Rule.RuleModule;
