import { createTheme, type MantineColorsTuple } from '@mantine/core';

const green: MantineColorsTuple = [
  '#e9f7f3',
  '#d3ebe4',
  '#a3d6c8',
  '#70c0aa',
  '#48ad91',
  '#2fa282',
  '#1c6b5a',
  '#185d4e',
  '#134c40',
  '#0e3b32',
];

/** One accent colour, 14 px text, small corners: dense and calm. */
export const theme = createTheme({
  primaryColor: 'green',
  primaryShade: { light: 6, dark: 6 },
  colors: { green },
  defaultRadius: 3,
  fontFamily: 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { sm: '14px', md: '14px' },
});
