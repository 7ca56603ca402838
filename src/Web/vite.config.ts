import { brotliCompressSync, gzipSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { cutFonts } from './Build/fonts.ts';
import { darkTokens, usedOnly } from './Build/styles.ts';

const here = import.meta.dirname;

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

await cutFonts(here, `${here}/wwwroot/fonts`);

export default defineConfig({
  root: 'Island',
  base: '/assets/',
  // KRDS names some of its icons by a path that its package does not have; without this they are 404 at run time.
  resolve: { alias: [{ find: /^\.\.\/\.\.\/img\/img\//, replacement: 'krds-uiux/resources/img/' }] },
  plugins: [compressed()],
  css: { postcss: { plugins: [usedOnly(here), darkTokens] } },
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
