import { brotliCompressSync, gzipSync, constants } from 'node:zlib';
import type { Root } from 'postcss';
import { defineConfig, type Plugin } from 'vite';

/** Puts a .br and a .gz beside whatever shrinks, so that the server compresses nothing at run time. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const item of Object.values(bundle)) {
          if (!/\.(m?js|css|svg)$/.test(item.fileName)) continue;
          const body = Buffer.from(item.type === 'chunk' ? item.code : item.source);
          if (body.length < 1024) continue;
          this.emitFile({ type: 'asset', fileName: `${item.fileName}.br`, source: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }) });
          this.emitFile({ type: 'asset', fileName: `${item.fileName}.gz`, source: gzipSync(body, { level: 9 }) });
        }
      },
    },
  };
}

/**
 * KRDS has two sets of colours, light and high contrast (light on dark). Its dark set is laid over the names of the light
 * one, so that every component and style of ours turns dark with the page: chosen, or asked for by the device.
 */
const darkTokens = {
  postcssPlugin: 'dark-tokens',
  OnceExit(sheet: Root) {
    const dark = new Map<string, string>();
    sheet.walkDecls(/^--krds-high-contrast-color-/, ({ prop, value }) => void dark.set(prop.replace('-high-contrast-', '-light-'), value));
    if (dark.size === 0) return;
    const text = [...dark].map(([name, value]) => `${name}:${value};`).join('');
    sheet.append(`:root:is([data-look-mode='dark'],[data-look-mode='contrast']){${text}}@media (prefers-color-scheme:dark),(prefers-contrast:more){:root:not([data-look-mode]){${text}}}`);
  },
};

export default defineConfig({
  root: 'Island',
  base: '/assets/',
  plugins: [compressed()],
  css: { postcss: { plugins: [darkTokens] } },
  build: {
    outDir: '../wwwroot/dist',
    emptyOutDir: true,
    assetsDir: '.',
    // Everything is a file of its own: a content security policy without data: and inline code stays possible.
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'Island/main.ts' },
  },
  test: { environment: 'node', include: ['**/*.test.ts'] },
});
