/* eslint-disable no-undef, @typescript-eslint/no-require-imports -- the tool that reads this file speaks CommonJS */
/** How the import rules find a source: `#libs/…` and `.js` mean the TypeScript file beside it, not what was built. */
const { join } = require('node:path');

const at = (folder) => join(process.cwd(), folder);

module.exports = {
  resolve: {
    alias: { '#libs': at('libs'), '#test': at('test') },
    extensions: ['.ts', '.tsx', '.js', '.json'],
    extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
  },
};
