import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export const colours = { strong: '#d1495b', plain: '#6a9bc3', quiet: '#c9d3dc', empty: '#f3f5f7', text: '#3b4650' };

const [WIDTH, HEIGHT] = [760, 340];
const FONT = 'ui-sans-serif, system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif';

/** Finer than anyone sees, and than some processors agree on. */
const LONG_FRACTION = /-?\d+\.\d{3,}/g;
const inHundredths = (number: string) => String(Number(Number(number).toFixed(2)));

/** A plot as the text of an SVG file. It has a ground of its own, so that it can be read on a dark page too. */
export function drawSvg(label: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const [width, height] = [options.width ?? WIDTH, options.height ?? HEIGHT];
  const svg = Plot.plot({
    width,
    height,
    marginLeft: 56,
    marginRight: 24,
    marginTop: 32,
    marginBottom: 40,
    style: { fontFamily: FONT, fontSize: '12px', color: colours.text, background: '#fff' },
    document,
    ...options,
  });
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width, height, fill: '#fff', rx: 8 }))
    ground.setAttribute(name, String(value));
  svg.querySelector('style')?.after(ground);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return `${svg.outerHTML.replace(LONG_FRACTION, inHundredths)}\n`;
}
