import { defineConfig } from "vite";

/** Relative URLs throughout: behind Home Assistant's ingress the page lies below a path that changes. */
export default defineConfig({
  base: "./",
  build: {
    outDir: "../../../dist/web/ui",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
