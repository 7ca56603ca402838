// What the build does to the styles of KRDS.
import { readFileSync } from 'node:fs';
import type { Plugin, Root } from 'postcss';
import { sources } from './sources.ts';

/**
 * KRDS has two sets of colours, light and high contrast (light on dark). Its dark set is laid over the names of the light
 * one, so that every component and style of ours turns dark with the page: chosen, or asked for by the device.
 */
export const darkTokens: Plugin = {
  postcssPlugin: 'dark-tokens',
  OnceExit(sheet: Root, { postcss }) {
    const dark = new Map<string, string>();
    sheet.walkDecls(/^--krds-high-contrast-color-/, ({ prop, value }) => void dark.set(prop.replace('-high-contrast-', '-light-'), value));
    if (dark.size === 0) return;
    const text = [...dark].map(([name, value]) => `${name}:${value};`).join('');
    const sheets = `@media screen{:root:is([data-look-mode='dark'],[data-look-mode='contrast']){${text}}}@media screen and (prefers-color-scheme:dark),screen and (prefers-contrast:more){:root:not([data-look-mode]){${text}}}`;
    sheet.append(postcss.parse(sheets, { from: sheet.source?.input.file }));
  },
};

/** Leaves out the rules of KRDS for components that no page has: selectors with a class or id that stands in no source of ours. */
export function usedOnly(root: string): Plugin {
  const words = new Set(sources(root, '.razor', '.cs', '.ts').flatMap((file) => readFileSync(file, 'utf8').match(/[\w-]+/g) ?? []));
  const used = (selector: string) => [...selector.matchAll(/[.#]((?:[\w-]|\\.)+)/g)].every(([, name]) => words.has(name!.replaceAll('\\', '')));
  return {
    postcssPlugin: 'used-only',
    OnceExit(sheet) {
      sheet.walkRules((rule) => {
        if (!rule.source?.input.file?.includes('krds-uiux') || rule.parent?.type === 'atrule' && /keyframes$/.test(rule.parent.name)) return;
        const kept = rule.selectors.filter(used);
        if (kept.length === 0) rule.remove();
        else rule.selectors = kept;
      });
      sheet.walkAtRules('media', (media) => void (media.nodes?.length === 0 && media.remove()));
    },
  };
}
