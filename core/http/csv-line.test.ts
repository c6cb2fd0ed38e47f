import { expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';

it('tells null and the empty text apart, and quotes what would break a line', () => {
  expect(csvLine([null, undefined, '', 'a', 'a,b', '"', 'x\ny', '\r', '\uFEFFa', 0, -0, false])).toBe(
    ',,"",a,"a,b","""","x\ny","\r",\uFEFFa,0,0,false\r\n',
  );
  expect(csvLine([{ a: '1' }, ['x', null]])).toBe('"{""a"":""1""}","[""x"",null]"\r\n');
});

it('writes what begins like a formula as it is, unless it is for a spreadsheet', () => {
  const cells = ['=cmd()', '+1+1', '-x', '@SUM(A1)', '\tx', '\rx', '=a,"b"', '-12.50', '+3', -5, 'a=b', ''];

  expect(csvLine(cells)).toBe('=cmd(),+1+1,-x,@SUM(A1),\tx,"\rx","=a,""b""",-12.50,+3,-5,a=b,""\r\n');
  expect(csvLine(cells, 'spreadsheet')).toBe(
    `'=cmd(),'+1+1,'-x,'@SUM(A1),'\tx,"'\rx","'=a,""b""",-12.50,+3,-5,a=b,""\r\n`,
  );
});
